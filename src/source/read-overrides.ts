/**
 * What flags and environment variables say instead of the file: flags and the environment in, the winning values with
 * their origin out. A flag beats a variable; an empty variable counts as unset. Nothing is checked here.
 */

/** Values of command-line flags. Paths are relative to the working directory. */
export interface Overrides {
  readonly baseUrl?: string | undefined;
  readonly stateDir?: string | undefined;
  readonly logLevel?: string | undefined;
  readonly logFormat?: string | undefined;
  readonly controlSocket?: string | undefined;
  readonly statusListen?: string | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

interface Override {
  readonly value: string;
  /** `--base-url` or `$COZE_API_BASE`. */
  readonly origin: string;
}

/** The variable of the official SDKs; set and not empty, it beats `coze.auth`. */
export const TOKEN_VARIABLE = 'COZE_API_TOKEN';

const NAMES: Readonly<Record<keyof Overrides, { readonly flag: string; readonly variable: string }>> = {
  baseUrl: { flag: '--base-url', variable: 'COZE_API_BASE' },
  stateDir: { flag: '--state-dir', variable: 'CALLBACKD_STATE_DIR' },
  logLevel: { flag: '--log-level', variable: 'CALLBACKD_LOG_LEVEL' },
  logFormat: { flag: '--log-format', variable: 'CALLBACKD_LOG_FORMAT' },
  controlSocket: { flag: '--control-socket', variable: 'CALLBACKD_CONTROL_SOCKET' },
  statusListen: { flag: '--status-listen', variable: 'CALLBACKD_STATUS_LISTEN' },
};

export type ResolvedOverrides = { readonly [Name in keyof Overrides]?: Override };

export function readOverrides(flags: Overrides, environment: Environment): ResolvedOverrides {
  const resolved: { -readonly [Name in keyof Overrides]?: Override } = {};
  for (const name of Object.keys(NAMES) as (keyof Overrides)[]) {
    const { flag, variable } = NAMES[name];
    const given = flags[name];
    const set = environment[variable];
    if (given !== undefined) resolved[name] = { value: given, origin: flag };
    else if (set) resolved[name] = { value: set, origin: `$${variable}` };
  }
  return resolved;
}
