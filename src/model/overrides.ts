/** Settings that a command-line flag or an environment variable can replace. */

interface Override {
  /** The path in the YAML. */
  readonly setting: string;
  /** The flag beats the variable, which beats the file. Absent: there is no flag. */
  readonly flag?: `--${string}`;
  /** Empty counts as unset. */
  readonly variable: string;
}

/**
 * By the name under which the parser of arguments hands the flag over. The options of commands, the loader
 * and the reference pages are made from this table.
 */
export const OVERRIDES = {
  baseUrl: { setting: 'coze.base_url', flag: '--base-url', variable: 'COZE_API_BASE' },
  stateDir: { setting: 'state_dir', flag: '--state-dir', variable: 'CALLBACKD_STATE_DIR' },
  logLevel: { setting: 'log.level', flag: '--log-level', variable: 'CALLBACKD_LOG_LEVEL' },
  logFormat: { setting: 'log.format', variable: 'CALLBACKD_LOG_FORMAT' },
  controlSocket: {
    setting: 'control.socket',
    flag: '--control-socket',
    variable: 'CALLBACKD_CONTROL_SOCKET',
  },
  statusListen: { setting: 'status.listen', variable: 'CALLBACKD_STATUS_LISTEN' },
} as const satisfies Readonly<Record<string, Override>>;

export type OverrideName = keyof typeof OVERRIDES;

/** Values of flags as they stood on the command line. Paths are relative to the working directory. */
export type Overrides = {
  readonly [Name in OverrideName as (typeof OVERRIDES)[Name] extends { readonly flag: string }
    ? Name
    : never]?: string;
};

/** The table with every field that a row may have. */
export const OVERRIDE_LIST: readonly (Override & { readonly name: OverrideName })[] = Object.entries(
  OVERRIDES,
).map(([name, override]) => ({ name: name as OverrideName, ...override }));
