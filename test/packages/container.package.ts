/** The container image, built from the Dockerfile and run: what docs/packaging.md promises of it. */
import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findPort } from '../builders/find-port.ts';
import { openPodman, type Podman } from './podman.ts';
import { readPages } from './walk-through.ts';

const image = process.env['CALLBACKD_IMAGE'] ?? '';
if (image === '') throw new Error('start these tests with `npm run test:container`');

const ROOT = path.resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const MEGABYTE = 1_000_000;
const MEGABYTES_MAX = 125;
const USER = '65532';
const TOKEN = 'pat_sandbox';
/** As docs/packaging.md shows it. Unlike Docker, podman would bring folders to write to. */
const LOCKED_UP = [
  '--read-only-tmpfs=false',
  '--read-only',
  '--cap-drop',
  'all',
  '--security-opt',
  'no-new-privileges',
];
/** Of packaging/compose.yaml. */
const LIMITED = ['--memory', '256m', '--pids-limit', '64'];
/** Nothing but what the executable needs may be in the image. */
const LIBRARIES =
  /^lib(64)?\/(x86_64-linux-gnu\/|aarch64-linux-gnu\/)?(ld-linux|lib(c|m|dl|pthread|gcc_s|stdc\+\+)\.)/;

let folder: string;
let podman: Podman;
let sandbox: string;
let status: string;

const write = (apps: readonly string[]) => {
  const entries = apps.map((name) => `  ${name}: {app_type: normal, name: ${name}}\n`).join('');
  const head = `version: 1\ncoze: {base_url: "${sandbox}", max_requests_per_second: 50}\nstatus: {listen: "${status}"}\n`;
  // As an editor does: beside it, and over it.
  const next = path.join(folder, 'config', 'callbackd.yaml.next');
  writeFileSync(next, `${head}apps:\n${entries}`);
  renameSync(next, path.join(folder, 'config', 'callbackd.yaml'));
};
/**
 * The words of docs/packaging.md, but on this host's loopback, where the sandbox is; elsewhere the engine gives each container
 * a host name of its own.
 */
const daemon = (name: string) => [
  ...['run', '--detach', `--name=${name}`, ...LOCKED_UP, ...LIMITED],
  ...['--network=host', '--uts=private', `--hostname=${randomBytes(6).toString('hex')}`],
  ...['--volume', `${folder}/config:/etc/callbackd:ro`, '--volume', 'callbackd-state:/var/lib/callbackd'],
  ...['--env', 'COZE_API_TOKEN', image],
];
const callbackd = (...words: string[]) => podman.must('exec', 'callbackd', 'callbackd', ...words);
const exitOf = (name: string) => podman.must('inspect', name, '--format', '{{.State.ExitCode}}');
/** When it answers, and a round has read the account. */
const inSync = async (count: number) => {
  await podman.until('exec', 'callbackd', 'callbackd', 'reconcile', '--wait');
  expect(await callbackd('status')).toContain(`${count} in sync`);
};
const appsOf = async () => {
  const apps = (await (await fetch(`${sandbox}/_sandbox/apps`)).json()) as { name: string }[];
  return apps.map(({ name }) => name).sort();
};

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'callbackd-container-'));
  podman = openPodman(folder, { COZE_API_TOKEN: TOKEN });
  sandbox = `http://127.0.0.1:${await findPort()}`;
  status = `127.0.0.1:${await findPort()}`;
  mkdirSync(path.join(folder, 'config'), { mode: 0o755 });
});
afterAll(async () => {
  writeFileSync(process.env['CALLBACKD_TRANSCRIPT'] ?? '/dev/null', podman.transcript());
  rmSync(folder, { recursive: true, force: true });
});

it('says what it is, runs as one user without rights, and is small', async () => {
  const [found] = JSON.parse(await podman.look('image', 'inspect', image));
  expect(found.Config.Labels).toMatchObject({
    'org.opencontainers.image.title': 'callbackd',
    'org.opencontainers.image.description': expect.stringContaining('Coze'),
    'org.opencontainers.image.licenses': 'Apache-2.0',
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.revision': process.env['CALLBACKD_REVISION'],
  });
  expect(found.Config).toMatchObject({ User: `${USER}:${USER}`, Entrypoint: ['callbackd'], Cmd: ['run'] });
  expect(Object.keys(found.Config.Volumes).sort()).toEqual(['/run/callbackd', '/var/lib/callbackd']);
  await podman.must('images', '--format', '{{.Repository}}:{{.Tag}}  {{.Size}}', image);
  expect(found.Size / MEGABYTE).toBeLessThan(MEGABYTES_MAX);
});

it('holds the executable, the libraries that it links to, and no other program', async () => {
  const root = await podman.look('image', 'mount', image);
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  const names = files.map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
  await podman.look('image', 'unmount', image);
  const others = names.filter((name) => !LIBRARIES.test(name)).sort();
  expect(others).toEqual(['LICENSE', 'THIRD-PARTY-NOTICES', 'etc/passwd', 'usr/bin/callbackd']);
  expect(await podman.ask('run', '--rm', '--network=none', '--entrypoint', 'sh', image)).toMatchObject({
    code: 127,
  });
});

it('runs without privileges, without a network and on a read-only root', async () => {
  const alone = ['run', '--rm', '--network=none'];
  expect(await podman.must(...alone, ...LOCKED_UP, ...LIMITED, image, '--version')).toBe(version);
  // The tour writes into /tmp.
  expect(await podman.must(...alone, ...LOCKED_UP, '--tmpfs=/tmp', image, 'demo')).toContain(
    'The daemon restored the URL.',
  );
});

