/** A valid configuration: what the operator's files say, resolved. */

import type { DesiredState } from './desired.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Settings } from './settings.ts';

export interface Configuration {
  readonly settings: Settings;
  readonly desired: DesiredState;
  /** Every file that was read, the main one first. */
  readonly files: readonly string[];
  /** Where other files were looked for: the resolved patterns of `include:`. */
  readonly includes: readonly string[];
  /** Their texts, by path. */
  readonly sources: ReadonlyMap<string, string>;
}

/** A configuration, or every problem at once. */
export type ConfigurationResult =
  | { readonly ok: true; readonly configuration: Configuration; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** What the files say at a later moment, beside the configuration that was made from them. */
export type FilesNow =
  | { readonly are: 'the_same' }
  | { readonly are: 'invalid' }
  | { readonly are: 'others'; readonly configuration: Configuration };
