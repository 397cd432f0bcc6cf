/** What a valid configuration means: defaults, precedence, variables, paths, includes and the digest. */
import { describe, expect, it } from 'vitest';
import { createMemoryFiles } from '../lib/file-reader.ts';
import type { Configuration } from '../model/configuration.ts';
import { createConfigurationValidator, loadConfiguration } from './load-configuration.ts';

const MAIN = '/etc/callbackd/callbackd.yaml';
const MINIMAL = 'version: 1\napps: {}\n';
const validator = await createConfigurationValidator();

interface World {
  readonly more?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
}

function load(text: string, { more = {}, environment = {}, overrides = {} }: World = {}) {
  const files = createMemoryFiles(new Map(Object.entries({ [MAIN]: text, ...more })));
  return loadConfiguration({ path: MAIN, environment, overrides, files, validator });
}

async function mustLoad(text: string, world: World = {}): Promise<Configuration> {
  const loaded = await load(text, world);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics));
  return loaded.configuration;
}

describe('settings', () => {
  it('need nothing but version and apps: every default is the one of the schema', async () => {
    const loaded = await load(MINIMAL);
    expect(loaded).toMatchObject({ ok: true, warnings: [], files: [MAIN] });
    expect((await mustLoad(MINIMAL)).settings).toEqual({
      platform: {
        baseUrl: 'https://api.coze.cn',
        auth: { kind: 'token_env', variable: 'COZE_API_TOKEN' },
        timeoutMs: 15_000,
        concurrency: 8,
        maxRequestsPerSecond: 5,
        network: {},
      },
      policy: {
        creates: 'auto',
        adopt: 'identical',
        prune: 'owned',
        deleteGraceMs: 600_000,
        limits: { deletesPerRound: 5, deletesShare: 0.3, deletesPerDay: 20, missingShare: 0.3 },
        settleMs: 10_000,
        contested: { reversals: 3, windowMs: 3_600_000 },
        eventsResyncMs: 21_600_000,
        preflight: 'warn',
        deliversTokens: false,
      },
      schedule: { cron: '*/10 * * * *' },
      debounce: { quietMs: 300, maxWaitMs: 5_000 },
      preflightAllowPrivate: false,
      receivers: { network: {} },
      stateDir: '/var/lib/callbackd',
      controlSocket: '/run/callbackd/control.sock',
      statusListen: { host: '127.0.0.1', port: 9643 },
      showsState: true,
      statusHosts: [],
      notify: [],
      log: { level: 'info', format: 'json' },
    });
  });

  it('take every field of the file', async () => {
    const { settings } = await mustLoad(`version: 1
coze:
  base_url: https://api.coze.com/
  auth:
    jwt: {client_id: "118", key_id: k, private_key_file: /k.pem, account_id: "1", enterprise_id: e, session_name: s}
  timeout: 1m30s
  concurrency: 2
  max_requests_per_second: 0.5
  call_budget: {per_day: 9}
  creates: plain
reconcile:
  schedule: 30 */5 * * * *
  timezone: Asia/Shanghai
  debounce: {quiet: 50ms, max_wait: 2s}
  settle: 0s
  contested: {reversals: 4, window: 2h}
  adopt: by_name
  prune: all
  delete_grace: 1d
  limits: {deletes_per_round: 0, deletes_share: 1, deletes_per_day: 1, missing_share: 0}
  preflight: block
  preflight_allow_private: true
  events_resync: 1h
  paused: {until: 2026-12-01, because: freeze, by: ops}
state_dir: state
token_sink: {dir: /run/tokens}
control: {socket: off}
status: {listen: off}
log: {level: debug, format: auto}
apps: {}
`);
    expect(settings).toEqual({
      platform: {
        baseUrl: 'https://api.coze.com',
        auth: {
          kind: 'jwt',
          clientId: '118',
          keyId: 'k',
          privateKeyFile: '/k.pem',
          accountId: '1',
          enterpriseId: 'e',
          sessionName: 's',
        },
        timeoutMs: 90_000,
        concurrency: 2,
        maxRequestsPerSecond: 0.5,
        network: {},
        callBudgetPerDay: 9,
      },
      policy: {
        creates: 'plain',
        adopt: 'by_name',
        prune: 'all',
        deleteGraceMs: 86_400_000,
        limits: { deletesPerRound: 0, deletesShare: 1, deletesPerDay: 1, missingShare: 0 },
        settleMs: 0,
        contested: { reversals: 4, windowMs: 7_200_000 },
        eventsResyncMs: 3_600_000,
        preflight: 'block',
        deliversTokens: true,
        paused: { until: Date.UTC(2026, 11, 1), because: 'freeze', by: 'ops' },
      },
      schedule: { cron: '30 */5 * * * *', timezone: 'Asia/Shanghai' },
      debounce: { quietMs: 50, maxWaitMs: 2_000 },
      preflightAllowPrivate: true,
      receivers: { network: {} },
      stateDir: '/etc/callbackd/state',
      showsState: true,
      statusHosts: [],
      tokenSinkDir: '/run/tokens',
      notify: [],
      log: { level: 'debug', format: 'auto' },
    });
  });

  it('follow flag over environment over file over default', async () => {
    const file =
      'version: 1\ncoze: {base_url: https://file.example.com}\nstate_dir: /file\nlog: {level: warn}\napps: {}\n';
    const environment = {
      COZE_API_BASE: 'https://env.example.com',
      CALLBACKD_STATE_DIR: '/env',
      CALLBACKD_LOG_LEVEL: 'debug',
    };
    const overrides = { baseUrl: 'https://flag.example.com', stateDir: '/flag', logLevel: 'trace' };
    const resolve = async (text: string, world: World) => {
      const { platform, stateDir, log } = (await mustLoad(text, world)).settings;
      return [platform.baseUrl, stateDir, log.level];
    };
    expect(await resolve(file, { environment, overrides })).toEqual([
      'https://flag.example.com',
      '/flag',
      'trace',
    ]);
    expect(await resolve(file, { environment })).toEqual(['https://env.example.com', '/env', 'debug']);
    expect(await resolve(file, {})).toEqual(['https://file.example.com', '/file', 'warn']);
    expect(await resolve(MINIMAL, {})).toEqual(['https://api.coze.cn', '/var/lib/callbackd', 'info']);
    expect(await resolve(file, { environment: { COZE_API_BASE: '', CALLBACKD_LOG_LEVEL: '' } })).toEqual([
      'https://file.example.com',
      '/file',
      'warn',
    ]);
  });

  it('check overrides like the file, naming the flag or the variable', async () => {
    const loaded = await load(MINIMAL, {
      environment: { CALLBACKD_STATUS_LISTEN: '9643', COZE_API_BASE: 'http://api.example.com' },
      overrides: { logLevel: 'loud' },
    });
    const places = loaded.ok ? [] : loaded.diagnostics.map(({ code, position }) => [code, position.file]);
    expect(places).toEqual([
      ['bad_format', '$CALLBACKD_STATUS_LISTEN'],
      ['value_not_allowed', '--log-level'],
      ['http_not_allowed', '$COZE_API_BASE'],
    ]);
  });

  it('prefer a token of the environment to the file, and say so', async () => {
    const text = 'version: 1\ncoze: {auth: {token_file: /run/token}}\napps: {}\n';
    expect((await mustLoad(text)).settings.platform.auth).toEqual({ kind: 'token_file', path: '/run/token' });
    const loaded = await load(text, { environment: { COZE_API_TOKEN: 'set' } });
    expect(loaded).toMatchObject({
      ok: true,
      configuration: { settings: { platform: { auth: { kind: 'token_env', variable: 'COZE_API_TOKEN' } } } },
      warnings: [{ code: 'auth_overridden', severity: 'warning', position: { line: 2, column: 8 } }],
    });
    const same = await load('version: 1\ncoze: {auth: {token_env: COZE_API_TOKEN}}\napps: {}\n', {
      environment: { COZE_API_TOKEN: 'set' },
    });
    expect(same).toMatchObject({ ok: true, warnings: [] });
  });

  it('expand variables in paths and credentials, and resolve paths from the folder of the file', async () => {
    const text = [
      'version: 1',
      `coze: {auth: {token_file: "\${CREDENTIALS_DIRECTORY}/token"}}`,
      `state_dir: \${NAME}/state`,
      'apps: {}',
    ].join('\n');
    const environment = { CREDENTIALS_DIRECTORY: '/run/credentials', NAME: 'blue' };
    const { settings } = await mustLoad(text, { environment });
    expect(settings.platform.auth).toEqual({ kind: 'token_file', path: '/run/credentials/token' });
    expect(settings.stateDir).toBe('/etc/callbackd/blue/state');
  });

  it('let a configuration be checked where its credentials are not', async () => {
    const text = `version: 1\ncoze: {auth: {token_file: "\${CREDENTIALS_DIRECTORY}/token"}}\napps: {}\n`;
    const loaded = await load(text);
    expect(loaded).toMatchObject({
      ok: true,
      configuration: {
        settings: { platform: { auth: { path: expect.stringContaining(`\${CREDENTIALS_DIRECTORY}`) } } },
      },
      warnings: [{ code: 'variable_unset', severity: 'warning' }],
    });
  });

  it('refuse an unset variable in a path, which would be another path', async () => {
    const loaded = await load(`version: 1\nstate_dir: \${STATE_DIRECTORY}\napps: {}\n`);
    expect(loaded).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'variable_unset', severity: 'error', position: { line: 2, column: 12 } }],
    });
  });
});

