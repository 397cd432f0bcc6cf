/**
 * Time that passes only when nothing is left to do: sleeps are kept in order and the clock jumps from one to
 * the next. Equal inputs give equal orders, so a whole run can be replayed. It waits for promises, never for
 * real time.
 */

import type { Clock } from './clock.ts';

export interface VirtualClock extends Clock {
  /**
   * Calls `fire` once `ms`, in whole milliseconds, have passed. Of several due at one instant the one set
   * first comes first.
   */
  after(ms: number, fire: () => void): void;
  /**
   * Lets everything run until `isDone` says so; it is asked whenever nothing is left to do at an instant.
   * Rejects with `StandstillError` when nothing is left to do at all.
   */
  run(isDone: () => boolean): Promise<void>;
}

/** Everybody waits for something that no timer will bring. */
export class StandstillError extends Error {
  override readonly name = 'StandstillError' as const;
}

/** Timers of Node tick in whole milliseconds, and none is shorter than one (timers.html, setTimeout). */
const SLEEP_MS_MIN = 1;

interface Timer {
  readonly at: number;
  readonly order: number;
  fire: (() => void) | undefined;
}

/** `start` is the wall time in milliseconds since the epoch. */
export function createVirtualClock(start: number): VirtualClock {
  const timers: Timer[] = [];
  let now = start;
  let orders = 0;

  function set(ms: number, fire: () => void): Timer {
    orders += 1;
    const timer: Timer = { at: now + Math.max(0, Math.ceil(ms)), order: orders, fire };
    push(timers, timer);
    return timer;
  }

  return {
    now: () => now,
    monotonic: () => now - start,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const onAbort = () => {
          timer.fire = undefined;
          reject(signal?.reason);
        };
        const timer = set(Math.max(SLEEP_MS_MIN, ms), () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        });
        signal?.addEventListener('abort', onAbort, { once: true });
      }),
    after: (ms, fire) => void set(ms, fire),
    async run(isDone) {
      for (;;) {
        await drainPromises();
        if (isDone()) return;
        const timer = pop(timers);
        if (timer === undefined) throw new StandstillError(`nothing is left to do at ${now - start} ms`);
        now = timer.at;
        timer.fire?.();
      }
    },
  };
}

/** Promise reactions run before the next immediate; when it comes, every one of them has run. */
function drainPromises(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isBefore(left: Timer, right: Timer): boolean {
  return left.at < right.at || (left.at === right.at && left.order < right.order);
}

function push(heap: Timer[], timer: Timer): void {
  let index = heap.length;
  heap.push(timer);
  while (index > 0) {
    const above = (index - 1) >> 1;
    const parent = heap[above] as Timer;
    if (isBefore(parent, timer)) break;
    heap[index] = parent;
    index = above;
  }
  heap[index] = timer;
}

function pop(heap: Timer[]): Timer | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let index = 0;
  for (;;) {
    let below = 2 * index + 1;
    if (below >= heap.length) break;
    const [left, right] = [heap[below] as Timer, heap[below + 1]];
    if (right !== undefined && isBefore(right, left)) below += 1;
    const child = heap[below] as Timer;
    if (isBefore(last, child)) break;
    heap[index] = child;
    index = below;
  }
  heap[index] = last;
  return first;
}
