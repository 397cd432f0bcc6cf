/** Diagnostics: what is wrong in the operator's files, with a code of a closed list and a place. */

import type { Diagnostic } from '../model/diagnostic.ts';
import { maskSecretShapes } from '../model/secret-shapes.ts';
import { type Mark, startOf } from './mark.ts';

/** Every code with its meaning. Tools may rely on it. */
export const DIAGNOSTIC_CODES = {
  file_missing: 'There is no such file.',
  file_not_regular: 'The path is a folder or a device, not a file.',
  file_unreadable: 'The system refuses to let us read the file.',
  file_too_large: 'The file is larger than callbackd reads.',
  file_not_utf8: 'The file is not UTF-8 text.',
  include_missing: 'An include names a file or a folder that is not there.',
  include_empty: 'An include pattern matches no file.',
  document_empty: 'The file holds no document: it is empty or only comments.',
  document_not_mapping: 'The file holds something else than keys with values.',
  yaml_syntax: 'The text is not YAML.',
  yaml_tab: 'A tab is used for indentation, where YAML wants spaces.',
  yaml_several_documents: 'The file holds more than one document.',
  yaml_tag: 'A YAML tag such as `!include` is used; none is supported.',
  yaml_alias: 'An alias has no anchor before it, or contains itself.',
  yaml_merge_key: 'The merge key `<<` is used; it is not supported.',
  yaml_too_large: 'The document is nested too deeply, or its aliases multiply beyond reason.',
  duplicate_key: 'The same key is written twice in one mapping.',
  key_not_text: 'A key is a number or something else than text.',
  bad_key: 'The key of an entry holds characters that a key cannot hold, or too many.',
  unknown_key: 'The key is not known at this place.',
  missing_key: 'A required key is not there.',
  missing_value: 'A key has no value.',
  wrong_type: 'The value is of the wrong type.',
  unquoted_number: 'A number is written where a text made of digits is wanted.',
  value_not_allowed: 'The value is not one of the allowed ones.',
  out_of_range: 'The number, the length or the duration is out of range.',
  bad_format: 'The text is not of the wanted form.',
  auth_kind: 'Not exactly one kind of authentication is given.',
  token_in_config: 'A secret is written into the configuration.',
  variable_unset: 'A variable that a field names is not set.',
  variable_not_expanded: 'A variable is written in a field that does not expand it.',
  auth_overridden: 'The environment overrides the authentication of the file.',
  http_not_allowed: 'A plain http URL is used where only https is accepted.',
  duplicate_entry: 'The same key is an entry of two files.',
  duplicate_identity: 'Two entries describe the same app.',
  duplicate_pin: 'Two entries are pinned to the same app id.',
  duplicate_was: 'Two entries claim the same former key.',
  was_present: 'The former key of an entry is still an entry.',
  field_not_for_type: 'The field belongs to another app type, or to another format of notifications.',
  unknown_event: 'This version of callbackd does not know the event type.',
  repeated_event: 'The event type is listed twice.',
  notify_address:
    'Not exactly one place is given for the URL of a receiver of notifications, or two for its secret.',
  duplicate_notify: 'Two receivers of notifications have the same name.',
  debounce_order: 'The longest wait is shorter than the quiet time.',
  more_problems: 'There are more problems than are shown; the message counts them.',
} as const;

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;

/** More are counted, not told: nobody reads them, and 16 MB can hold millions. */
export const PROBLEMS_MAX = 100;

interface DiagnosticDetails {
  readonly hint?: string | undefined;
  readonly severity?: 'error' | 'warning';
  readonly related?: { readonly message: string; readonly mark: Mark };
}

export function createDiagnostic(
  code: DiagnosticCode,
  message: string,
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

/** Stands at the end of a list for the problems that are not in it. */
export function countOmitted(omitted: number, file: string): Diagnostic {
  const message = `… and ${omitted} more problem${omitted === 1 ? '' : 's'}`;
  return { ...createDiagnostic('more_problems', message, startOf(file)), omitted };
}

/** The problems of all files of a configuration. Errors beyond `PROBLEMS_MAX`, and warnings beyond it, are only counted. */
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

const QUOTED_LENGTH_MAX = 80;
/** More of a text is not looked at, so that a key of megabytes costs nothing. */
const READ_LENGTH_MAX = 2_000;

/** The text in backquotes for a message: shortened, on one line, and never a token. */
export function quote(text: string): string {
  const line = maskSecretShapes(text.slice(0, READ_LENGTH_MAX), '***').replaceAll(/\s+/g, ' ');
  const characters = Array.from(line);
  const short =
    characters.length > QUOTED_LENGTH_MAX ? `${characters.slice(0, QUOTED_LENGTH_MAX).join('')}…` : line;
  return `\`${short}\``;
}
