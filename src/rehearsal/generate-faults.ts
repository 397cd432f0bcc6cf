/** Generates a fault plan: faults of network, platform and disk, crashes, and edits by people. */

import { ECHO_FORMS, type Fault } from '../sandbox/faults.ts';
import { EVENTS, someEvents } from './generate-entry.ts';
import { generateInterruptions, withoutReboots } from './generate-interruptions.ts';
import { generateMarkFaults } from './generate-marks.ts';
import type { Rng } from './random.ts';
import type { ConsoleEdit, Entry, FileEdit, NetworkFault, PlannedFault, Rules } from './scenario.ts';

/** New entries, and new values for an entry, when the file is edited. */
export interface ValueGenerators {
  entry(rng: Rng, number: number): Entry;
  url(entry: Entry, version: number): string;
  /** Another name or channel. */
  identity(entry: Entry, rng: Rng): Partial<Entry>;
}

/** Roughly how many of each occur while faults are injected. */
export interface Scale {
  readonly requests: number;
  readonly listingPages: number;
  readonly diskOperations: number;
  readonly steps: number;
}

export interface FaultPlanInput {
  readonly rules: Rules;
  readonly entries: readonly Entry[];
  readonly faultsEndAt: number;
  readonly scale: Scale;
  readonly generators: ValueGenerators;
}

const NETWORK_FAULTS: readonly NetworkFault[] = [
  'not_sent',
  'request_lost',
  'reply_lost',
  'reply_lost',
  'reset',
  'processed_late',
  'truncated',
  'slow',
];

