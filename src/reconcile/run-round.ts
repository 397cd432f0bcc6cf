/**
 * One round: recall, read, plan, remember, apply. Failures of the platform and the disk are results, not
 * errors.
 */

import { DiskError } from '../lib/disk.ts';
import { verbatim } from '../messages/message.ts';
import { type FailureDetails, PlatformError } from '../model/calls.ts';
import { CredentialsError } from '../model/credentials.ts';
import type { ObservedState } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import type { Outcome, RoundReport, RoundResult, Trigger } from '../model/round.ts';
import { collectTokens } from './collect-tokens.ts';
import { type PlannedRound, type PlanRoundDeps, planRound, type RoundRequest } from './plan-round.ts';
import type { ApplyOptions, DeliveredTokens, PlanApplier, StateJournal } from './ports.ts';
import { recall } from './recall.ts';

export interface RoundDeps extends PlanRoundDeps {
  readonly journal: StateJournal;
  readonly applier: PlanApplier;
  /** Absent where no token sink is configured. */
  readonly sink?: DeliveredTokens;
  /** Requests sent so far in this process; a round reports the difference. */
  readonly callsSent: () => number;
  /** Told about each plan before it is applied. */
  readonly onPlanned?: (plan: Plan, observed: ObservedState) => void;
}

/** Runs one round and returns its result. */
export async function runRound(
  deps: RoundDeps,
  request: RoundRequest,
  identity: { readonly round: number; readonly triggers: readonly Trigger[] },
): Promise<RoundReport> {
  const startedAt = deps.now();
  const callsBefore = deps.callsSent();
  const report = (rest: Pick<RoundReport, 'result' | 'plan' | 'outcomes' | 'failure'>): RoundReport => ({
    ...identity,
    startedAt,
    endedAt: deps.now(),
    calls: deps.callsSent() - callsBefore,
    ...rest,
  });
  try {
    await deps.journal.recover();
    await recall(deps.journal, { sink: deps.sink, now: deps.now() });
    const planned = await planRound(deps, deps.journal.state, request);
    const { plan } = planned;
    const outcomes = await act(planned, deps, request);
    return report({ result: judge(plan, outcomes), plan, outcomes });
  } catch (error) {
    return report({ outcomes: [], ...explain(error, request) });
  }
}

async function act(
  { plan, remember, observed, basis }: PlannedRound,
  deps: RoundDeps,
  request: RoundRequest,
): Promise<readonly Outcome[]> {
  let outcomes: readonly Outcome[] = [];
  try {
    if (remember.length > 0) await deps.journal.commit(remember);
    deps.onPlanned?.(plan, observed);
    const work = { plan, tokens: collectTokens(plan, observed) };
    outcomes = await deps.applier.apply(work, { ...stopOf(request), basis });
    return outcomes;
  } finally {
    basis.end(outcomes.some(deleted));
  }
}

function deleted({ change, result }: Outcome): boolean {
  return result === 'applied' && change.steps.some((step) => step.do === 'delete_app');
}

function judge(plan: Plan, outcomes: readonly Outcome[]): RoundResult {
  if (outcomes.some((outcome) => outcome.result === 'failed' && !wasRefused(outcome))) return 'failed';
  // A failure that ends the round for all is an outcome itself, so what was only skipped met a stop or the
  // deadline.
  if (outcomes.some((outcome) => outcome.result !== 'applied')) return 'aborted';
  return plan.withheld.some((held) => held.needsDecision) ? 'held' : 'converged';
}

/** A gate held back what was left of the change: nothing went wrong, the plan just does not hold any more. */
function wasRefused({ failure }: Outcome): boolean {
  return failure !== undefined && 'refused' in failure;
}

function explain(error: unknown, request: RoundRequest): Pick<RoundReport, 'result' | 'failure'> {
  if (isStopped(request) && isAbort(error, request)) return { result: 'aborted' };
  if (error instanceof PlatformError) return { result: 'unreadable', failure: error.details };
  if (error instanceof CredentialsError) return { result: 'unreadable', failure: explainCredentials(error) };
  if (error instanceof DiskError) {
    return { result: 'failed', failure: { kind: 'disk', message: verbatim(error.message) } };
  }
  throw error;
}

function explainCredentials({ explanation, advice }: CredentialsError): FailureDetails {
  return {
    kind: 'auth',
    operation: 'list_apps',
    message: explanation,
    advice,
    attempts: 0,
  };
}

function isAbort(error: unknown, { signal, preempt }: RoundRequest): boolean {
  if (error === signal.reason || error === preempt?.reason) return true;
  return error instanceof PlatformError && error.details.kind === 'aborted';
}

function isStopped({ signal, preempt }: RoundRequest): boolean {
  return signal.aborted || preempt?.aborted === true;
}

function stopOf({ signal, preempt, deadline }: RoundRequest): ApplyOptions {
  return {
    signal,
    ...(preempt === undefined ? {} : { preempt }),
    ...(deadline === undefined ? {} : { deadline }),
  };
}
