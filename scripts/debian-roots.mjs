// Minimal Debian root file systems to boot tests in, made once per release with mmdebstrap and kept in the cache folder.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { CACHE } from './release/executable-tools.mjs';
import { findMissingTools, runTool } from './release/run-tool.mjs';

const FOLDER = path.join(CACHE, 'systemd');
const PACKAGES = [
  'systemd-sysv',
  'dbus',
  'libnss-systemd',
  'procps',
  'libstdc++6',
  'libatomic1',
  'ca-certificates',
];

/** What is missing here to boot them; empty when nothing is. */
export function findMissingForRoots() {
  const tools = findMissingTools(['mmdebstrap', 'systemd-nspawn', 'nsenter']);
  return process.getuid?.() === 0 ? tools : ['root', ...tools];
}

/** The folder of each release's root file system; makes those that are not there. */
export function makeDebianRoots(releases) {
  return releases.map((release) => {
    const folder = path.join(FOLDER, `rootfs-${release}`);
    if (!existsSync(folder)) makeRoot(release, folder);
    return folder;
  });
}

function makeRoot(release, folder) {
  console.error(`making ${folder}, once`);
  mkdirSync(FOLDER, { recursive: true });
  const next = mkdtempSync(`${folder}.`);
  const mirror = findDebianMirror();
  const options = ['--variant=minbase', `--include=${PACKAGES.join(',')}`];
  runTool('mmdebstrap', [...options, release, next, ...(mirror === undefined ? [] : [mirror])]);
  if (existsSync(folder)) rmSync(next, { recursive: true, force: true });
  else renameSync(next, folder);
}

/** The Debian mirror that this host's apt uses; mmdebstrap has its own default. */
export function findDebianMirror() {
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
