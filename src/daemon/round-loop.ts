/**
 * The loop: waits for a trigger, runs one round at a time, schedules the next. Whatever happens during a
 * round is a trigger of the next one. It survives every failure of a round.
 */

import type { Clock } from '../lib/clock.ts';
import type { EventWriter } from '../log/event-log.ts';
import { writeRound } from '../log/write-round.ts';
import { type Message, message } from '../messages/message.ts';
import type { Change } from '../model/plan.ts';
import type { RoundReport, Trigger } from '../model/round.ts';
import { createLoopTime, type LoopTime } from './loop-time.ts';
import { type NextRound, planNextRound } from './next-round.ts';
import { createPendingTriggers, type PendingTriggers } from './pending-triggers.ts';
import type { Configuration, Rounds } from './ports.ts';
import { type SupervisedRound, superviseRound } from './supervise-round.ts';
import type { ProgressMonitor } from './systemd-notifier.ts';

/** The longest sleep, so that a clock jump or a suspended host is noticed soon. */
const TURN_LONGEST_MS = 30_000;
/** After this many rounds in a row were cut short by new YAML, the next one makes its creates and updates. */
const SUPERSEDED_IN_A_ROW_MAX = 5;
/** With this many abandoned rounds only a restart can help, so no further round is begun. */
const ABANDONED_MAX = 3;
const LOOP_FAILED_PAUSE_MS = 1_000;
/** A plan older than this is stale; the rest is planned again from a new listing. */
const CHANGES_BEGIN_MS_MAX = 15 * 60_000;

export interface RoundLoopDeps {
  readonly rounds: Rounds;
  readonly clock: Clock;
  readonly random: () => number;
  readonly events: EventWriter;
  readonly progress: ProgressMonitor;
  /** The active configuration, read at the start of each round. */
  readonly configuration: () => Configuration;
  /** Whether a delete that was planned on `made` may still leave. */
  readonly mayDelete: (made: Configuration, change: Change) => Promise<Message | undefined>;
  /** Called when a round has begun and when it has ended. */
  readonly onChange: () => void;
}

export interface RoundIdentity {
  readonly round: number;
  readonly triggers: readonly Trigger[];
  readonly startedAt: number;
}

/** The state of the loop. Instants are milliseconds since the epoch. */
export interface LoopFacts {
  readonly running: RoundIdentity | null;
  readonly lastReport: RoundReport | null;
  /** The last report with a plan, which rests on a proven listing. */
  readonly lastPlanned: RoundReport | null;
  /** End of the last round without failures. */
  readonly lastSuccessAt: number | null;
  readonly consecutiveFailures: number;
  readonly next: NextRound | null;
  readonly abandoned: number;
  /** When the wall clock was last set, by how much. */
  readonly lastJump: { readonly at: number; readonly byMs: number } | null;
}

type Waiter = (report: RoundReport | undefined) => void;