it('converges as a daemon, as a user without capabilities that can write nothing but its volumes', async () => {
  const port = new URL(sandbox).port;
  const words = ['run', '--detach', '--name=sandbox', '--network=host', ...LOCKED_UP, image];
  await podman.must(...words, 'sandbox', '--port', port);
  write(['orders', 'bills']);
  await podman.must(...daemon('callbackd'));
  await inSync(2);
  expect(await appsOf()).toEqual(['bills', 'orders']);
  expect(await callbackd('plan')).toContain('nothing to do');
  const pid = await podman.look('inspect', 'callbackd', '--format', '{{.State.Pid}}');
  const facts = readFileSync(`/proc/${pid}/status`, 'utf8');
  expect(facts).toMatch(new RegExp(`^Uid:(\\t${USER}){4}$`, 'm'));
  expect(facts).toMatch(/^CapPrm:\t0+$/m);
  expect(facts).toMatch(/^CapBnd:\t0+$/m);
  expect(facts).toMatch(/^NoNewPrivs:\t1$/m);
  const mounts = readFileSync(`/proc/${pid}/mountinfo`, 'utf8')
    .split('\n')
    .map((line) => line.split(' '));
  const writable = mounts
    .filter(([, , , , , how = '']) => how.startsWith('rw'))
    .map(([, , , , at = '']) => at);
  // The engine's own apart.
  const ours = writable.filter(
    (at) => !/^\/(dev|proc|sys|etc\/host|etc\/resolv|run\/\.containerenv)/.test(at),
  );
  expect(ours.sort()).toEqual(['/run/callbackd', '/var/lib/callbackd']);
});

it('is healthy by its own health check, and answers its pages', async () => {
  await podman.must('healthcheck', 'run', 'callbackd');
  expect(await podman.must('inspect', 'callbackd', '--format', '{{.State.Health.Status}}')).toBe('healthy');
  expect(await callbackd('status', '--check')).toBe('healthy: the main loop is running');
  await readPages(`http://${status}`);
});

it('does what the replaced file says', async () => {
  write(['orders', 'bills', 'stock']);
  await inSync(3);
  expect(await appsOf()).toEqual(['bills', 'orders', 'stock']);
});

it('ends in time and with 0, and a new container continues from its volume', async () => {
  await podman.must('stop', '--time', '15', 'callbackd');
  expect(await exitOf('callbackd')).toBe('0');
  const log = await podman.ask('logs', 'callbackd');
  expect(log.stdout).toContain('"msg":"daemon stopped"');
  expect(log.stdout + log.stderr).not.toContain(TOKEN);
  await podman.must('rm', 'callbackd');
  await podman.must(...daemon('callbackd'));
  await inSync(3);
  expect(await appsOf()).toHaveLength(3);
});

it('continues by itself when it is started again after a kill', async () => {
  await podman.must('kill', 'callbackd');
  await podman.must('wait', 'callbackd');
  await podman.must('start', 'callbackd');
  await inSync(3);
  expect(await appsOf()).toHaveLength(3);
});

it('refuses the volume that another container holds, and continues from it when that one was killed', async () => {
  await podman.must(...daemon('second'));
  expect(await podman.must('wait', 'second')).toBe('5');
  expect((await podman.ask('logs', 'second')).stderr).toContain(
    'the state directory is held by process 1 on',
  );
  await podman.must('kill', 'callbackd');
  await podman.must('wait', 'callbackd');
  await podman.must('rm', 'callbackd', 'second');
  await podman.must(...daemon('callbackd'));
  await inSync(3);
  expect(await appsOf()).toHaveLength(3);
});

it('starts by the Compose file, with its token as a secret', async () => {
  await podman.look('rm', '--all', '--force', '--time', '0');
  const beside = path.join(folder, 'composed');
  mkdirSync(path.join(beside, 'config'), { recursive: true, mode: 0o755 });
  copyFileSync(path.join(ROOT, 'packaging', 'compose.yaml'), path.join(beside, 'compose.yaml'));
  writeFileSync(path.join(beside, 'coze_token'), `${TOKEN}\n`);
  const coze = '{base_url: "http://127.0.0.1:9650", auth: {token_file: /run/secrets/coze_token}}';
  const yaml = `version: 1\ncoze: ${coze}\napps: {orders: {app_type: normal, name: orders}}\n`;
  writeFileSync(path.join(beside, 'config', 'callbackd.yaml'), yaml);
  const compose = openPodman(beside, {}, 'podman-compose');
  await compose.must('up', '--no-build', '--detach');
  const name = 'composed_callbackd_1';
  // On the loopback of the container, which no other network has a way to.
  const words = ['run', '--detach', '--name=sandbox', `--network=container:${name}`, ...LOCKED_UP, image];
  await podman.must(...words, 'sandbox', '--port', '9650');
  await podman.until('exec', name, 'callbackd', 'reconcile', '--wait');
  expect(await podman.must('exec', name, 'callbackd', 'status')).toContain('1 in sync');
  await podman.must('healthcheck', 'run', name);
  const limits = await podman.look(
    'inspect',
    name,
    '--format',
    '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.Memory}}',
  );
  expect(limits).toBe(`true ${256 * 1024 * 1024}`);
  await compose.must('stop');
  expect(await exitOf(name)).toBe('0');
});
