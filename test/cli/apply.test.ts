/** The main job at the command line, on a real sandbox over real HTTP, with real files and processes. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld, type SandboxWorld, writeFleet } from '../builders/sandbox-world.ts';

const COUNT = 120;

function readEverything(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
}

function allTokens({ started }: SandboxWorld): string[] {
  return started.sandbox.apps().map((app) => started.sandbox.verifyTokenOf(app.id)?.reveal() ?? '');
}

it('fills an empty account with 120 apps, then has nothing to do, and tells every logid and no secret', async () => {
  const world = await openSandboxWorld();
  const { started, cwd } = world;
  writeFileSync(path.join(cwd, 'callbackd.yaml'), writeFleet(COUNT, started.receiverUrl));

  const applied = await runCallbackd(['apply', '--yes'], world);
  expect(applied).toMatchObject({ code: 0 });
  expect(applied.stdout).toContain(`${COUNT} to create`);
  expect(started.sandbox.apps()).toHaveLength(COUNT);
  for (const app of started.sandbox.apps()) {
    expect(app).toMatchObject({ appType: 'normal', events: ['bot.published'] });
    expect(app.callbackUrl).toMatch(/_receivers\/app-\d{4}$/);
  }
  const once = (count: number) => ({ received: count, processed: count, limited: 0 });
  expect(started.sandbox.records.counts()).toEqual({
    // An account that shows nothing is asked twice before it is believed.
    list_apps: once(2),
    create_app: once(COUNT),
    update_app: once(COUNT),
    subscribe_events: once(COUNT),
  });

  const planned = await runCallbackd(['plan', '--detailed-exitcode'], world);
  expect(planned).toMatchObject({ code: 0 });
  const before = writes(world);
  const again = await runCallbackd(['apply', '--yes'], world);
  expect(again).toMatchObject({ code: 0 });
  expect(writes(world)).toBe(before);

  const output = [applied, planned, again].map(({ stdout, stderr }) => stdout + stderr).join('\n');
  const missing = started.sandbox.records.list().filter(({ logid }) => !output.includes(logid));
  expect(missing).toEqual([]);
  const kept = output + readEverything(cwd);
  expect(allTokens(world).filter((token) => token === '' || kept.includes(token))).toEqual([]);
  expect(kept).not.toContain(started.token);
  expect(statSync(path.join(cwd, 'state', 'state.json')).mode & 0o777).toBe(0o600);
});

it('delivers verify_tokens again after a reboot emptied their folder, and the dry run says so', async () => {
  const world = await openSandboxWorld();
  const { started, cwd } = world;
  const sink = path.join(cwd, 'tokens');
  writeFileSync(
    path.join(cwd, 'callbackd.yaml'),
    writeFleet(3, started.receiverUrl, 'token_sink: {dir: tokens}\n'),
  );
  expect(await runCallbackd(['apply', '--yes'], world)).toMatchObject({ code: 0 });
  const delivered = readEverything(sink);
  expect(delivered.split('\n').sort()).toEqual(allTokens(world).sort());

  rmSync(sink, { recursive: true });
  expect(await runCallbackd(['plan', '--detailed-exitcode'], world)).toMatchObject({ code: 2 });
  const again = await runCallbackd(['apply', '--yes'], world);
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('deliver to the token sink') });
  expect(readEverything(sink)).toBe(delivered);
  expect(await runCallbackd(['plan', '--detailed-exitcode'], world)).toMatchObject({ code: 0 });
});

it('updates, deletes and adopts, and says what it did with the logids of failures', async () => {
  const world = await openSandboxWorld();
  const { started, cwd } = world;
  const file = path.join(cwd, 'callbackd.yaml');
  const byHand = started.sandbox.console().create({
    name: 'made by hand',
    callbackUrl: started.receiverUrl('hand'),
    events: ['bot.deleted'],
  });
  const adopted = `  hand:\n    app_type: normal\n    name: made by hand\n    callback_url: ${started.receiverUrl('hand')}\n    events: [bot.deleted]\n`;
  writeFileSync(file, writeFleet(4, started.receiverUrl) + adopted);
  expect(await runCallbackd(['apply', '--yes', '-q'], world)).toMatchObject({ code: 0 });
  expect(started.sandbox.apps().filter((app) => app.name === 'made by hand')).toMatchObject([{ id: byHand }]);

  started.receivers.behave('broken', { mode: 'wrong_echo' });
  const edited = writeFleet(3, started.receiverUrl)
    .replace(started.receiverUrl('app-0001'), started.receiverUrl('moved'))
    .replace(started.receiverUrl('app-0002'), started.receiverUrl('broken'));
  writeFileSync(file, edited + adopted);
  const { code, stdout } = await runCallbackd(['apply', '--yes', '-q'], world);
  expect(code).toBe(1);
  expect(stdout).toMatch(/updated app-0001/);
  expect(stdout).toMatch(/deleted app-0004/);
  expect(stdout).toMatch(/failed to update app-0002.*logid \w{20,}/s);
  expect(started.sandbox.apps()).toHaveLength(4);
});

it('prints one JSON document for -o json, and nothing else on stdout', async () => {
  const world = await openSandboxWorld();
  writeFileSync(path.join(world.cwd, 'callbackd.yaml'), writeFleet(2, world.started.receiverUrl));
  const planned = await runCallbackd(['plan', '-o', 'json'], world);
  expect(JSON.parse(planned.stdout)).toMatchObject({ format_version: 1, summary: { create: 2 } });
  const applied = await runCallbackd(['apply', '--yes', '-o', 'json'], world);
  const document = JSON.parse(applied.stdout);
  expect(document).toMatchObject({ format_version: 1, summary: { applied: 2, failed: 0, skipped: 0 } });
  expect(document.outcomes[0].calls.map((call: { operation: string }) => call.operation)).toEqual([
    'create_app',
    'update_app',
    'subscribe_events',
  ]);
});

it('leaves nothing behind after a plan', async () => {
  const world = await openSandboxWorld();
  writeFileSync(path.join(world.cwd, 'callbackd.yaml'), writeFleet(2, world.started.receiverUrl));
  expect(await runCallbackd(['plan', '--detailed-exitcode'], world)).toMatchObject({ code: 2 });
  expect(readdirSync(world.cwd)).toEqual(['callbackd.yaml']);
  expect(writes(world)).toBe(0);
});

it('says in the plan which receiver fails its challenge, and saves that with it', async () => {
  const world = await openSandboxWorld();
  const { started, cwd } = world;
  started.receivers.behave('app-0002', { mode: 'wrong_echo' });
  writeFileSync(path.join(cwd, 'callbackd.yaml'), writeFleet(2, started.receiverUrl));
  const { code, stdout } = await runCallbackd(['plan', '-q', '--out', 'saved.plan'], world);
  expect(code).toBe(0);
  expect(stdout.match(/the receiver failed the challenge \(echo\)/g)).toHaveLength(1);
  const saved = readFileSync(path.join(cwd, 'saved.plan'), 'utf8');
  expect(saved).toContain('"stage": "echo"');
  const applied = await runCallbackd(['apply', 'saved.plan', '--yes', '-q'], world);
  expect(applied.code).toBe(1);
  expect(applied.stdout).toContain('created app-0001');
});

it('exits 4 when something needs a decision and nothing failed', async () => {
  const world = await openSandboxWorld();
  const { started, cwd } = world;
  started.sandbox.console().create({ name: '回调应用 1', callbackUrl: started.receiverUrl('other') });
  writeFileSync(path.join(cwd, 'callbackd.yaml'), writeFleet(2, started.receiverUrl));
  const { code, stdout } = await runCallbackd(['apply', '--yes', '-q'], world);
  expect({ code, held: /unowned_match/.test(stdout) }).toEqual({ code: 4, held: true });
  expect(started.sandbox.apps()).toHaveLength(2);
});

it('settles a create whose reply was lost, without a duplicate', async () => {
  const world = await openSandboxWorld();
  const { started, cwd } = world;
  writeFileSync(
    path.join(cwd, 'callbackd.yaml'),
    writeFleet(3, started.receiverUrl, 'reconcile: {settle: 1s}\n'),
  );
  started.sandbox.faults.add({ match: { operation: 'create_app' }, do: { kind: 'drop_after' }, times: 1 });
  const { code, stderr } = await runCallbackd(['apply', '--yes', '-q'], world);
  expect(code).toBe(0);
  expect(stderr).toContain('The reply to a create was lost');
  expect(started.sandbox.apps()).toHaveLength(3);
  for (const app of started.sandbox.apps()) expect(app.callbackUrl).toBeDefined();
});

it('settles a lost create also when the other changes took longer than the settle time', async () => {
  const world = await openSandboxWorld();
  const { started, cwd } = world;
  const head = 'reconcile: {settle: 100ms}\n';
  writeFileSync(path.join(cwd, 'callbackd.yaml'), writeFleet(2, started.receiverUrl, head));
  started.sandbox.faults.add({ match: { operation: 'create_app' }, do: { kind: 'drop_after' }, times: 1 });
  started.sandbox.faults.add({
    match: { operation: 'update_app' },
    do: { kind: 'delay', ms: 1000 },
    times: 1,
  });
  expect(await runCallbackd(['apply', '--yes', '-q'], world)).toMatchObject({ code: 0 });
  expect(started.sandbox.apps()).toHaveLength(2);
  for (const app of started.sandbox.apps()) expect(app.callbackUrl).toBeDefined();
});

it('waits for a lag that an earlier run left behind, then decides', async () => {
  // Both last longer than a process takes to start and list on a busy machine.
  const world = await openSandboxWorld({ switches: { appearLagMs: 4_000, updateLagMs: 4_000 } });
  const { started, cwd } = world;
  const fleet = writeFleet(2, started.receiverUrl, 'reconcile: {settle: 5s}\n');
  writeFileSync(path.join(cwd, 'callbackd.yaml'), fleet);
  const first = await runCallbackd(['apply', '--yes', '-q'], world);
  expect(first).toMatchObject({ code: 0 });
  expect(first.stderr).not.toContain('waiting');
  const sent = writes(world);
  const again = await runCallbackd(['apply', '--yes', '-q'], world);
  expect(again).toMatchObject({ code: 0 });
  expect(again.stderr).toContain("may not show the last run's changes yet");
  expect(again.stdout).toContain('2 in sync');
  expect(writes(world)).toBe(sent);
});

it('does not take the token of another account for a lag', async () => {
  const world = await openSandboxWorld();
  const fleet = writeFleet(3, world.started.receiverUrl, 'reconcile: {settle: 1s}\n');
  writeFileSync(path.join(world.cwd, 'callbackd.yaml'), fleet);
  expect(await runCallbackd(['apply', '--yes', '-q'], world)).toMatchObject({ code: 0 });
  for (const app of [...world.started.sandbox.apps()]) world.started.sandbox.console().remove(app.id);
  const strange = await runCallbackd(['apply', '--yes', '-q'], world);
  expect(strange).toMatchObject({ code: 4, stdout: expect.stringContaining('suspicious_absence') });
  expect(world.started.sandbox.apps()).toEqual([]);
});

it('settles a lost create of a saved plan without doing what the saved plan does not hold', async () => {
  const world = await openSandboxWorld();
  const { started, cwd } = world;
  const file = path.join(cwd, 'callbackd.yaml');
  const head = 'reconcile: {settle: 100ms}\n';
  writeFileSync(file, writeFleet(1, started.receiverUrl, head));
  expect(await runCallbackd(['plan', '--out', 'one.plan', '-q'], world)).toMatchObject({ code: 0 });
  writeFileSync(file, writeFleet(3, started.receiverUrl, head));
  started.sandbox.faults.add({ match: { operation: 'create_app' }, do: { kind: 'drop_after' }, times: 1 });
  expect(await runCallbackd(['apply', 'one.plan', '--yes', '-q'], world)).toMatchObject({ code: 0 });
  expect(started.sandbox.apps()).toMatchObject([{ callbackUrl: started.receiverUrl('app-0001') }]);
});

it('applies a saved plan, and refuses the items that have moved since', async () => {
  const world = await openSandboxWorld();
  const { started, cwd } = world;
  writeFileSync(path.join(cwd, 'callbackd.yaml'), writeFleet(2, started.receiverUrl));
  expect(await runCallbackd(['plan', '--out', 'first.plan', '-q'], world)).toMatchObject({ code: 0 });
  expect(await runCallbackd(['apply', 'first.plan', '--yes', '-q'], world)).toMatchObject({ code: 0 });
  expect(started.sandbox.apps()).toHaveLength(2);

  const moved = writeFleet(2, started.receiverUrl)
    .replace(started.receiverUrl('app-0001'), started.receiverUrl('new-1'))
    .replace(started.receiverUrl('app-0002'), started.receiverUrl('new-2'));
  writeFileSync(path.join(cwd, 'callbackd.yaml'), moved);
  expect(await runCallbackd(['plan', '--out', 'second.plan', '-q'], world)).toMatchObject({ code: 0 });
  const [first] = started.sandbox.apps();
  started.sandbox.console().setUrl(first?.id ?? '', started.receiverUrl('by-somebody'));
  const { code, stderr } = await runCallbackd(['apply', 'second.plan', '--yes', '-q'], world);
  expect(code).toBe(1);
  expect(stderr).toMatch(/refused: update app-000\d/);
  expect(started.sandbox.apps().map((app) => app.callbackUrl)).toContain(started.receiverUrl('by-somebody'));
});

it('says that a plan cannot be saved where there is no folder, without a stack trace', async () => {
  const world = await openSandboxWorld();
  const { started, cwd } = world;
  writeFileSync(path.join(cwd, 'callbackd.yaml'), writeFleet(1, started.receiverUrl));
  const { code, stderr } = await runCallbackd(['plan', '--out', 'nowhere/first.plan', '-q'], world);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: cannot write .*nowhere\/first\.plan/m);
  expect(stderr).not.toMatch(/^\s+at /m);
});

it('refuses a second writer with the pid of the first', async () => {
  const world = await openSandboxWorld({ latencyMs: { min: 300, max: 300 } });
  writeFileSync(path.join(world.cwd, 'callbackd.yaml'), writeFleet(1, world.started.receiverUrl));
  const first = startCallbackd(['apply', '--yes', '-q'], world);
  await expect
    .poll(() => world.started.sandbox.records.list().length, { timeout: 15_000 })
    .toBeGreaterThan(0);
  // A holder that stands still is a holder, however slow the machine.
  first.child.kill('SIGSTOP');
  const second = await runCallbackd(['apply', '--yes', '-q'], world);
  first.child.kill('SIGCONT');
  expect(second.code).toBe(5);
  expect(second.stderr).toContain(`process ${first.child.pid} on `);
  expect(await first.finished).toMatchObject({ code: 0 });
});

function writes({ started }: SandboxWorld): number {
  return started.sandbox.records.list().filter(({ operation }) => !operation.startsWith('list_')).length;
}
