/** Ctrl-C during an apply, on a real process with a slow platform: a clean state, a clear word, and nothing made twice. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld, writeFleet } from '../builders/sandbox-world.ts';

const COUNT = 60;

it('stops an apply at the first Ctrl-C with what is in flight finished, and continues with the next run', async () => {
  const world = await openSandboxWorld();
  const { started, cwd } = world;
  started.sandbox.faults.add({ match: { operation: 'create_app' }, do: { kind: 'delay', ms: 200 } });
  writeFileSync(path.join(cwd, 'callbackd.yaml'), writeFleet(COUNT, started.receiverUrl));
  const apply = startCallbackd(['apply', '--yes'], world);
  await apply.waitFor('"operation":"create_app"');
  apply.child.kill('SIGINT');
  const { code, signal, stdout, stderr } = await apply.finished;
  expect({ code, signal }).toEqual({ code: 1, signal: null });
  expect(stderr).toContain('Interrupted: finishing requests in progress.');
  expect(stderr).toMatch(
    /Interrupted: \d+ done and recorded, \d+ left\. Nothing is lost: run the same command/,
  );
  expect(stdout).toMatch(/\d+ skipped/);
  const made = started.sandbox.apps().length;
  expect(made).toBeGreaterThan(0);
  expect(made).toBeLessThan(COUNT);

  started.sandbox.faults.clear();
  expect(await runCallbackd(['apply', '--yes', '-q'], world)).toMatchObject({ code: 0 });
  expect(started.sandbox.apps()).toHaveLength(COUNT);
  expect(started.sandbox.records.counts().create_app).toMatchObject({ processed: COUNT });
});
