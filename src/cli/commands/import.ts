/** `callbackd import`: the account as YAML; with `--adopt` its apps are bound in the state as well. */

import type { Diagnostic } from '../../model/diagnostic.ts';
import { CommandFailure } from '../command-failure.ts';
import type { CommandRun, Invocation } from '../command-spec.ts';
import { type ExitName, worstExit } from '../exit-codes.ts';
import { type Draft, draftEntries } from '../import/draft-entries.ts';
import type { ImportSession, Toolbox } from '../ports.ts';
import { reportDiagnostics } from '../report-diagnostics.ts';
import { readCommonFlags } from '../shared-options.ts';
import { formatImportedYaml } from '../views/import-yaml.ts';

export const run: CommandRun = async (invocation, toolbox) => {
  const opened = await toolbox.openImport(readCommonFlags(invocation));
  if (!opened.ok) {
    toolbox.terminal.note(reportDiagnostics(opened.diagnostics, 'text', toolbox));
    return 'invalid_configuration';
  }
  const { session } = opened;
  const { apps, events, ownedKeys } = await session.read();
  const draft = select(draftEntries({ apps, events, ownedKeys }), invocation);
  const { kept, text } = await keepValid(draft, session);
  toolbox.terminal.print(text);
  if (kept.leftOver.length > 0) {
    const count = kept.leftOver.length;
    toolbox.terminal.note(
      `${count} ${count === 1 ? 'app is' : 'apps are'} in comments only: see the end of the output.\n`,
    );
  }
  return invocation.options['adopt'] === true ? adopt(text, session, toolbox) : 'ok';
};

/** Keeps what `--select` names: a pattern with `*` and `?`, for keys, names, ids and connector ids. */
function select(draft: Draft, { options }: Invocation): Draft {
  const pattern = options['select'];
  if (typeof pattern !== 'string') return draft;
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const glob = new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'isu');
  const isNamed = (texts: readonly (string | undefined)[]) =>
    texts.some((text) => text !== undefined && glob.test(text));
  const entries = draft.entries.filter((entry) =>
    isNamed([entry.key, entry.name ?? entry.channelName, entry.id, entry.connectorId]),
  );
  const leftOver = draft.leftOver.filter(({ app }) => isNamed([app.name, app.id, app.connectorId]));
  if (entries.length + leftOver.length === 0) {
    throw new CommandFailure('failed', `no app matches --select ${JSON.stringify(pattern)}`, [
      'the pattern is compared with the whole key, name, id or connector id; * stands for anything',
    ]);
  }
  return { entries, leftOver };
}

/** Entries that the configuration would refuse become comments with the reason, so that what is printed always loads. */
async function keepValid(draft: Draft, session: ImportSession): Promise<{ kept: Draft; text: string }> {
  let kept = draft;
  for (;;) {
    const { text, lines } = formatImportedYaml(kept, session.endpoint);
    const loaded = await session.parse(text);
    if (loaded.ok) return { kept, text };
    const refusals = new Map(loaded.diagnostics.map((problem) => [entryAt(lines, problem), problem.message]));
    const next = withoutRefused(kept, refusals);
    if (next.entries.length === kept.entries.length) {
      const [first] = loaded.diagnostics;
      throw new CommandFailure('invalid_configuration', first?.message ?? 'the YAML is not valid');
    }
    kept = next;
  }
}

function entryAt(lines: readonly number[], { position, severity }: Diagnostic): number {
  return severity === 'error' ? lines.findLastIndex((line) => line <= position.line) : -1;
}

function withoutRefused({ entries, leftOver }: Draft, refusals: ReadonlyMap<number, string>): Draft {
  const refused = entries.flatMap(({ id, name, connectorId }, index) => {
    const because = refusals.get(index);
    return because === undefined
      ? []
      : [
          {
            app: {
              id,
              ...(name === undefined ? {} : { name }),
              ...(connectorId === undefined ? {} : { connectorId }),
            },
            because,
          },
        ];
  });
  return {
    entries: entries.filter((_, index) => !refusals.has(index)),
    leftOver: [...leftOver, ...refused],
  };
}

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
