/** How an event of the log is described. */

import type { LogFieldName } from './log-fields.ts';

/** A name with a question mark stands only on some of the lines. */
type FieldEntry = LogFieldName | `${LogFieldName}?`;

/** One kind of line. Levels: error, a person must act; warn, one will have to if it goes on; info, what changed; debug, why nothing did. */
export interface LogEventSpec {
  readonly msg: string;
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly fields: readonly FieldEntry[];
  readonly meaning: string;
}
