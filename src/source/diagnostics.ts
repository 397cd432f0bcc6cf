/** Diagnostics: what is wrong in the operator's files, with a code of a closed list and a place. */

import type { MessageId } from '../messages/en.ts';
import { type Message, message } from '../messages/message.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { maskKeyLike, maskSecretShapes } from '../model/secret-shapes.ts';
import { type Mark, startOf } from './mark.ts';

type CodeOf<Id> = Id extends `source.code_${infer Code}` ? Code : never;

/** A member of the closed list in `messages/en/diagnostic-codes.ts`, which says what each means. */
export type DiagnosticCode = CodeOf<MessageId>;

/** More are only counted: nobody reads them, and 16 MB can hold millions. */
export const PROBLEMS_MAX = 100;

interface DiagnosticDetails {
  readonly hint?: Message | undefined;
  readonly severity?: 'error' | 'warning';
  readonly related?: { readonly message: Message; readonly mark: Mark };
}

export function createDiagnostic(
  code: DiagnosticCode,
  message: Message,
  mark: Mark,
  details: DiagnosticDetails = {},
): Diagnostic {
  const { hint, severity = 'error', related } = details;
  return {
    code,
    severity,
    message,
    ...(hint === undefined ? {} : { hint }),
    position: mark.position,
    length: mark.length,
    ...(related === undefined
      ? {}
      : { related: { message: related.message, position: related.mark.position } }),
  };
}

/** A secret stands where the name of the place belongs that keeps it. */
export function refuseToken(id: 'source.token_as_path' | 'source.token_as_variable', mark: Mark): Diagnostic {
  return createDiagnostic('token_in_config', message(id), mark, {
    hint: message('source.token_as_path_hint'),
  });
}

/** Stands at the end of a list for the problems that are not in it. */
export function countOmitted(omitted: number, file: string): Diagnostic {
  const problem = message('source.more_problems', { count: omitted });
  return { ...createDiagnostic('more_problems', problem, startOf(file)), omitted };
}

/**
 * The problems of all files of a configuration. Errors beyond `PROBLEMS_MAX`, and warnings beyond it, are
 * only counted.
 */
export interface Problems {
  add(diagnostic: Diagnostic): void;
  /** Counts errors that are not put into words. */
  omit(count: number): void;
  /** Another error would only be counted. */
  isFull(): boolean;
  hasErrors(): boolean;
  /** Errors first, at most `PROBLEMS_MAX`; `omitted` is how many more there are. */
  list(): { readonly shown: readonly Diagnostic[]; readonly omitted: number };
}

export function createProblems(): Problems {
  const kept = { error: [] as Diagnostic[], warning: [] as Diagnostic[] };
  let total = 0;
  return {
    add(diagnostic) {
      total += 1;
      const list = kept[diagnostic.severity];
      if (list.length < PROBLEMS_MAX) list.push(diagnostic);
    },
    omit(count) {
      total += count;
    },
    isFull: () => kept.error.length >= PROBLEMS_MAX,
    hasErrors: () => kept.error.length > 0,
    list() {
      const shown = [...kept.error, ...kept.warning].slice(0, PROBLEMS_MAX);
      return { shown, omitted: total - shown.length };
    },
  };
}

/** The text with stars for what looks like a key or token. */
export function withoutKeys(text: string): string {
  return maskKeyLike(maskSecretShapes(text, '***'), '***');
}

const QUOTED_LENGTH_MAX = 80;
/** More of a text is not looked at, so that a key of megabytes costs nothing. */
const READ_LENGTH_MAX = 2_000;

/** The text in backquotes for a message: shortened, on one line, and never a token. */
export function quote(text: string): string {
  const line = withoutKeys(text.slice(0, READ_LENGTH_MAX)).replaceAll(/\s+/g, ' ');
  const characters = Array.from(line);
  const short =
    characters.length > QUOTED_LENGTH_MAX ? `${characters.slice(0, QUOTED_LENGTH_MAX).join('')}…` : line;
  return `\`${short}\``;
}
