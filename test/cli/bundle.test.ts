/**
 * The support archive, packed by real processes on a real sandbox and unpacked by the system's own tar: every input holds a
 * planted secret, and none gets out.
 */
import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld, type SandboxWorld, writeFleet } from '../builders/sandbox-world.ts';

const SCHEMA = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../schema/bundle.schema.json'), 'utf8'),
);

/** Each is planted in one place; none may be in the archive. */
const PLANTED = {
  comment: 'pat_PlantedInAComment0123456789',
  query: 'PlantedInAQuery0123456789',
  password: 'PlantedInAUrl0123456789',
  webhook: 'https://open.feishu.cn/open-apis/bot/v2/hook/PlantedWebhook0123456789',
  unit: 'PlantedInAUnit0123456789',
  verifyToken: 'PlantedVerifyToken0123456789abcdefPlantedVerifyToken0123456789ab',
};

interface Unpacked {
  readonly files: ReadonlyMap<string, string>;
  readonly manifest: {
    readonly files: readonly { readonly name: string; readonly sha256: string; readonly masked: number }[];
    readonly missing: readonly { readonly name: string; readonly because: string }[];
    readonly not_looked_for: readonly { readonly name: string }[];
  };
}

/** Whatever tar makes of it. */
function unpack(archive: string): Unpacked {
  const into = `${archive}.d`;
  mkdirSync(into);
  execFileSync('tar', ['-xzf', archive, '-C', into, '--strip-components=1']);
  const names = readdirSync(into, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(path.join(into, name)).isFile(),
  );
  const files = new Map(names.map((name) => [name, readFileSync(path.join(into, name), 'utf8')]));
  return { files, manifest: JSON.parse(files.get('manifest.json') ?? '') };
}

/** Programs of the host that answer with `text`, before all others on the PATH. */
function plantPrograms(world: SandboxWorld, programs: Readonly<Record<string, string>>): SandboxWorld {
  const bin = path.join(world.cwd, 'bin');
  mkdirSync(bin);
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\ncat <<'END'\n${text}\nEND\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
  return { ...world, environment: { ...world.environment, PATH: `${bin}:${process.env['PATH']}` } };
}

async function openPlantedWorld(): Promise<SandboxWorld> {
  const world = await openSandboxWorld();
  const head = [
    'reconcile: {preflight_allow_private: true}',
    'token_sink: {dir: tokens}',
    'include: [more/*.yaml]',
    `# the old token was ${PLANTED.comment}`,
    '',
  ].join('\n');
  writeFileSync(path.join(world.cwd, 'callbackd.yaml'), writeFleet(2, world.started.receiverUrl, head));
  mkdirSync(path.join(world.cwd, 'more'));
  const url = `https://user:${PLANTED.password}@hooks.example.com/x?key=${PLANTED.query}`;
  writeFileSync(
    path.join(world.cwd, 'more', 'x.yaml'),
    `apps:\n  with-query:\n    app_type: normal\n    name: a\n    callback_url: ${url.replace(/\/\/.*@/, '//')}\n# ${url}\n# ${PLANTED.webhook}\n`,
  );
  return plantPrograms(world, {
    systemctl: `[Service]\nEnvironment=COZE_API_TOKEN=${PLANTED.unit}\nLoadCredential=coze_token:/etc/x`,
    journalctl: `{"msg":"x","note":"${world.started.token} ${PLANTED.verifyToken}"}`,
  });
}

