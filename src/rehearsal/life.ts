/**
 * One process, from its start to its end. When it ends, whatever it was waiting for never comes: not one more line of it
 * has an effect, as after `kill -9`. It ends only between two steps, and every contact with the outside is a step.
 */

import type { Clock } from '../lib/clock.ts';

export interface Life {
  /** Counts from 1. */
  readonly number: number;
  /** The world's clock; nobody is woken after the end. */
  readonly clock: Clock;
  isAlive(): boolean;
  /** Something is about to come in from outside. Answers whether there is still somebody to receive it. */
  step(): boolean;
  end(): void;
  /** Resolves when `work` does and the process still lives; otherwise never. */
  guard<Result>(work: () => Promise<Result>): Promise<Result>;
}

export interface LifeDeps {
  readonly number: number;
  readonly clock: Clock;
  /** Told of each step before it is taken; it may end the life. */
  readonly onStep: (life: Life) => void;
}

export function createLife({ number, clock, onStep }: LifeDeps): Life {
  let alive = true;
  const step = () => {
    if (alive) onStep(life);
    return alive;
  };
  function guard<Result>(work: () => Promise<Result>): Promise<Result> {
    if (!step()) return new Promise(() => {});
    return new Promise((resolve, reject) => {
      work().then(
        (result) => step() && resolve(result),
        (error: unknown) => step() && reject(error),
      );
    });
  }
  const life: Life = {
    number,
    clock: {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      sleep: (ms, signal) => {
        if (!alive) return new Promise(() => {});
        return new Promise((resolve, reject) => {
          clock.sleep(ms, signal).then(
            () => step() && resolve(),
            (error: unknown) => alive && reject(error),
          );
        });
      },
    },
    isAlive: () => alive,
    step,
    end() {
      alive = false;
    },
    guard,
  };
  return life;
}
