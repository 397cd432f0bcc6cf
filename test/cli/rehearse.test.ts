/** `callbackd rehearse` as a process: it needs no token, writes nothing, talks to nobody, and says what it found. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { makeFolder, runCallbackd } from '../builders/run-callbackd.ts';

const SCHEMA = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../schema/rehearsal.schema.json'), 'utf8'),
);
const isValid = new Ajv({ allErrors: true }).compile(SCHEMA);

const FILE = `version: 1
reconcile: {schedule: "*/30 * * * *"}
coze: {call_budget: {per_day: 10}}
apps:
  orders: {app_type: normal, name: Orders, callback_url: https://hooks.example.com/secret/orders}
  refunds: {app_type: normal, name: Refunds, callback_url: https://hooks.example.com/secret/orders}
`;
const ACCOUNT = `version: 1
apps:
  orders: # 7512345678901234567
    app_type: normal
    name: Orders
`;

function openFolder() {
  const cwd = makeFolder();
  writeFileSync(path.join(cwd, 'callbackd.yaml'), FILE);
  writeFileSync(path.join(cwd, 'account.yaml'), ACCOUNT);
  return { cwd, environment: {} };
}

it('reports what it found as JSON of its schema, and leaves nothing behind', async () => {
  const place = openFolder();
  const { code, stdout } = await runCallbackd(
    ['rehearse', '--runs', '2', '--account', 'account.yaml', '-o', 'json'],
    place,
  );
  const report = JSON.parse(stdout);
  isValid(report);
  expect(isValid.errors).toBeNull();
  expect({ code, violations: report.violations, runs: report.runs }).toEqual({
    code: 0,
    violations: [],
    runs: 2,
  });
  expect(report.held).toMatchObject([{ key: 'orders', reason: 'unowned_match', id: '7512345678901234567' }]);
  expect(report.findings.join('\n')).toMatch(/exceeds `call_budget\.per_day` \(10\)[\s\S]*orders, refunds/);
  expect(readdirSync(place.cwd).sort()).toEqual(['account.yaml', 'callbackd.yaml']);
});

it('tells one run line by line, twice the same, without the paths of webhooks', async () => {
  const place = openFolder();
  const first = await runCallbackd(['rehearse', '--seed', '2'], place);
  const second = await runCallbackd(['rehearse', '--seed', '2'], place);
  expect(first.code).toBe(0);
  expect(first.stdout).toBe(second.stdout);
  expect(first.stdout).toMatch(/life 1 request 1 GET \/v1\/api_apps[\s\S]*Seed 2: every promise held\.\n$/);
  expect(first.stdout).not.toContain('/secret/');
});

it('refuses what it cannot play, and says what to write instead', async () => {
  const place = openFolder();
  expect(await runCallbackd(['rehearse', '--runs', 'many'], place)).toMatchObject({ code: 64 });
  const both = await runCallbackd(['rehearse', '--runs', '2', '--seed', '3'], place);
  expect(both).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('--seed replays a single run and cannot be combined with --runs'),
  });
  writeFileSync(path.join(place.cwd, 'callbackd.yaml'), 'version: 1\n');
  expect(await runCallbackd(['rehearse'], place)).toMatchObject({ code: 3 });
});
