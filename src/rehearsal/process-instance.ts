/**
 * One simulated process from start to end. After its end nothing it was waiting for ever arrives, as after
 * `kill -9`. It ends only between two steps; every contact with the outside is a step. While it stands still,
 * as after SIGSTOP or on a suspended host, whatever arrives waits.
 */

import type { DaemonSignal } from '../daemon/ports.ts';
import type { Clock } from '../lib/clock.ts';
import type { VirtualClock } from '../lib/virtual-clock.ts';
import type { ProcessTable } from '../record/state-lock.ts';

/** A time in which a process did not run, in milliseconds since the epoch. */
interface Pause {
  readonly from: number;
  readonly to: number;
  /** It was reading the operator's files, to look whether a delete may still leave. */
  readonly isInLook: boolean;
}

export interface ProcessInstance {
  /** From 1; unique within a world. */
  readonly number: number;
  /** What the process reads of the host's clocks; its timers never fire after the end. */
  readonly clock: Clock;
  isAlive(): boolean;
  /** Call before anything leaves for the outside. False when the process has ended. */
  step(): boolean;
  /** Calls `deliver` as soon as the process runs and reaches it; never after its end. */
  arrive(deliver: () => void): void;
  /** It stands still from now on. `isSuspended`: with its host, so that its monotonic clock does too. */
  pause(forMs: number, isSuspended: boolean): void;
  readonly pauses: readonly Pause[];
  isLooking(): boolean;
  /** It looks at the operator's files until `work` settles. */
  look<Result>(work: () => Promise<Result>): Promise<Result>;
  end(): void;
  /** Settles like `work`, or never when the process ends before. */
  guard<Result>(work: () => Promise<Result>): Promise<Result>;
}

export interface InstanceDeps {
  readonly number: number;
  readonly clock: VirtualClock;
  readonly host?: HostClocks;
  /** Called before each step; may end the process. */
  readonly onStep: (instance: ProcessInstance) => void;
  /** Called when something arrives; may pause the process. */
  readonly onArrival?: (instance: ProcessInstance) => void;
}

/** The clocks of the host on which the processes of a world run. */
export interface HostClocks {
  /** How far its wall clock is ahead, in milliseconds. */
  aheadMs: number;
  boots: number;
  /** When it booted, since the start of the world. */
  bootedAt: number;
}

export function createHostClocks(): HostClocks {
  return { aheadMs: 0, boots: 1, bootedAt: 0 };
}

type Span = Pick<Pause, 'from' | 'to'>;

export function createInstance(deps: InstanceDeps): ProcessInstance {
  const { number, clock, host = createHostClocks(), onStep, onArrival } = deps;
  const pauses: Pause[] = [];
  const suspensions: Span[] = [];
  let alive = true;
  let standsUntil = Number.NEGATIVE_INFINITY;
  let looks = 0;
  const isAlive = () => alive;
  const step = () => {
    if (alive) onStep(instance);
    return alive;
  };
  function arrive(deliver: () => void): void {
    onArrival?.(instance);
    const left = standsUntil - clock.now();
    if (left > 0) clock.after(left, () => arrive(deliver));
    else if (step()) deliver();
  }
  function guard<Result>(work: () => Promise<Result>): Promise<Result> {
    if (!step()) return new Promise(() => {});
    return new Promise((resolve, reject) => {
      work().then(
        (result) => arrive(() => resolve(result)),
        (error: unknown) => arrive(() => reject(error)),
      );
    });
  }
  const instance: ProcessInstance = {
    number,
    clock: createInstanceClock(clock, { host, suspensions, isAlive, arrive }),
    isAlive,
    step,
    arrive,
    pause(forMs, isSuspended) {
      if (standsUntil > clock.now()) return;
      const from = clock.now();
      standsUntil = from + forMs;
      if (isSuspended) suspensions.push({ from, to: standsUntil });
      pauses.push({ from, to: standsUntil, isInLook: looks > 0 });
    },
    pauses,
    isLooking: () => looks > 0,
    async look(work) {
      looks += 1;
      try {
        return await guard(work);
      } finally {
        looks -= 1;
      }
    },
    end() {
      alive = false;
    },
    guard,
  };
  return instance;
}

interface InstanceTime extends Pick<ProcessInstance, 'isAlive' | 'arrive'> {
  readonly host: HostClocks;
  /** When the host was suspended, up to now. */
  readonly suspensions: readonly Span[];
}

/** The clocks of the host as one process reads them. */
function createInstanceClock(
  clock: VirtualClock,
  { host, suspensions, isAlive, arrive }: InstanceTime,
): Clock {
  const monotonic = () => {
    const now = clock.now();
    const suspended = suspensions.map(({ from, to }) => Math.min(now, to) - from);
    return clock.monotonic() - suspended.reduce((sum, ms) => sum + ms, 0);
  };
  /** A timer of a suspended host stands still with its clock. */
  async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const until = monotonic() + ms;
    do await clock.sleep(until - monotonic(), signal);
    while (monotonic() < until);
  }
  return {
    now: () => clock.now() + host.aheadMs,
    monotonic,
    boottime: () => clock.monotonic() - host.bootedAt,
    sleep: (ms, signal) => {
      if (!isAlive()) return new Promise(() => {});
      return new Promise((resolve, reject) => {
        sleep(ms, signal).then(
          () => arrive(resolve),
          (error: unknown) => isAlive() && reject(error),
        );
      });
    },
  };
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
