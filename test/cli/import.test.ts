/** What the account holds, as YAML that changes nothing: processes on a real sandbox. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { populate } from '../../src/sandbox/start-sandbox.ts';
import { type Finished, runCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld, type SandboxWorld } from '../builders/sandbox-world.ts';

/** The default pace is made for a real platform. */
const FAST = 'coze: {max_requests_per_second: 1000}\n';

async function openDemoFleet(): Promise<SandboxWorld> {
  const world = await openSandboxWorld();
  populate(world.started.sandbox, 'demo', world.started.receiverUrl);
  return world;
}

async function importInto(world: SandboxWorld, ...words: string[]): Promise<Finished> {
  writeFileSync(path.join(world.cwd, 'fast.yaml'), `version: 1\napps: {}\n${FAST}`);
  const finished = await runCallbackd(['import', '-q', '-c', 'fast.yaml', ...words], world);
  writeFileSync(path.join(world.cwd, 'callbackd.yaml'), finished.stdout + FAST);
  return finished;
}

const writes = ({ started }: SandboxWorld) =>
  started.sandbox.records.list().filter(({ operation }) => !operation?.startsWith('list_')).length;

it('prints the demo fleet as YAML whose plan only adopts, and is empty once adopted', async () => {
  const world = await openDemoFleet();
  const imported = await importInto(world);
  expect(imported).toMatchObject({ code: 0, stderr: '' });
  expect(imported.stdout).toContain('  订单回调应用: # 7');
  expect(imported.stdout).toContain('connector_id: "1056899000"');
  expect(imported.stdout).toContain('events: [bot.deleted, bot.published]');
  expect(existsSync(path.join(world.cwd, 'state'))).toBe(false);
  const planned = JSON.parse((await runCallbackd(['plan', '-o', 'json', '-q'], world)).stdout);
  const count = world.started.sandbox.apps().length;
  expect(planned.summary).toMatchObject({ adopt: count, create: 0, update: 0, withheld: 0, unmanaged: 0 });

  const again = await importInto(world, '--adopt');
  expect(again).toMatchObject({ code: 0, stdout: imported.stdout });
  expect(again.stderr).toContain(`Adopted ${count} of ${count}`);
  const empty = JSON.parse((await runCallbackd(['plan', '-o', 'json', '-q'], world)).stdout);
  expect(empty).toMatchObject({ changes: [], withheld: [], summary: { unchanged: count, unmanaged: 0 } });
  expect(writes(world)).toBe(0);
  const tokens = world.started.sandbox
    .apps()
    .map(({ id }) => world.started.sandbox.verifyTokenOf(id)?.reveal());
  expect(tokens.filter((token) => token === undefined || imported.stdout.includes(token))).toEqual([]);
});

