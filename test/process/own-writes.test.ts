/** The daemon with a round each second, on listings that lag behind its writes and beside somebody who undoes them. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { startCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld, type SandboxWorld, writeFleet } from '../builders/sandbox-world.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function openDaemon(options: SandboxOptions, reconcile: string) {
  const world = await openSandboxWorld(options);
  const file = path.join(world.cwd, 'callbackd.yaml');
  const head = `reconcile: {schedule: "* * * * * *", delete_grace: 0s, events_resync: 1s, ${reconcile}}\n`;
  const write = (count: number, change = (text: string) => text) =>
    writeFileSync(file, change(writeFleet(count, world.started.receiverUrl, head)));
  return { world, write };
}

/** How often each kind of write was sent. */
function countWrites({ started }: SandboxWorld): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { operation } of started.sandbox.records.list()) {
    if (operation === undefined || operation.startsWith('list_')) continue;
    counts[operation] = (counts[operation] ?? 0) + 1;
  }
  return counts;
}

it('sends nothing twice while listings show what was before, and takes no lag for a reversal', {
  timeout: 60_000,
}, async () => {
  const lags = { appearLagMs: 2_500, disappearLagMs: 2_500, updateLagMs: 3_000, eventsLagMs: 3_000 };
  const { world, write } = await openDaemon({ switches: lags }, 'settle: 4s');
  write(3);
  const daemon = startCallbackd(['run'], world);
  await expect.poll(() => countWrites(world)['subscribe_events'], { timeout: 20_000 }).toBe(3);
  await sleep(6_000);
  const made = { create_app: 3, update_app: 3, subscribe_events: 3 };
  expect(countWrites(world)).toEqual(made);

  write(3, (text) =>
    text
      .replace('/app-0001', '/moved')
      .replace('[bot.published]', '[bot.deleted]')
      .replace(/ {2}app-0002:[\s\S]*?(?= {2}app-0003)/, ''),
  );
  await expect.poll(() => countWrites(world)['delete_app'], { timeout: 20_000 }).toBe(1);
  await sleep(7_000);
  const edited = { update_app: 4, subscribe_events: 4, unsubscribe_events: 1, delete_app: 1 };
  expect(countWrites(world)).toEqual({ ...made, ...edited });
  expect(daemon.output()).not.toContain('contested');
  expect(world.started.sandbox.apps().map(({ callbackUrl }) => callbackUrl)).toEqual([
    expect.stringContaining('/moved'),
    expect.stringContaining('/app-0003'),
  ]);
});

it('holds a field that somebody flips after each write, at the third reversal', {
  timeout: 60_000,
}, async () => {
  const { world, write } = await openDaemon({}, 'settle: 1s');
  write(1);
  const { sandbox } = world.started;
  const updates = () => countWrites(world)['update_app'] ?? 0;
  let flipped = 0;
  const rival = setInterval(() => {
    const [app] = sandbox.apps();
    if (app === undefined || updates() <= flipped) return;
    flipped = updates();
    sandbox.console().rename(app.id, `rival ${flipped}`);
  }, 20);
  const daemon = startCallbackd(['run'], world);
  try {
    await daemon.waitFor('"contested"');
    const sent = updates();
    // The create's own, and one correction after each of the first two reversals.
    expect(sent).toBe(3);
    await sleep(5_000);
    expect(updates()).toBe(sent);
  } finally {
    clearInterval(rival);
  }
});