describe('the desired state', () => {
  it('keeps what was written, but events as a set and URLs as the standard reads them', async () => {
    const { desired } = await mustLoad(`version: 1
apps:
  zulu:
    app_type: normal
    name: "订  单"
    callback_url: https://Hooks.example.com:443/a/../b
    events: [bot.published, bot.deleted, bot.published]
    protect: true
    replace: allow
    was: yankee
    id: "7512345678901234567"
    ignore: [name, callback_url]
    paused: {until: "2026-12-01T08:00:00+08:00", because: move, by: ops}
  alpha: {app_type: connector, connector_id: "1056899000", events: []}
`);
    expect([...desired.apps.values()]).toEqual([
      {
        key: 'alpha',
        appType: 'connector',
        connectorId: '1056899000',
        events: [],
        protect: false,
        replace: 'withhold',
        ignore: [],
        position: { file: MAIN, line: 14, column: 3 },
      },
      {
        key: 'zulu',
        appType: 'normal',
        name: '订  单',
        callbackUrl: 'https://hooks.example.com/b',
        events: ['bot.deleted', 'bot.published'],
        protect: true,
        replace: 'allow',
        was: 'yankee',
        id: '7512345678901234567',
        ignore: ['callback_url', 'name'],
        paused: { until: Date.UTC(2026, 11, 1), because: 'move', by: 'ops' },
        position: { file: MAIN, line: 3, column: 3 },
      },
    ]);
  });

  it('has one digest for one content, wherever and in which order it is written', async () => {
    const a = '  a: {app_type: normal, name: A, events: [bot.deleted, bot.published]}\n';
    const b = '  b: {name: B, app_type: normal}\n';
    const base = await mustLoad(`version: 1\napps:\n${a}${b}`);
    const moved = await mustLoad(
      'version: 1\ninclude: [more.yaml]\napps:\n  b:\n    # comment\n    app_type: normal\n    name: "B"\n',
      {
        more: {
          '/etc/callbackd/more.yaml':
            'apps:\n  a: {app_type: normal, name: A, events: [bot.published, bot.deleted]}\n',
        },
      },
    );
    expect(moved.desired.digest).toBe(base.desired.digest);
    expect(moved.files).toEqual([MAIN, '/etc/callbackd/more.yaml']);
  });

  it.each([
    ['name', 'name: A2'],
    ['callback_url', 'name: A, callback_url: "https://a.example.com"'],
    ['events', 'name: A, events: []'],
    ['protect', 'name: A, protect: true'],
    ['replace', 'name: A, replace: allow'],
    ['was', 'name: A, was: z'],
    ['id', 'name: A, id: "1"'],
    ['ignore', 'name: A, ignore: [name]'],
    ['paused', 'name: A, paused: {}'],
  ])('has another digest when %s differs', async (_, fields) => {
    const digestOf = async (text: string) =>
      (await mustLoad(`version: 1\napps:\n  a: {app_type: normal, ${text}}\n`)).desired.digest;
    expect(await digestOf(fields)).not.toBe(await digestOf('name: A'));
  });

  it('takes aliases of whole values, and keys in any script', async () => {
    const { desired } = await mustLoad(`version: 1
apps:
  订单: {app_type: normal, name: a, events: &both [bot.published, bot.deleted]}
  constructor: {app_type: normal, name: b, events: *both}
`);
    expect([...desired.apps.keys()]).toEqual(['constructor', '订单']);
    expect([...desired.apps.values()].map((app) => app.events?.length)).toEqual([2, 2]);
  });
});

