/**
 * The settings of a configuration, resolved: defaults filled in, durations in milliseconds, paths absolute.
 */

import type { Pause } from './desired.ts';

export type AuthSettings =
  | { readonly kind: 'token_file'; readonly path: string }
  | { readonly kind: 'token_env'; readonly variable: string }
  | {
      readonly kind: 'jwt';
      readonly clientId: string;
      readonly keyId: string;
      readonly privateKeyFile: string;
      readonly accountId?: string;
      readonly enterpriseId?: string;
      readonly sessionName?: string;
    };

/** Which way connections to one kind of host take, and whom they trust. */
export interface NetworkSettings {
  /** Absent: the variables of the environment decide. `text` may hold `${VAR}`, which are filled in at its use. */
  readonly proxy?: 'off' | { readonly text: string };
  /** Holds `user:password`. */
  readonly proxyCredentialsFile?: string;
  /** Authorities that are trusted beside those of Node and NODE_EXTRA_CA_CERTS. */
  readonly caFile?: string;
}

/** How to reach the platform, and how gently. */
export interface PlatformSettings {
  /** Scheme and host, without a trailing slash. */
  readonly baseUrl: string;
  readonly auth: AuthSettings;
  /** When the token ends: an instant, or so long after its file was written. */
  readonly tokenExpiry?: { readonly at: number } | { readonly afterMs: number };
  readonly network: NetworkSettings;
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly maxRequestsPerSecond: number;
  readonly callBudgetPerDay?: number;
}

export interface DeleteLimits {
  readonly deletesPerRound: number;
  /** 0 to 1, of the owned apps. */
  readonly deletesShare: number;
  /** In any 24 hours, restarts included. */
  readonly deletesPerDay: number;
  /** 0 to 1, of the owned apps: if more than this vanish at once, they do not count as deleted. */
  readonly missingShare: number;
}

/** What the planner may do. */
export interface Policy {
  /**
   * `marked`: creates carry a mark in the name. `auto`: they do unless the platform refused marked names.
   * `plain`: never.
   */
  readonly creates: 'auto' | 'marked' | 'plain';
  readonly adopt: 'never' | 'identical' | 'by_name';
  readonly prune: 'never' | 'owned' | 'all';
  readonly deleteGraceMs: number;
  readonly limits: DeleteLimits;
  /** How long an unknown create is given to show up in the listing, and a stray before it is deleted. */
  readonly settleMs: number;
  readonly contested: { readonly reversals: number; readonly windowMs: number };
  readonly eventsResyncMs: number;
  readonly preflight: 'off' | 'warn' | 'block';
  /** Whether a `token_sink` is configured, so that plans show the delivery step. */
  readonly deliversTokens: boolean;
  /** Holds everything back while it lasts. */
  readonly paused?: Pause;
}

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/**
 * Where a secret is kept; the settings never hold it. `text` names variables as `${VAR}`, which are filled in
 * at its use.
 */
export type SecretSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'env'; readonly variable: string }
  | { readonly kind: 'text'; readonly text: string };

/**
 * The events of a notification: something fails, something needs a decision, everything recovered, changes
 * were applied.
 */
export type NoticeKind = 'failing' | 'held' | 'recovered' | 'applied';

/** One receiver of notifications. */
export interface NotifySettings {
  readonly name: string;
  readonly format: 'json' | 'feishu' | 'slack';
  readonly url: SecretSource;
  /** Signs messages to a Feishu bot that wants it. */
  readonly secret?: SecretSource;
  readonly on: readonly NoticeKind[];
  readonly language: 'en' | 'zh';
  readonly maxPerHour: number;
  readonly allowHttp: boolean;
  readonly network: NetworkSettings;
}

export interface Settings {
  readonly platform: PlatformSettings;
  readonly policy: Policy;
  readonly schedule: { readonly cron: string; readonly timezone?: string };
  readonly debounce: { readonly quietMs: number; readonly maxWaitMs: number };
  /** Whether a receiver on a private or loopback address may be challenged by the preflight. */
  readonly preflightAllowPrivate: boolean;
  readonly receivers: { readonly network: NetworkSettings };
  readonly stateDir: string;
  readonly tokenSinkDir?: string;
  readonly controlSocket?: string;
  /** Absent when the status server is off. */
  readonly statusListen?: { readonly host: string; readonly port: number };
  /** Whether the status server shows the recorded state to those who plan elsewhere. */
  readonly showsState: boolean;
  /** Names beside the address under which the status page may be asked for. */
  readonly statusHosts: readonly string[];
  readonly notify: readonly NotifySettings[];
  readonly log: { readonly level: LogLevel; readonly format: 'json' | 'pretty' | 'auto' };
}
