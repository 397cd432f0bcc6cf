/** What a person asks of the running daemon, as processes on a real sandbox, over the real control socket. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { userInfo } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type Running, runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld, type SandboxWorld, writeFleet } from '../builders/sandbox-world.ts';

const APPS = 8;
const HEAD = 'reconcile: {delete_grace: 0s, limits: {deletes_per_round: 1}}\n';

function save({ cwd, started }: SandboxWorld, count: number, head = ''): void {
  writeFileSync(path.join(cwd, 'callbackd.yaml'), writeFleet(count, started.receiverUrl, head));
}

/** A daemon that has converged on eight apps, without a grace period. */
async function startDaemon(world: SandboxWorld): Promise<Running> {
  save(world, APPS, HEAD);
  const daemon = startCallbackd(['run'], world);
  await daemon.waitFor(/"result":"converged".*"msg":"round ended"/);
  return daemon;
}

it('holds a round that would delete too much, and lets it go when a prefix of its digest is approved', async () => {
  const world = await openSandboxWorld();
  await startDaemon(world);
  const file = path.join(world.cwd, 'callbackd.yaml');
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, before.replace(/^ {2}app-0002:[\s\S]*?(?= {2}app-0004:)/m, ''));

  const held = await runCallbackd(['reconcile', '--wait'], world);
  expect(held).toMatchObject({ code: 4, stderr: '' });
  expect(held.stdout).toMatch(/round \d+ ended: held/);
  expect(world.started.sandbox.apps()).toHaveLength(APPS);

  const planned = await runCallbackd(['plan', '-o', 'json'], world);
  const { digest } = JSON.parse(planned.stdout).held;
  const tooShort = await runCallbackd(['approve', digest.slice(0, 7)], world);
  expect(tooShort).toMatchObject({ code: 1, stdout: '' });
  expect(tooShort.stderr).toContain('is too short for a digest');
  const approved = await runCallbackd(['approve', digest.slice(0, 8)], world);
  expect(approved).toMatchObject({
    code: 0,
    stdout:
      'approved: 2 deletes (app-0002, app-0003), valid for 24 h for those that are left; a round starts now\n',
  });

  expect(await runCallbackd(['reconcile', '--wait'], world)).toMatchObject({ code: 0 });
  expect(world.started.sandbox.apps()).toHaveLength(APPS - 2);
});

it('says that a held configuration is not in force, and puts it into force when it is approved', async () => {
  const world = await openSandboxWorld();
  await startDaemon(world);
  save(world, 1, HEAD);
  const held = await runCallbackd(['reconcile', '--wait'], world);
  expect(held).toMatchObject({ code: 4, stdout: expect.stringMatching(/round \d+ ended: converged/) });
  expect(held.stderr).toContain('configuration held (7 of 8 entries are gone at once)');
  const [, release = ''] = /to unblock: callbackd approve (\w+)/.exec(held.stderr) ?? [];
  expect(await runCallbackd(['approve', release], world)).toMatchObject({
    code: 0,
    stdout: 'the held configuration is now in use\n',
  });
});

it('pauses one entry with who and why, and continues with it after resume', async () => {
  const world = await openSandboxWorld();
  await startDaemon(world);
  const paused = await runCallbackd(
    ['pause', 'app-0001', '--for', '2h', '--because', 'migration', '-o', 'json'],
    world,
  );
  expect(JSON.parse(paused.stdout)).toEqual({
    format_version: 1,
    ok: true,
    message: 'app-0001 is paused',
    result: null,
  });
  const app = world.started.sandbox.apps().find(({ name }) => name === '回调应用 1');
  world.started.sandbox.console().setUrl(app?.id ?? '', 'https://elsewhere.example.com/x');
  expect(await runCallbackd(['reconcile', '--wait'], world)).toMatchObject({ code: 0 });
  const urlNow = () => world.started.sandbox.apps().find(({ id }) => id === app?.id)?.callbackUrl;
  expect(urlNow()).toBe('https://elsewhere.example.com/x');
  const planned = await runCallbackd(['plan'], world);
  expect(planned.stdout).toContain(`paused by ${userInfo().username}`);
  expect(planned.stdout).toContain('migration');

  expect(await runCallbackd(['resume', 'app-0001'], world)).toMatchObject({ code: 0 });
  expect(await runCallbackd(['reconcile', '--wait'], world)).toMatchObject({ code: 0 });
  expect(urlNow()).toBe(world.started.receiverUrl('app-0001'));
});

it('says what to do instead when no daemon listens', async () => {
  const world = await openSandboxWorld();
  save(world, 1);
  const approve = await runCallbackd(['approve', 'app-0001'], world);
  expect(approve).toMatchObject({ code: 1, stdout: '' });
  expect(approve.stderr).toContain('no callbackd daemon listens at');
  expect(approve.stderr).toContain('callbackd apply --approve app-0001');
  const reconcile = await runCallbackd(['reconcile'], world);
  expect(reconcile).toMatchObject({ code: 1 });
  expect(reconcile.stderr).toContain('callbackd apply');
});

it('says so where no socket can be, and where something else answers', async () => {
  const world = await openSandboxWorld();
  save(world, 1);
  const below = await runCallbackd(['reconcile', '--control-socket', 'callbackd.yaml/x'], world);
  expect(below).toMatchObject({ code: 1, stderr: expect.stringContaining('a part of the path is a file') });
  const stranger = createServer((_, response) => response.end('hello'));
  await new Promise<void>((resolve) => stranger.listen(path.join(world.cwd, 'other.sock'), resolve));
  onTestFinished(() => void stranger.close());
  const other = await runCallbackd(['reconcile', '--control-socket', 'other.sock'], world);
  expect(other).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('does not belong to a callbackd daemon'),
  });
});

it.each([
  [['pause', '--for', '2 hours'], '--for must be a duration'],
  [['pause', '--until', 'tomorrow'], '--until must be a time'],
  [['pause', '--until', '2026-12-01T08:00:00'], '--until must be a time'],
  [['pause', '--for', '1h', '--until', '2026-12-01T08:00:00Z'], 'not both'],
  [['approve'], "missing required argument 'digest-or-key'"],
])('refuses %j as wrong usage', async (words, message) => {
  const world = await openSandboxWorld();
  const { code, stderr } = await runCallbackd(words, world);
  expect(stderr).toContain(message);
  expect(code).toBe(64);
});
