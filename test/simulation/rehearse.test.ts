/**
 * The drill of an operator's own file: it runs that file and no other, is fair to every legal one, and
 * notices a broken guard.
 */
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CommandContext } from '../../src/cli/command-line/command-spec.ts';
import { runDrill } from '../../src/cli/rehearse/run.ts';
import { createMemoryFiles, hostFiles } from '../../src/lib/file-reader.ts';
import { createTranslator, say } from '../../src/messages/say.ts';
import type { Configuration } from '../../src/model/configuration.ts';
import type { Mutations } from '../../src/rehearsal/mutations.ts';
import { openDrill } from '../../src/rehearsal/open-drill.ts';
import { prepareDrill } from '../../src/rehearsal/prepare-drill.ts';
import { CONFIG_PATH, writeConfiguration } from '../../src/rehearsal/write-configuration.ts';
import { loadConfiguration } from '../../src/source/load-configuration.ts';
import { listScenarios, SCENARIOS } from '../builders/scenario.ts';
import { BROKEN_GUARDS } from './broken-guards.ts';

const NOW = Date.parse('2026-11-26T00:00:00Z');
const EXAMPLE = path.resolve(import.meta.dirname, '../../config.example.yaml');
const FILES = [
  EXAMPLE,
  ...listScenarios()
    .map(({ name }) => path.join(SCENARIOS, name, 'config.yaml'))
    .filter((file) => existsSync(file)),
];

const FEW = `version: 1
apps:
  a: {app_type: normal, name: A, callback_url: https://hooks.example.com/a}
  b: {app_type: normal, name: B, callback_url: https://hooks.example.com/b, protect: true}
`;

/** Settings of every kind at once, at the edges of what is legal. */
const HARSH = `version: 1
coze: {timeout: 1s, concurrency: 1, max_requests_per_second: 2, call_budget: {per_day: 50}}
reconcile:
  schedule: "30 */2 * * *"
  timezone: Asia/Shanghai
  debounce: {quiet: 1s, max_wait: 2m}
  settle: 0s
  contested: {reversals: 1, window: 2d}
  adopt: by_name
  prune: all
  delete_grace: 5d
  limits: {deletes_per_round: 1, deletes_share: 1, deletes_per_day: 100, missing_share: 0}
  preflight: block
  paused: {because: freeze}
apps:
  "123": {app_type: normal, name: "订单: \\"a\\" #1", callback_url: "HTTPS://Hooks.example.com:443/a", events: []}
  客服: {app_type: normal, name: B, callback_url: http://plain.example.com/x, allow_http: true, ignore: [name, events], events: [new.event]}
  c: {app_type: connector, connector_id: "1056899000", name: Channel, callback_url: https://hooks.example.com/c, replace: allow}
  d: {app_type: normal, name: Same, id: "7000000000000000001", protect: true}
  e: {app_type: normal, name: Same, id: "7000000000000000002", events: [bot.published]}
  f: {app_type: normal, name: F, was: old-f, paused: {until: 2026-01-01}}
  g: {app_type: normal, name: G, paused: {because: migration}}
`;

describe('a drill plays the file as it is', () => {
  it.each(FILES.map((file) => [path.relative(SCENARIOS, file), file] as const))('%s', async (_, file) => {
    const configuration = await load(file);
    const { rules, entries } = prepareDrill({ configuration, now: NOW });
    const played = await parse(writeConfiguration(rules, entries));
    expect(comparable(played)).toEqual(comparable(configuration));
  });
});

/** Each file differs from its neighbours in little. */
const SOME = FILES.filter((_, index) => index % 5 === 0);

describe('a drill is fair to', () => {
  it.each(SOME.map((file, index) => [path.relative(SCENARIOS, file), file, 1 + index] as const))(
    '%s',
    async (_, file, seed) => {
      const drill = await openDrill({ configuration: await load(file), now: NOW });
      expect([(await drill.faultFree()).violation, (await drill.run(seed)).violation]).toEqual([
        undefined,
        undefined,
      ]);
    },
  );

  it('settings at the edges of what is legal', { timeout: 120_000 }, async () => {
    const drill = await openDrill({ configuration: await parse(HARSH), now: NOW });
    const broken = [(await drill.faultFree()).violation];
    for (let seed = 1; seed <= 12; seed += 1) broken.push((await drill.run(seed)).violation);
    expect(broken.filter((violation) => violation !== undefined)).toEqual([]);
    expect(drill.subject.assumptions.map((it) => say(it)).join('\n')).toMatch(
      /reconcile\.paused[\s\S]*delete_grace.*shortened/,
    );
  });
});

