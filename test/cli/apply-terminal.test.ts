/** `apply` as somebody at a terminal sees it, on a real one: the question, the line that is rewritten, failures, Ctrl-C. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld, writeFleet } from '../builders/sandbox-world.ts';

const COUNT = 30;
const REWIND = '\r\u001b[K';

async function openFleet() {
  const world = await openSandboxWorld();
  const text = writeFleet(COUNT, world.started.receiverUrl);
  writeFileSync(path.join(world.cwd, 'callbackd.yaml'), text);
  return { ...world, environment: { ...world.environment, NO_COLOR: '1' } };
}

it('asks, shows how far it is, and sums up each failure with its logid', async () => {
  const world = await openFleet();
  const { sandbox } = world.started;
  const refusal = { kind: 'fail', status: 400, code: 4000, when: 'before' } as const;
  sandbox.faults.add({ match: { operation: 'update_app' }, do: refusal, times: 1 });
  const apply = startCallbackd(['apply'], { ...world, onTerminal: true });
  await apply.waitFor('Apply these 30 changes? Type yes: ');
  apply.child.stdin?.write('yes\n');
  const { code, stdout } = await apply.finished;
  expect(code).toBe(1);
  expect(stdout).toMatch(/\[#+-*\] \d+\/30 {2}[\d.]+\/s/);
  expect(stdout).toContain(`${REWIND}failed to create app-`);
  const [, summary = ''] = stdout.split(/\n(?=[^\n]*failed to create app-\d+ \()/);
  expect(summary).toMatch(/update_app: HTTP 400, code 4000, logid \w{20,}/);
  expect(summary).toContain('Done: 29 applied, 1 failed.');
});

it('is silent about progress with --quiet', async () => {
  const world = await openFleet();
  const { code, stdout } = await startCallbackd(['apply', '--yes', '-q'], { ...world, onTerminal: true })
    .finished;
  expect(code).toBe(0);
  expect(stdout).not.toContain('/30');
  expect(stdout).toContain('Done: 30 applied.');
});

it('Ctrl-C at the terminal finishes what is in flight and says how to continue', async () => {
  const world = await openFleet();
  const { sandbox } = world.started;
  sandbox.faults.add({ match: { operation: 'create_app' }, do: { kind: 'delay', ms: 200 } });
  const apply = startCallbackd(['apply', '--yes'], { ...world, onTerminal: true });
  await apply.waitFor(/\[#*-+\] [1-9]\d*\/30/);
  apply.child.stdin?.write('\u0003');
  // The shell between `script` and callbackd hears Ctrl-C too, and ends with a code of its own.
  const { stdout } = await apply.finished;
  expect(stdout).toContain(
    `${REWIND}Interrupted: finishing requests in progress. Press Ctrl-C again to stop at once.`,
  );
  expect(stdout).toMatch(/Interrupted: \d+ done and recorded, \d+ left\. Nothing is lost/);
  expect(sandbox.apps().length).toBeLessThan(COUNT);
});
