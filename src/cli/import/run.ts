/** `callbackd import`: the account as YAML; `--adopt` also binds its apps in the state. */

import { type ImportSession, openImport } from '../../app/open-import.ts';
import type { CommandContext, CommandRun } from '../command-line/command-spec.ts';
import { type ExitName, worstExit } from '../command-line/exit-codes.ts';
import { quietWhileLive } from '../command-line/options.ts';
import { reportDiagnostics } from '../diagnostics/report-diagnostics.ts';
import { renderAccount } from './render-account.ts';

export const run: CommandRun = async (invocation, context) => {
  const opened = await openImport(quietWhileLive(invocation, context.terminal), undefined, context);
  if (!opened.ok) {
    context.terminal.note(reportDiagnostics(opened.diagnostics, 'text', context));
    return 'invalid_configuration';
  }
  const { session } = opened;
  const select = invocation.options['select'];
  const { text } = await renderAccount(session, typeof select === 'string' ? select : undefined, context);
  context.terminal.print(text);
  return invocation.options['adopt'] === true ? adopt(text, session, context) : 'ok';
};

/** Applies nothing but the adoptions of what already equals its entry. */
async function adopt(text: string, session: ImportSession, context: CommandContext): Promise<ExitName> {
  const { terminal, signals } = context;
  const { interrupted } = signals;
  const apply = await session.openApply(text);
  try {
    const planned = await apply.plan({ allowDeletes: false, subjects: new Set() }, interrupted);
    const changes = planned.plan.changes.filter(
      ({ action, fields }) => action === 'adopt' && fields.length === 0,
    );
    const outcomes = await apply.apply(planned, { ...planned.plan, changes }, { signal: interrupted });
    const adopted = outcomes.filter(({ result }) => result === 'applied').length;
    const counts = { adopted, all: planned.plan.changes.length, dir: session.stateDir };
    terminal.note(`${terminal.translate('cli.import_adopted', counts)}\n`);
    return worstExit([
      ...(adopted === changes.length ? [] : ['failed' as const]),
      ...(changes.length === planned.plan.changes.length ? [] : ['held' as const]),
    ]);
  } finally {
    await apply.close();
  }
}
