/** `callbackd plan`: the dry run. Its client has no write calls. */

import { AppFailure } from '../../app/failure.ts';
import { openPlanSession } from '../../app/open-plan-session.ts';
import { readFileIfAny, writeTextFile } from '../../app/operator-files.ts';
import { sealPlanJson } from '../../documents/plan-json.ts';
import { message } from '../../messages/message.ts';
import { createTranslator } from '../../messages/say.ts';
import type { Plan } from '../../model/plan.ts';
import { isPlanText } from '../apply/parse-plan.ts';
import type { CommandRun } from '../command-line/command-spec.ts';
import { readOutput } from '../command-line/options.ts';
import { loadOrReport } from '../diagnostics/diagnostics-text.ts';
import { formatPlan } from '../views/plan-text.ts';

export const run: CommandRun = async (invocation, context) => {
  const { options } = invocation;
  const { terminal } = context;
  const configuration = await loadOrReport(invocation, context);
  if (configuration === undefined) return 'invalid_configuration';
  if (typeof options['out'] === 'string') await refuseOther(options['out'], context);
  const session = await openPlanSession(configuration, context, {
    stateFrom: typeof options['stateFrom'] === 'string' ? options['stateFrom'] : undefined,
    requiresState: options['requireState'] === true,
  });
  try {
    const grants = { allowDeletes: options['allowDeletes'] === true, subjects: new Set<string>() };
    const { plan } = await session.plan(grants, context.signals.interrupted);
    const output = readOutput(invocation);
    // Markdown goes to other people: it follows --lang, not the locale of whoever runs the command.
    const translate =
      output === 'markdown' && options['lang'] === undefined ? createTranslator('en') : terminal.translate;
    terminal.print(formatPlan(plan, output, { ...terminal, translate, full: options['full'] === true }));
    if (typeof options['out'] === 'string') {
      await writeTextFile(options['out'], sealPlanJson(plan), context);
      terminal.note(`${terminal.translate('cli.plan_saved', { file: options['out'] })}\n`);
    }
    return options['detailedExitcode'] === true && isPending(plan) ? 'changes_pending' : 'ok';
  } finally {
    await session.close();
  }
};

/** Replaces a plan, or an empty file; a slip of the hand must not cost a configuration or a state. */
async function refuseOther(file: string, context: Parameters<CommandRun>[1]): Promise<void> {
  const before = await readFileIfAny(file, context);
  if (before === undefined || before.trim() === '' || isPlanText(before)) return;
  throw new AppFailure('failed', message('cli.out_no_plan', { file }), [message('cli.out_no_plan_advice')]);
}

/** Withheld changes that need a decision count as pending. */
function isPending(plan: Plan): boolean {
  return plan.changes.length > 0 || plan.withheld.some((held) => held.needsDecision);
}
