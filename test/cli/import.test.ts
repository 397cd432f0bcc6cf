/** What the account holds, as YAML that changes nothing: processes on a real sandbox. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { populate } from '../../src/sandbox/fleets.ts';
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

it('imports only what is selected', async () => {
  const world = await openDemoFleet();
  const imported = await importInto(world, '--select', '旧项目 0*');
  expect(imported.stdout.match(/^ {4}app_type:/gm)).toHaveLength(9);
  const none = await importInto(world, '--select', 'nothing-like-it');
  expect({ code: none.code, out: none.stdout }).toEqual({ code: 1, out: '' });
  expect(none.stderr).toContain('no app matches --select');
});

it('comments on apps that no entry can express, and prints a valid file for an empty account', async () => {
  const world = await openSandboxWorld();
  expect((await importInto(world)).stdout).toContain('apps: {}');
  const id = world.started.sandbox.console().create({ name: 'odd url', callbackUrl: 'ftp://example.com/x' });
  const imported = await importInto(world);
  expect(imported).toMatchObject({ code: 0, stderr: expect.stringContaining('1 app is in comments only') });
  expect(imported.stdout).toContain(`#   ${id} odd url: `);
  expect(await runCallbackd(['validate'], world)).toMatchObject({ code: 0 });
});
