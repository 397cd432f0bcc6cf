/** Settings that a command-line flag or an environment variable can replace. */

/** A setting by its path in the YAML. The value of the flag beats the variable, which beats the file. */
export interface Override {
  readonly setting: string;
  readonly flag: string;
  readonly variable: string;
}

/** By the name under which the parser of arguments hands the flag over. The help, the reference pages and the loader read this table. */
export const OVERRIDES = {
  baseUrl: { setting: 'coze.base_url', flag: '--base-url', variable: 'COZE_API_BASE' },
  stateDir: { setting: 'state_dir', flag: '--state-dir', variable: 'CALLBACKD_STATE_DIR' },
  logLevel: { setting: 'log.level', flag: '--log-level', variable: 'CALLBACKD_LOG_LEVEL' },
  logFormat: { setting: 'log.format', flag: '--log-format', variable: 'CALLBACKD_LOG_FORMAT' },
  controlSocket: {
    setting: 'control.socket',
    flag: '--control-socket',
    variable: 'CALLBACKD_CONTROL_SOCKET',
  },
  statusListen: { setting: 'status.listen', flag: '--status-listen', variable: 'CALLBACKD_STATUS_LISTEN' },
} as const satisfies Readonly<Record<string, Override>>;

type OverrideName = keyof typeof OVERRIDES;

/** Values of command-line flags. Paths are relative to the working directory. */
export type Overrides = { readonly [Name in OverrideName]?: string | undefined };

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable of the official SDKs; set and not empty, it beats `coze.auth`. */
export const TOKEN_VARIABLE = 'COZE_API_TOKEN';

export interface ResolvedOverride {
  readonly setting: string;
  readonly text: string;
  /** `--base-url` or `$COZE_API_BASE`. */
  readonly origin: string;
}

/** By setting. */
export type ResolvedOverrides = ReadonlyMap<string, ResolvedOverride>;

/** What flags and variables say instead of the file, unchecked. An empty variable counts as unset. */
export function readOverrides(flags: Overrides, environment: Environment): ResolvedOverrides {
  const resolved = new Map<string, ResolvedOverride>();
  for (const [name, { setting, flag, variable }] of Object.entries(OVERRIDES)) {
    const given = flags[name as OverrideName];
    const set = environment[variable];
    if (given !== undefined) resolved.set(setting, { setting, text: given, origin: flag });
    else if (set) resolved.set(setting, { setting, text: set, origin: `$${variable}` });
  }
  return resolved;
}
