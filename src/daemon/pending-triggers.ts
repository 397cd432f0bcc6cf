/**
 * The pending reasons for a round, as a set: a thousand changes of a file are one reason. A round reads the
 * present state, so no order or payload is kept.
 */

import type { Clock } from '../lib/clock.ts';
import { compareText } from '../model/identity.ts';
import type { Trigger } from '../model/round.ts';

export interface PendingTriggers {
  readonly isEmpty: boolean;
  post(trigger: Trigger): void;
  /** Wakes a waiter without a reason for a round. */
  wake(): void;
  /** Removes and returns everything that is pending, sorted. */
  take(): readonly Trigger[];
  /** Resolves on a post, on a wake, or after `ms`; at once when something is pending. */
  wait(ms: number): Promise<void>;
}

export function createPendingTriggers(clock: Clock): PendingTriggers {
  const pending = new Set<Trigger>();
  const sleepers = new Set<AbortController>();
  const wake = () => {
    for (const sleeper of sleepers) sleeper.abort();
    sleepers.clear();
  };
  return {
    get isEmpty() {
      return pending.size === 0;
    },
    post(trigger) {
      pending.add(trigger);
      wake();
    },
    wake,
    take() {
      const triggers = [...pending].sort(compareText);
      pending.clear();
      return triggers;
    },
    async wait(ms) {
      if (pending.size > 0) return;
      const sleeper = new AbortController();
      sleepers.add(sleeper);
      try {
        await clock.sleep(ms, sleeper.signal);
      } catch (error) {
        if (!sleeper.signal.aborted) throw error;
      } finally {
        sleepers.delete(sleeper);
      }
    },
  };
}
