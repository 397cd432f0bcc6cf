/** Makes up what befalls an operator's own file, from a seed. The same file and seed tell the same story. */

import type { Switches } from '../sandbox/switches.ts';
import { makeEntry } from './make-entry.ts';
import { type Chance, createChance } from './random.ts';
import type { DrillParts } from './read-drill.ts';
import { identityOf } from './scene.ts';
import type { Entry, FoundApp, Incident, Rules, Story } from './story.ts';
import { type Inventions, type Scale, tellIncidents } from './tell-incidents.ts';
import { likeEntry, makeSwitches } from './tell-story.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A full page, and one more: below that all entries take part in every run. */
const WHOLE_MAX = 24;
/** Of a larger file, every so many runs take all entries; the others a part, so that more of them fit. */
const WHOLE_EVERY = 50;
/** Numbers of entries that the drill adds; they make their keys and channels their own. */
const ADDED_FROM = 900_000;
const STRANGERS_MAX = 6;
/** What the emulator's lags and late requests need to stay within the settle time. */
const SETTLE_FOR_LAG_MS = 6_000;
const SETTLE_FOR_LATENESS_MS = 2_000;

/** The story in which nothing goes wrong. */
export function tellCalm({ rules, entries, found, periodMs }: DrillParts): Story {
  return {
    ...{ seed: 0, rules, entries, found, incidents: [], troubleEndsAt: 0 },
    switches: asTheFileNeeds(entries),
    patienceMs: patienceOf(rules, { entries: entries.length + found.length, periodMs }),
  };
}

/** `calm` says how much happened in the calm world of all entries. */
export function tellDrill(seed: number, parts: DrillParts, calm: Scale): Story {
  const chance = createChance(seed, 'drill');
  const { rules, periodMs } = parts;
  const { entries, found } = choosePart(seed, parts, chance.fork('part'));
  const troubleEndsAt = chance.between(4, 10) * Math.max(periodMs, MINUTE);
  const share = entries.length / Math.max(1, parts.entries.length);
  const setting = {
    ...{ rules, troubleEndsAt, inventions: INVENTIONS },
    // Edits of an entry that is not in the file change nothing.
    entries: entries.length > 0 ? entries : [makeEntry(chance, ADDED_FROM)],
    scale: scaleTo(calm, share),
  };
  return {
    seed,
    rules,
    switches: { ...tellSwitches(chance.fork('switches'), rules), ...asTheFileNeeds(entries) },
    entries,
    found: [...found, ...makeStrangers(chance.fork('strangers'), entries)],
    incidents: tellIncidents(chance.fork('incidents'), setting)
      .filter((incident) => isFair(incident, rules))
      .map((incident) => withinTimeout(incident, rules)),
    troubleEndsAt,
    patienceMs: patienceOf(rules, { entries: entries.length + found.length, periodMs }),
  };
}

/** All of a small file; of a large one some entries, with the apps that look like them and a few others. */
function choosePart(
  seed: number,
  { entries, found }: DrillParts,
  chance: Chance,
): { readonly entries: readonly Entry[]; readonly found: readonly FoundApp[] } {
  if (Math.max(entries.length, found.length) <= WHOLE_MAX || seed % WHOLE_EVERY === 0) {
    return { entries, found };
  }
  const some = sample(chance, entries, WHOLE_MAX);
  const wanted = new Set(some.flatMap(namesOf));
  const alike = found.filter((app) => namesOf(app).some((name) => wanted.has(name)));
  const others = found.filter((app) => !alike.includes(app));
  return { entries: some, found: [...alike, ...sample(chance, others, STRANGERS_MAX)] };
}

/** The half of them stands together in the file, because neighbours tend to be related; order is kept. */
function sample<Item>(chance: Chance, items: readonly Item[], size: number): readonly Item[] {
  if (items.length <= size) return items;
  const start = chance.between(0, items.length - 1);
  const places = new Set(Array.from({ length: size / 2 }, (_, index) => (start + index) % items.length));
  while (places.size < size) places.add(chance.between(0, items.length - 1));
  return items.filter((_, place) => places.has(place));
}

