/**
 * A person's `apply` waits for creates whose reply was lost: after the settle time the account is read and planned
 * again, and the new plan finds the newborn or creates again. The daemon does the same over several rounds.
 */

import type { Plan } from '../model/plan.ts';
import type { Outcome } from '../model/round.ts';
import type { PlannedRound } from '../reconcile/plan-round.ts';
import type { ApplySession, Grants, Toolbox } from './ports.ts';

/** Each further pass needs another lost reply; a platform that loses four in a row is left to the next run. */
const PASSES_MAX = 4;

export interface SettleResult {
  /** The last outcome of each change; an unknown create that was settled counts by how it ended. */
  readonly outcomes: readonly Outcome[];
  readonly lastPlan: Plan;
}

export async function applyUntilSettled(
  first: { readonly planned: PlannedRound; readonly plan: Plan },
  { session, grants, toolbox }: { session: ApplySession; grants: Grants; toolbox: Toolbox },
): Promise<SettleResult> {
  const byEntry = new Map<string, Outcome>();
  let { planned, plan } = first;
  for (let pass = 1; ; pass += 1) {
    for (const outcome of await session.apply(planned, plan, toolbox.interrupted)) {
      byEntry.set(entryOf(outcome), outcome);
    }
    const waitMs = session.settlesInMs();
    if (waitMs === undefined || pass === PASSES_MAX || toolbox.interrupted.aborted) break;
    const seconds = Math.ceil(waitMs / 1000);
    toolbox.terminal.note(
      `The reply to a create was lost. Waiting ${seconds} s until the listing can tell whether it happened.\n`,
    );
    await toolbox.clock.sleep(waitMs, toolbox.interrupted);
    planned = await session.plan(grants, toolbox.interrupted);
    plan = planned.plan;
  }
  return { outcomes: [...byEntry.values()], lastPlan: plan };
}

function entryOf({ change }: Outcome): string {
  return change.key ?? `id ${change.id}`;
}