export class RoundLoop {
  readonly #deps: RoundLoopDeps;
  readonly #pending: PendingTriggers;
  readonly #time: LoopTime;
  readonly #stop = new AbortController();
  #controller: AbortController | undefined;
  #preempt: AbortController | undefined;
  #superseded: AbortController | undefined;
  #waiters: Waiter[] = [];
  #round = 0;
  #supersededInARow = 0;
  #selfMade = 0;
  #facts: LoopFacts = {
    running: null,
    lastReport: null,
    lastPlanned: null,
    lastSuccessAt: null,
    consecutiveFailures: 0,
    next: null,
    abandoned: 0,
    lastJump: null,
  };

  constructor(deps: RoundLoopDeps) {
    this.#deps = deps;
    this.#pending = createPendingTriggers(deps.clock);
    this.#time = createLoopTime(deps.clock, (error) => deps.events.write('loop_failed', { err: error }));
  }

  get facts(): LoopFacts {
    return this.#facts;
  }

  /** Requests a round. */
  request(trigger: Trigger): void {
    this.#pending.post(trigger);
  }

  /** Requests a round and resolves with its report; a round that is already running does not count. */
  requestReport(trigger: Trigger): Promise<RoundReport | undefined> {
    const report = new Promise<RoundReport | undefined>((resolve) => {
      this.#waiters.push(resolve);
    });
    this.#pending.post(trigger);
    return report;
  }

  /**
   * The configuration of the running round was replaced: it deletes nothing more, and it is cut short,
   * unless that happened to too many before it.
   */
  supersede(): void {
    this.#superseded?.abort();
    if (this.#supersededInARow >= SUPERSEDED_IN_A_ROW_MAX) return;
    this.#preempt?.abort(new Error('a new configuration is in force'));
  }

  /** Ends the loop after the call in flight; `run` then resolves. */
  stop(): void {
    this.#stop.abort(new Error('callbackd is stopping'));
    this.#controller?.abort(this.#stop.signal.reason);
    this.#pending.wake();
  }

  /** Runs rounds until `stop`; the first at once. Does not reject. */
  async run(): Promise<void> {
    const { events } = this.#deps;
    this.#pending.post('start');
    while (!this.#stop.signal.aborted) {
      try {
        await this.#turn();
      } catch (error) {
        events.write('loop_failed', { err: error });
        await this.#pause(LOOP_FAILED_PAUSE_MS);
      }
    }
    this.#answer(this.#waiters.splice(0), undefined);
  }

  async #turn(): Promise<void> {
    const { clock, progress } = this.#deps;
    if (this.#facts.abandoned >= ABANDONED_MAX) return this.#pause(TURN_LONGEST_MS);
    progress.noteProgress();
    this.#checkClock();
    const now = clock.now();
    const { next } = this.#facts;
    if (next !== null && now >= next.at) this.#pending.post(next.trigger);
    if (!this.#pending.isEmpty) return this.#runRound(this.#pending.take());
    await this.#pending.wait(Math.min(TURN_LONGEST_MS, (next?.at ?? Number.POSITIVE_INFINITY) - now));
  }

  /** After a jump of the wall clock the account is listed again before anything is decided. */
  #checkClock(): void {
    const { events, clock } = this.#deps;
    const byMs = this.#time.findJump();
    if (byMs === undefined) return;
    events.write('clock_jumped', { byMs });
    this.#note({ lastJump: { at: clock.now(), byMs } });
    this.#pending.post('clock');
  }

  async #runRound(triggers: readonly Trigger[]): Promise<void> {
    const { clock, events, progress, configuration } = this.#deps;
    this.#round += 1;
    const identity = { round: this.#round, triggers, startedAt: clock.now() };
    const waiters = this.#waiters.splice(0);
    const controller = new AbortController();
    const preempt = new AbortController();
    const superseded = new AbortController();
    let wasStuck = false;
    const onStuck = (silentMs: number) => {
      wasStuck = true;
      events.write('round_stuck', { round: identity.round, silentMs });
    };
    this.#controller = controller;
    this.#preempt = preempt;
    this.#superseded = superseded;
    events.write('round_started', { round: identity.round, triggers });
    this.#note({ running: identity, next: null });
    this.#deps.onChange();
    const made = configuration();
    const request = {
      ...identity,
      configuration: made,
      preempt: preempt.signal,
      superseded: superseded.signal,
      mayDelete: (change: Change) => this.#deps.mayDelete(made, change),
      deadline: clock.monotonic() + CHANGES_BEGIN_MS_MAX,
      onProgress: () => progress.noteProgress(),
    };
    const supervised = await superviseRound({ ...this.#deps, onStuck }, request, controller);
    this.#controller = undefined;
    this.#preempt = undefined;
    this.#superseded = undefined;
    progress.noteProgress();
    const report = this.#receive(supervised, identity);
    this.#count(report, { wasStuck, wasSuperseded: preempt.signal.aborted });
    this.#note({ running: null, next: this.#planNext(report) });
    writeRound(events, report, this.#facts.next?.at ?? null);
    this.#deps.onChange();
    this.#answer(waiters, report);
  }

  /** The report of a round; one that threw or was abandoned has failed. */
  #receive(supervised: SupervisedRound, identity: RoundIdentity): RoundReport {
    const { events, clock } = this.#deps;
    if (supervised.how === 'reported') return supervised.report;
    const failed = (cause: Message): RoundReport => ({
      ...identity,
      endedAt: clock.now(),
      result: 'failed',
      outcomes: [],
      failure: { kind: 'internal', message: cause },
      calls: 0,
    });
    if (supervised.how === 'threw') {
      events.write('round_threw', { round: identity.round, err: supervised.error });
      return failed(
        supervised.error instanceof Error
          ? message('daemon.round_threw', { error: supervised.error.message })
          : message('daemon.round_threw_no_error'),
      );
    }
    events.write('round_abandoned', { round: identity.round });
    this.#note({ abandoned: this.#facts.abandoned + 1 });
    void supervised.left.then(() => this.#note({ abandoned: this.#facts.abandoned - 1 }));
    return failed(message('daemon.round_hung'));
  }

  #count(
    report: RoundReport,
    { wasStuck, wasSuperseded }: { readonly wasStuck: boolean; readonly wasSuperseded: boolean },
  ): void {
    const { result, triggers } = report;
    this.#supersededInARow = wasSuperseded && result === 'aborted' ? this.#supersededInARow + 1 : 0;
    const isSelfMade = triggers.every((trigger) => trigger === 'settle' || trigger === 'retry');
    this.#selfMade = isSelfMade ? this.#selfMade + 1 : 0;
    const succeeded = result === 'converged' || result === 'held';
    const failed = wasStuck || result === 'failed' || result === 'unreadable';
    const { consecutiveFailures } = this.#facts;
    this.#note({
      lastReport: report,
      ...(report.plan === undefined ? {} : { lastPlanned: report }),
      ...(succeeded ? { lastSuccessAt: report.endedAt } : {}),
      consecutiveFailures: failed ? consecutiveFailures + 1 : succeeded ? 0 : consecutiveFailures,
    });
  }

  #planNext(report: RoundReport): NextRound | null {
    const { clock, random, configuration } = this.#deps;
    return planNextRound({
      now: clock.now(),
      schedule: this.#time.schedule(configuration().settings.schedule),
      report,
      settleMs: configuration().settings.policy.settleMs,
      failures: this.#facts.consecutiveFailures,
      selfMade: this.#selfMade,
      random,
    });
  }

  #note(facts: Partial<LoopFacts>): void {
    this.#facts = { ...this.#facts, ...facts };
  }

  #answer(waiters: readonly Waiter[], report: RoundReport | undefined): void {
    for (const answer of waiters) answer(report);
  }

  async #pause(ms: number): Promise<void> {
    const { clock } = this.#deps;
    await clock.sleep(ms, this.#stop.signal).catch((error: unknown) => {
      if (!this.#stop.signal.aborted) throw error;
    });
  }
}
