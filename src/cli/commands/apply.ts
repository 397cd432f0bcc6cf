/** `callbackd apply [PLANFILE]`: plan, show, ask, apply; or a saved plan, item by item. */

import type { Plan } from '../../model/plan.ts';
import type { Outcome } from '../../model/round.ts';
import type { PlannedRound } from '../../reconcile/plan-round.ts';
import { applyUntilSettled } from '../apply-until-settled.ts';
import { type CommandRun, type Invocation, UsageError } from '../command-spec.ts';
import { type ExitName, worstExit } from '../exit-codes.ts';
import type { ApplySession, Grants, Toolbox } from '../ports.ts';
import { loadOrReport } from '../report-diagnostics.ts';
import { fitSavedPlan } from '../saved-plan.ts';
import { readCommonFlags, readOutput } from '../shared-options.ts';
import { formatApplyJson } from '../views/apply-json.ts';
import { formatPlan } from '../views/format-plan.ts';
import { formatOutcomes } from '../views/outcomes-text.ts';

interface Work {
  readonly planned: PlannedRound;
  readonly plan: Plan;
  /** Items of a saved plan that no longer fit. */
  readonly refused: number;
}

export const run: CommandRun = async (invocation, toolbox) => {
  const configuration = await loadOrReport(readCommonFlags(invocation), toolbox);
  if (configuration === undefined) return 'invalid_configuration';
  const asJson = readOutput(invocation) === 'json';
  if (invocation.options['yes'] !== true && (asJson || !toolbox.terminal.isInteractive)) {
    throw new UsageError('there is nobody to ask here: add --yes to apply without asking');
  }
  const session = await toolbox.openApplySession(configuration);
  try {
    const grants = readGrants(invocation);
    const work = await prepare(invocation, toolbox, session, grants);
    if (!asJson) showPlan(work.plan, invocation, toolbox);
    if (work.plan.changes.length > 0 && !(await isConfirmed(work.plan, invocation, toolbox))) {
      toolbox.terminal.note('Nothing was changed.\n');
      return 'ok';
    }
    const { outcomes, lastPlan } = await applyUntilSettled(work, { session, grants, toolbox });
    toolbox.terminal.print(
      asJson ? formatApplyJson(work.plan, outcomes) : formatOutcomes(outcomes, toolbox.terminal),
    );
    return exitOf(outcomes, lastPlan, work.refused);
  } finally {
    await session.close();
  }
};

function readGrants({ options }: Invocation): Grants {
  const approved = options['approve'];
  return {
    allowDeletes: options['allowDeletes'] === true,
    subjects: new Set(typeof approved === 'string' ? [approved] : []),
  };
}

/** The plan to apply: a fresh one, or what still fits of a saved one. */
async function prepare(
  { args }: Invocation,
  toolbox: Toolbox,
  session: ApplySession,
  grants: Grants,
): Promise<Work> {
  const [file] = args;
  const saved = file === undefined ? undefined : await toolbox.readFile(file);
  const planned = await session.plan(grants, toolbox.interrupted);
  if (file === undefined || saved === undefined) return { planned, plan: planned.plan, refused: 0 };
  const { clock, digest } = toolbox;
  const { plan, refused, message } = fitSavedPlan(saved, planned.plan, { now: clock.now(), digest, file });
  toolbox.terminal.note(message);
  return { planned, plan, refused };
}

function showPlan(plan: Plan, { options }: Invocation, { terminal }: Toolbox): void {
  const view = { color: terminal.color, width: terminal.width, full: options['full'] === true };
  terminal.print(formatPlan(plan, 'text', view));
}

async function isConfirmed(plan: Plan, { options }: Invocation, { terminal }: Toolbox): Promise<boolean> {
  if (options['yes'] === true) return true;
  const count = plan.changes.length;
  return terminal.confirm(`Apply ${count === 1 ? 'this change' : `these ${count} changes`}? Type yes: `);
}

function exitOf(outcomes: readonly Outcome[], lastPlan: Plan, refused: number): ExitName {
  const failed = refused > 0 || outcomes.some((outcome) => outcome.result !== 'applied');
  const refusedCredentials = outcomes.some((outcome) => outcome.failure?.kind === 'auth');
  const held = lastPlan.withheld.some((item) => item.needsDecision);
  return worstExit([
    ...(refusedCredentials ? ['credentials_refused' as const] : []),
    ...(failed ? ['failed' as const] : []),
    ...(held ? ['held' as const] : []),
  ]);
}
