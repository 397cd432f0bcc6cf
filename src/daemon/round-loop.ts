/**
 * The loop: waits for a reason, runs one round at a time, decides when the next one comes. Level-triggered: whatever
 * happens while a round runs is one more reason for the next. It survives whatever a round does.
 */

import type { Clock } from '../lib/clock.ts';
import type { EventWriter } from '../log/event-log.ts';
import { writeRound } from '../log/write-round.ts';
import { type Message, message } from '../messages/message.ts';
import type { RoundReport, Trigger } from '../model/round.ts';
import type { Settings } from '../model/settings.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { type Appointment, adjustAppointment, planNextRound } from './plan-next-round.ts';
import type { Configuration, Rounds } from './ports.ts';
import type { Pulse } from './pulse.ts';
import { createSchedule, type Schedule } from './schedule.ts';
import { type SupervisedRound, superviseRound } from './supervise-round.ts';

/** How long the loop sleeps at most, so that a clock that jumped or a host that was suspended is noticed soon. */
const TURN_LONGEST_MS = 30_000;
/** After so many rounds in a row were cut short by new YAML, the next one is let through: edits must not starve it. */
const SUPERSEDED_IN_A_ROW_MAX = 5;
/** With so many rounds left behind, something beyond this process hangs; only a restart can help. */
const ABANDONED_MAX = 3;
/** A wall clock that runs this far behind the monotonic one was set back; less is the two drifting apart. */
const JUMP_MIN_MS = 2_000;
const LOOP_FAILED_PAUSE_MS = 1_000;
/** Later than this after its listing a plan is old; what is left begins anew from a fresh one. */
const CHANGES_BEGIN_MS_MAX = 15 * 60_000;
/** Used when the schedule cannot be computed, which validation should have prevented. */
const FALLBACK_INTERVAL_MS = 600_000;

export interface RoundLoopDeps {
  readonly rounds: Rounds;
  readonly clock: Clock;
  readonly random: () => number;
  readonly events: EventWriter;
  readonly pulse: Pulse;
  /** The configuration in force, asked at the start of each round. */
  readonly configuration: () => Configuration;
  /** Called when a round has begun and when it has ended. */
  readonly onChange: () => void;
}

export interface RoundIdentity {
  readonly round: number;
  readonly triggers: readonly Trigger[];
  readonly startedAt: number;
}

/** What the loop can tell about itself. Instants are milliseconds since the epoch. */
export interface LoopFacts {
  readonly running: RoundIdentity | null;
  readonly lastReport: RoundReport | null;
  /** The last report that holds a plan, and so rests on a proven listing. */
  readonly lastPlanned: RoundReport | null;
  /** End of the last round that failed in nothing. */
  readonly lastSuccessAt: number | null;
  readonly consecutiveFailures: number;
  readonly next: Appointment | null;
  readonly abandoned: number;
}

type Waiter = (report: RoundReport | undefined) => void;