/** Faults of the platform. Those that hide apps are rare, because not all of them can be detected. */
const PLATFORM_FAULTS: readonly Fault[] = [
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

export function generateFaults(rng: Rng, input: FaultPlanInput): readonly PlannedFault[] {
  return withoutReboots([
    ...generateNetworkFaults(rng.fork('network'), input),
    ...generatePlatformFaults(rng.fork('platform'), input),
    ...generateListingFaults(rng.fork('listing'), input),
    ...generateDiskFaults(rng.fork('disk'), input),
    ...generateProcessEnds(rng.fork('ends'), input),
    ...generateConsoleEdits(rng.fork('rivals'), input),
    ...generateFileEdits(rng.fork('edits'), input),
    ...generateOtherEvents(rng.fork('people'), input),
    ...generateMarkFaults(rng.fork('marks'), input),
    ...generateInterruptions(rng.fork('interruptions'), input),
  ]);
}

/** A random number of items: usually none to `most`, rarely up to three times that. */
function some<Item>(rng: Rng, most: number, make: () => Item): readonly Item[] {
  const count = rng.happens(0.4) ? 0 : rng.happens(0.15) ? rng.between(most, 3 * most) : rng.between(1, most);
  return Array.from({ length: count }, make);
}

/** Favours low numbers, because the creates are in the first round. */
function ordinal(rng: Rng, highest: number): number {
  return 1 + Math.floor(highest * rng.next() * rng.next());
}

function generateNetworkFaults(rng: Rng, { scale }: FaultPlanInput): readonly PlannedFault[] {
  const faults = rng.happens(0.1) ? [...NETWORK_FAULTS, 'duplicated' as const] : NETWORK_FAULTS;
  return some(rng, 8, () => ({
    kind: 'network',
    request: ordinal(rng, scale.requests),
    fault: rng.pick(faults),
  }));
}

function generatePlatformFaults(rng: Rng, { scale }: FaultPlanInput): readonly PlannedFault[] {
  // A stream of its own, so that the other draws are those of a platform that quotes nothing.
  const echo = rng.fork('echo');
  return some(rng, 8, () => ({
    kind: 'platform',
    request: ordinal(rng, scale.requests),
    fault: withEcho(rng.pick(PLATFORM_FAULTS), echo),
  }));
}

/** Half of the failures quote the secrets of their request. */
function withEcho(fault: Fault, rng: Rng): Fault {
  if ((fault.kind !== 'fail' && fault.kind !== 'html') || rng.happens(0.5)) return fault;
  return { ...fault, echo: rng.pick(ECHO_FORMS) };
}

function generateListingFaults(rng: Rng, { scale }: FaultPlanInput): readonly PlannedFault[] {
  const faults = rng.happens(0.4) ? HIDING_FAULTS : PAGING_FAULTS;
  if (!rng.happens(0.4)) return [];
  return some(rng, 4, () => ({
    kind: 'listing',
    page: rng.between(1, scale.listingPages),
    times: rng.pick([1, 1, 2, 3]),
    fault: rng.pick(faults),
  }));
}

function generateDiskFaults(rng: Rng, { scale }: FaultPlanInput): readonly PlannedFault[] {
  if (!rng.happens(0.4)) return [];
  return some(rng, 2, () => ({
    kind: 'disk',
    operation: ordinal(rng, scale.diskOperations),
    fault: rng.pick(['EIO', 'ENOSPC']),
    times: rng.pick([1, 1, 2, 20]),
  }));
}

function generateProcessEnds(rng: Rng, { faultsEndAt, scale }: FaultPlanInput): readonly PlannedFault[] {
  const crashes = some(
    rng,
    3,
    (): PlannedFault => ({
      kind: 'crash',
      step: ordinal(rng, scale.steps),
      how: rng.pick(['kill', 'power']),
    }),
  );
  const stops = rng.happens(0.2) ? [{ kind: 'stop' as const, at: rng.between(0, faultsEndAt) }] : [];
  return [...crashes, ...stops];
}

function generateConsoleEdits(rng: Rng, { entries, faultsEndAt }: FaultPlanInput): readonly PlannedFault[] {
  if (!rng.happens(0.5)) return [];
  return some(rng, 3, () => ({
    kind: 'rival',
    at: rng.between(0, faultsEndAt),
    edit: generateConsoleEdit(rng, entries),
  }));
}

function generateConsoleEdit(rng: Rng, entries: readonly Entry[]): ConsoleEdit {
  const which = rng.between(0, 11);
  const event = rng.pick(EVENTS);
  switch (rng.between(1, 7)) {
    case 1:
      return { do: 'rename', which, name: `Renamed ${rng.between(0, 99)}` };
    case 2:
      return { do: 'set_url', which, url: `https://rival.example.com/${rng.between(0, 99)}` };
    case 3:
      return { do: 'clear_url', which };
    case 4:
      return { do: 'subscribe', which, event };
    case 5:
      return { do: 'unsubscribe', which, event };
    case 6:
      return { do: 'remove', which };
    default: {
      const name = rng.happens(0.5) ? rng.pick(entries).name : undefined;
      return { do: 'create', app: { appType: 'normal', name: name ?? `Rival ${rng.between(0, 99)}` } };
    }
  }
}

function generateFileEdits(
  rng: Rng,
  { entries, faultsEndAt, generators }: FaultPlanInput,
): readonly PlannedFault[] {
  let added = entries.length;
  const at = () => rng.between(0, faultsEndAt);
  const edits = some(rng, 5, (): PlannedFault => {
    const isNew = rng.happens(0.25);
    if (isNew) added += 1;
    const edit: FileEdit = isNew
      ? { do: 'add', entry: generators.entry(rng, added) }
      : makeEdit(rng, rng.pick(entries), { added, generators });
    return { kind: 'file', at: at(), edit };
  });
  if (!rng.happens(0.25)) return edits;
  const brokenAt = at();
  const how = rng.pick(['syntax', 'empty', 'half', 'absent'] as const);
  return [
    ...edits,
    { kind: 'file', at: brokenAt, edit: { do: 'break', how } },
    {
      kind: 'file',
      at: Math.min(faultsEndAt, brokenAt + rng.between(1, 600_000)),
      edit: { do: 'repair' },
    },
  ];
}

/** Leaves room for the suffix of a renamed key. */
const KEY_CHARACTERS = 40;

function makeEdit(
  rng: Rng,
  entry: Entry,
  { added, generators }: { readonly added: number; readonly generators: ValueGenerators },
): FileEdit {
  const { key } = entry;
  switch (rng.between(1, 6)) {
    case 1:
    case 2:
      return { do: 'remove', key };
    case 3:
      return { do: 'change', key, to: { callbackUrl: generators.url(entry, rng.between(1, 9)) } };
    case 4:
      return { do: 'change', key, to: { events: someEvents(rng) } };
    case 5:
      return {
        do: 'rename',
        key,
        to: `${[...key].slice(0, KEY_CHARACTERS).join('')}-${added}`,
        saysWas: rng.happens(0.7),
      };
    default:
      return { do: 'change', key, to: generators.identity(entry, rng) };
  }
}

function generateOtherEvents(rng: Rng, { entries, faultsEndAt }: FaultPlanInput): readonly PlannedFault[] {
  const at = () => rng.between(0, faultsEndAt);
  const token: PlannedFault[] = rng.happens(0.15)
    ? [{ kind: 'token', at: at(), forMs: rng.between(1_000, 600_000) }]
    : [];
  const receiver: PlannedFault[] = rng.happens(0.25) ? [generateReceiverFault(rng, entries, at)] : [];
  const plans: PlannedFault[] = rng.happens(0.3) ? [{ kind: 'plan', at: at() }] : [];
  const seconds: PlannedFault[] = rng.happens(0.1) ? [{ kind: 'second', at: at() }] : [];
  return [...token, ...receiver, ...plans, ...seconds];
}

function generateReceiverFault(rng: Rng, entries: readonly Entry[], at: () => number): PlannedFault {
  const since = at();
  const { key, callbackUrl } = rng.pick(entries);
  const url = callbackUrl === undefined || callbackUrl.includes(`/${key}/`) ? {} : { url: callbackUrl };
  return { kind: 'receiver', at: since, key, forMs: rng.between(1_000, 1_200_000), ...url };
}
