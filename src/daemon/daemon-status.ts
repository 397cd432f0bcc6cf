/** The status document of schema/status.schema.json. Holds no secret. */

import { createTranslator, type Language, say, type Translate } from '../messages/say.ts';
import { type DiagnosticText, sayDiagnostic } from '../model/diagnostic.ts';
import type { ActivePause } from '../model/pauses.ts';
import type { RoundReport, RoundResult, Trigger } from '../model/round.ts';
import type { EntryState, StandingState, Tone } from '../model/summary.ts';
import type { ConfigurationStanding } from './configuration-keeper.ts';
import {
  countApps,
  type DaemonCondition,
  describeFailure,
  describeProblem,
  describeStatus,
  judgeCondition,
  judgeHealth,
  judgeReadiness,
  judgeTone,
  listStandings,
  type StatusFacts,
  summarise,
  type Verdict,
} from './describe-status.ts';
import { type PlanStatus, renderPlan } from './plan-status.ts';

/** The document of `/api/v1/status` and of the control socket. Instants are ISO 8601 in UTC. */
export interface DaemonStatus {
  readonly format_version: 1;
  readonly version: string;
  readonly endpoint: string;
  readonly condition: DaemonCondition;
  readonly sentence: string;
  readonly now: string;
  readonly started_at: string;
  readonly healthy: VerdictStatus;
  readonly ready: VerdictStatus;
  readonly apps: {
    readonly desired: number;
    readonly in_sync: number;
    readonly held: number;
    readonly failed: number;
  };
  readonly calls_today: {
    /** UTC, `YYYY-MM-DD`. */
    readonly day: string;
    readonly count: number;
    /** `coze.call_budget.per_day`; null where there is none. */
    readonly budget: number | null;
  };
  readonly token: { readonly expires_at: string | null };
  readonly configuration: {
    readonly origin: 'file' | 'last_good';
    readonly digest: string;
    readonly loaded_at: string;
    readonly last_reload: { readonly at: string; readonly ok: boolean };
    readonly problem: {
      readonly kind: 'invalid' | 'held';
      readonly since: string;
      readonly message: string;
      readonly diagnostics: readonly DiagnosticText[];
      /** The command that releases a held configuration; null where only an edit or a restart helps. */
      readonly release: string | null;
    } | null;
    readonly needs_restart: readonly string[];
    readonly detached: readonly string[];
  };
  /** What the sentence says, as data; `ok` is the only tone shown in green. */
  readonly summary: {
    readonly tone: Tone;
    readonly standings: readonly StandingState[];
    readonly entries: Readonly<Record<EntryState, number>>;
  };
  /** The pause of everything. */
  readonly paused: {
    readonly until: string | null;
    readonly because: string | null;
    readonly by: string | null;
  } | null;
  /** Every pause, also of entries that are in sync. */
  readonly pauses: readonly PauseStatus[];
  readonly rounds: {
    readonly running: {
      readonly round: number;
      readonly triggers: readonly Trigger[];
      readonly started_at: string;
    } | null;
    readonly last: {
      readonly round: number;
      readonly triggers: readonly Trigger[];
      readonly result: RoundResult;
      readonly started_at: string;
      readonly ended_at: string;
      readonly calls: number;
      readonly failure: string | null;
    } | null;
    readonly last_success_at: string | null;
    readonly consecutive_failures: number;
    readonly next_at: string | null;
    readonly next_trigger: Trigger | null;
  };
  /** Null unless the wall clock was set since the daemon started. */
  readonly clock: {
    readonly jumped_at: string;
    readonly jumped_by_ms: number;
    /** How far the wall clock is now ahead of the instants of this document. */
    readonly ahead_ms: number;
  } | null;
  /** `problem`: why no line can be written at this moment. */
  readonly log: { readonly lines_lost: number; readonly problem: string | null };
  readonly plan: PlanStatus | null;
}

interface PauseStatus {
  /** Null: everything. */
  readonly key: string | null;
  readonly until: string | null;
  readonly because: string | null;
  readonly by: string | null;
  readonly from: 'file' | 'command';
}

interface VerdictStatus {
  readonly ok: boolean;
  readonly reason: string;
}

