/** A valid configuration: what the operator's files say, resolved. */

import type { DesiredState } from './desired.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Settings } from './settings.ts';

export interface Configuration {
  readonly settings: Settings;
  readonly desired: DesiredState;
  /** Every file that was read, the main one first. */
  readonly files: readonly string[];
  /** Their texts, by path. */
  readonly sources: ReadonlyMap<string, string>;
}

/** A configuration, or every problem at once. */
export type ConfigurationResult =
  | { readonly ok: true; readonly configuration: Configuration; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };
