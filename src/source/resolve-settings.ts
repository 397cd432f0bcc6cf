/**
 * Makes `Settings` of a valid file and its overrides: defaults, durations in milliseconds, variables,
 * absolute paths. Reads no file.
 */

import path from 'node:path';
import { parseDuration } from '../lib/duration.ts';
import { message } from '../messages/message.ts';
import type { Pause } from '../model/desired.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { InternalError } from '../model/invariant.ts';
import { looksLikeToken } from '../model/secret-shapes.ts';
import type { AuthSettings, PlatformSettings, Policy, Settings } from '../model/settings.ts';
import { isLoopback, parseInstant, parseListen } from './check-value.ts';
import { CONFIG_DEFAULTS, type ConfigurationFile, type Pause as PauseFields } from './config-types.ts';
import { createDiagnostic, refuseToken } from './diagnostics.ts';
import { type Mark, type Pointer, startOf } from './mark.ts';
import { type Environment, type ResolvedOverrides, TOKEN_VARIABLE } from './overrides.ts';
import type { YamlFile } from './parse-yaml.ts';
import { resolveNetwork } from './resolve-network.ts';
import { resolveNotify } from './resolve-notify.ts';

export interface SettingsInput {
  /** For the places of problems, and the folder where relative paths start. */
  readonly file: YamlFile;
  /** Parts that violate the schema must be left out. */
  readonly config: Partial<ConfigurationFile>;
  readonly overrides: ResolvedOverrides;
  readonly environment: Environment;
}

interface Resolution extends SettingsInput {
  readonly diagnostics: Diagnostic[];
}

/** The overrides must satisfy the schema too. */
export function resolveSettings(input: SettingsInput): {
  readonly settings: Settings;
  readonly diagnostics: readonly Diagnostic[];
} {
  const resolution: Resolution = { ...input, diagnostics: [] };
  const { config, overrides, diagnostics } = resolution;
  const reconcile = config.reconcile ?? {};
  const defaults = CONFIG_DEFAULTS;
  const sink = config.token_sink?.dir;
  const socket = config.control?.socket ?? defaults.control.socket;
  const isListening = (overrides.get('control.socket')?.text ?? socket) !== 'off';
  const listen = parseListen(
    overrides.get('status.listen')?.text ?? config.status?.listen ?? defaults.status.listen,
  );
  const inFile = (text: string, pointer: Pointer) =>
    path.resolve(path.dirname(resolution.file.path), expand(text, pointer, 'warning', resolution));
  const platform = resolvePlatform(resolution, inFile);
  const settings: Settings = {
    platform,
    policy: resolvePolicy(resolution),
    schedule: {
      cron: reconcile.schedule ?? defaults.reconcile.schedule,
      ...(reconcile.timezone !== undefined && { timezone: reconcile.timezone }),
    },
    debounce: resolveDebounce(resolution),
    // A platform on this machine is an emulator, and so are its receivers.
    preflightAllowPrivate: reconcile.preflight_allow_private ?? isOnLoopback(platform.baseUrl),
    receivers: { network: resolveNetwork(reconcile.receivers ?? {}, ['reconcile', 'receivers'], inFile) },
    stateDir: resolveOverridable('state_dir', config.state_dir ?? defaults.state_dir, resolution),
    ...(sink !== undefined && { tokenSinkDir: resolvePath(sink, ['token_sink', 'dir'], resolution) }),
    ...(isListening && { controlSocket: resolveOverridable('control.socket', socket, resolution) }),
    ...(typeof listen === 'object' && { statusListen: listen }),
    showsState: (config.status?.state ?? defaults.status.state) === 'on',
    statusHosts: config.status?.hosts ?? [],
    notify: resolveNotify({
      receivers: config.notify ?? [],
      file: resolution.file,
      resolvePath: inFile,
      diagnostics,
    }),
    log: {
      level:
        (overrides.get('log.level')?.text as Settings['log']['level']) ??
        config.log?.level ??
        defaults.log.level,
      format:
        (overrides.get('log.format')?.text as Settings['log']['format']) ??
        config.log?.format ??
        defaults.log.format,
    },
  };
  return { settings, diagnostics };
}

/** A pause of the file; an absent field stays absent. */
export function resolvePause(fields: PauseFields): Pause {
  const until = fields.until === undefined ? undefined : parseInstant(fields.until);
  return {
    ...(until !== undefined && { until }),
    ...(fields.because !== undefined && { because: fields.because }),
    ...(fields.by !== undefined && { by: fields.by }),
  };
}

