/** `callbackd plan`: the dry run. It never sees a client that can write. */

import { formatPlanJson } from '../../documents/plan-json.ts';
import type { Plan } from '../../model/plan.ts';
import type { CommandRun } from '../command-line/command-spec.ts';
import { readOutput } from '../command-line/options.ts';
import { loadOrReport } from '../diagnostics/report-diagnostics.ts';
import { formatPlan } from '../views/plan-text.ts';

export const run: CommandRun = async (invocation, toolbox) => {
  const { options } = invocation;
  const { terminal } = toolbox;
  const configuration = await loadOrReport(invocation, toolbox);
  if (configuration === undefined) return 'invalid_configuration';
  const session = await toolbox.openPlanSession(configuration);
  try {
    const grants = { allowDeletes: options['allowDeletes'] === true, subjects: new Set<string>() };
    const { plan } = await session.plan(grants, toolbox.interrupted);
    const view = { color: terminal.color, width: terminal.width, full: options['full'] === true };
    terminal.print(formatPlan(plan, readOutput(invocation), view));
    if (typeof options['out'] === 'string') {
      await toolbox.writeFile(options['out'], formatPlanJson(plan));
      terminal.note(`Saved. Apply exactly this with: callbackd apply ${options['out']}\n`);
    }
    return options['detailedExitcode'] === true && isPending(plan) ? 'changes_pending' : 'ok';
  } finally {
    await session.close();
  }
};

/** Withheld changes that need a decision count as pending (design, section 8 point 6). */
function isPending(plan: Plan): boolean {
  return plan.changes.length > 0 || plan.withheld.some((held) => held.needsDecision);
}
