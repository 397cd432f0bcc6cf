/** What is, what happened and why, told by processes on a real sandbox, with the daemon and without. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { HEALTH_WITHIN_MS } from '../../src/cli/status/run.ts';
import { runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld, type SandboxWorld, writeFleet } from '../builders/sandbox-world.ts';

/** Three apps, applied by a person; then somebody moves the URL of the first. */
async function openDrifted(): Promise<SandboxWorld> {
  const world = await openSandboxWorld();
  const { started, cwd } = world;
  writeFileSync(path.join(cwd, 'callbackd.yaml'), writeFleet(3, started.receiverUrl));
  expect(await runCallbackd(['apply', '--yes', '-q'], world)).toMatchObject({ code: 0 });
  const app = started.sandbox.apps().find(({ name }) => name === '回调应用 1');
  started.sandbox.console().setUrl(app?.id ?? '', 'https://elsewhere.example.com/x');
  return world;
}

it('tells why an entry is as it is: position, last applied, account, decision, and each request with its logid', async () => {
  const world = await openDrifted();
  const { code, stdout } = await runCallbackd(['why', 'app-0001', '-q'], world);
  expect(code).toBe(0);
  expect(stdout).toContain('app-0001: the next round will update it');
  expect(stdout).toMatch(/file +callbackd\.yaml:4:3/);
  expect(stdout).toMatch(
    /callback_url +http\S+app-0001 +http\S+app-0001 +https:\/\/elsewhere\.example\.com\/x/,
  );
  expect(stdout).toContain('the account drifted');
  expect(stdout).toMatch(/create_app +HTTP 200 +code 0 +logid \w+ +attempt 1/);
  const { history, fields } = JSON.parse(
    (await runCallbackd(['why', 'app-0001', '-o', 'json'], world)).stdout,
  );
  expect(history[0].requests[0]).toMatchObject({ operation: 'create_app', status: 200, code: 0, attempt: 1 });
  const logids = world.started.sandbox.records.list().map(({ logid }) => logid);
  expect(logids).toContain(history[0].requests[0].logid);
  expect(fields[1]).toMatchObject({ path: 'callback_url', observed: 'https://elsewhere.example.com/x' });
});

