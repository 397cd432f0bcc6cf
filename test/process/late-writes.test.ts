/**
 * Real processes between their plan and its writes: stopped by SIGSTOP, their file edited or broken, their question
 * answered late. Deletes are slow here, so that there is a middle to act in.
 */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld, type SandboxWorld, writeFleet } from '../builders/sandbox-world.ts';

const COUNT = 30;
const KEPT = 6;
const SLOW = 'coze: {max_requests_per_second: 1000, concurrency: 1}';
const RULES = [
  'reconcile:',
  '  delete_grace: 0s',
  '  schedule: "0 0 1 1 *"',
  '  limits: {deletes_per_round: 1000, deletes_share: 1, deletes_per_day: 1000}',
  '',
].join('\n');

interface Fleet extends SandboxWorld {
  readonly file: string;
  /** Writes the first `count` entries. */
  write(count: number): void;
  ids(): readonly string[];
  deletes(): number;
}

/** An account with `COUNT` apps of ours, and a file that names `KEPT` of them; a delete takes 150 ms. */
async function openFleet(): Promise<Fleet> {
  const world = await openSandboxWorld();
  const file = path.join(world.cwd, 'callbackd.yaml');
  const write = (count: number) => {
    const text = writeFleet(count, world.started.receiverUrl, RULES);
    writeFileSync(file, text.replace(/^coze:.*$/m, SLOW));
  };
  write(COUNT);
  const made = await runCallbackd(['apply', '--yes'], world);
  expect(made.code).toBe(0);
  const { sandbox } = world.started;
  sandbox.faults.add({ match: { operation: 'delete_app' }, do: { kind: 'delay', ms: 150 } });
  write(KEPT);
  const deletes = () => COUNT - sandbox.apps().length;
  return { ...world, file, write, deletes, ids: () => sandbox.apps().map(({ id }) => id) };
}

const SECOND = 1_000;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('apply', () => {
  it('deletes nothing more of what was put back while it was stopped', { timeout: 60_000 }, async () => {
    const fleet = await openFleet();
    const apply = startCallbackd(['apply', '--yes', '--allow-deletes', '--log-level', 'info'], fleet);
    await expect.poll(() => fleet.deletes(), { timeout: 20_000, interval: 20 }).toBeGreaterThan(2);
    apply.child.kill('SIGSTOP');
    await sleep(300);
    const before = fleet.deletes();
    fleet.write(COUNT);
    await sleep(6_500);
    apply.child.kill('SIGCONT');
    const { stderr } = await apply.finished;
    expect(fleet.deletes()).toBeLessThanOrEqual(before + 1);
    expect(stderr).toMatch(/was suspended|may still need/);
  });

  it('continues after it was stopped, when nothing else changed', { timeout: 60_000 }, async () => {
    const fleet = await openFleet();
    const apply = startCallbackd(['apply', '--yes', '--allow-deletes'], fleet);
    await expect.poll(() => fleet.deletes(), { timeout: 20_000, interval: 20 }).toBeGreaterThan(2);
    apply.child.kill('SIGSTOP');
    await sleep(6_500);
    apply.child.kill('SIGCONT');
    const { code, stderr } = await apply.finished;
    expect(stderr).toContain('was suspended');
    expect({ code, left: fleet.ids().length }).toEqual({ code: 0, left: KEPT });
  });

  it('stops at once when its file breaks, and says so', { timeout: 60_000 }, async () => {
    const fleet = await openFleet();
    const apply = startCallbackd(['apply', '--yes', '--allow-deletes'], fleet);
    await expect.poll(() => fleet.deletes(), { timeout: 20_000, interval: 20 }).toBeGreaterThan(2);
    writeFileSync(fleet.file, '{');
    const before = fleet.deletes();
    const { code, stderr } = await apply.finished;
    expect(code).toBe(1);
    expect(stderr).toContain('the configuration is no longer usable');
    // Within the second for which a look counts.
    expect(fleet.deletes()).toBeLessThanOrEqual(before + 8);
  });

  it('plans again when the answer came late, and asks about the other plan', {
    timeout: 60_000,
  }, async () => {
    const fleet = await openFleet();
    const apply = startCallbackd(['apply', '--allow-deletes'], { ...fleet, onTerminal: true });
    await apply.waitFor(`Apply these ${COUNT - KEPT} changes? Type yes: `);
    fleet.write(COUNT - 1);
    await sleep(2_500);
    apply.child.stdin?.write('yes\n');
    await apply.waitFor('The current plan:');
    await apply.waitFor('Apply this change? Type yes: ');
    apply.child.stdin?.write('yes\n');
    expect((await apply.finished).code).toBe(0);
    expect(fleet.deletes()).toBe(1);
  });
});

describe('the daemon', () => {
  it.each([
    { what: 'broken', damage: (file: string) => writeFileSync(file, 'apps: [') },
    { what: 'gone', damage: (file: string) => rmSync(file) },
  ])('stops deleting when its file is $what', { timeout: 60_000 }, async ({ damage }) => {
    const fleet = await openFleet();
    const daemon = startCallbackd(['run'], fleet);
    await expect.poll(() => fleet.deletes(), { timeout: 20_000, interval: 20 }).toBeGreaterThan(2);
    damage(fleet.file);
    const before = fleet.deletes();
    await sleep(6 * SECOND);
    expect(fleet.deletes()).toBeLessThanOrEqual(before + 8);
    daemon.child.kill('SIGTERM');
    await daemon.finished;
  });

  it('deletes nothing more of what was put back while it was stopped', { timeout: 60_000 }, async () => {
    const fleet = await openFleet();
    const daemon = startCallbackd(['run'], fleet);
    await expect.poll(() => fleet.deletes(), { timeout: 20_000, interval: 20 }).toBeGreaterThan(2);
    daemon.child.kill('SIGSTOP');
    await sleep(300);
    const before = fleet.deletes();
    fleet.write(COUNT);
    await sleep(6_500);
    daemon.child.kill('SIGCONT');
    await expect.poll(() => fleet.ids().length, { timeout: 20_000 }).toBe(COUNT);
    const { sandbox } = fleet.started;
    const sent = sandbox.records.list().filter(({ operation }) => operation === 'delete_app').length;
    expect(sent).toBeLessThanOrEqual(before + 1);
    daemon.child.kill('SIGTERM');
    expect((await daemon.finished).stdout).toContain('"msg":"process was suspended"');
  });
});