it('holds what is needed, masks every secret, and says how much of what', async () => {
  const world = await openPlantedWorld();
  await runCallbackd(['apply', '-q', '--yes'], world);
  const sink = path.join(world.cwd, 'tokens');
  const delivered = readdirSync(sink).filter((name) => !name.startsWith('.'));
  expect(delivered.length).toBeGreaterThan(1);
  const tokens = delivered.map((name) => readFileSync(path.join(sink, name), 'utf8'));
  // A careless hand copied one into the file.
  const file = path.join(world.cwd, 'callbackd.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}# ${tokens[0]}\n`);

  const written = await runCallbackd(['bundle', '--plan', '--output-file', 'b.tar.gz'], world);
  expect(written).toMatchObject({ code: 0, stderr: '' });
  const archive = path.join(world.cwd, 'b.tar.gz');
  expect(statSync(archive).mode & 0o777).toBe(0o600);
  const { files, manifest } = unpack(archive);
  expect([...files.keys()].sort()).toEqual([
    'about.json',
    'configuration/1-callbackd.yaml',
    'configuration/2-x.yaml',
    'doctor.json',
    'manifest.json',
    'plan.json',
    'state/history.ndjson',
    'state/listing.json',
    'state/state.json',
    'state/state.json.bak',
    'state/state.log',
    'state/state.log.bak',
    'systemd/journal.ndjson',
    'systemd/properties.txt',
    'systemd/units.txt',
  ]);
  const everything = [...files].map(([name, text]) => `${name}\n${text}`).join('\n');
  const secrets = [world.started.token, ...Object.values(PLANTED), ...tokens];
  expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
  expect(new Ajv({ strict: true, allErrors: true }).validate(SCHEMA, manifest)).toBe(true);
  const listed = new Map(manifest.files.map((entry) => [entry.name, entry]));
  for (const [name, text] of files) {
    if (name === 'manifest.json') continue;
    expect(listed.get(name)?.sha256).toBe(createHash('sha256').update(text).digest('hex'));
  }
  expect(listed.get('configuration/1-callbackd.yaml')?.masked).toBe(3);
  expect(listed.get('configuration/2-x.yaml')?.masked).toBe(4);
  const masks = files.get('configuration/2-x.yaml')?.match(/\[masked\]|\*\*\*/g);
  expect(masks).toHaveLength(4);
  expect(files.get('configuration/2-x.yaml')).toContain('https://hooks.example.com/x?key=[masked]');
  expect(files.get('systemd/units.txt')).toContain('LoadCredential=coze_token:/etc/x');
  expect(manifest.missing).toEqual([
    { name: 'status.json', because: expect.stringContaining('no callbackd daemon listens') },
  ]);
});

it('never overwrites, and takes the name of the instant where none is given', async () => {
  const world = await openPlantedWorld();
  writeFileSync(path.join(world.cwd, 'b.tar.gz'), 'precious');
  const refused = await runCallbackd(['bundle', '--offline', '--output-file', 'b.tar.gz'], world);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('already exists') });
  expect(readFileSync(path.join(world.cwd, 'b.tar.gz'), 'utf8')).toBe('precious');
  const { code, stdout } = await runCallbackd(['bundle', '--offline', '-o', 'json'], world);
  expect(code).toBe(0);
  const { file } = JSON.parse(stdout);
  expect(file).toMatch(/^callbackd-bundle-\d{8}T\d{6}Z\.tar\.gz$/);
  expect(world.started.sandbox.records.list()).toEqual([]);
  expect(unpack(path.join(world.cwd, file)).files.has('doctor.json')).toBe(true);
});

it('is not written when a secret of this host would still be in it', async () => {
  const world = await openPlantedWorld();
  // What looks like a key is masked, whatever it is; this does not.
  const form = world.started.token.replaceAll(/./g, (one) => `%${one.charCodeAt(0).toString(16)}`);
  writeFileSync(path.join(world.cwd, 'more', 'y.yaml'), `apps: {}\n# ${form}\n`);
  const refused = await runCallbackd(['bundle', '--offline', '--output-file', 'b.tar.gz'], world);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(
    /no bundle was written: configuration\/3-y\.yaml would contain the value of \$COZE_API_TOKEN, percent-encoded/,
  );
  expect(readdirSync(world.cwd)).not.toContain('b.tar.gz');
});

