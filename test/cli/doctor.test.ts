/** What `doctor` finds, as a process on a real sandbox: each fault with its cure and its exit code. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Ajv } from 'ajv';
import { expect, it, onTestFinished } from 'vitest';
import { markName, tagOf } from '../../src/model/mark.ts';
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

it('names every stage at which a receiver can fail, with a cure of its own', async () => {
  const { started, cwd, environment } = await openSandboxWorld();
  const base = new URL(started.receiverUrl('x'));
  const behaviours = {
    slow: { mode: 'hang' },
    status: { mode: 'status', status: 500 },
    echo: { mode: 'wrong_echo' },
  } as const;
  for (const [name, behaviour] of Object.entries(behaviours)) started.receivers.behave(name, behaviour);
  const urls = {
    dns: 'https://no-such-host.invalid/x?key=secret',
    tcp: 'http://127.0.0.1:1/x',
    tls: `https://${base.host}/x`,
    ...Object.fromEntries(Object.keys(behaviours).map((name) => [name, started.receiverUrl(name)])),
  };
  const entries = Object.entries(urls).map(
    ([name, url]) => `  ${name}: {app_type: normal, name: ${name}, callback_url: "${url}"}\n`,
  );
  writeFileSync(path.join(cwd, 'callbackd.yaml'), `version: 1\n${ALLOW_LOOPBACK}apps:\n${entries.join('')}`);
  const { code, findings } = await examine({ started, cwd, environment });
  expect(code).toBe(1);
  const receivers = of(findings, 'receiver');
  const stages = receivers.map(({ message }) => /^(\w+): failed at (\w+)/.exec(message)?.slice(1).join(' '));
  expect(stages.sort()).toEqual(['dns dns', 'echo echo', 'slow time', 'status http', 'tcp tcp', 'tls tls']);
  expect(new Set(receivers.map(({ cure }) => cure)).size).toBe(6);
  expect(JSON.stringify(receivers)).not.toContain('key=secret');
});

it('finds a clock that is off, a state that is refused, and units of systemd that failed', async () => {
  const world = await openWorld();
  const answer = '{"code":4100,"msg":"authentication is invalid"}';
  const server = createServer((_, response) => {
    const date = new Date(Date.now() - 3_600_000).toUTCString();
    response.writeHead(401, { 'content-type': 'application/json', date }).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  mkdirSync(path.join(world.cwd, 'state'));
  writeFileSync(path.join(world.cwd, 'state', 'state.json'), '');
  mkdirSync(path.join(world.cwd, 'bin'));
  const units = [
    'Id=callbackd.service\nLoadState=not-found\nActiveState=inactive',
    'Id=callbackd@a.service\nLoadState=loaded\nActiveState=failed\nResult=exit-code\nFragmentPath=/x',
    'Id=callbackd@b.service\nLoadState=loaded\nActiveState=active\nNeedDaemonReload=yes\nFragmentPath=/x',
  ];
  writeFileSync(
    path.join(world.cwd, 'bin', 'systemctl'),
    `#!/bin/sh\ncat <<'END'\n${units.join('\n\n')}\nEND\n`,
    {
      mode: 0o755,
    },
  );
  const { port } = server.address() as AddressInfo;
  const environment = {
    ...world.environment,
    COZE_API_BASE: `http://127.0.0.1:${port}`,
    PATH: `${world.cwd}/bin:${process.env['PATH']}`,
  };
  const { code, findings } = await examine({ ...world, environment });
  expect(code).toBe(6);
  expect(of(findings, 'clock')).toMatchObject([{ level: 'warning', cure: expect.stringContaining('NTP') }]);
  expect(of(findings, 'clock')[0]?.message).toMatch(/^3\d{3} s ahead of the platform's$/);
  expect(of(findings, 'state')).toMatchObject([
    { level: 'error', message: expect.stringContaining('is empty') },
  ]);
  expect(of(findings, 'systemd')).toMatchObject([
    { level: 'error', cure: expect.stringContaining('journalctl -u callbackd@a.service') },
    { level: 'warning', cure: expect.stringContaining('systemctl restart callbackd@b.service') },
  ]);
});

it('contacts neither the platform nor a receiver with --offline', async () => {
  const world = await openWorld();
  const { code, stdout } = await runCallbackd(['doctor', '--offline', '-o', 'json'], world);
  expect(code).toBe(0);
  expect(new Set(JSON.parse(stdout).findings.map(({ check }: Finding) => check))).not.toContain('account');
  expect(world.started.sandbox.records.list()).toEqual([]);
});

it('reads where each receiver of notifications is, sends nothing, and shows no URL', async () => {
  const notify = [
    '  - {name: ops, format: feishu, url_file: webhook}',
    '  - {name: audit, format: json, url_env: UNSET_HOOK}',
    '  - {name: open, format: slack, url_file: plain}',
  ];
  const world = await openWorld(`${ALLOW_LOOPBACK}notify:\n${notify.join('\n')}\n`);
  writeFileSync(path.join(world.cwd, 'webhook'), 'https://open.feishu.cn/open-apis/bot/v2/hook/T0pSecret');
  writeFileSync(path.join(world.cwd, 'plain'), 'http://hooks.example.com/T0pSecret');
  const { code, findings } = await examine(world);
  expect(code).toBe(1);
  expect(of(findings, 'notify').map(({ level, message }) => [level, message])).toEqual([
    ['ok', 'ops: the URL of its feishu webhook is set'],
    ['error', 'audit: the variable UNSET_HOOK is empty or not set'],
    [
      'error',
      expect.stringMatching(/^open: the file \S+plain contains a URL that does not begin with https:\/\/$/),
    ],
  ]);
  expect(JSON.stringify(findings)).not.toContain('T0pSecret');
});

it('tells that another writer works in the account, but not of marks of its own', async () => {
  const world = await openWorld();
  expect(await runCallbackd(['apply', '--yes', '-q'], world)).toMatchObject({ code: 0 });
  const { lineage } = JSON.parse(readFileSync(path.join(world.cwd, 'state/state.json'), 'utf8'));
  const edits = world.started.sandbox.console();
  edits.create({ name: markName('ours', { tag: tagOf(lineage), nonce: '00000001' }) });
  const warnings = async () =>
    of((await examine(world)).findings, 'account').filter(({ level }) => level === 'warning');
  expect(await warnings()).toEqual([]);
  const id = edits.create({ name: markName('theirs', { tag: '0dd5', nonce: '00000002' }) });
  expect(await warnings()).toMatchObject([
    { message: `another writer works here: ${id} carries the mark of another callbackd` },
  ]);
});
