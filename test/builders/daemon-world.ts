/**
 * A daemon on a virtual clock: rounds are a script, files are a value, the service manager and the event log are lists.
 * Everything else is the real daemon.
 */

import { chooseBootConfiguration } from '../../src/daemon/configuration-keeper.ts';
import type { DaemonControl } from '../../src/daemon/daemon-control.ts';
import type {
  Configuration,
  ConfigurationResult,
  Configurations,
  DaemonSignal,
  RoundRequest,
} from '../../src/daemon/ports.ts';
import { type DaemonEnd, runDaemon } from '../../src/daemon/run-daemon.ts';
import { createVirtualClock, type VirtualClock } from '../../src/lib/virtual-clock.ts';
import type { LogEvent } from '../../src/log/events.ts';
import { verbatim } from '../../src/messages/message.ts';
import type { DesiredApp } from '../../src/model/desired.ts';
import { foldStateChange } from '../../src/model/fold-state.ts';
import { asAppKey } from '../../src/model/identity.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { RoundReport } from '../../src/model/round.ts';
import type { Settings } from '../../src/model/settings.ts';
import { emptyState, type State } from '../../src/model/state.ts';

/** Saturday, 21 November 2026, 03:00:00 UTC. */
export const DAEMON_START = Date.UTC(2026, 10, 21, 3, 0, 0);

export function buildSettings(overrides: Partial<Settings> = {}): Settings {
  return {
    platform: {
      baseUrl: 'https://api.coze.cn',
      auth: { kind: 'token_env', variable: 'COZE_API_TOKEN' },
      timeoutMs: 15_000,
      concurrency: 8,
      maxRequestsPerSecond: 5,
      network: {},
    },
    policy: {
      adopt: 'identical',
      prune: 'owned',
      deleteGraceMs: 600_000,
      limits: { deletesPerRound: 5, deletesShare: 0.3, deletesPerDay: 20, missingShare: 0.3 },
      settleMs: 10_000,
      contested: { reversals: 3, windowMs: 3_600_000 },
      eventsResyncMs: 21_600_000,
      creates: 'auto',
      preflight: 'warn',
      deliversTokens: false,
    },
    schedule: { cron: '*/10 * * * *', timezone: 'UTC' },
    debounce: { quietMs: 300, maxWaitMs: 5_000 },
    preflightAllowPrivate: false,
    receivers: { network: {} },
    stateDir: '/var/lib/callbackd',
    statusHosts: [],
    notify: [],
    showsState: true,
    log: { level: 'info', format: 'json' },
    ...overrides,
  };
}

/** A configuration with one app per key; the digest is made of the keys. */
export function buildConfiguration(
  keys: readonly string[] = ['orders'],
  settings: Settings = buildSettings(),
): Configuration {
  const apps = keys.map((text): [DesiredApp['key'], DesiredApp] => [
    asAppKey(text),
    {
      key: asAppKey(text),
      appType: 'normal',
      name: text,
      protect: false,
      replace: 'withhold',
      ignore: [],
      position: { file: 'callbackd.yaml', line: 1, column: 1 },
    },
  ]);
  return {
    settings,
    desired: { apps: new Map(apps), digest: `digest-of-${keys.join('-')}` },
    files: ['callbackd.yaml'],
    includes: [],
    sources: new Map([['callbackd.yaml', keys.join('\n')]]),
  };
}

export const BROKEN: ConfigurationResult = {
  ok: false,
  diagnostics: [
    {
      code: 'unknown_key',
      severity: 'error',
      message: verbatim('unknown key "callbak_url"'),
      position: { file: 'callbackd.yaml', line: 12, column: 3 },
      length: 11,
    },
  ],
};

export function buildPlan(overrides: Partial<Plan> = {}): Plan {
  const summary: Plan['summary'] = {
    create: 0,
    update: 0,
    replace: 0,
    delete: 0,
    adopt: 0,
    rebind: 0,
    forget: 0,
    unchanged: 1,
    withheld: 0,
    unmanaged: 0,
  };
  return {
    formatVersion: 1,
    sourceDigest: 'digest-of-orders',
    state: { lineage: 'lineage', serial: 0 },
    digest: 'plan-digest-0001',
    createdAt: DAEMON_START,
    expiresAt: DAEMON_START + 3_600_000,
    endpoint: 'https://api.coze.cn',
    evidence: 'complete',
    summary,
    changes: [],
    withheld: [],
    unmanaged: [],
    ...overrides,
  };
}

type RoundScript = (
  request: RoundRequest,
  clock: VirtualClock,
) => Promise<Partial<RoundReport>> | Partial<RoundReport>;

