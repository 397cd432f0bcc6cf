/** `callbackd rotate`: a real process, real HTTP and real files; alone, beside a daemon, and killed at each step. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeDisk } from '../../src/lib/disk-node.ts';
import { readState } from '../../src/record/load-state.ts';
import type { FaultMoment } from '../../src/sandbox/faults.ts';
import { hasPrograms } from '../builders/has-programs.ts';
import { runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld, type SandboxWorld } from '../builders/sandbox-world.ts';

const HEAD =
  'version: 1\nreconcile: {settle: 1s}\ntoken_sink: {dir: tokens}\ncoze: {max_requests_per_second: 1000}\n';

/** One protected app, applied; `old` is its id and its token. */
async function openWorld(entry?: string) {
  const world = await openSandboxWorld();
  const { started, cwd } = world;
  const normal = `{app_type: normal, name: 订单, callback_url: "${started.receiverUrl('orders')}", events: [bot.published], protect: true}`;
  writeFileSync(path.join(cwd, 'callbackd.yaml'), `${HEAD}apps:\n  orders: ${entry ?? normal}\n`);
  expect(await runCallbackd(['apply', '--yes', '-q'], world)).toMatchObject({ code: 0, stderr: '' });
  const id = String(started.sandbox.apps()[0]?.id);
  return { ...world, old: { id, token: tokenOf(world, id) } };
}

function tokenOf({ started }: SandboxWorld, id: string): string {
  return started.sandbox.verifyTokenOf(id)?.reveal() ?? 'none';
}

/** The files of the sink and what is in them. */
function readSink({ cwd }: SandboxWorld): Readonly<Record<string, string>> {
  const dir = path.join(cwd, 'tokens');
  return Object.fromEntries(
    readdirSync(dir).map((file) => [file, readFileSync(path.join(dir, file), 'utf8')]),
  );
}

const rotate = (world: SandboxWorld, ...words: string[]) =>
  startCallbackd(['rotate', 'orders', '--yes', '-q', ...words], world);

/** One app, the new one, complete; its token in the sink and nothing else; nothing left in the record. */
async function expectRotated(world: Awaited<ReturnType<typeof openWorld>>): Promise<void> {
  const apps = world.started.sandbox.apps();
  expect(apps).toMatchObject([
    { callbackUrl: world.started.receiverUrl('orders'), events: ['bot.published'] },
  ]);
  const [app] = apps;
  expect(app?.id).not.toBe(world.old.id);
  expect(readSink(world)).toEqual({ orders: tokenOf(world, String(app?.id)) });
  const state = await readState({
    disk: nodeDisk,
    dir: path.join(world.cwd, 'state'),
    endpoint: world.started.url,
  });
  expect([...state.apps.values()]).toMatchObject([{ key: 'orders', id: app?.id }]);
  expect([...state.apps.values()][0]).not.toHaveProperty('rotation');
  expect([...state.apps.values()][0]).not.toHaveProperty('replaces');
  expect(state.intents.size).toBe(0);
}

