/** Makes up what goes wrong in a story: on the wire, on the platform, on the disk, and by the hands of people. */

import type { Fault } from '../sandbox/faults.ts';
import { EVENTS, someEvents } from './make-entry.ts';
import type { Chance } from './random.ts';
import type { Entry, FileEdit, Incident, NetworkTrouble, RivalDeed, Rules } from './story.ts';

/** What people come up with when they edit the file: new entries, and other values for one that is there. */
export interface Inventions {
  entry(chance: Chance, number: number): Entry;
  url(entry: Entry, version: number): string;
  /** Another name, or another channel. */
  identity(entry: Entry, chance: Chance): Partial<Entry>;
}

/** About how much happens in a world while there is trouble. */
export interface Scale {
  readonly requests: number;
  readonly listingPages: number;
  readonly diskOperations: number;
  readonly steps: number;
}

interface Setting {
  readonly rules: Rules;
  readonly entries: readonly Entry[];
  readonly troubleEndsAt: number;
  readonly scale: Scale;
  readonly inventions: Inventions;
}

const TROUBLES: readonly NetworkTrouble[] = [
  'not_sent',
  'request_lost',
  'reply_lost',
  'reply_lost',
  'reset',
  'processed_late',
  'truncated',
  'slow',
];

/** Faults of the platform itself. Those that hide apps without a trace are rare, because nobody can see through all of them. */
const FAULTS: readonly Fault[] = [
  { kind: 'fail', status: 500, code: 5000, when: 'before' },
  { kind: 'fail', status: 500, code: 5000, when: 'after' },
  { kind: 'fail', status: 503, when: 'after' },
  { kind: 'fail', status: 429, code: 4020, when: 'before', headers: { 'retry-after': '2' } },
  { kind: 'fail', status: 200, code: 4009, when: 'after' },
  { kind: 'fail', status: 200, code: 4102, when: 'before' },
  { kind: 'fail', status: 403, code: 4101, when: 'before' },
  { kind: 'fail', status: 200, code: 4000, when: 'before' },
  { kind: 'html', when: 'after' },
  { kind: 'html', when: 'before' },
  { kind: 'oversize', bytes: 5_000_000 },
  { kind: 'mask_tokens' },
  { kind: 'delay', ms: 3_000, when: 'before' },
  { kind: 'delay', ms: 3_000, when: 'after' },
];
const PAGING_FAULTS: readonly Fault[] = [
  { kind: 'repeat_token' },
  { kind: 'empty_token' },
  { kind: 'repeat_item' },
];
const HIDING_FAULTS: readonly Fault[] = [
  { kind: 'skip_item' },
  { kind: 'hide_items', count: 1 },
  { kind: 'hide_items', count: 2 },
  { kind: 'early_end' },
];

export function tellIncidents(chance: Chance, setting: Setting): readonly Incident[] {
  return [
    ...tellNetwork(chance.fork('network'), setting),
    ...tellPlatform(chance.fork('platform'), setting),
    ...tellListing(chance.fork('listing'), setting),
    ...tellDisk(chance.fork('disk'), setting),
    ...tellEnds(chance.fork('ends'), setting),
    ...tellRivals(chance.fork('rivals'), setting),
    ...tellEdits(chance.fork('edits'), setting),
    ...tellPeople(chance.fork('people'), setting),
  ];
}

/** How many of a kind there are: mostly few, now and then a storm. */
function some<Item>(chance: Chance, most: number, make: () => Item): readonly Item[] {
  const count = chance.happens(0.4)
    ? 0
    : chance.happens(0.15)
      ? chance.between(most, 3 * most)
      : chance.between(1, most);
  return Array.from({ length: count }, make);
}

/** Early ordinals are likelier, because the first round is where the creates are. */
function ordinal(chance: Chance, highest: number): number {
  return 1 + Math.floor(highest * chance.next() * chance.next());
}

function tellNetwork(chance: Chance, { scale }: Setting): readonly Incident[] {
  const troubles = chance.happens(0.1) ? [...TROUBLES, 'duplicated' as const] : TROUBLES;
  return some(chance, 8, () => ({
    kind: 'network',
    request: ordinal(chance, scale.requests),
    trouble: chance.pick(troubles),
  }));
}

function tellPlatform(chance: Chance, { scale }: Setting): readonly Incident[] {
  return some(chance, 8, () => ({
    kind: 'platform',
    request: ordinal(chance, scale.requests),
    fault: chance.pick(FAULTS),
  }));
}

function tellListing(chance: Chance, { scale }: Setting): readonly Incident[] {
  const faults = chance.happens(0.4) ? HIDING_FAULTS : PAGING_FAULTS;
  if (!chance.happens(0.4)) return [];
  return some(chance, 4, () => ({
    kind: 'listing',
    page: chance.between(1, scale.listingPages),
    times: chance.pick([1, 1, 2, 3]),
    fault: chance.pick(faults),
  }));
}

