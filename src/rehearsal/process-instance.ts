/**
 * One simulated process from start to end. After its end nothing it was waiting for ever arrives, as after
 * `kill -9`. It ends only between two steps; every contact with the outside is a step.
 */

import type { DaemonSignal } from '../daemon/ports.ts';
import type { Clock } from '../lib/clock.ts';
import type { ProcessTable } from '../record/state-lock.ts';

export interface ProcessInstance {
  /** From 1; unique within a world. */
  readonly number: number;
  /** The world's clock; its timers never fire after the end. */
  readonly clock: Clock;
  isAlive(): boolean;
  /** Call before anything arrives from outside. False when the process has ended. */
  step(): boolean;
  end(): void;
  /** Settles like `work`, or never when the process ends before. */
  guard<Result>(work: () => Promise<Result>): Promise<Result>;
}

export interface InstanceDeps {
  readonly number: number;
  readonly clock: Clock;
  /** Called before each step; may end the process. */
  readonly onStep: (instance: ProcessInstance) => void;
}

export function createInstance({ number, clock, onStep }: InstanceDeps): ProcessInstance {
  let alive = true;
  const step = () => {
    if (alive) onStep(instance);
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
  const instance: ProcessInstance = {
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
  return instance;
}

/** A queue of signals to one process. */
export interface Signals extends AsyncIterable<DaemonSignal> {
  send(signal: DaemonSignal): void;
}

export function createSignals(): Signals {
  const queue: DaemonSignal[] = [];
  let wake = () => {};
  return {
    send(signal) {
      queue.push(signal);
      wake();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const signal = queue.shift();
        if (signal !== undefined) yield signal;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
  };
}

/** What `self` can find out about the other processes. Numbers are never reused. */
export function createProcessTable(
  self: ProcessInstance,
  listOthers: () => readonly (ProcessInstance | undefined)[],
): ProcessTable {
  const isRunning = (pid: number) =>
    [self, ...listOthers()].some((instance) => instance?.isAlive() && instance.number === pid);
  return {
    pid: self.number,
    host: 'world',
    startOf: (pid) => (isRunning(pid) ? `start of ${pid}` : undefined),
  };
}
