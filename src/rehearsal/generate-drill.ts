/** Generates scenarios of an operator's own configuration. Equal files and seeds give equal scenarios. */

import type { Switches } from '../sandbox/switches.ts';
import { identityOf } from './check-context.ts';
import { makeEntry } from './generate-entry.ts';
import { generateFaults, type Scale, type ValueGenerators } from './generate-faults.ts';
import { makeSwitches, similarApp } from './generate-scenario.ts';
import type { DrillParts } from './prepare-drill.ts';
import { createRng, type Rng } from './random.ts';
import type { Entry, FoundApp, PlannedFault, Rules, Scenario } from './scenario.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Up to this many entries all take part in every run. */
const WHOLE_MAX = 24;
/** Of a larger file every fiftieth run takes all entries, the others a sample. */
const WHOLE_EVERY = 50;
/** First number of entries that the drill adds, which makes their keys and channels unique. */
const ADDED_FROM = 900_000;
const STRANGERS_MAX = 6;
/** The shortest settle time with listing lag, and with late requests. */
const SETTLE_FOR_LAG_MS = 6_000;
const SETTLE_FOR_LATENESS_MS = 2_000;

/** The scenario without faults. */
export function generateFaultFree({ rules, entries, found, periodMs }: DrillParts): Scenario {
  return {
    ...{ seed: 0, rules, entries, found, faultPlan: [], faultsEndAt: 0 },
    switches: asTheFileNeeds(entries),
    convergeWithinMs: convergenceLimit(rules, { entries: entries.length + found.length, periodMs }),
  };
}

/** `scale` comes from the run without faults. */
export function generateDrill(seed: number, parts: DrillParts, scale: Scale): Scenario {
  const rng = createRng(seed, 'drill');
  const { rules, periodMs } = parts;
  const { entries, found } = choosePart(seed, parts, rng.fork('part'));
  const faultsEndAt = rng.between(4, 10) * Math.max(periodMs, MINUTE);
  const share = entries.length / Math.max(1, parts.entries.length);
  const input = {
    ...{ rules, faultsEndAt, generators: GENERATORS },
    // Edits of an entry that is not in the file have no effect.
    entries: entries.length > 0 ? entries : [makeEntry(rng, ADDED_FROM)],
    scale: scaleTo(scale, share),
  };
  return {
    seed,
    rules,
    switches: { ...generateSwitches(rng.fork('switches'), rules), ...asTheFileNeeds(entries) },
    entries,
    found: [...found, ...makeStrangers(rng.fork('strangers'), entries)],
    faultPlan: generateFaults(rng.fork('incidents'), input)
      .filter((fault) => isFair(fault, rules))
      .map((fault) => withinTimeout(fault, rules)),
    faultsEndAt,
    convergeWithinMs: convergenceLimit(rules, { entries: entries.length + found.length, periodMs }),
  };
}

/** All of a small file; of a large one a sample of entries, the apps that look like them and a few others. */
function choosePart(
  seed: number,
  { entries, found }: DrillParts,
  rng: Rng,
): { readonly entries: readonly Entry[]; readonly found: readonly FoundApp[] } {
  if (Math.max(entries.length, found.length) <= WHOLE_MAX || seed % WHOLE_EVERY === 0) {
    return { entries, found };
  }
  const some = sample(rng, entries, WHOLE_MAX);
  const wanted = new Set(some.flatMap(namesOf));
  const alike = found.filter((app) => namesOf(app).some((name) => wanted.has(name)));
  const others = found.filter((app) => !alike.includes(app));
  return { entries: some, found: [...alike, ...sample(rng, others, STRANGERS_MAX)] };
}

/** In file order. Half of the sample is consecutive, because neighbouring entries tend to be related. */
function sample<Item>(rng: Rng, items: readonly Item[], size: number): readonly Item[] {
  if (items.length <= size) return items;
  const start = rng.between(0, items.length - 1);
  const places = new Set(Array.from({ length: size / 2 }, (_, index) => (start + index) % items.length));
  while (places.size < size) places.add(rng.between(0, items.length - 1));
  return items.filter((_, place) => places.has(place));
}

function namesOf(app: Entry | FoundApp): string[] {
  const { appType, name, connectorId, id } = app;
  const identity = identityOf({ app_type: appType, name, connector_id: connectorId });
  return id === undefined ? [identity] : [identity, `id ${id}`];
}

/** Unrelated apps, and some that look like an entry. */
function makeStrangers(rng: Rng, entries: readonly Entry[]): readonly FoundApp[] {
  const strangers = Array.from(
    { length: rng.between(0, 3) },
    (_, index): FoundApp => ({ appType: 'normal', name: `Stranger ${index}` }),
  );
  const alike = entries.filter(() => rng.happens(0.5 / Math.max(5, entries.length)));
  return [...strangers, ...alike.map((entry) => similarApp(rng, entry))];
}

const GENERATORS: ValueGenerators = {
  entry: (rng, number) => makeEntry(rng, ADDED_FROM + number),
  url: ({ key }, version) => `https://rehearsal.example.com/${encodeURIComponent(key)}/v${version}`,
  identity: ({ appType, name = '', connectorId = '' }, rng) =>
    appType === 'normal'
      ? { name: `${[...name].slice(0, 100).join('')} renamed ${rng.between(1, 9)}` }
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

/** Platform behaviour without which the file could not be applied. */
function asTheFileNeeds(entries: readonly Entry[]): Partial<Switches> {
  const hasNamedChannel = entries.some(({ appType, name }) => appType === 'connector' && name !== undefined);
  return {
    connectorOneToOne: false,
    unknownEvents: 'accepted',
    ...(hasNamedChannel ? { connectorName: 'kept' as const, connectorRename: 'ok' as const } : {}),
  };
}

function generateSwitches(rng: Rng, rules: Rules): Partial<Switches> {
  // Names of a file may be long, hold punctuation and stand beside each other.
  const asKept = { nameMax: 128, longNames: 'refused', namePunctuation: 'kept', uniqueNames: false } as const;
  const switches = { ...makeSwitches(rng, rules, true), ...asKept };
  if (rules.settleMs >= SETTLE_FOR_LAG_MS) return switches;
  return { ...switches, appearLagMs: 0, disappearLagMs: 0, updateLagMs: 0, eventsLagMs: 0 };
}

/** A settle time too short for late requests is the operator's choice, not a broken promise. */
function isFair(planned: PlannedFault, { settleMs }: Rules): boolean {
  const isLate =
    planned.kind === 'late_create' || (planned.kind === 'network' && planned.fault === 'processed_late');
  return !isLate || settleMs >= SETTLE_FOR_LATENESS_MS;
}

/** Keeps delays within the timeout. */
function withinTimeout(planned: PlannedFault, { timeoutMs }: Rules): PlannedFault {
  if (planned.kind !== 'platform' || planned.fault.kind !== 'delay') return planned;
  return { ...planned, fault: { ...planned.fault, ms: Math.min(planned.fault.ms, timeoutMs / 4) } };
}

/** Long enough for backoffs, grace, contested fields, a resync and the calls themselves. */
function convergenceLimit(
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