function tellDisk(chance: Chance, { scale }: Setting): readonly Incident[] {
  if (!chance.happens(0.4)) return [];
  return some(chance, 2, () => ({
    kind: 'disk',
    operation: ordinal(chance, scale.diskOperations),
    fault: chance.pick(['EIO', 'ENOSPC']),
    times: chance.pick([1, 1, 2, 20]),
  }));
}

function tellEnds(chance: Chance, { troubleEndsAt, scale }: Setting): readonly Incident[] {
  const crashes = some(
    chance,
    3,
    (): Incident => ({
      kind: 'crash',
      step: ordinal(chance, scale.steps),
      how: chance.pick(['kill', 'power']),
    }),
  );
  const stops = chance.happens(0.2) ? [{ kind: 'stop' as const, at: chance.between(0, troubleEndsAt) }] : [];
  return [...crashes, ...stops];
}

function tellRivals(chance: Chance, { entries, troubleEndsAt }: Setting): readonly Incident[] {
  if (!chance.happens(0.5)) return [];
  return some(chance, 3, () => ({
    kind: 'rival',
    at: chance.between(0, troubleEndsAt),
    deed: makeDeed(chance, entries),
  }));
}

function makeDeed(chance: Chance, entries: readonly Entry[]): RivalDeed {
  const which = chance.between(0, 11);
  const event = chance.pick(EVENTS);
  switch (chance.between(1, 7)) {
    case 1:
      return { do: 'rename', which, name: `Renamed ${chance.between(0, 99)}` };
    case 2:
      return { do: 'set_url', which, url: `https://rival.example.com/${chance.between(0, 99)}` };
    case 3:
      return { do: 'clear_url', which };
    case 4:
      return { do: 'subscribe', which, event };
    case 5:
      return { do: 'unsubscribe', which, event };
    case 6:
      return { do: 'remove', which };
    default: {
      const name = chance.happens(0.5) ? chance.pick(entries).name : undefined;
      return { do: 'create', app: { appType: 'normal', name: name ?? `Rival ${chance.between(0, 99)}` } };
    }
  }
}

function tellEdits(chance: Chance, { entries, troubleEndsAt, inventions }: Setting): readonly Incident[] {
  let added = entries.length;
  const at = () => chance.between(0, troubleEndsAt);
  const edits = some(chance, 5, (): Incident => {
    const isNew = chance.happens(0.25);
    if (isNew) added += 1;
    const edit: FileEdit = isNew
      ? { do: 'add', entry: inventions.entry(chance, added) }
      : makeEdit(chance, chance.pick(entries), { added, inventions });
    return { kind: 'file', at: at(), edit };
  });
  if (!chance.happens(0.25)) return edits;
  const brokenAt = at();
  const how = chance.pick(['syntax', 'empty', 'half', 'absent'] as const);
  return [
    ...edits,
    { kind: 'file', at: brokenAt, edit: { do: 'break', how } },
    {
      kind: 'file',
      at: Math.min(troubleEndsAt, brokenAt + chance.between(1, 600_000)),
      edit: { do: 'repair' },
    },
  ];
}

/** Room for what a renamed key gets behind it. */
const KEY_CHARACTERS = 40;

function makeEdit(
  chance: Chance,
  entry: Entry,
  { added, inventions }: { readonly added: number; readonly inventions: Inventions },
): FileEdit {
  const { key } = entry;
  switch (chance.between(1, 6)) {
    case 1:
    case 2:
      return { do: 'remove', key };
    case 3:
      return { do: 'change', key, to: { callbackUrl: inventions.url(entry, chance.between(1, 9)) } };
    case 4:
      return { do: 'change', key, to: { events: someEvents(chance) } };
    case 5:
      return {
        do: 'rename',
        key,
        to: `${[...key].slice(0, KEY_CHARACTERS).join('')}-${added}`,
        saysWas: chance.happens(0.7),
      };
    default:
      return { do: 'change', key, to: inventions.identity(entry, chance) };
  }
}

function tellPeople(chance: Chance, { entries, troubleEndsAt }: Setting): readonly Incident[] {
  const at = () => chance.between(0, troubleEndsAt);
  const token: Incident[] = chance.happens(0.15)
    ? [{ kind: 'token', at: at(), forMs: chance.between(1_000, 600_000) }]
    : [];
  const receiver: Incident[] = chance.happens(0.25) ? [tellReceiver(chance, entries, at)] : [];
  const plans: Incident[] = chance.happens(0.3) ? [{ kind: 'plan', at: at() }] : [];
  const seconds: Incident[] = chance.happens(0.1) ? [{ kind: 'second', at: at() }] : [];
  return [...token, ...receiver, ...plans, ...seconds];
}

function tellReceiver(chance: Chance, entries: readonly Entry[], at: () => number): Incident {
  const since = at();
  const { key, callbackUrl } = chance.pick(entries);
  const url = callbackUrl === undefined || callbackUrl.includes(`/${key}/`) ? {} : { url: callbackUrl };
  return { kind: 'receiver', at: since, key, forMs: chance.between(1_000, 1_200_000), ...url };
}