export class RoundLoop {
  readonly #deps: RoundLoopDeps;
  readonly #inbox: Inbox;
  readonly #stop = new AbortController();
  #controller: AbortController | undefined;
  #preempt: AbortController | undefined;
  #waiters: Waiter[] = [];
  #round = 0;
  #supersededInARow = 0;
  #selfMade = 0;
  /** The schedule last used: building one costs a millisecond, and a simulation runs thousands of rounds a second. */
  #known: { readonly from: Settings['schedule']; readonly schedule: Schedule } | undefined;
  #lastLook: { readonly wall: number; readonly monotonic: number };
  #facts: LoopFacts = {
    running: null,
    lastReport: null,
    lastPlanned: null,
    lastSuccessAt: null,
    consecutiveFailures: 0,
    next: null,
    abandoned: 0,
  };

  constructor(deps: RoundLoopDeps) {
    this.#deps = deps;
    this.#inbox = createInbox(deps.clock);
    this.#lastLook = { wall: deps.clock.now(), monotonic: deps.clock.monotonic() };
  }

  get facts(): LoopFacts {
    return this.#facts;
  }

  /** Asks for a round. */
  request(trigger: Trigger): void {
    this.#inbox.post(trigger);
  }

  /** Asks for a round and resolves with its report: of the next round to begin, not of one that is running. */
  requestReport(trigger: Trigger): Promise<RoundReport | undefined> {
    const report = new Promise<RoundReport | undefined>((resolve) => {
      this.#waiters.push(resolve);
    });
    this.#inbox.post(trigger);
    return report;
  }

  /** Cuts the running round short because its configuration is no longer in force. */
  supersede(): void {
    if (this.#supersededInARow >= SUPERSEDED_IN_A_ROW_MAX) return;
    this.#preempt?.abort(new Error('a new configuration is in force'));
  }

  /** Ends the loop after the call in flight. `run` resolves when it has ended. */
  stop(): void {
    this.#stop.abort(new Error('callbackd is stopping'));
    this.#controller?.abort(this.#stop.signal.reason);
    this.#inbox.wake();
  }

  /** Runs rounds until `stop`; the first at once. Does not reject. */
  async run(): Promise<void> {
    const { events } = this.#deps;
    this.#inbox.post('start');
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
    const { clock, pulse } = this.#deps;
    if (this.#facts.abandoned >= ABANDONED_MAX) return this.#pause(TURN_LONGEST_MS);
    pulse.beat();
    this.#look();
    const now = clock.now();
    const { next } = this.#facts;
    if (next !== null && now >= next.at) this.#inbox.post(next.trigger);
    if (!this.#inbox.isEmpty) return this.#runRound(this.#inbox.take());
    await this.#inbox.wait(Math.min(TURN_LONGEST_MS, (next?.at ?? Number.POSITIVE_INFINITY) - now));
  }

  /** Notices a wall clock that was set, and keeps what was agreed on. */
  #look(): void {
    const { clock, events } = this.#deps;
    const look = { wall: clock.now(), monotonic: clock.monotonic() };
    const byMs = look.wall - this.#lastLook.wall - (look.monotonic - this.#lastLook.monotonic);
    this.#lastLook = look;
    if (Math.abs(byMs) < JUMP_MIN_MS) return;
    events.write('clock_jumped', { byMs: Math.round(byMs) });
    const { next } = this.#facts;
    if (next !== null) this.#note({ next: adjustAppointment(next, look.wall, this.#schedule()) });
  }

  async #runRound(triggers: readonly Trigger[]): Promise<void> {
    const { clock, events, pulse, configuration } = this.#deps;
    this.#round += 1;
    const identity = { round: this.#round, triggers, startedAt: clock.now() };
    const waiters = this.#waiters.splice(0);
    const controller = new AbortController();
    const preempt = new AbortController();
    let wasStuck = false;
    const onStuck = (silentMs: number) => {
      wasStuck = true;
      events.write('round_stuck', { round: identity.round, silentMs });
    };
    this.#controller = controller;
    this.#preempt = preempt;
    events.write('round_started', { round: identity.round, triggers });
    this.#note({ running: identity, next: null });
    this.#deps.onChange();
    const request = {
      ...identity,
      configuration: configuration(),
      preempt: preempt.signal,
      deadline: clock.monotonic() + CHANGES_BEGIN_MS_MAX,
      onProgress: () => pulse.beat(),
    };
    const supervised = await superviseRound({ ...this.#deps, onStuck }, request, controller);
    this.#controller = undefined;
    this.#preempt = undefined;
    pulse.beat();
    const report = this.#receive(supervised, identity);
    this.#count(report, { wasStuck, wasSuperseded: preempt.signal.aborted });
    this.#note({ running: null, next: this.#planNext(report) });
    writeRound(events, report, this.#facts.next?.at ?? null);
    this.#deps.onChange();
    this.#answer(waiters, report);
  }

  /** Turns what became of a round into a report; one that threw or hangs has failed. */
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

  #planNext(report: RoundReport): Appointment | null {
    const { clock, random, configuration } = this.#deps;
    return planNextRound({
      now: clock.now(),
      schedule: this.#schedule(),
      report,
      settleMs: configuration().settings.policy.settleMs,
      failures: this.#facts.consecutiveFailures,
      selfMade: this.#selfMade,
      random,
    });
  }

  #schedule(): Schedule {
    const from = this.#deps.configuration().settings.schedule;
    if (this.#known?.from.cron === from.cron && this.#known.from.timezone === from.timezone) {
      return this.#known.schedule;
    }
    try {
      const schedule = createSchedule(from.cron, from.timezone);
      this.#known = { from, schedule };
      return schedule;
    } catch (error) {
      this.#deps.events.write('loop_failed', { err: error });
      return { next: (after) => after + FALLBACK_INTERVAL_MS };
    }
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
