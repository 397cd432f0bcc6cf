/** What flags and environment variables say instead of the file. */

import { OVERRIDE_LIST, type Overrides } from '../model/overrides.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable of the official SDKs; set and not empty, it beats `coze.auth`. */
export const TOKEN_VARIABLE = 'COZE_API_TOKEN';

interface ResolvedOverride {
  readonly setting: string;
  readonly text: string;
  /** `--base-url` or `$COZE_API_BASE`. */
  readonly origin: string;
}

/** By setting. */
export type ResolvedOverrides = ReadonlyMap<string, ResolvedOverride>;

/** Nothing is checked here. */
export function readOverrides(flags: Overrides, environment: Environment): ResolvedOverrides {
  const given: Readonly<Record<string, string | undefined>> = flags;
  const resolved = new Map<string, ResolvedOverride>();
  for (const { name, setting, flag, variable } of OVERRIDE_LIST) {
    const text = given[name];
    const set = environment[variable];
    if (flag !== undefined && text !== undefined) resolved.set(setting, { setting, text, origin: flag });
    else if (set) resolved.set(setting, { setting, text: set, origin: `$${variable}` });
  }
  return resolved;
}
