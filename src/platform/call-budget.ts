/**
 * Counts requests per UTC day against an optional limit, across restarts. The count goes to `save` in blocks
 * that are reserved ahead, so that a crash can never forget a request, and not every request waits for the
 * disk.
 */
import type { Clock } from '../lib/clock.ts';
import { type Message, message } from '../messages/message.ts';
import type { CallCount } from '../model/state.ts';
import type { CallBudget } from './ports.ts';

export interface CallBudgetOptions {
  /** Absent: count only, refuse nothing. */
  readonly perDay?: number;
  /** What was saved last, by this process or one before. */
  readonly load: () => CallCount | undefined;
  /** Resolves when the count is durable. */
  readonly save: (calls: CallCount) => Promise<void>;
  readonly clock: Clock;
  /** Called once a day when 80 % is used. */
  readonly onWarning: (warning: Message) => void;
}

export interface CountedBudget extends CallBudget {
  /** Requests sent on the current UTC day. */
  calls(): CallCount;
  /**
   * Saves the exact count, as a clean end does; without it a restart counts the rest of the block as used.
   */
  settle(): Promise<void>;
}

/** Requests per save. Small, because a crash loses up to this many of the free plan's 500. */
const BLOCK = 10;
const WARNING_SHARE = 0.8;

export function createCallBudget({
  perDay = Number.POSITIVE_INFINITY,
  load,
  save,
  clock,
  onWarning,
}: CallBudgetOptions): CountedBudget {
  const loaded = load();
  let day = loaded?.day ?? '';
  let count = loaded?.count ?? 0;
  let reserved = count;
  let reserving: Promise<void> | undefined;

  function turnDay(): void {
    const today = new Date(clock.now()).toISOString().slice(0, 10);
    // A clock set back does not reopen the previous day: its count is gone.
    if (today <= day) return;
    day = today;
    count = 0;
    reserved = 0;
  }

  async function reserveBlock(): Promise<void> {
    const block = { day, count: Math.min(count + BLOCK, Math.max(count + 1, perDay)) };
    await save(block);
    if (block.day === day) reserved = block.count;
  }

  return {
    async spend() {
      turnDay();
      if (count >= perDay) return false;
      while (count >= reserved) {
        reserving ??= reserveBlock().finally(() => {
          reserving = undefined;
        });
        await reserving;
        turnDay();
        if (count >= perDay) return false;
      }
      count += 1;
      if (count === Math.ceil(perDay * WARNING_SHARE)) {
        onWarning(message('platform.budget_low', { count, perDay }));
      }
      return true;
    },
    calls() {
      turnDay();
      return { day, count };
    },
    async settle() {
      if (count === reserved) return;
      await save({ day, count });
      reserved = count;
    },
  };
}
