// Tests the units on a real systemd: builds callbackd, makes a minimal Debian for each release if the cache has none,
// and runs test/systemd inside it. Needs root, mmdebstrap and systemd-nspawn; says so and ends with 1 where they are
// missing, or with 0 under --if-possible. The root file systems stay in $CALLBACKD_CACHE or ~/.cache/callbackd.
//
//   npm run test:systemd                                     # Debian 12 (systemd 252) and 13 (systemd 257)
//   npm run test:systemd -- --if-possible
//   CALLBACKD_SYSTEMD_RELEASES=bookworm npm run test:systemd
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const cache = path.join(
  process.env.CALLBACKD_CACHE ?? path.join(os.homedir(), '.cache', 'callbackd'),
  'systemd',
);
const releases = (process.env.CALLBACKD_SYSTEMD_RELEASES ?? 'bookworm,trixie').split(',');
const packages = [
  'systemd-sysv',
  'dbus',
  'libnss-systemd',
  'procps',
  'libstdc++6',
  'libatomic1',
  'ca-certificates',
];

const missing = findMissing();
if (missing.length > 0) {
  console.error(`systemd tests: not possible here, missing: ${missing.join(', ')}`);
  process.exit(process.argv.includes('--if-possible') ? 0 : 1);
}
run('npm', ['run', 'build', '--silent']);
for (const release of releases) makeRootFileSystem(release);
const folders = releases.map((release) => path.join(cache, `rootfs-${release}`));
run('npx', ['vitest', 'run', '--config', 'test/systemd/vitest.config.ts'], {
  ...process.env,
  CALLBACKD_SYSTEMD_ROOTS: folders.join(':'),
});

function findMissing() {
  const tools = ['mmdebstrap', 'systemd-nspawn', 'nsenter'].filter(
    (tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0,
  );
  return process.getuid?.() === 0 ? tools : ['root', ...tools];
}

function makeRootFileSystem(release) {
  const folder = path.join(cache, `rootfs-${release}`);
  if (existsSync(folder)) return;
  console.error(`systemd tests: making ${folder}, once`);
  mkdirSync(cache, { recursive: true });
  rmSync(`${folder}.new`, { recursive: true, force: true });
  const mirror = findMirror();
  const options = ['--variant=minbase', `--include=${packages.join(',')}`];
  run('mmdebstrap', [...options, release, `${folder}.new`, ...(mirror === undefined ? [] : [mirror])]);
  renameSync(`${folder}.new`, folder);
}

/** The Debian mirror that this host's apt uses; mmdebstrap has its own default. */
function findMirror() {
  const folder = '/etc/apt/sources.list.d';
  const files = [
    '/etc/apt/sources.list',
    ...(existsSync(folder) ? readdirSync(folder).map((f) => path.join(folder, f)) : []),
  ];
  for (const file of files.filter((name) => existsSync(name))) {
    const match = /^(?:URIs:|deb(?:\s+\[[^\]]*\])?)\s+(\S+\/debian\/?)(?:\s|$)/m.exec(
      readFileSync(file, 'utf8'),
    );
    if (match !== null) return match[1];
  }
  return undefined;
}

function run(command, args, env = process.env) {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], cwd: root, env });
  if (status !== 0) process.exit(status ?? 1);
}
