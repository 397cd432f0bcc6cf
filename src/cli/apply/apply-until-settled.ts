/**
 * A person's `apply` waits for what settles, where the daemon takes several rounds. Before it decides, it waits until
 * listings no longer lag behind an earlier run. After its own writes it waits only for creates whose reply was lost: the
 * new plan finds the app or creates it, and changes no other entry, because nobody was shown what else it holds.
 */

import type { ApplySession } from '../../app/open-apply-session.ts';
import type { Grants } from '../../app/open-plan-session.ts';
import type { AppKey } from '../../model/identity.ts';
import type { Change, Plan } from '../../model/plan.ts';
import type { Outcome } from '../../model/round.ts';
import type { PlannedRound } from '../../reconcile/plan-round.ts';
import type { CommandContext } from '../command-line/command-spec.ts';
import type { ApplyProgress } from './progress.ts';

/**
 * Each further pass needs another lost reply; a platform that loses four in a row is left to the next run.
 */
const PASSES_MAX = 4;

export interface SettleResult {
  /** The last outcome of each change; an unknown create that was settled counts by how it ended. */
  readonly outcomes: readonly Outcome[];
  readonly lastPlan: Plan;
}

interface SettleDeps {
  /** Reads the files and plans again; undefined after it was told that it cannot be done. */
  readonly replan: () => Promise<{ readonly planned: PlannedRound; readonly plan: Plan } | undefined>;
  readonly session: ApplySession;
  readonly grants: Grants;
  readonly context: CommandContext;
  readonly progress: ApplyProgress;
}

/** Plans once nothing settles any more, so that another account's token is not taken for a lag. */
export async function planWhenSettled({
  session,
  grants,
  context,
}: Pick<SettleDeps, 'session' | 'grants' | 'context'>): Promise<PlannedRound> {
  const { clock, signals, terminal } = context;
  let planned = await session.plan(grants, signals.interrupted);
  for (let pass = 1; pass < PASSES_MAX; pass += 1) {
    const settling = planned.plan.withheld.filter(({ reason }) => reason === 'settling');
    const until = Math.max(...settling.map((item) => item.until ?? 0));
    const waitMs = until - planned.plan.createdAt;
    if (waitMs <= 0) break;
    terminal.note(`${terminal.translate('cli.apply_settles', { seconds: Math.ceil(waitMs / 1000) })}\n`);
    await clock.sleep(waitMs, signals.interrupted);
    planned = await session.plan(grants, signals.interrupted);
  }
  return planned;
}

export async function applyUntilSettled(
  first: { readonly planned: PlannedRound; readonly plan: Plan },
  { session, grants, context, progress, replan: planAgain }: SettleDeps,
): Promise<SettleResult> {
  const agreed = new Set(first.plan.changes.map(nameOf));
  let stalled = 0;
  const byEntry = new Map<string, Outcome>();
  let { planned, plan } = first;
  for (let pass = 1; ; pass += 1) {
    const outcomes = await session.apply(planned, plan, {
      signal: context.signals.interrupted,
      onOutcome: progress.add,
    });
    for (const outcome of outcomes) byEntry.set(entryOf(outcome), outcome);
    const { refused } = planned.basis;
    if (refused !== undefined && !context.signals.interrupted.aborted) {
      stalled = outcomes.some(({ result }) => result === 'applied') ? 0 : stalled + 1;
      progress.say(context.terminal.translate('cli.plans_anew', { why: refused }));
      const again = stalled < PASSES_MAX ? await planAgain() : undefined;
      if (again === undefined) break;
      planned = again.planned;
      plan = keepAgreed(again.plan, agreed);
      forgetUnwanted(byEntry, planned.plan);
      continue;
    }
    const open = findOpenCreates(plan, outcomes);
    const waitMs = session.settlesInMs();
    if (open.size === 0 || waitMs === undefined) break;
    if (pass >= PASSES_MAX || context.signals.interrupted.aborted) break;
    progress.say(context.terminal.translate('cli.apply_waits', { seconds: Math.ceil(waitMs / 1000) }));
    const next = await replan(waitMs, { session, grants, context });
    // Interrupted: what was done is still told; the open create is settled by the next run.
    if (next === undefined) break;
    planned = next;
    plan = keepEntries(planned.plan, open);
  }
  return { outcomes: [...byEntry.values()], lastPlan: planned.plan };
}

/** The plan after the settle time; undefined when the person did not want to wait for it. */
async function replan(
  waitMs: number,
  { session, grants, context }: Pick<SettleDeps, 'session' | 'grants' | 'context'>,
): Promise<PlannedRound | undefined> {
  try {
    await context.clock.sleep(waitMs, context.signals.interrupted);
    return await session.plan(grants, context.signals.interrupted);
  } catch (error) {
    if (context.signals.interrupted.aborted) return undefined;
    throw error;
  }
}

/**
 * Entries whose create may have happened: its reply was lost now, or in an earlier run and it still settles.
 */
function findOpenCreates(plan: Plan, outcomes: readonly Outcome[]): ReadonlySet<AppKey | null> {
  const lost = outcomes.filter(({ failure }) => failure?.kind === 'unknown_outcome');
  const settling = plan.withheld.filter(({ action, reason }) => action === 'create' && reason === 'settling');
  return new Set([...lost.map(({ change }) => change.key), ...settling.map(({ key }) => key)]);
}

function keepEntries(plan: Plan, keys: ReadonlySet<AppKey | null>): Plan {
  return {
    ...plan,
    changes: plan.changes.filter(({ key }) => keys.has(key)),
    withheld: plan.withheld.filter(({ key }) => keys.has(key)),
  };
}

/** What was agreed to, by what it does to which app. */
function nameOf({ action, key, id }: Change): string {
  return `${action} ${key} ${id}`;
}

function keepAgreed(plan: Plan, agreed: ReadonlySet<string>): Plan {
  return { ...plan, changes: plan.changes.filter((change) => agreed.has(nameOf(change))) };
}

/** What was not done and is not wanted any more is no outcome: the entry is back, or the app is gone. */
function forgetUnwanted(byEntry: Map<string, Outcome>, { changes, withheld }: Plan): void {
  const wanted = new Set([...changes, ...withheld].map(({ key, id }) => key ?? `id ${id}`));
  for (const [entry, { result }] of byEntry) {
    if (result === 'skipped' && !wanted.has(entry)) byEntry.delete(entry);
  }
}

function entryOf({ change }: Outcome): string {
  return change.key ?? `id ${change.id}`;
}
