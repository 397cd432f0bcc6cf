/**
 * Limits the time spent on pages: rendering one with 10,000 apps takes most of a second, and rounds have
 * priority. After a slow page, the next one waits three times as long as that page took, so pages use at most
 * a quarter of the time, however many clients ask. Clients that ask for the same page share one answer.
 */

import type { Clock } from '../lib/clock.ts';
import type { CallAnswer } from '../lib/http-server.ts';

export interface PageBudget {
  /**
   * `key`: what the answer depends on. A slow answer may be one that was rendered for another client a few
   * seconds ago. Each route renders one page at a time; a page that waits for a disk does not block other
   * routes.
   */
  spend(route: string, key: string, render: () => Promise<CallAnswer> | CallAnswer): Promise<CallAnswer>;
}

/** What takes less is not counted. */
const LONG_MS = 50;
const PAUSE_PER_WORK = 3;
/** How old a shared answer may be. */
const FRESH_MS = 5_000;
/** Of different pages; each may have some megabytes. */
const SHARED_MAX = 4;

interface Shared {
  readonly answer: CallAnswer;
  readonly madeAt: number;
}

export function createPageBudget(clock: Pick<Clock, 'monotonic' | 'sleep'>): PageBudget {
  const shared = new Map<string, Shared>();
  let restUntil = Number.NEGATIVE_INFINITY;
  const queues = new Map<string, { waiting: number; tail: Promise<unknown> }>();

  function recall(key: string): CallAnswer | undefined {
    const found = shared.get(key);
    return found !== undefined && clock.monotonic() - found.madeAt < FRESH_MS ? found.answer : undefined;
  }

  function keep(key: string, answer: CallAnswer): CallAnswer {
    const bytes = { ...answer, body: Buffer.from(answer.body) };
    shared.delete(key);
    shared.set(key, { answer: bytes, madeAt: clock.monotonic() });
    const [oldest = ''] = shared.keys();
    if (shared.size > SHARED_MAX) shared.delete(oldest);
    return bytes;
  }

  async function work(key: string, render: () => Promise<CallAnswer> | CallAnswer): Promise<CallAnswer> {
    const startedAt = clock.monotonic();
    const answer = await render();
    const tookMs = clock.monotonic() - startedAt;
    if (tookMs < LONG_MS) return answer;
    restUntil = clock.monotonic() + tookMs * PAUSE_PER_WORK;
    return keep(key, answer);
  }

  return {
    spend(route, key, render) {
      const queue = queues.get(route) ?? { waiting: 0, tail: Promise.resolve() };
      queues.set(route, queue);
      const isResting = queue.waiting > 0 || clock.monotonic() < restUntil;
      const known = isResting ? recall(key) : undefined;
      if (known !== undefined) return Promise.resolve(known);
      queue.waiting += 1;
      const turn = queue.tail.then(async () => {
        try {
          const again = recall(key);
          if (isResting && again !== undefined) return again;
          const restMs = restUntil - clock.monotonic();
          if (restMs > 0) await clock.sleep(restMs);
          return await work(key, render);
        } finally {
          queue.waiting -= 1;
        }
      });
      queue.tail = turn.catch(() => {});
      return turn;
    },
  };
}