function resolvePlatform(
  resolution: Resolution,
  resolveFile: (text: string, pointer: Pointer) => string,
): PlatformSettings {
  const { coze = {} } = resolution.config;
  const defaults = CONFIG_DEFAULTS.coze;
  const budget = coze.call_budget?.per_day;
  return {
    baseUrl: resolveBaseUrl(resolution),
    auth: resolveAuth(resolution),
    ...resolveExpiry(resolution),
    network: resolveNetwork(coze, ['coze'], resolveFile),
    timeoutMs: durationMs(coze.timeout ?? defaults.timeout),
    concurrency: coze.concurrency ?? defaults.concurrency,
    maxRequestsPerSecond: coze.max_requests_per_second ?? defaults.max_requests_per_second,
    ...(budget !== undefined && { callBudgetPerDay: budget }),
  };
}

function resolveBaseUrl(resolution: Resolution): string {
  const { config, overrides, file, diagnostics } = resolution;
  const override = overrides.get('coze.base_url');
  const text = override?.text ?? config.coze?.base_url ?? CONFIG_DEFAULTS.coze.base_url;
  const mark: Mark =
    override === undefined ? file.locate.value(['coze', 'base_url']).mark : startOf(override.origin);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || text.includes('${')) {
    const problem = message('source.base_url_variable');
    const hint = message('source.base_url_variable_hint');
    diagnostics.push(createDiagnostic('variable_not_expanded', problem, mark, { hint }));
    return text;
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && config.coze?.allow_http !== true) {
    const problem = message('source.base_url_http');
    const hint = message('source.base_url_http_hint');
    diagnostics.push(createDiagnostic('http_not_allowed', problem, mark, { hint }));
  }
  return url.origin;
}

/**
 * The environment's token, else what the file names, else the environment's token again, which is then
 * missing.
 */
function resolveAuth(resolution: Resolution): AuthSettings {
  const { config, environment, file, diagnostics } = resolution;
  const auth = config.coze?.auth;
  const fallback: AuthSettings = { kind: 'token_env', variable: TOKEN_VARIABLE };
  if (auth === undefined) return fallback;
  if (environment[TOKEN_VARIABLE] && auth.token_env !== TOKEN_VARIABLE) {
    const problem = message('source.auth_overridden', { variable: TOKEN_VARIABLE });
    const mark = file.locate.key(['coze', 'auth']);
    const hint = message('source.auth_overridden_hint', { variable: TOKEN_VARIABLE });
    diagnostics.push(createDiagnostic('auth_overridden', problem, mark, { severity: 'warning', hint }));
    return fallback;
  }
  if (auth.token_file !== undefined) {
    return { kind: 'token_file', path: resolveCredentialPath(auth.token_file, ['token_file'], resolution) };
  }
  if (auth.token_env !== undefined && looksLikeToken(auth.token_env)) {
    const mark = file.locate.value(['coze', 'auth', 'token_env']).mark;
    diagnostics.push(refuseToken('source.token_as_variable', mark));
  }
  if (auth.jwt === undefined) return { kind: 'token_env', variable: auth.token_env ?? TOKEN_VARIABLE };
  const { jwt } = auth;
  const text = (field: keyof typeof jwt) => expandCredential(jwt[field] ?? '', ['jwt', field], resolution);
  return {
    kind: 'jwt',
    clientId: text('client_id'),
    keyId: text('key_id'),
    privateKeyFile: resolveCredentialPath(jwt.private_key_file, ['jwt', 'private_key_file'], resolution),
    ...(jwt.account_id !== undefined && { accountId: text('account_id') }),
    ...(jwt.enterprise_id !== undefined && { enterpriseId: text('enterprise_id') }),
    ...(jwt.session_name !== undefined && { sessionName: text('session_name') }),
  };
}

function resolveExpiry(resolution: Resolution): Pick<PlatformSettings, 'tokenExpiry'> {
  const { config, file, diagnostics } = resolution;
  const auth = config.coze?.auth;
  if (auth?.expires === undefined) return {};
  const at = parseInstant(auth.expires);
  if (at !== undefined) return { tokenExpiry: { at } };
  if (auth.token_file === undefined) {
    const { mark } = file.locate.value(['coze', 'auth', 'expires']);
    const hint = message('source.expiry_after_hint');
    diagnostics.push(createDiagnostic('auth_kind', message('source.expiry_after'), mark, { hint }));
  }
  return { tokenExpiry: { afterMs: durationMs(auth.expires) } };
}