function namesOf(app: Entry | FoundApp): string[] {
  const { appType, name, connectorId, id } = app;
  const identity = identityOf({ app_type: appType, name, connector_id: connectorId });
  return id === undefined ? [identity] : [identity, `id ${id}`];
}

/** Apps of somebody else, some of which look like an entry. */
function makeStrangers(chance: Chance, entries: readonly Entry[]): readonly FoundApp[] {
  const strangers = Array.from(
    { length: chance.between(0, 3) },
    (_, index): FoundApp => ({ appType: 'normal', name: `Stranger ${index}` }),
  );
  const alike = entries.filter(() => chance.happens(0.5 / Math.max(5, entries.length)));
  return [...strangers, ...alike.map((entry) => likeEntry(chance, entry))];
}

const INVENTIONS: Inventions = {
  entry: (chance, number) => makeEntry(chance, ADDED_FROM + number),
  url: ({ key }, version) => `https://rehearsal.example.com/${encodeURIComponent(key)}/v${version}`,
  identity: ({ appType, name = '', connectorId = '' }, chance) =>
    appType === 'normal'
      ? { name: `${[...name].slice(0, 100).join('')} renamed ${chance.between(1, 9)}` }
      : { connectorId: `9${connectorId.slice(0, 30)}` },
};

function scaleTo({ requests, listingPages, diskOperations, steps }: Scale, share: number): Scale {
  const scale = (number: number, least: number) => Math.max(least, Math.ceil(number * share));
  return {
    requests: scale(requests, 40),
    listingPages: Math.max(25, listingPages),
    diskOperations: scale(diskOperations, 60),
    steps: scale(steps, 400),
  };
}

/** Readings of what the vendor leaves open that make no difference to promises, but to whether the file can be obeyed. */
function asTheFileNeeds(entries: readonly Entry[]): Partial<Switches> {
  const hasNamedChannel = entries.some(({ appType, name }) => appType === 'connector' && name !== undefined);
  return {
    connectorOneToOne: false,
    unknownEvents: 'accepted',
    ...(hasNamedChannel ? { connectorName: 'kept' as const, connectorRename: 'ok' as const } : {}),
  };
}

function tellSwitches(chance: Chance, rules: Rules): Partial<Switches> {
  const switches = makeSwitches(chance, rules, true);
  if (rules.settleMs >= SETTLE_FOR_LAG_MS) return switches;
  return { ...switches, appearLagMs: 0, disappearLagMs: 0, updateLagMs: 0 };
}

/** What a settle time of next to nothing cannot cover is the operator's choice, not a broken promise. */
function isFair(incident: Incident, { settleMs }: Rules): boolean {
  const isLate = incident.kind === 'network' && incident.trouble === 'processed_late';
  return !isLate || settleMs >= SETTLE_FOR_LATENESS_MS;
}

/** A slow platform stays within the timeout, or it would be another fault. */
function withinTimeout(incident: Incident, { timeoutMs }: Rules): Incident {
  if (incident.kind !== 'platform' || incident.fault.kind !== 'delay') return incident;
  return { ...incident, fault: { ...incident.fault, ms: Math.min(incident.fault.ms, timeoutMs / 4) } };
}

/** Everything that passes by itself has passed by then: backoffs, grace, contests, a resync, and the calls themselves. */
function patienceOf(
  rules: Rules,
  { entries, periodMs }: { readonly entries: number; readonly periodMs: number },
): number {
  const { deleteGraceMs, contested, eventsResyncMinutes, settleMs, timeoutMs } = rules;
  const callMs = 1000 / (rules.maxRequestsPerSecond ?? 1);
  return (
    6 * HOUR +
    8 * periodMs +
    2 * (deleteGraceMs + (contested?.windowMs ?? HOUR) + eventsResyncMinutes * MINUTE) +
    4 * settleMs +
    20 * timeoutMs +
    (600 + 40 * entries) * callMs
  );
}
