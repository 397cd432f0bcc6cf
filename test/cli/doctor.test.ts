/** What `doctor` finds, as a process on a real sandbox: each fault with its cure and its exit code. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { runCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld, type SandboxWorld, writeFleet } from '../builders/sandbox-world.ts';

const SCHEMA = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../schema/doctor.schema.json'), 'utf8'),
);
const ALLOW_LOOPBACK = 'reconcile: {preflight_allow_private: true}\n';

interface Finding {
  readonly check: string;
  readonly level: string;
  readonly message: string;
  readonly cure: string | null;
}

async function examine(world: SandboxWorld): Promise<{ code: number | null; findings: Finding[] }> {
  const { code, stdout } = await runCallbackd(['doctor', '-q', '-o', 'json'], world);
  const document = JSON.parse(stdout);
  const ajv = new Ajv({ strict: true, strictTypes: false });
  expect(ajv.validate(SCHEMA, document) ? [] : ajv.errors).toEqual([]);
  return { code, findings: document.findings };
}

async function openWorld(head = ALLOW_LOOPBACK): Promise<SandboxWorld> {
  const world = await openSandboxWorld();
  writeFileSync(path.join(world.cwd, 'callbackd.yaml'), writeFleet(2, world.started.receiverUrl, head));
  return world;
}

const of = (findings: readonly Finding[], check: string) =>
  findings.filter((finding) => finding.check === check);

it('finds nothing wrong with a healthy host, and writes nothing', async () => {
  const world = await openWorld();
  const { code, findings } = await examine(world);
  expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
  expect(code).toBe(0);
  expect(of(findings, 'account')[0]?.message).toMatch(/lists 0 apps/);
  expect(of(findings, 'clock')).toMatchObject([{ level: 'ok' }]);
  expect(of(findings, 'receiver')).toHaveLength(2);
  const text = await runCallbackd(['doctor', '-q'], world);
  expect(text.stdout).toMatch(/ok +configuration +callbackd\.yaml is valid, 2 apps/);
  expect(text.stdout).not.toContain(world.started.token);
  expect(readdirSync(world.cwd)).toEqual(['callbackd.yaml']);
});

it('names the stage at which a receiver fails its challenge', async () => {
  const world = await openWorld();
  world.started.receivers.behave('app-0001', { mode: 'wrong_echo' });
  const { code, findings } = await examine(world);
  expect(code).toBe(1);
  const [broken] = of(findings, 'receiver').filter(({ level }) => level === 'error');
  expect(broken?.message).toMatch(/^app-0001: failed at echo: /);
  expect(broken?.cure).toContain('{"challenge":"X"}');
});

it('exits 6 for a token that the platform refuses, and says that the region may be wrong', async () => {
  const world = await openWorld();
  const environment = { ...world.environment, COZE_API_TOKEN: 'pat_of_another_region' };
  const { code, findings } = await examine({ ...world, environment });
  expect(code).toBe(6);
  expect(of(findings, 'account')).toMatchObject([{ level: 'error' }]);
  expect(of(findings, 'account')[0]?.cure).toContain('region');
});

it('exits 6 without a token, and 3 for a file that is not valid, with file and line', async () => {
  const world = await openWorld();
  const { COZE_API_TOKEN: _, ...environment } = world.environment;
  const without = await examine({ ...world, environment });
  expect(without.code).toBe(6);
  expect(of(without.findings, 'token')).toMatchObject([{ level: 'error' }]);
  writeFileSync(path.join(world.cwd, 'callbackd.yaml'), 'version: 1\napps: {a: {}}\n');
  const invalid = await examine(world);
  expect(invalid.code).toBe(3);
  expect(of(invalid.findings, 'configuration')[0]?.message).toMatch(/^callbackd\.yaml:2: /);
});
