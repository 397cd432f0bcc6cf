/** `callbackd import`: the account as YAML; with `--adopt` its apps are bound in the state as well. */

import type { CommandRun } from '../command-line/command-spec.ts';
import { type ExitName, worstExit } from '../command-line/exit-codes.ts';
import { quietWhileLive } from '../command-line/options.ts';
import { reportDiagnostics } from '../diagnostics/report-diagnostics.ts';
import type { ImportSession, Toolbox } from '../ports.ts';
import { renderAccount } from './render-account.ts';

export const run: CommandRun = async (invocation, toolbox) => {
  const opened = await toolbox.openImport(quietWhileLive(invocation, toolbox.terminal));
  if (!opened.ok) {
    toolbox.terminal.note(reportDiagnostics(opened.diagnostics, 'text', toolbox));
    return 'invalid_configuration';
  }
  const { session } = opened;
  const select = invocation.options['select'];
  const { text } = await renderAccount(session, typeof select === 'string' ? select : undefined, toolbox);
  toolbox.terminal.print(text);
  return invocation.options['adopt'] === true ? adopt(text, session, toolbox) : 'ok';
};

/** Applies nothing but the adoptions of what already equals its entry. */
async function adopt(text: string, session: ImportSession, toolbox: Toolbox): Promise<ExitName> {
  const { terminal, interrupted } = toolbox;
  const apply = await session.openApply(text);
  try {
    const planned = await apply.plan({ allowDeletes: false, subjects: new Set() }, interrupted);
    const changes = planned.plan.changes.filter(
      ({ action, fields }) => action === 'adopt' && fields.length === 0,
    );
    const outcomes = await apply.apply(planned, { ...planned.plan, changes }, { signal: interrupted });
    const adopted = outcomes.filter(({ result }) => result === 'applied').length;
    terminal.note(`Adopted ${adopted} of ${planned.plan.changes.length} in ${session.stateDir}.\n`);
    return worstExit([
      ...(adopted === changes.length ? [] : ['failed' as const]),
      ...(changes.length === planned.plan.changes.length ? [] : ['held' as const]),
    ]);
  } finally {
    await apply.close();
  }
}