it('explains a decision of a guard in words, with the way out', async () => {
  const world = await openDrifted();
  const file = path.join(world.cwd, 'callbackd.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^ {2}app-0001:[\s\S]*?(?= {2}app-0002:)/m, ''));
  const { stdout } = await runCallbackd(['why', 'app-0001', '-q'], world);
  expect(stdout).toContain('app-0001: delete is held: scheduled for deletion.');
  expect(stdout).toContain('not in the file');
  expect(stdout).toMatch(/to unblock: wait, or put the entry app-0001 back/);
});

it('shows the subscriptions of now, though the daemon would not list them again yet', async () => {
  const world = await openDrifted();
  const app = world.started.sandbox.apps().find(({ name }) => name === '回调应用 2');
  world.started.sandbox.console().subscribe(app?.id ?? '', ['bot.deleted']);
  const { stdout } = await runCallbackd(['why', 'app-0002', '-q'], world);
  expect(stdout).toMatch(/events +bot\.published +bot\.published +bot\.deleted, bot\.published/);
  expect(stdout).toContain('app-0002: the next round will update it');
});

it('suggests the key that was meant, and what can be told without the account', async () => {
  const world = await openDrifted();
  const mistyped = await runCallbackd(['history', '--app', 'app-001', '-q'], world);
  expect(mistyped).toMatchObject({ code: 1, stdout: '' });
  expect(mistyped.stderr).toContain('did you mean app-0001?');
  world.started.sandbox.faults.add({
    match: {},
    do: { kind: 'fail', status: 200, code: 4102, when: 'before' },
  });
  const { code, stderr } = await runCallbackd(['why', 'app-0001', '-q'], world);
  expect(code).toBe(1);
  expect(stderr).toContain('callbackd why app-0001 --offline');
});

it('asks the account nothing with --offline', async () => {
  const world = await openDrifted();
  const before = world.started.sandbox.records.list().length;
  const { code, stdout } = await runCallbackd(['why', 'app-0001', '--offline'], world);
  expect({ code, asked: world.started.sandbox.records.list().length - before }).toEqual({
    code: 0,
    asked: 0,
  });
  expect(stdout).toContain('the account was not read');
});

it('refuses a key that nobody knows and says which one may be meant', async () => {
  const world = await openDrifted();
  const { code, stderr } = await runCallbackd(['why', 'app-001'], world);
  expect({ code, hint: stderr.includes('did you mean app-0001?') }).toEqual({ code: 1, hint: true });
});

it('prints the history newest first, of one entry, as text and as JSON', async () => {
  const world = await openDrifted();
  expect(await runCallbackd(['apply', '--yes', '-q'], world)).toMatchObject({ code: 0 });
  const all = JSON.parse((await runCallbackd(['history', '-o', 'json'], world)).stdout);
  expect(all.changes).toHaveLength(4);
  expect(all.changes[0]).toMatchObject({ action: 'update', key: 'app-0001', result: 'applied' });
  const one = await runCallbackd(['history', '--app', 'app-0001', '--limit', '1'], world);
  expect(one.stdout).toMatch(/^\S+Z? +updated +app-0001 +\d+ +differs\n/);
  expect(one.stdout).toMatch(/update_app +HTTP 200 +code 0 +logid \w+/);
  expect(one.stdout).not.toContain('created');
  expect(await runCallbackd(['history', '--limit', '0'], world)).toMatchObject({ code: 64 });
});

it('tells the status by the state directory when no daemon answers, and leaves nothing behind', async () => {
  const world = await openDrifted();
  const { code, stdout, stderr } = await runCallbackd(['status'], world);
  expect(code).toBe(0);
  expect(stderr).toContain('No daemon is running');
  expect(stdout).toMatch(/apps +3 in the file, 3 owned/);
  const json = JSON.parse((await runCallbackd(['status', '-o', 'json'], world)).stdout);
  expect(json).toMatchObject({ format_version: 1, condition: 'no_daemon', apps: { owned: 3, orphans: [] } });
});

it('shows the status of the running daemon, and looks at state and history beside it', async () => {
  const world = await openDrifted();
  const daemon = startCallbackd(['run'], world);
  await daemon.waitFor(/"msg":"round ended"/);
  const text = await runCallbackd(['status'], world);
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout).toMatch(/^3 in sync · next round/);
  expect(text.stdout).toMatch(/last round +1 \(start\) converged at/);
  const json = JSON.parse((await runCallbackd(['status', '-o', 'json'], world)).stdout);
  expect(json).toMatchObject({ condition: 'in_sync', apps: { desired: 3, in_sync: 3 } });
  const why = await runCallbackd(['why', 'app-0001', '-q'], world);
  expect(why.stdout).toContain('in sync: the account matches the file');
});

it('asks only whether the daemon is healthy, for a container to know', async () => {
  const world = await openDrifted();
  const without = await runCallbackd(['status', '--check'], world);
  expect(without).toMatchObject({ code: 1, stdout: '' });
  expect(without.stderr).toContain('no callbackd daemon listens at');
  const daemon = startCallbackd(['run'], world);
  await daemon.waitFor(/"msg":"round ended"/);
  const healthy = await runCallbackd(['status', '--check'], world);
  expect(healthy).toMatchObject({ code: 0, stdout: 'healthy: the main loop is running\n', stderr: '' });
  const json = await runCallbackd(['status', '--check', '-o', 'json'], world);
  expect(JSON.parse(json.stdout)).toEqual({ ok: true, reason: 'the main loop is running' });
});

it('says that a daemon hangs before the health check of the image loses patience', async () => {
  const world = await openDrifted();
  const daemon = startCallbackd(['run'], world);
  await daemon.waitFor(/"msg":"round ended"/);
  daemon.child.kill('SIGSTOP');
  const hung = await runCallbackd(['status', '--check'], world);
  expect(hung).toMatchObject({ code: 1, stdout: '' });
  expect(hung.stderr).toContain('the daemon did not answer in time');
  const dockerfile = readFileSync(path.resolve(import.meta.dirname, '../../Dockerfile'), 'utf8');
  const [, patience] = /^HEALTHCHECK .*--timeout=(\d+)s/m.exec(dockerfile) ?? [];
  expect(HEALTH_WITHIN_MS).toBeLessThan(Number(patience) * 1_000);
});