it('tells equal names apart, quotes what YAML would misread, and keeps keys that are owned', async () => {
  const world = await openSandboxWorld();
  const edits = world.started.sandbox.console();
  const names = ['同名', '同名', 'yes', '0123', 'Orders: "Prod" #1', '***', 'é\u202etxt', '- a', 'null'];
  for (const name of names) edits.create({ name, callbackUrl: 'http://plain.example.com/a?b=1' });
  const imported = await importInto(world, '--adopt');
  expect(imported.code).toBe(0);
  const pins = imported.stdout.match(/^ {2}同名-\d{6}: # \d+\n {4}id: "\d+"/gm);
  expect(pins).toHaveLength(2);
  expect(imported.stdout).toMatch(/^ {2}app-\d{6}: # \d+\n {4}app_type: normal\n {4}name: "\*\*\*"/m);
  expect(imported.stdout).toMatch(/^ {2}"yes": #/m);
  const planned = JSON.parse((await runCallbackd(['plan', '-o', 'json', '-q'], world)).stdout);
  expect(planned).toMatchObject({ changes: [], withheld: [], summary: { unchanged: names.length } });

  edits.create({ name: 'yes' });
  const { stdout } = await runCallbackd(['import', '-q'], world);
  expect(stdout).toContain('\n  "yes": #');
  expect(stdout.match(/^ {2}yes-\d{6}: #/gm)).toHaveLength(1);
});

it('brings any name, URL, connector and event type through YAML and back unchanged', async () => {
  const world = await openSandboxWorld();
  const edits = world.started.sandbox.console();
  const names = [
    ...[
      '@at',
      '#hash',
      '&anchor',
      '*alias',
      '!tag',
      '%percent',
      '|',
      '>',
      '{a: b}',
      '[a]',
      '? a',
      'a: b # c',
      '~',
      '---',
    ],
    ...[
      'a\nb',
      'tab\there',
      ' padded ',
      "it's",
      '"quoted"',
      '\\',
      '\u0000',
      '\u2028',
      '\ufeffbom',
      '1e3',
      '0x1F',
      '2026-01-01',
    ],
    ...[
      '👩‍👩‍👧 family',
      '订'.repeat(128),
      'a'.repeat(128),
      '<<',
      'é',
      'e\u0301',
      '12:30:45',
      '.inf',
      '%YAML 1.2',
    ],
  ];
  for (const name of names) edits.create({ name });
  edits.create({ name: 'future events', events: ['bot.published', 'future.event_v2'] });
  edits.create({ name: 'odd events', events: ['x.y-z'] });
  // biome-ignore lint/suspicious/noTemplateCurlyInString: no template, and that is the point
  edits.create({ name: '${HOME}' });
  edits.create({
    appType: 'connector',
    connectorId: '1056899000',
    callbackUrl: 'https://h.example/%7Ea?b={c}#d',
  });
  const imported = await importInto(world, '--adopt');
  expect(imported).toMatchObject({ code: 0 });
  expect(imported.stdout).toContain('events: [bot.published, future.event_v2]');
  expect(imported.stdout).toMatch(/^ {4}# events: \[x\.y-z\] # not included: .* is not an event type$/m);
  expect(imported.stdout).toMatch(/^ {4}# callback_url: "https:.*#d" # not included: .* holds a fragment/m);
  expect(imported.stdout).toMatch(/^# {3}\d+ \$\{HOME\}: .* is not expanded in `name`$/m);
  const planned = JSON.parse((await runCallbackd(['plan', '-o', 'json', '-q'], world)).stdout);
  const unchanged = world.started.sandbox.apps().length - 1;
  expect(planned).toMatchObject({ changes: [], withheld: [], summary: { unchanged, unmanaged: 1 } });
});

it('imports only what is selected', async () => {
  const world = await openDemoFleet();
  const imported = await importInto(world, '--select', '旧项目 0*');
  expect(imported.stdout.match(/^ {4}app_type:/gm)).toHaveLength(9);
  const [id] = /\d{15,}/.exec(imported.stdout) ?? [];
  const two = await importInto(world, '--select', `${id}, 订单回调应用`);
  expect(two.stdout.match(/^ {4}app_type:/gm)).toHaveLength(2);
  const none = await importInto(world, '--select', `${id},nothing-like-it`);
  expect({ code: none.code, out: none.stdout }).toEqual({ code: 1, out: '' });
  expect(none.stderr).toContain('no app matches --select "nothing-like-it"');
});

it('prints a valid file for an empty account, and leaves alone what no entry can hold', async () => {
  const world = await openSandboxWorld();
  expect((await importInto(world)).stdout).toContain('apps: {}');
  const edits = world.started.sandbox.console();
  edits.create({ name: 'odd url', callbackUrl: 'ftp://example.com/x' });
  const id = edits.create({ appType: 'connector', name: 'odd channel' });
  const imported = await importInto(world);
  expect(imported).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('1 app is listed only as comments'),
  });
  expect(imported.stdout).toMatch(/^ {4}# callback_url: "ftp:\/\/example\.com\/x" # not included: /m);
  expect(imported.stdout).toContain(`#   ${id} odd channel: `);
  expect(await runCallbackd(['validate'], world)).toMatchObject({ code: 0 });
});
