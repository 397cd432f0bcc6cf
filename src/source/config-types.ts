/**
 * The shape of a valid configuration, and its defaults. Generated from schema/config.schema.json by
 * scripts/generate-config-types.mjs; edit the schema instead. Holds no code.
 */

export interface ConfigurationFile {
  version: 1;
  coze?: {
    base_url?: string;
    allow_http?: boolean;
    auth?: {
      expires?: string;
      token_file?: string;
      token_env?: string;
      jwt?: {
        client_id: string;
        key_id: string;
        private_key_file: string;
        account_id?: string;
        enterprise_id?: string;
        session_name?: string;
      };
    };
    proxy?: string;
    proxy_credentials_file?: string;
    ca_file?: string;
    timeout?: string;
    concurrency?: number;
    max_requests_per_second?: number;
    call_budget?: {
      per_day?: number;
    };
    creates?: 'auto' | 'marked' | 'plain';
  };
  reconcile?: {
    schedule?: string;
    timezone?: string;
    debounce?: {
      quiet?: string;
      max_wait?: string;
    };
    settle?: string;
    contested?: {
      reversals?: number;
      window?: string;
    };
    adopt?: 'never' | 'identical' | 'by_name';
    prune?: 'never' | 'owned' | 'all';
    delete_grace?: string;
    limits?: {
      deletes_per_round?: number;
      deletes_share?: number;
      deletes_per_day?: number;
      missing_share?: number;
    };
    preflight?: 'off' | 'warn' | 'block';
    preflight_allow_private?: boolean;
    receivers?: {
      proxy?: string;
      proxy_credentials_file?: string;
    };
    events_resync?: string;
    paused?: Pause;
  };
  state_dir?: string;
  token_sink?: {
    dir: string;
  };
  control?: {
    socket?: string;
  };
  status?: {
    listen?: string;
    state?: 'on' | 'off';
    hosts?: string[];
  };
  notify?:
    | []
    | [Notify]
    | [Notify, Notify]
    | [Notify, Notify, Notify]
    | [Notify, Notify, Notify, Notify]
    | [Notify, Notify, Notify, Notify, Notify]
    | [Notify, Notify, Notify, Notify, Notify, Notify]
    | [Notify, Notify, Notify, Notify, Notify, Notify, Notify]
    | [Notify, Notify, Notify, Notify, Notify, Notify, Notify, Notify]
    | [Notify, Notify, Notify, Notify, Notify, Notify, Notify, Notify, Notify]
    | [Notify, Notify, Notify, Notify, Notify, Notify, Notify, Notify, Notify, Notify];
  log?: {
    level?: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
    format?: 'json' | 'pretty' | 'auto';
  };
  include?: string[];
  apps: Apps;
}
export interface Pause {
  until?: string;
  because?: string;
  by?: string;
}
export interface Notify {
  name: string;
  format: 'json' | 'feishu' | 'slack';
  url_file?: string;
  url_env?: string;
  url?: string;
  secret_file?: string;
  secret_env?: string;
  on?: ['failing' | 'held' | 'recovered' | 'applied', ...('failing' | 'held' | 'recovered' | 'applied')[]];
  language?: 'en' | 'zh';
  max_per_hour?: number;
  allow_http?: boolean;
  proxy?: string;
  proxy_credentials_file?: string;
  ca_file?: string;
}
interface Apps {
  [k: string]: App;
}
export interface App {
  app_type: 'normal' | 'connector';
  name?: string;
  connector_id?: string;
  callback_url?: string;
  allow_http?: boolean;
  events?: string[];
  protect?: boolean;
  replace?: 'withhold' | 'allow';
  was?: string;
  id?: string;
  ignore?: ('name' | 'callback_url' | 'events')[];
  accept_duplicates?: string[];
  paused?: Pause;
}

/** What holds where the file says nothing. */
export const CONFIG_DEFAULTS = {
  coze: {
    base_url: 'https://api.coze.cn',
    allow_http: false,
    timeout: '15s',
    concurrency: 8,
    max_requests_per_second: 5,
    creates: 'auto',
  },
  reconcile: {
    schedule: '*/10 * * * *',
    debounce: {
      quiet: '300ms',
      max_wait: '5s',
    },
    settle: '10s',
    contested: {
      reversals: 3,
      window: '1h',
    },
    adopt: 'identical',
    prune: 'owned',
    delete_grace: '10m',
    limits: {
      deletes_per_round: 5,
      deletes_share: 0.3,
      deletes_per_day: 20,
      missing_share: 0.3,
    },
    preflight: 'warn',
    events_resync: '6h',
  },
  state_dir: '/var/lib/callbackd',
  control: {
    socket: '/run/callbackd/control.sock',
  },
  status: {
    listen: '127.0.0.1:9643',
    state: 'on',
  },
  log: {
    level: 'info',
    format: 'json',
  },
} as const;

/** What holds where an entry says nothing. */
export const APP_DEFAULTS = {
  allow_http: false,
  protect: false,
  replace: 'withhold',
  ignore: [],
  accept_duplicates: [],
} as const;

/** What holds where a receiver of notifications says nothing. */
export const NOTIFY_DEFAULTS = {
  on: ['failing', 'held', 'recovered'],
  language: 'en',
  max_per_hour: 20,
  allow_http: false,
} as const;