describe('callbackd rotate', () => {
  it('keeps both tokens for the overlap, then the old app goes, protected or not, and history tells it', async () => {
    const world = await openWorld();
    const run = rotate(world, '--overlap', '20s');
    await run.waitFor('Waiting');
    const { orders, 'orders.previous': previous, ...more } = readSink(world);
    expect(more).toEqual({});
    expect(previous).toBe(world.old.token);
    const [first, second] = world.started.sandbox.apps();
    expect([first?.id, second?.events]).toEqual([world.old.id, ['bot.published']]);
    expect(orders).toBe(tokenOf(world, String(second?.id)));
    const { code, stdout } = await run.finished;
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('each event arrives twice'),
    });
    await expectRotated(world);
    const history = await runCallbackd(['history', '-q', '-o', 'json'], world);
    const told = JSON.parse(history.stdout).changes.map(
      ({ action, reason }: { action: string; reason: string }) => [action, reason],
    );
    expect(told.slice(0, 2)).toEqual([
      ['delete', 'rotation'],
      ['replace', 'rotation'],
    ]);
    for (const text of [stdout, history.stdout]) expect(text).not.toContain(world.old.token);
  });

  it('deletes the app of a channel first, and says so before', async () => {
    const world = await openWorld();
    const file = `${HEAD}apps:\n  orders: {app_type: connector, connector_id: "1056899000", callback_url: "${world.started.receiverUrl('orders')}", events: [bot.published]}\n`;
    const other = await openSandboxWorld();
    writeFileSync(path.join(other.cwd, 'callbackd.yaml'), file.replace(world.started.url, other.started.url));
    expect(await runCallbackd(['apply', '--yes', '-q'], other)).toMatchObject({ code: 0 });
    const id = String(other.started.sandbox.apps()[0]?.id);
    const { code, stdout } = await rotate(other).finished;
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${id} is deleted first`),
    });
    expect(other.started.sandbox.apps()).toMatchObject([{ events: ['bot.published'] }]);
    const [app] = other.started.sandbox.apps();
    expect(app?.id).not.toBe(id);
    expect(readSink(other)).toEqual({ orders: tokenOf(other, String(app?.id)) });
  });

  it('has a running daemon do it', async () => {
    const world = await openWorld();
    const daemon = startCallbackd(['run', '--log-level', 'debug'], world);
    await daemon.waitFor(/"msg":"round found nothing to do"/);
    const { code, stdout } = await rotate(world, '--overlap', '5s').finished;
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('takes over from') });
    await expect
      .poll(() => Object.keys(readSink(world)), { timeout: 30_000 })
      .toEqual(['orders', 'orders.previous']);
    await expect
      .poll(() => world.started.sandbox.apps().map(({ id }) => id), { timeout: 60_000 })
      .not.toContain(world.old.id);
    await expect.poll(() => Object.keys(readSink(world)), { timeout: 30_000 }).toEqual(['orders']);
  }, 180_000);

  it.each([
    ['order', 'did you mean orders?'],
    ['nobody', 'there is no entry with the key "nobody"'],
  ])('refuses %s', async (key, problem) => {
    const world = await openWorld();
    const { code, stderr } = await runCallbackd(['rotate', key, '--yes', '-q'], world);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(problem) });
    expect(readSink(world)).toEqual({ orders: world.old.token });
  });
});

describe('a rotation that is killed', () => {
  const points = (['create_app', 'update_app', 'subscribe_events', 'delete_app'] as const).flatMap(
    (operation) =>
      (['before', 'after'] as const).map((when): [FaultMoment, typeof operation] => [when, operation]),
  );

  it.each(points)('%s %s is processed continues', async (when, operation) => {
    const world = await openWorld();
    const { faults } = world.started.sandbox;
    faults.add({ match: { operation }, do: { kind: 'hang', when }, times: 1 });
    const run = rotate(world, '--overlap', '0s');
    await expect.poll(() => faults.report()[0]?.struck, { timeout: 60_000, interval: 5 }).toBe(1);
    run.child.kill('SIGKILL');
    await run.finished;
    faults.clear();
    expect(await rotate(world, '--overlap', '0s').finished).toMatchObject({ code: 0 });
    await expectRotated(world);
  });

  it.skipIf(!hasPrograms('strace')).each([1, 2, 3, 4, 5, 6, 7, 8, 10, 12])(
    'in sync number %i of one of its threads continues',
    async (nth) => {
      const world = await openWorld();
      const run = startCallbackd(['rotate', 'orders', '--yes', '-q', '--overlap', '0s'], {
        ...world,
        killInSync: nth,
      });
      await run.finished;
      const sink = readSink(world);
      expect(Object.values(sink)).toContain(sink['orders.previous'] ?? sink['orders']);
      const again = await rotate(world, '--overlap', '0s').finished;
      expect(again).toMatchObject({ code: 0 });
      await expectRotated(world);
    },
  );
});