it('masks the private key of an OAuth app, line by line, and says what it could not read', async () => {
  const world = await openPlantedWorld();
  const { COZE_API_TOKEN: _, ...environment } = world.environment;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(path.join(world.cwd, 'key.pem'), pem, { mode: 0o600 });
  const [, line = ''] = pem.split('\n');
  const jwt = 'coze: {auth: {jwt: {client_id: "1", key_id: k, private_key_file: key.pem}}}';
  const file = path.join(world.cwd, 'callbackd.yaml');
  writeFileSync(file, `version: 1\n${jwt}\napps: {}\n# ${line}\n`);
  const written = await runCallbackd(['bundle', '--offline', '--output-file', 'b.tar.gz'], {
    ...world,
    environment,
  });
  expect(written.code).toBe(0);
  expect(unpack(path.join(world.cwd, 'b.tar.gz')).files.get('configuration/1-callbackd.yaml')).not.toContain(
    line,
  );

  writeFileSync(file, `version: 1\n${jwt.replace('key.pem', 'gone.pem')}\napps: {}\n`);
  const without = await runCallbackd(['bundle', '--offline', '--output-file', 'c.tar.gz'], {
    ...world,
    environment,
  });
  expect(without.stdout).toMatch(/not searched for the private key: .*gone\.pem cannot be read/);
});

it('masks what webhooks are reached with, wherever that is kept', async () => {
  const world = await openPlantedWorld();
  const secrets = [
    'https://chat.example.com/InAFile',
    'https://chat.example.com/InAVariable',
    'PartOfTheUrl',
  ];
  writeFileSync(path.join(world.cwd, 'hook'), `${secrets[0]}\n`, { mode: 0o600 });
  const notify = [
    '  - {name: a, format: json, url_file: hook}',
    '  - {name: b, format: json, url_env: HOOK_B}',
    `  - {name: c, format: json, url: "https://chat.example.com/\${HOOK_C}"}`,
  ].join('\n');
  const comments = secrets.map((secret) => `# ${secret}\n`).join('');
  writeFileSync(
    path.join(world.cwd, 'callbackd.yaml'),
    `${comments}version: 1\napps: {}\nnotify:\n${notify}\n`,
  );
  const environment = { ...world.environment, HOOK_B: secrets[1] ?? '', HOOK_C: secrets[2] ?? '' };
  const written = await runCallbackd(['bundle', '--offline', '--output-file', 'b.tar.gz'], {
    ...world,
    environment,
  });
  expect(written).toMatchObject({ code: 0, stderr: '' });
  const everything = [...unpack(path.join(world.cwd, 'b.tar.gz')).files.values()].join('\n');
  expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
});

it('is packed without a valid configuration, too: the file and its problems are what is needed then', async () => {
  const world = await openPlantedWorld();
  const body = `version: 1\napps: {a: {}}\nnotify:\n  - url: https://chat.example.com/in/${PLANTED.query}\n`;
  writeFileSync(path.join(world.cwd, 'callbackd.yaml'), body);
  const written = await runCallbackd(['bundle', '--output-file', 'b.tar.gz'], world);
  expect(written.code).toBe(0);
  const { files } = unpack(path.join(world.cwd, 'b.tar.gz'));
  expect(files.get('configuration/1-callbackd.yaml')).toContain('apps: {a: {}}');
  expect(files.get('configuration/1-callbackd.yaml')).not.toContain(PLANTED.query);
  expect(files.get('doctor.json')).toContain('callbackd.yaml:2');
});

it('has the status of the running daemon', async () => {
  const world = await openPlantedWorld();
  const daemon = startCallbackd(['run'], world);
  await daemon.waitFor('round ended');
  expect((await runCallbackd(['bundle', '--output-file', 'b.tar.gz'], world)).code).toBe(0);
  const { files } = unpack(path.join(world.cwd, 'b.tar.gz'));
  expect(JSON.parse(files.get('status.json') ?? '')).toHaveProperty('condition');
  expect(files.get('state/last-good/1-callbackd.yaml')).not.toContain(PLANTED.comment);
});
