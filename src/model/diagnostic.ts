/** What is wrong with the operator's files: coded, positioned, collected; rendered at the edge. */

import type { Message } from '../messages/message.ts';
import { type Language, say } from '../messages/say.ts';
import type { SourcePosition } from './desired.ts';

export interface Diagnostic {
  /** A member of the closed list in `source/diagnostics.ts`, such as `unknown_key`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** One sentence: what is wrong with which thing. */
  readonly message: Message;
  /** What to do about it. */
  readonly hint?: Message;
  readonly position: SourcePosition;
  /** Length in characters of the marked text on that line; 1 when unknown. */
  readonly length: number;
  /** A second place that takes part, as with a key defined twice. */
  readonly related?: { readonly message: Message; readonly position: SourcePosition };
  /** The place is in a file that may be anything, a secret too: no line of it is shown. */
  readonly hidden?: true;
  /** How many other diagnostics this one represents that are not shown. */
  readonly omitted?: number;
}

/** A diagnostic in words, as documents and logs hold it. */
export interface DiagnosticText extends Omit<Diagnostic, 'message' | 'hint' | 'related'> {
  readonly message: string;
  readonly hint?: string;
  readonly related?: { readonly message: string; readonly position: SourcePosition };
}

export function sayDiagnostic(diagnostic: Diagnostic, language: Language = 'en'): DiagnosticText {
  const { message, hint, related, ...rest } = diagnostic;
  return {
    ...rest,
    message: say(message, language),
    ...(hint && { hint: say(hint, language) }),
    ...(related && { related: { ...related, message: say(related.message, language) } }),
  };
}