export interface DaemonWorld {
  readonly clock: VirtualClock;
  readonly requests: (RoundRequest & { readonly at: number })[];
  readonly events: LogEvent[];
  /** What the service manager was told, in order. */
  readonly told: string[];
  readonly kept: Configuration[];
  /** What the files hold now; an error is what a bug would throw. */
  files: ConfigurationResult | Error;
  script: RoundScript;
  control: DaemonControl;
  readonly state: State;
  end: DaemonEnd | undefined;
  /** Whether the daemon listened to signals when it said that it is ready. */
  heardSignalsAtReady: boolean;
  /** Moves the wall clock alone. */
  jump(ms: number): void;
  touch(): void;
  signal(signal: DaemonSignal): void;
  run(isDone: () => boolean): Promise<void>;
  /** Lets `ms` of time pass. */
  pass(ms: number): Promise<void>;
}

export interface DaemonWorldOptions {
  readonly files?: ConfigurationResult;
  readonly lastGood?: Configuration;
  readonly script?: RoundScript;
  readonly random?: () => number;
  readonly watchdogMs?: number;
  readonly judge?: Configurations['judge'];
  /** Called for each attempt to watch, counted from 1; may throw. */
  readonly onWatch?: (attempt: number, listener: Parameters<Configurations['watch']>[0]) => void;
}

/** Starts the daemon; it runs when time does. */
export async function startDaemonWorld(options: DaemonWorldOptions = {}): Promise<DaemonWorld> {
  const virtual = createVirtualClock(DAEMON_START);
  let offset = 0;
  const clock: VirtualClock = { ...virtual, wall: () => virtual.now() + offset };
  const state = emptyState('lineage', 'https://api.coze.cn');
  const signals: DaemonSignal[] = [];
  let wakeSignals = () => {};
  let onChange = () => {};
  let watches = 0;
  const tell = (text: string) => async () => void world.told.push(text);
  const tellStatus = (name: string) => async (status: string) => void world.told.push(`${name}: ${status}`);
  const world: DaemonWorld = {
    clock,
    requests: [],
    events: [],
    told: [],
    kept: [],
    files: options.files ?? { ok: true, configuration: buildConfiguration(), warnings: [] },
    script: options.script ?? (() => ({})),
    control: undefined as unknown as DaemonControl,
    state,
    end: undefined,
    heardSignalsAtReady: false,
    jump(ms) {
      offset += ms;
    },
    touch: () => onChange(),
    signal(signal) {
      signals.push(signal);
      wakeSignals();
    },
    run: (isDone) => virtual.run(isDone),
    async pass(ms) {
      let isOver = false;
      virtual.after(ms, () => {
        isOver = true;
      });
      await virtual.run(() => isOver);
    },
  };
  const configurations: Configurations = {
    load: async () => {
      if (world.files instanceof Error) throw world.files;
      return world.files;
    },
    look: async () => ({ are: 'the_same' }),
    keep: async (configuration) => void world.kept.push(configuration),
    ...(options.judge === undefined ? {} : { judge: options.judge }),
    async watch(listener, signal) {
      watches += 1;
      options.onWatch?.(watches, listener);
      onChange = listener.onChange;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    },
  };
  let hearsSignals = false;
  async function* readSignals(): AsyncGenerator<DaemonSignal> {
    hearsSignals = true;
    for (;;) {
      const next = signals.shift();
      if (next !== undefined) yield next;
      else
        await new Promise<void>((resolve) => {
          wakeSignals = resolve;
        });
    }
  }
  const boot = chooseBootConfiguration(await configurations.load(), options.lastGood, options.judge);
  if (!boot.ok) throw new Error('the world has no configuration to start from');
  const ending = runDaemon(
    {
      boot,
      configurations,
      clock,
      random: options.random ?? (() => 0),
      version: '0.0.0-test',
      callsToday: () => ({ day: '2026-11-21', count: 12, perDay: 500 }),
      log: () => ({ linesLost: 3, problem: 'it is full' }),
      events: { write: (type, fields) => void world.events.push({ type, ...fields } as unknown as LogEvent) },
      journal: {
        state,
        commit: async (changes) => {
          for (const change of [changes].flat()) foldStateChange(state, change);
        },
      },
      notifier: {
        watchdogMs: options.watchdogMs,
        ready(status) {
          world.heardSignalsAtReady = hearsSignals;
          return tellStatus('ready')(status);
        },
        status: tellStatus('status'),
        stopping: tellStatus('stopping'),
        reloading: tell('reloading'),
        alive: tell('alive'),
      },
      rounds: {
        async run(request) {
          world.requests.push({ ...request, at: clock.now() });
          const startedAt = clock.now();
          const report = await world.script(request, clock);
          return {
            round: request.round,
            triggers: request.triggers,
            startedAt,
            endedAt: clock.now(),
            result: 'converged',
            plan: buildPlan(),
            outcomes: [],
            calls: 1,
            ...report,
          };
        },
      },
      listen: async (control) => {
        world.control = control;
        return [];
      },
    },
    readSignals(),
  );
  void ending.then((end) => {
    world.end = end;
  });
  return world;
}
