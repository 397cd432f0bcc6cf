/** What is wrong with the operator's files: coded, positioned, collected; rendered at the edge. */

import type { SourcePosition } from './desired.ts';

export interface Diagnostic {
  /** A member of the closed list in `source/diagnostics.ts`, such as `unknown_key`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** One sentence: what is wrong with which thing. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly position: SourcePosition;
  /** Length in characters of the marked text on that line; 1 when unknown. */
  readonly length: number;
  /** A second place that takes part, as with a key defined twice. */
  readonly related?: { readonly message: string; readonly position: SourcePosition };
  /** The diagnostic stands for so many others that are not shown. */
  readonly omitted?: number;
}