describe('a drill with a broken guard', () => {
  const mutations = mutationsOf('the log tells a verify_token');

  it('exits 1, names the promise, and its seed replays the violation, shrunk', {
    timeout: 60_000,
  }, async () => {
    const report = await rehearse(mutations, { runs: '2', output: 'json' });
    expect(report.exit).toBe('failed');
    const { violations } = JSON.parse(report.stdout);
    expect(violations.map(({ seed }: { seed: number }) => seed)).toEqual([0, 2]);
    const violation = violations.at(-1);
    expect(violation.promise).toBe('G7');
    const first = await rehearse(mutations, { seed: String(violation.seed), output: 'json' });
    const second = await rehearse(mutations, { seed: String(violation.seed), output: 'json' });
    expect(first).toEqual(second);
    expect(first.exit).toBe('failed');
    const { violation: replayed, story, trace } = JSON.parse(first.stdout);
    expect(replayed.promise).toBe(violation.promise);
    expect(story.incidents).toBeLessThan(3);
    expect(trace.join('\n')).toContain('VIOLATION');
  });

  it('and without one it exits 0', async () => {
    expect((await rehearse({}, { runs: '1' })).exit).toBe('ok');
  });
});

it('plays parts of a large file, and a webhook path is never told', async () => {
  const apps = Array.from(
    { length: 120 },
    (_, n) => `  app${n}: {app_type: normal, name: A${n}, callback_url: https://h.example.com/secret-${n}}`,
  );
  const configuration = await parse(`version: 1\napps:\n${apps.join('\n')}\n`);
  const drill = await openDrill({ configuration, now: NOW });
  const { size, trace } = await drill.replay(3);
  expect(size.entries).toBe(24);
  expect(trace.join('\n')).toContain('https://h.example.com/***');
  expect(trace.join('\n')).not.toContain('secret-');
});

function mutationsOf(name: string): Mutations {
  const guard = BROKEN_GUARDS.find((it) => it.name === name);
  if (guard === undefined) throw new Error(`no guard is called ${name}`);
  return guard.mutations;
}

/** The command itself, with a drill on mutated parts. */
async function rehearse(mutations: Mutations, options: Readonly<Record<string, string>>) {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'callbackd-drill-')), 'callbackd.yaml');
  writeFileSync(file, FEW);
  let stdout = '';
  const context = {
    terminal: {
      print: (text: string) => {
        stdout += text;
      },
      note: () => {},
      isLive: false,
      color: false,
      translate: createTranslator('en'),
    },
    clock: { now: () => 0 },
    signals: { interrupted: new AbortController().signal },
    environment: {},
    cwd: path.dirname(file),
  } as unknown as CommandContext;
  const exit = await runDrill({ args: [], options: { ...options, config: file } }, context, (configuration) =>
    openDrill({ configuration, now: NOW }, mutations),
  );
  return { exit, stdout };
}

async function load(file: string): Promise<Configuration> {
  return unwrap(
    await loadConfiguration({ path: file, environment: { CREDENTIALS_DIRECTORY: '/c' }, files: hostFiles }),
  );
}

async function parse(text: string): Promise<Configuration> {
  const files = createMemoryFiles(new Map([[CONFIG_PATH, text]]));
  return unwrap(await loadConfiguration({ path: CONFIG_PATH, environment: {}, files }));
}

function unwrap(loaded: Awaited<ReturnType<typeof loadConfiguration>>): Configuration {
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => say(message)).join('; '));
  return loaded.configuration;
}

/**
 * What bears on rounds; where an entry stands, how long a pause lasts and what the drill says it shortens do
 * not.
 */
function comparable({ desired, settings }: Configuration) {
  const { paused: _, deleteGraceMs: __, eventsResyncMs: ___, contested, ...policy } = settings.policy;
  const { timeoutMs, concurrency, maxRequestsPerSecond } = settings.platform;
  const isRunning = (until: number | undefined) => until === undefined || until > NOW;
  return {
    policy: { ...policy, reversals: contested.reversals },
    platform: { timeoutMs, concurrency, maxRequestsPerSecond },
    cron: settings.schedule.cron,
    debounce: settings.debounce,
    apps: [...desired.apps.values()].map(({ position: ____, paused, ...app }) => ({
      ...app,
      isPaused: paused !== undefined && isRunning(paused.until),
    })),
  };
}