/** The whole document. Sentences are English unless a person of another language is to read them. */
export function renderStatus(facts: StatusFacts, language: Language = 'en'): DaemonStatus {
  const translate = createTranslator(language);
  const { loop, configuration } = facts;
  const pauses = facts.pauses.map(renderPause);
  const paused = pauses.find(({ key }) => key === null);
  return {
    format_version: 1,
    version: facts.version,
    endpoint: facts.endpoint,
    condition: judgeCondition(facts),
    sentence: translate(describeStatus(facts)),
    now: iso(facts.now),
    started_at: iso(facts.startedAt),
    healthy: renderVerdict(judgeHealth(facts), translate),
    ready: renderVerdict(judgeReadiness(facts), translate),
    apps: { desired: configuration.apps, ...countApps(facts) },
    calls_today: {
      day: facts.callsToday.day,
      count: facts.callsToday.count,
      budget: facts.callsToday.perDay ?? null,
    },
    token: { expires_at: facts.tokenExpiresAt === undefined ? null : iso(facts.tokenExpiresAt) },
    configuration: renderConfiguration(configuration, language),
    summary: {
      tone: judgeTone(facts),
      standings: listStandings(facts).map(({ state }) => state),
      entries: summarise(facts).counts,
    },
    paused: paused === undefined ? null : { until: paused.until, because: paused.because, by: paused.by },
    pauses,
    rounds: {
      running:
        loop.running === null
          ? null
          : {
              round: loop.running.round,
              triggers: loop.running.triggers,
              started_at: iso(loop.running.startedAt),
            },
      last: loop.lastReport === null ? null : renderRound(loop.lastReport, translate),
      last_success_at: loop.lastSuccessAt === null ? null : iso(loop.lastSuccessAt),
      consecutive_failures: loop.consecutiveFailures,
      next_at: loop.next === null ? null : iso(loop.next.at),
      next_trigger: loop.next?.trigger ?? null,
    },
    clock:
      loop.lastJump === null
        ? null
        : {
            jumped_at: iso(loop.lastJump.at),
            jumped_by_ms: loop.lastJump.byMs,
            ahead_ms: facts.aheadMs,
          },
    log: { lines_lost: facts.log.linesLost, problem: facts.log.problem ?? null },
    plan: loop.lastPlanned === null ? null : renderPlan(loop.lastPlanned, translate),
  };
}

function renderPause({ key, pause, from }: ActivePause): PauseStatus {
  const { until, because, by } = pause;
  return {
    key,
    until: until === undefined ? null : iso(until),
    because: because ?? null,
    by: by ?? null,
    from,
  };
}

function renderVerdict({ ok, reason }: Verdict, translate: Translate): VerdictStatus {
  return { ok, reason: translate(reason) };
}

function renderConfiguration(standing: ConfigurationStanding, lang: Language): DaemonStatus['configuration'] {
  const { problem } = standing;
  const description = describeProblem(standing);
  return {
    origin: standing.origin,
    digest: standing.digest,
    loaded_at: iso(standing.loadedAt),
    last_reload: { at: iso(standing.lastReload.at), ok: standing.lastReload.ok },
    problem:
      problem === undefined
        ? null
        : {
            kind: problem.kind,
            since: iso(problem.since),
            message: description === undefined ? '' : say(description, lang),
            diagnostics:
              problem.kind === 'invalid' ? problem.diagnostics.map((one) => sayDiagnostic(one, lang)) : [],
            release:
              problem.kind === 'held' && problem.releasable
                ? `callbackd approve ${problem.digest.slice(0, 12)}`
                : null,
          },
    needs_restart: standing.needsRestart,
    detached: standing.detached,
  };
}

function renderRound(report: RoundReport, translate: Translate): DaemonStatus['rounds']['last'] {
  const { round, triggers, result, calls } = report;
  const failed = result === 'failed' || result === 'unreadable';
  return {
    round,
    triggers,
    result,
    started_at: iso(report.startedAt),
    ended_at: iso(report.endedAt),
    calls,
    failure: failed ? translate(describeFailure(report)) : null,
  };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
