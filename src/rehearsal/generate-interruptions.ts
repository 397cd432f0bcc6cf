/** Generates what comes between a plan and its writes: standstills, set clocks, and edits in the middle of deletes. */

import type { Rng } from './random.ts';
import type { Entry, FileEdit, PlannedFault, PlannedPause, Rules } from './scenario.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;
/** A daemon reads a file that is saved more often than it finishes rounds; see `daemon/round-loop.ts`. */
const SAVES = 6;

interface Surroundings {
  readonly scale: { readonly steps: number };
  readonly entries: readonly Entry[];
  readonly faultsEndAt: number;
  readonly generators: { url(entry: Entry, variant: number): string };
}

export function generateInterruptions(rng: Rng, input: Surroundings): readonly PlannedFault[] {
  return [
    ...generatePauses(rng.fork('pauses'), input),
    ...generateClockSteps(rng.fork('clock'), input),
    ...generateReturns(rng.fork('returns'), input),
    ...generateRestlessness(rng.fork('restless'), input),
  ];
}

/** Rules under which several deletes can follow each other, where that is what the fault plan interrupts. */
export function withRoom(rules: Rules, faults: readonly PlannedFault[]): Rules {
  const isRestless = faults.some(({ kind }) => kind === 'restless');
  if (!isRestless && !faults.some(({ kind }) => kind === 'amid_deletes')) return rules;
  const { prune, deleteGraceMs } = rules;
  return {
    ...{ ...rules, deletesPerRound: 5, deletesPerDay: 20, deletesShare: 1 },
    prune: prune === 'never' ? 'owned' : prune,
    // Only a look at the files can tell the daemon in time.
    ...(isRestless ? {} : { debounce: { quietMs: 10 * SECOND, maxWaitMs: 30 * SECOND } }),
    deleteGraceMs: isRestless ? 0 : Math.min(deleteGraceMs, 30 * SECOND),
  };
}

/** A reboot tells the time by the wall clock alone, so power is not cut on a host whose clock is set. */
export function withoutReboots(faults: readonly PlannedFault[]): readonly PlannedFault[] {
  if (!faults.some(({ kind }) => kind === 'clock')) return faults;
  return faults.map((fault) => (fault.kind === 'crash' ? { ...fault, how: 'kill' } : fault));
}

function generatePauses(rng: Rng, { scale }: Surroundings): readonly PlannedFault[] {
  if (!rng.happens(0.25)) return [];
  return Array.from({ length: rng.between(1, 3) }, () => ({
    kind: 'pause' as const,
    step: rng.between(1, scale.steps),
    pause: makePause(rng),
  }));
}

/** Shorter than what makes a plan too old. */
function makeShortPause(rng: Rng): PlannedPause {
  return { forMs: rng.between(1_500, 4_500), isSuspended: rng.happens(0.4) };
}

function makePause(rng: Rng): PlannedPause {
  const forMs = rng.pick([
    rng.between(1_500, 4_500),
    rng.between(7, 60) * SECOND,
    rng.between(2, 20) * 60 * SECOND,
    rng.between(1, 3) * HOUR,
  ]);
  return { forMs, isSuspended: rng.happens(0.4), inLook: rng.happens(0.3) };
}

function generateClockSteps(rng: Rng, { faultsEndAt }: Surroundings): readonly PlannedFault[] {
  if (!rng.happens(0.2)) return [];
  return Array.from({ length: rng.between(1, 3) }, () => ({
    kind: 'clock' as const,
    at: rng.between(0, faultsEndAt),
    byMs: rng.pick([-1, 1]) * rng.pick([15 * SECOND, 10 * 60 * SECOND, 5 * HOUR, 2 * DAY]),
  }));
}

/** Entries go, and come back or the file breaks as their apps are being deleted. */
function generateReturns(rng: Rng, { entries, faultsEndAt }: Surroundings): readonly PlannedFault[] {
  if (entries.length < 2 || !rng.happens(0.3)) return [];
  const at = rng.between(0, Math.floor(faultsEndAt / 2));
  const gone = entries.slice(0, Math.max(1, Math.floor(entries.length / 2)));
  const kind = rng.pick(['stays', 'returns', 'returns', 'breaks'] as const);
  const how = rng.pick(['syntax', 'empty', 'half', 'absent'] as const);
  const backAt = rng.between(at, faultsEndAt);
  return [
    ...gone.map(({ key }): PlannedFault => ({ kind: 'file', at, edit: { do: 'remove', key } })),
    {
      kind: 'amid_deletes',
      deletes: rng.between(1, Math.max(1, gone.length - 1)),
      ...(kind === 'breaks' ? { edit: { do: 'break' as const, how } } : {}),
      ...(kind === 'returns' ? { edit: { do: 'restore' as const } } : {}),
      pause: rng.happens(0.5) ? makePause(rng) : makeShortPause(rng),
    },
    ...(kind === 'breaks' ? [{ kind: 'file' as const, at: backAt, edit: { do: 'repair' as const } }] : []),
  ];
}

/** An entry goes, the file is saved again and again, and at last the entry is back. */
function generateRestlessness(rng: Rng, input: Surroundings): readonly PlannedFault[] {
  const { entries, faultsEndAt, generators } = input;
  const [gone, ...rest] = entries;
  const [other] = rest;
  if (gone === undefined || other === undefined || !rng.happens(0.15)) return [];
  const saves = Array.from(
    { length: SAVES - 2 },
    (_, index): FileEdit => ({
      do: 'change',
      key: other.key,
      to: { callbackUrl: generators.url(other, 20 + index) } satisfies Partial<Entry>,
    }),
  );
  const edits: readonly FileEdit[] = [{ do: 'remove', key: gone.key }, ...saves, { do: 'restore' }];
  return [{ kind: 'restless', at: rng.between(0, Math.floor(faultsEndAt / 2)), edits }];
}
