/**
 * What is wrong at present, as a set of problems: reports of rounds and the standing of the configuration go in. A problem
 * has an id that stays the same for as long as it lasts, so that nobody is told of it twice.
 */

import type { Withheld } from '../model/plan.ts';
import type { Outcome, RoundReport } from '../model/round.ts';

export interface Problem {
  readonly id: string;
  readonly kind: 'failing' | 'held';
  /** The entry; null where it is about an orphan, the account or the file. */
  readonly key: string | null;
  /** A word of a closed set, such as `contested` or `auth`. */
  readonly reason: string;
  readonly message: string;
  /** The command that releases it. */
  readonly release?: string;
  readonly logid?: string;
}

export type Problems = ReadonlyMap<string, Problem>;

export interface ProblemBook {
  observeRound(report: RoundReport): void;
  /** Undefined: the files are in force. */
  observeConfiguration(problem: Problem | undefined): void;
  list(): Problems;
}

/** A round that fails as a whole is tried again soon; only when that fails too is it worth a message. */
const FAILED_ROUNDS_MIN = 2;

export function createProblemBook(): ProblemBook {
  let configuration: Problem | undefined;
  let entries: Problems = new Map();
  let round: Problem | undefined;
  let failedRounds = 0;
  return {
    observeRound(report) {
      // A round that was cut short says nothing: what it did not get to may be well or not.
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
    list() {
      const others = [configuration, round].flatMap((problem) => problem ?? []);
      return new Map([...others.map((problem) => [problem.id, problem] as const), ...entries]);
    },
  };
}

function describeFailedRound({ failure }: RoundReport): Problem | undefined {
  if (failure === undefined) return undefined;
  const logid = 'logid' in failure ? failure.logid : undefined;
  const { kind: reason, message } = failure;
  return {
    id: 'round',
    kind: 'failing',
    key: null,
    reason,
    message,
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

/** A change that was interrupted is no failure: the next round finishes it. */
function describeFailed({ change: { key, id }, result, failure }: Outcome): Problem | undefined {
  if (result !== 'failed' || failure === undefined) return undefined;
  if (failure.kind === 'interrupted' || failure.kind === 'aborted') return undefined;
  const logid = 'logid' in failure ? failure.logid : undefined;
  const { kind: reason, message } = failure;
  return {
    id: `failing ${key ?? id}`,
    kind: 'failing',
    key,
    reason,
    message,
    ...(logid === undefined ? {} : { logid }),
  };
}

/** While a failed entry is left alone for a time, it still fails, as it did. */
function describeWithheld(change: Withheld, before: Problems): Problem | undefined {
  const { key, id, action, reason, message, release, needsDecision } = change;
  if (reason === 'backoff') {
    const known = `failing ${key ?? id}`;
    return before.get(known) ?? { id: known, kind: 'failing', key, reason, message };
  }
  if (!needsDecision) return undefined;
  return { id: `held ${key ?? id} ${action} ${reason}`, kind: 'held', key, reason, message, release };
}