function resolvePolicy(resolution: Resolution): Policy {
  const { config } = resolution;
  const { reconcile = {} } = config;
  const defaults = CONFIG_DEFAULTS.reconcile;
  const limits = { ...defaults.limits, ...reconcile.limits };
  return {
    creates: config.coze?.creates ?? CONFIG_DEFAULTS.coze.creates,
    adopt: reconcile.adopt ?? defaults.adopt,
    prune: reconcile.prune ?? defaults.prune,
    deleteGraceMs: durationMs(reconcile.delete_grace ?? defaults.delete_grace),
    limits: {
      deletesPerRound: limits.deletes_per_round,
      deletesShare: limits.deletes_share,
      deletesPerDay: limits.deletes_per_day,
      missingShare: limits.missing_share,
    },
    settleMs: durationMs(reconcile.settle ?? defaults.settle),
    contested: {
      reversals: reconcile.contested?.reversals ?? defaults.contested.reversals,
      windowMs: durationMs(reconcile.contested?.window ?? defaults.contested.window),
    },
    eventsResyncMs: durationMs(reconcile.events_resync ?? defaults.events_resync),
    preflight: reconcile.preflight ?? defaults.preflight,
    deliversTokens: config.token_sink !== undefined,
    ...(reconcile.paused !== undefined && { paused: resolvePause(reconcile.paused) }),
  };
}

function resolveDebounce(resolution: Resolution): Settings['debounce'] {
  const { config, file, diagnostics } = resolution;
  const debounce = { ...CONFIG_DEFAULTS.reconcile.debounce, ...config.reconcile?.debounce };
  const quietMs = durationMs(debounce.quiet);
  const maxWaitMs = durationMs(debounce.max_wait);
  if (maxWaitMs < quietMs) {
    const { quiet, max_wait: max } = debounce;
    const mark = file.locate.key(['reconcile', 'debounce']);
    diagnostics.push(
      createDiagnostic('debounce_order', message('source.debounce_order', { quiet, max }), mark),
    );
  }
  return { quietMs, maxWaitMs };
}

/**
 * Absolute; relative paths start at the folder of the file. An unset variable is an error: the path would be
 * another.
 */
function resolvePath(text: string, pointer: Pointer, resolution: Resolution): string {
  return path.resolve(path.dirname(resolution.file.path), expand(text, pointer, 'error', resolution));
}

/** The path that an override gives, from the working directory, else that of the file. */
function resolveOverridable(setting: string, text: string, resolution: Resolution): string {
  const override = resolution.overrides.get(setting);
  return override === undefined
    ? resolvePath(text, setting.split('.'), resolution)
    : path.resolve(override.text);
}

/**
 * As `resolvePath`, but an unset variable only warns and stays in the text: a configuration can be checked
 * where its credentials are not, and using it then fails for want of the credentials, with the variable's
 * name in the message.
 */
function resolveCredentialPath(text: string, below: Pointer, resolution: Resolution): string {
  const { file, diagnostics } = resolution;
  if (looksLikeToken(text)) {
    const mark = file.locate.value(['coze', 'auth', ...below]).mark;
    diagnostics.push(refuseToken('source.token_as_path', mark));
  }
  return path.resolve(path.dirname(file.path), expandCredential(text, below, resolution));
}

function expandCredential(text: string, below: Pointer, resolution: Resolution): string {
  return expand(text, ['coze', 'auth', ...below], 'warning', resolution);
}

function expand(
  text: string,
  pointer: Pointer,
  severity: 'error' | 'warning',
  resolution: Resolution,
): string {
  const { environment, file, diagnostics } = resolution;
  const mark = () => file.locate.value(pointer).mark;
  const expanded = text.replaceAll(/\$\{([A-Za-z_]\w*)\}/g, (whole, name: string) => {
    const value = environment[name];
    if (value) return value;
    const problem = message('source.variable_unset', { variable: name });
    const hint = message('source.variable_unset_hint', { variable: name });
    diagnostics.push(createDiagnostic('variable_unset', problem, mark(), { severity, hint }));
    return whole;
  });
  if (/\$\{(?![A-Za-z_]\w*\})/.test(text)) {
    const hint = message('source.variable_form_hint');
    diagnostics.push(createDiagnostic('bad_format', message('source.variable_form'), mark(), { hint }));
  }
  return expanded;
}

function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InternalError(`the schema let the duration ${text} pass`);
  return ms;
}

function isOnLoopback(url: string): boolean {
  return URL.canParse(url) && isLoopback(new URL(url).hostname);
}