describe('includes', () => {
  const entry = (name: string) => `apps: {${name}: {app_type: normal, name: ${name}}}\n`;

  it('are read in sorted order, matching within names and never a leading dot', async () => {
    const loaded = await load('version: 1\ninclude: [apps.d/*.yaml, teams/*/app?.yaml]\napps: {}\n', {
      more: {
        '/etc/callbackd/apps.d/b.yaml': entry('b'),
        '/etc/callbackd/apps.d/a.yaml': entry('a'),
        '/etc/callbackd/apps.d/.hidden.yaml': 'broken: [',
        '/etc/callbackd/apps.d/a.yaml.bak': 'broken: [',
        '/etc/callbackd/apps.d/deep/c.yaml': 'broken: [',
        '/etc/callbackd/teams/x/app1.yaml': entry('x1'),
        '/etc/callbackd/teams/y/app22.yaml': 'broken: [',
      },
    });
    expect(loaded.files).toEqual([
      MAIN,
      '/etc/callbackd/apps.d/a.yaml',
      '/etc/callbackd/apps.d/b.yaml',
      '/etc/callbackd/teams/x/app1.yaml',
    ]);
    expect(loaded.includes).toEqual(['/etc/callbackd/apps.d/*.yaml', '/etc/callbackd/teams/*/app?.yaml']);
    expect(loaded).toMatchObject({ ok: true, warnings: [] });
  });

  it('are matched in no time, however many stars there are', async () => {
    const name = `${'a'.repeat(200)}.yml`;
    const loaded = await load(`version: 1\ninclude: ["${'*a'.repeat(60)}*b"]\napps: {}\n`, {
      more: { [`/etc/callbackd/${name}`]: entry('a') },
    });
    expect(loaded).toMatchObject({ ok: true, files: [MAIN], warnings: [{ code: 'include_empty' }] });
    const found = await load(`version: 1\ninclude: ["*${'a*'.repeat(60)}?ml"]\napps: {}\n`, {
      more: { [`/etc/callbackd/${name}`]: entry('a') },
    });
    expect(found.files).toHaveLength(2);
  });

  it('never take the main file for one of them', async () => {
    const { files } = await mustLoad('version: 1\ninclude: ["*.yaml"]\napps: {}\n', {
      more: { '/etc/callbackd/apps.yaml': entry('a') },
    });
    expect(files).toEqual([MAIN, '/etc/callbackd/apps.yaml']);
  });
});
