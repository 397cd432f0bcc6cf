/** The account as YAML that loads and whose plan is empty; what cannot be expressed is left to comments. */

import { AppFailure } from '../../app/failure.ts';
import type { ImportSession } from '../../app/open-import.ts';
import { type Message, message } from '../../messages/message.ts';
import type { Translate } from '../../messages/say.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { CommandContext } from '../command-line/command-spec.ts';
import {
  type Draft,
  type DraftEntry,
  draftEntries,
  type LeftOver,
  OPTIONAL_FIELDS,
  type OptionalField,
} from './draft-entries.ts';
import { createReadProgress } from './progress.ts';
import { formatImportedYaml } from './view.ts';

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
