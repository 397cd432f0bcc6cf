/** The token is replaced while an apply runs: a real process, a real token file, a platform that stops taking the old one. */
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld, writeFleet } from '../builders/sandbox-world.ts';

const COUNT = 60;
const EXPIRE_AFTER = 20;

it('continues with the new token when the old one expires amid an apply, without a duplicate', async () => {
  const world = await openSandboxWorld({ latencyMs: { min: 10, max: 10 } });
  const { started, cwd } = world;
  const token = path.join(cwd, 'token');
  writeFileSync(token, 'pat_first\n', { mode: 0o600 });
  started.sandbox.access.grant({ token: 'pat_first', account: 'main' });
  const auth = `coze: {auth: {token_file: ${token}}, max_requests_per_second: 1000}\n`;
  const yaml = writeFleet(COUNT, started.receiverUrl).replace(/coze: .*\n/, auth);
  writeFileSync(path.join(cwd, 'callbackd.yaml'), yaml);
  const environment = { ...world.environment, COZE_API_TOKEN: '' };
  const applying = startCallbackd(['apply', '--yes'], { cwd, environment });
  await expect
    .poll(() => started.sandbox.apps().length, { timeout: 15_000, interval: 5 })
    .toBeGreaterThan(EXPIRE_AFTER);
  writeFileSync(`${token}.new`, 'pat_second\n', { mode: 0o600 });
  renameSync(`${token}.new`, token);
  started.sandbox.access.grant({ token: 'pat_second', account: 'main' });
  started.sandbox.access.revoke('pat_first');
  const { code, stdout, stderr } = await applying.finished;
  expect({ code, applied: stdout.includes(`${COUNT} applied`) }).toEqual({ code: 0, applied: true });
  const names = started.sandbox.apps().map((app) => app.name);
  expect(new Set(names).size).toBe(COUNT);
  expect(names).toHaveLength(COUNT);
  expect(stdout + stderr).not.toMatch(/pat_(first|second)/);
});
