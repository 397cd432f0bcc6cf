/** The last rounds, and the latency of the API in each. */

import { say } from '../messages/say.ts';
import type { CallReport } from '../model/calls.ts';
import type { RoundReport, RoundResult, Trigger } from '../model/round.ts';
import { describeFailure } from './describe-status.ts';

/** Milliseconds. */
interface Latency {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

export interface RecentRound {
  readonly round: number;
  readonly triggers: readonly Trigger[];
  readonly startedAt: number;
  readonly endedAt: number;
  readonly result: RoundResult;
  readonly calls: number;
  readonly applied: number;
  readonly failed: number;
  /** Why it failed, in one sentence; null when it did not. */
  readonly failure: string | null;
  /** Null when no call was answered. */
  readonly latency: Latency | null;
}

export interface RecentRounds {
  observeCall(report: CallReport): void;
  observeRound(report: RoundReport): void;
  /** The oldest first. */
  list(): readonly RecentRound[];
}

/** Twenty hours of a round every ten minutes, and as many as a plot can show apart. */
const ROUNDS_MAX = 120;
/** With so many samples every second one is dropped, and from then on only every second call is looked at. */
const SAMPLES_MAX = 1_024;

export function createRecentRounds(): RecentRounds {
  const rounds: RecentRound[] = [];
  let samples: number[] = [];
  let stride = 1;
  let calls = 0;
  return {
    observeCall({ status, durationMs }) {
      if (status === undefined) return;
      calls += 1;
      if (calls % stride !== 0) return;
      samples.push(durationMs);
      if (samples.length < SAMPLES_MAX) return;
      samples = samples.filter((_, index) => index % 2 === 0);
      stride *= 2;
    },
    observeRound(report) {
      rounds.push(summarise(report, measure(samples)));
      if (rounds.length > ROUNDS_MAX) rounds.shift();
      samples = [];
      stride = 1;
      calls = 0;
    },
    list: () => rounds,
  };
}

function summarise(report: RoundReport, latency: Latency | null): RecentRound {
  const { round, triggers, startedAt, endedAt, result, calls, outcomes } = report;
  const hasFailed = result === 'failed' || result === 'unreadable';
  return {
    ...{ round, triggers, startedAt, endedAt, result, calls, latency },
    applied: outcomes.filter((outcome) => outcome.result === 'applied').length,
    failed: outcomes.filter((outcome) => outcome.result === 'failed').length,
    failure: hasFailed ? say(describeFailure(report)) : null,
  };
}

function measure(samples: readonly number[]): Latency | null {
  if (samples.length === 0) return null;
  const sorted = [...samples].sort((left, right) => left - right);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}
