/** The current problems, derived from round reports and the state of the configuration. */

import type { Message } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import type { Withheld } from '../model/plan.ts';
import type { Outcome, RoundReport } from '../model/round.ts';

export interface Problem {
  /** The same for as long as the problem lasts, so that it is reported once. */
  readonly id: string;
  readonly kind: 'failing' | 'held';
  /** The entry; null for an orphan, the account or the file. */
  readonly key: string | null;
  /** The reason of a hold or the kind of a failure, such as `contested` or `auth`. */
  readonly reason: string;
  readonly message: Message;
  /** How to unblock a hold. */
  readonly release?: string;
  readonly logid?: string;
}

export type Problems = ReadonlyMap<string, Problem>;

export interface ProblemTracker {
  observeRound(report: RoundReport): void;
  /** Undefined when the files are active. */
  observeConfiguration(problem: Problem | undefined): void;
  /** Undefined when the token lasts. */
  observeToken(problem: Problem | undefined): void;
  list(): Problems;
}

/** A failed round is retried soon; it is reported only when the retry fails too. */
const FAILED_ROUNDS_MIN = 2;

export function createProblemTracker(): ProblemTracker {
  let configuration: Problem | undefined;
  let token: Problem | undefined;
  let entries: Problems = new Map();
  let round: Problem | undefined;
  let failedRounds = 0;
  return {
    observeRound(report) {
      // An aborted round did not get to every entry, so it proves nothing.
      if (report.result === 'aborted') return;
      failedRounds = report.failure === undefined ? 0 : failedRounds + 1;
      if (failedRounds === 0) round = undefined;
      else if (failedRounds >= FAILED_ROUNDS_MIN) round = describeFailedRound(report);
      if (report.plan !== undefined)
        entries = findEntryProblems(report.plan.withheld, report.outcomes, entries);
    },
    observeConfiguration(problem) {
      configuration = problem;
    },
    observeToken(problem) {
      token = problem;
    },
    list() {
      const others = [configuration, token, round].flatMap((problem) => problem ?? []);
      return new Map([...others.map((problem) => [problem.id, problem] as const), ...entries]);
    },
  };
}

function describeFailedRound({ failure }: RoundReport): Problem | undefined {
  if (failure === undefined) return undefined;
  const logid = 'logid' in failure ? failure.logid : undefined;
  return {
    id: 'round',
    kind: 'failing',
    key: null,
    reason: failure.kind,
    message: failure.message,
    ...(logid === undefined ? {} : { logid }),
  };
}

function findEntryProblems(
  withheld: readonly Withheld[],
  outcomes: readonly Outcome[],
  before: Problems,
): Problems {
  const found = [
    ...outcomes.flatMap((outcome) => describeFailed(outcome) ?? []),
    ...withheld.flatMap((change) => describeWithheld(change, before) ?? []),
  ];
  return new Map(found.map((problem) => [problem.id, problem]));
}

/** An interrupted change is not a failure: the next round finishes it. */
function describeFailed({ change: { key, id }, result, failure }: Outcome): Problem | undefined {
  if (result !== 'failed' || failure === undefined) return undefined;
  if (failure.kind === 'interrupted' || failure.kind === 'aborted') return undefined;
  const logid = 'logid' in failure ? failure.logid : undefined;
  return {
    id: `failing ${key ?? id}`,
    kind: 'failing',
    key,
    reason: failure.kind,
    message: failure.message,
    ...(logid === undefined ? {} : { logid }),
  };
}

/** An entry in backoff is still failing, for the reason known before. */
function describeWithheld(change: Withheld, before: Problems): Problem | undefined {
  const { key, id, action, reason, message, release, needsDecision } = change;
  if (reason === 'backoff') {
    const known = `failing ${key ?? id}`;
    const now = { id: known, kind: 'failing', key, reason, message } as const;
    return before.get(known) ?? now;
  }
  if (!needsDecision) return undefined;
  return {
    id: `held ${key ?? id} ${action} ${reason}${reason === 'duplicate' ? ` ${id}` : ''}`,
    kind: 'held',
    key,
    reason,
    message,
    release: say(release),
  };
}
