/** `plan --out` replaces a plan, and nothing that somebody may miss. */

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { runCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld } from '../builders/sandbox-world.ts';

const CONFIGURATION = 'version: 1\napps:\n  a: {app_type: normal, name: a}\n';

it.each<[string, string]>([
  ['callbackd.yaml', CONFIGURATION],
  ['state.json', '{"format_version": 1, "lineage": "x", "serial": 1, "apps": {}}'],
  ['history.ndjson', '{"key": "a"}\n{"key": "b"}\n'],
  ['notes.txt', 'hello'],
  ['numbers.json', '[1, 2]'],
])('leaves %s alone', async (file, content) => {
  const { cwd, environment } = await openSandboxWorld();
  writeFileSync(path.join(cwd, 'callbackd.yaml'), CONFIGURATION);
  writeFileSync(path.join(cwd, file), content);
  const refused = await runCallbackd(['plan', '--out', file], { cwd, environment });
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('holds something else than a plan and is left alone');
  expect(readFileSync(path.join(cwd, file), 'utf8')).toBe(content);
});

it('replaces a plan and an empty file, and a plan whose expiry was moved is not applied', async () => {
  const { cwd, environment, started } = await openSandboxWorld();
  const file = path.join(cwd, 'release.plan');
  writeFileSync(path.join(cwd, 'callbackd.yaml'), CONFIGURATION);
  writeFileSync(file, '');
  for (let time = 0; time < 2; time += 1) {
    expect(await runCallbackd(['plan', '--out', file], { cwd, environment })).toMatchObject({ code: 0 });
  }
  const plan = { ...JSON.parse(readFileSync(file, 'utf8')), expires_at: '2099-01-01T00:00:00.000Z' };
  writeFileSync(file, JSON.stringify(plan));
  const refused = await runCallbackd(['apply', file, '--yes'], { cwd, environment });
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain('its seal does not fit');
  expect(started.sandbox.apps()).toEqual([]);
});
