/** `callbackd import`: the account as YAML; `--adopt` also binds its apps in the state. */

import { AppFailure } from '../../app/failure.ts';
import { type ImportSession, openImport } from '../../app/open-import.ts';
import { type Message, message } from '../../messages/message.ts';
import type { Translate } from '../../messages/say.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { CommandContext, CommandRun } from '../command-line/command-spec.ts';
import { type ExitName, worstExit } from '../command-line/exit-codes.ts';
import { quietWhileLive } from '../command-line/options.ts';
import { reportDiagnostics } from '../diagnostics/diagnostics-text.ts';
import {
  type Draft,
  type DraftEntry,
  draftEntries,
  type LeftOver,
  OPTIONAL_FIELDS,
  type OptionalField,
} from './draft-entries.ts';
import { createReadProgress, formatImportedYaml } from './view.ts';

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

interface RenderedAccount {
  readonly text: string;
  readonly entries: number;
}

/** `pattern`: only apps that it names. Says on the terminal how far it got, and what is in comments only. */
export async function renderAccount(
  session: ImportSession,
  pattern: string | undefined,
  { terminal, clock }: Pick<CommandContext, 'terminal' | 'clock'>,
): Promise<RenderedAccount> {
  const progress = createReadProgress(terminal, clock);
  const read = await session.read(progress.show).finally(progress.end);
  const { kept, text } = await keepValid(select(draftEntries(read), pattern), session, terminal.translate);
  if (kept.leftOver.length > 0) {
    const count = kept.leftOver.length;
    terminal.note(`${terminal.translate('cli.import_comments', { count })}\n`);
  }
  return { text, entries: kept.entries.length };
}

/**
 * Keeps what `--select` names: patterns with `*` and `?`, divided by commas, for keys, names, ids and
 * connector ids.
 */
function select(draft: Draft, patterns: string | undefined): Draft {
  if (patterns === undefined) return draft;
  const globs = patterns.split(',').map((text) => ({ text, glob: compileGlob(text.trim()), isUsed: false }));
  const isNamed = (texts: readonly (string | undefined)[]) => {
    const used = globs.filter(({ glob }) => texts.some((text) => text !== undefined && glob.test(text)));
    for (const pattern of used) pattern.isUsed = true;
    return used.length > 0;
  };
  const entries = draft.entries.filter((entry) =>
    isNamed([entry.key, entry.name ?? entry.channelName, entry.id, entry.connectorId]),
  );
  const leftOver = draft.leftOver.filter(({ app }) => isNamed([app.name, app.id, app.connectorId]));
  const unused = globs.find(({ isUsed }) => !isUsed);
  if (unused === undefined) return { entries, leftOver };
  throw new AppFailure('failed', message('cli.import_no_match', { pattern: JSON.stringify(unused.text) }), [
    message('cli.import_pattern'),
  ]);
}

function compileGlob(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'isu');
}

/**
 * What the configuration would refuse becomes a comment with the reason, so that what is printed always
 * loads.
 */
async function keepValid(
  draft: Draft,
  session: ImportSession,
  translate: Translate,
): Promise<{ kept: Draft; text: string }> {
  let kept = draft;
  for (;;) {
    const { text, lines } = formatImportedYaml(kept, session.endpoint, translate);
    const loaded = await session.parse(text);
    if (loaded.ok) return { kept, text };
    const refusals = loaded.diagnostics.flatMap((problem) => locate(problem, { text, lines }));
    if (refusals.length === 0) {
      const [first] = loaded.diagnostics;
      throw new AppFailure(
        'invalid_configuration',
        first === undefined ? message('cli.import_invalid') : first.message,
      );
    }
    kept = withoutRefused(kept, refusals);
  }
}

interface Refusal {
  /** The entry, by its place in the draft. */
  readonly index: number;
  /** The field without which the entry is valid; absent where it cannot be without it. */
  readonly field?: OptionalField;
  readonly because: string | Message;
}

/** Nothing for what is no error, or stands in no entry. */
function locate(
  { position, severity, message: because }: Diagnostic,
  { text, lines }: { readonly text: string; readonly lines: readonly number[] },
): readonly Refusal[] {
  const index = severity === 'error' ? lines.findLastIndex((line) => line <= position.line) : -1;
  if (index === -1) return [];
  const line = text.split('\n')[position.line - 1] ?? '';
  const field = OPTIONAL_FIELDS.find((name) => line.startsWith(`    ${name}: `));
  return [{ index, because, ...(field === undefined ? {} : { field }) }];
}

function withoutRefused(draft: Draft, refusals: readonly Refusal[]): Draft {
  const leftOver: LeftOver[] = [];
  const entries = draft.entries.flatMap((entry, index): DraftEntry[] => {
    const own = refusals.filter((refusal) => refusal.index === index);
    const whole = own.find(({ field }) => field === undefined);
    if (whole === undefined) {
      const found = own.flatMap(({ field, because }) =>
        field === undefined ? [] : [[field, because] as const],
      );
      return [{ ...entry, unmanaged: new Map([...entry.unmanaged, ...found]) }];
    }
    leftOver.push({ app: entry, because: whole.because });
    return [];
  });
  return { entries, leftOver: [...draft.leftOver, ...leftOver] };
}
