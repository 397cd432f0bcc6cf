/** Faults around marked creates: creates that are processed far too late, and a rival with another lineage. */

import { createNonce } from '../model/mark.ts';
import type { Rng } from './random.ts';
import type { Entry, PlannedFault, Rules } from './scenario.ts';

const MINUTE = 60_000;
/** As long as a platform or a proxy might plausibly keep a request. */
const LATEST_MS = 20 * MINUTE;

interface Surroundings {
  readonly rules: Rules;
  readonly entries: readonly Entry[];
  readonly faultsEndAt: number;
}

export function generateMarkFaults(rng: Rng, input: Surroundings): readonly PlannedFault[] {
  return [...generateLateCreates(rng.fork('late'), input), ...generateOtherWriters(rng.fork('other'), input)];
}

function generateLateCreates(rng: Rng, { rules }: Surroundings): readonly PlannedFault[] {
  if (!rng.happens(0.4)) return [];
  return Array.from({ length: rng.between(1, 3) }, () => ({
    kind: 'late_create',
    create: rng.between(1, 8),
    afterMs: rng.happens(0.5)
      ? rng.between(rules.settleMs, 4 * rules.settleMs)
      : rng.between(rules.settleMs, LATEST_MS),
  }));
}

/** It creates apps of our names just before we do, or while we run. */
function generateOtherWriters(rng: Rng, { entries, faultsEndAt }: Surroundings): readonly PlannedFault[] {
  const normal = entries.filter(({ name, appType }) => appType === 'normal' && name !== undefined);
  if (normal.length === 0 || !rng.happens(0.25)) return [];
  return Array.from({ length: rng.between(1, 2) }, () => {
    const { name = '', callbackUrl } = rng.pick(normal);
    const finishes = rng.happens(0.6) ? { finishedMs: rng.between(500, 5 * MINUTE) } : {};
    return {
      ...{ kind: 'other_writer', name, nonce: createNonce(() => rng.next()), ...finishes },
      at: rng.happens(0.5) ? rng.between(0, 2_000) : rng.between(0, faultsEndAt),
      ...(callbackUrl !== undefined && rng.happens(0.5) ? { url: callbackUrl } : {}),
    };
  });
}
