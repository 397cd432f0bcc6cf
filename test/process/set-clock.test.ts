/** Real processes whose wall clock is set: what waits for time waits for the time that passes. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld, type SandboxWorld, writeFleet } from '../builders/sandbox-world.ts';

const DAY_MS = 86_400_000;
const COUNT = 12;
const KEPT = 6;
const ROUND_ENDED = /"msg":"round (ended|found nothing)/;

/** Loaded into callbackd: its wall clock is ahead by as many milliseconds as the file says. */
const AHEAD = `
const { readFileSync } = require('node:fs');
const ahead = () => { try { return Number(readFileSync(process.env.CLOCK_FILE, 'utf8')) || 0; } catch { return 0; } };
const System = Date;
globalThis.Date = class extends System {
  constructor(...args) { super(...(args.length === 0 ? [System.now() + ahead()] : args)); }
  static now() { return System.now() + ahead(); }
};
`;

async function openClocked(rules: string) {
  const world = await openSandboxWorld();
  const ahead = path.join(world.cwd, 'ahead.cjs');
  const clock = path.join(world.cwd, 'clock');
  writeFileSync(ahead, AHEAD);
  const write = (count: number) =>
    writeFileSync(
      path.join(world.cwd, 'callbackd.yaml'),
      writeFleet(count, world.started.receiverUrl, rules),
    );
  const setClock = (byMs: number) => writeFileSync(clock, String(byMs));
  setClock(0);
  const environment = { ...world.environment, CLOCK_FILE: clock, NODE_OPTIONS: `--require ${ahead}` };
  return { world: { ...world, environment }, write, setClock };
}

const countOf = ({ started }: SandboxWorld) => started.sandbox.apps().length;
const limits = (perDay: number) => `{deletes_per_round: 1000, deletes_share: 1, deletes_per_day: ${perDay}}`;
const rules = (grace: string, perDay: number) =>
  `reconcile:\n  delete_grace: ${grace}\n  schedule: "0 0 1 1 *"\n  limits: ${limits(perDay)}\n`;

describe('a wall clock that is set ahead by a day', () => {
  it('uses up no grace period and no settle time: the daemon lists again, and deletes nothing', {
    timeout: 60_000,
  }, async () => {
    const { world, write, setClock } = await openClocked(rules('10m', 1_000));
    write(COUNT);
    expect((await runCallbackd(['apply', '--yes'], world)).code).toBe(0);
    write(KEPT);
    const daemon = startCallbackd(['run', '--log-level', 'debug'], world);
    await daemon.waitFor(ROUND_ENDED);
    setClock(DAY_MS);
    await runCallbackd(['reconcile'], world);
    await daemon.waitFor('"msg":"clock jumped"');
    await runCallbackd(['reconcile', '--wait'], world);
    expect(countOf(world)).toBe(COUNT);
    daemon.child.kill('SIGTERM');
    await daemon.finished;
    // Nor does it over a restart.
    const again = startCallbackd(['run', '--log-level', 'debug'], world);
    await again.waitFor(ROUND_ENDED);
    await runCallbackd(['reconcile', '--wait'], world);
    expect(countOf(world)).toBe(COUNT);
  });

  it('gives no new daily limit, back or ahead, over restarts', { timeout: 60_000 }, async () => {
    const { world, write, setClock } = await openClocked(rules('0s', 2));
    write(COUNT);
    expect((await runCallbackd(['apply', '--yes'], world)).code).toBe(0);
    write(COUNT - 2);
    expect((await runCallbackd(['apply', '--yes'], world)).code).toBe(0);
    expect(countOf(world)).toBe(COUNT - 2);
    write(COUNT - 4);
    for (const byMs of [0, DAY_MS + 60_000, 3 * DAY_MS, -2 * DAY_MS]) {
      setClock(byMs);
      await runCallbackd(['apply', '--yes'], world);
      expect(countOf(world)).toBe(COUNT - 2);
    }
  });

  it('settles nothing: a create whose reply was lost is not sent again before its time', {
    timeout: 60_000,
  }, async () => {
    const settle = `${rules('0s', 1_000)}  settle: 10m\n`;
    const { world, write, setClock } = await openClocked(settle);
    write(1);
    const { sandbox } = world.started;
    sandbox.faults.add({
      match: { operation: 'create_app' },
      times: 1,
      do: { kind: 'fail', status: 503, when: 'before' },
    });
    const daemon = startCallbackd(['run', '--log-level', 'debug'], world);
    await daemon.waitFor(ROUND_ENDED);
    setClock(DAY_MS);
    await runCallbackd(['reconcile'], world);
    await daemon.waitFor('"msg":"clock jumped"');
    await runCallbackd(['reconcile', '--wait'], world);
    const creates = sandbox.records.list().filter(({ operation }) => operation === 'create_app').length;
    expect({ creates, apps: countOf(world) }).toEqual({ creates: 1, apps: 0 });
    daemon.child.kill('SIGTERM');
    await daemon.finished;
  });
});
