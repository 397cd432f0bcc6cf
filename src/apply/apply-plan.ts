/**
 * Applies a plan: what must come before what, how many changes run at once, and when to stop. Decides nothing
 * else.
 */

import pMap from 'p-map';
import type { AppId } from '../model/identity.ts';
import type { Action, Change, Plan } from '../model/plan.ts';
import type { Outcome } from '../model/round.ts';
import type { Secret } from '../model/secret.ts';
import type { StateChange } from '../model/state.ts';
import { applyChange, failChange, skipChange } from './apply-change.ts';
import { type ApplyDeps, type ApplyRound, type ChangeRun, createApplyRound } from './apply-round.ts';
import { bookkeep, isBookkeeping } from './bind-app.ts';
import { createRoundStop, type StopConditions } from './round-stop.ts';
import { withdrawToken } from './run-step.ts';

/**
 * 1.5 times the request concurrency, so that connections stay busy while other changes wait for the disk. The
 * platform client limits the requests themselves.
 */
export function changesUnderWay(requestsInFlight: number): number {
  return requestsInFlight + Math.floor(requestsInFlight / 2);
}

/** Changes that begin with bookkeeping only. */
const BOOKKEEPING_ACTIONS: readonly Action[] = ['adopt', 'rebind', 'forget'];

/**
 * Executes the plan. Bookkeeping of adopt, rebind and forget comes first and at once, deletes begin when
 * everything else has ended, and what is between runs side by side in the plan's order. Never rejects: a
 * failure is an outcome.
 */
export async function applyPlan(
  { plan, tokens }: { readonly plan: Plan; readonly tokens: ReadonlyMap<AppId, Secret> },
  deps: ApplyDeps,
  options: StopConditions,
): Promise<readonly Outcome[]> {
  const stop = createRoundStop(options, deps.clock);
  const round = createApplyRound(deps, tokens, { stop, signal: options.signal, basis: options.basis });
  const outcomes = new Map<Change, Outcome>();
  const end = (outcome: Outcome) => {
    outcomes.set(outcome.change, outcome);
    deps.onOutcome?.(outcome);
  };
  const bookkeeping = await applyBookkeeping(plan.changes, round);
  const applyOne = async (change: Change): Promise<Outcome> => {
    const begun = bookkeeping.begun.get(change);
    if (begun !== undefined && bookkeeping.error !== undefined)
      return failChange(bookkeeping.error, begun, round);
    if (begun !== undefined) return applyChange(begun, round);
    const why = stop.beforeChange();
    const run = round.begin(change);
    return why === undefined ? applyChange(run, round) : skipChange(run, round, why);
  };
  const { concurrency } = deps;
  const applyAll = (changes: readonly Change[]) =>
    pMap(changes, async (change) => end(await applyOne(change)), { concurrency });
  await applyAll(plan.changes.filter((change) => change.action !== 'delete'));
  await applyAll(plan.changes.filter((change) => change.action === 'delete'));
  return plan.changes.flatMap((change) => outcomes.get(change) ?? []);
}

interface BookkeepingDone {
  /** The runs whose leading bookkeeping was done, or tried. */
  readonly begun: ReadonlyMap<Change, ChangeRun>;
  /** Present when it could not be recorded. */
  readonly error?: unknown;
}

/**
 * Records every adoption, rename and forgetting of the plan in one commit, so that a crash cannot interrupt
 * two keys that swap apps.
 */
async function applyBookkeeping(changes: readonly Change[], round: ApplyRound): Promise<BookkeepingDone> {
  const begun = new Map<Change, ChangeRun>();
  if (round.stop.beforeChange() !== undefined) return { begun };
  const recorded: StateChange[] = [];
  const { journal, clock } = round.deps;
  for (const change of changes.filter(({ action }) => BOOKKEEPING_ACTIONS.includes(action))) {
    const run = round.begin(change);
    begun.set(change, run);
    for (let step = change.steps[run.next]; isBookkeeping(step); step = change.steps[run.next]) {
      recorded.push(...bookkeep(step, change, { state: journal.state, now: clock.now() }));
      if (step.do === 'bind') round.turnTo(step.id, run);
      run.next += 1;
    }
    if (change.action !== 'adopt') await withdrawToken(run, round);
  }
  try {
    await round.commit(recorded);
  } catch (error) {
    return { begun, error };
  }
  return { begun };
}
