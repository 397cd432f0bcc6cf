/**
 * `kill -9` at named points of a 60-app apply, with the real process, real HTTP and real files; then the same command again.
 * Each time: no duplicate, no lost id, a readable state, and everything converged. Points in the conversation are reached by a
 * request that hangs before or after the platform processed it; points at the disk by strace, which kills amid a sync.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeDisk } from '../../src/lib/disk-node.ts';
import type { Operation } from '../../src/model/calls.ts';
import { readState } from '../../src/record/load-state.ts';
import type { FaultMoment } from '../../src/sandbox/faults.ts';
import { runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld, type SandboxWorld, writeFleet } from '../builders/sandbox-world.ts';

const COUNT = 60;
const HAS_STRACE = spawnSync('strace', ['-V']).status === 0;

interface RequestPoint {
  readonly operation: Operation;
  readonly nth: number;
  readonly when: FaultMoment;
}

const OPERATIONS = ['create_app', 'update_app', 'subscribe_events'] as const;
const REQUEST_POINTS: readonly RequestPoint[] = [
  { operation: 'list_apps', nth: 1, when: 'before' },
  ...OPERATIONS.flatMap((operation) =>
    [1, 30, COUNT].flatMap((nth) =>
      (['before', 'after'] as const).map((when): RequestPoint => ({ operation, nth, when })),
    ),
  ),
];
/** Which sync of a thread (there are four) the process dies in: while the state is made, early, in the middle, late. */
const SYNC_POINTS = [1, 2, 3, 4, 5, 6, 8, 10] as const;

async function openWorld(): Promise<SandboxWorld> {
  const world = await openSandboxWorld();
  const yaml = writeFleet(COUNT, world.started.receiverUrl, 'reconcile: {settle: 1s}\n');
  writeFileSync(path.join(world.cwd, 'callbackd.yaml'), yaml);
  return world;
}

async function expectRecovery(world: SandboxWorld): Promise<void> {
  const { started, cwd } = world;
  const endpoint = started.url;
  const dir = path.join(cwd, 'state');
  const left = await readState({ disk: nodeDisk, dir, endpoint });
  const existing = new Set(started.sandbox.apps().map((app) => app.id));
  expect([...left.apps.values()].filter((app) => !existing.has(app.id))).toEqual([]);

  const again = await runCallbackd(['apply', '--yes', '-q'], world);
  expect({
    code: again.code,
    stderr: again.stderr.replace(/^The (reply|listing may not show).*\n/gm, ''),
  }).toEqual({
    code: 0,
    stderr: '',
  });
  const apps = started.sandbox.apps();
  expect(apps).toHaveLength(COUNT);
  expect(new Set(apps.map((app) => app.name)).size).toBe(COUNT);
  for (const app of apps) {
    expect(app).toMatchObject({
      callbackUrl: expect.stringContaining('_receivers/'),
      events: ['bot.published'],
    });
  }
  const recorded = await readState({ disk: nodeDisk, dir, endpoint });
  expect(new Set([...recorded.apps.values()].map((app) => String(app.id)))).toEqual(
    new Set(apps.map((app) => app.id)),
  );
  expect(recorded.intents.size).toBe(0);
}

describe('an apply that is killed', () => {
  it.each(REQUEST_POINTS)(
    '$when request $nth of $operation is processed',
    async ({ operation, nth, when }) => {
      const world = await openWorld();
      const { faults } = world.started.sandbox;
      faults.add({ match: { operation, nth }, do: { kind: 'hang', when }, times: 1 });
      const run = startCallbackd(['apply', '--yes', '-q'], world);
      await expect.poll(() => faults.report()[0]?.struck, { timeout: 30_000, interval: 5 }).toBe(1);
      run.child.kill('SIGKILL');
      expect(await run.finished).toMatchObject({ signal: 'SIGKILL' });
      faults.clear();
      await expectRecovery(world);
    },
  );

  it.each(SYNC_POINTS)('in sync number %i of one of its threads', async (nth) => {
    if (!HAS_STRACE) return expect(HAS_STRACE, 'left out: strace is not installed').toBe(false);
    const world = await openWorld();
    const run = startCallbackd(['apply', '--yes', '-q'], { ...world, killInSync: nth });
    const { code, signal } = await run.finished;
    expect(signal === 'SIGKILL' || code === 137).toBe(true);
    await expectRecovery(world);
  });
});
