// The programs that make the single executable, and the Node that goes into it: exact versions with their checksums in
// packaging/executable/package-lock.json, installed once per lock into the cache folder and not among the project's own packages.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT, runTool } from './run-tool.mjs';

const LOCK_FOLDER = path.join(ROOT, 'packaging', 'executable');
const NAMES = ['package.json', 'package-lock.json'];

/** Where the big things that can be made again are kept: $CALLBACKD_CACHE, else ~/.cache/callbackd. */
export const CACHE = process.env.CALLBACKD_CACHE ?? path.join(os.homedir(), '.cache', 'callbackd');

/** The paths of the tools for a target architecture (`x64` or `arm64`); installs them where they are missing. */
export function installExecutableTools(arch) {
  const folder = path.join(CACHE, `executable-${arch}-${digestLock()}`);
  if (!existsSync(folder)) installInto(folder, arch);
  const modules = path.join(folder, 'node_modules');
  return {
    modules,
    targetNode: path.join(modules, `node-linux-${arch}`, 'bin', 'node'),
    nodePackage: path.join(modules, `node-linux-${arch}`),
    esbuild: path.join(modules, 'esbuild', 'bin', 'esbuild'),
    postject: path.join(modules, 'postject', 'dist', 'cli.js'),
  };
}

function installInto(folder, arch) {
  mkdirSync(CACHE, { recursive: true });
  const next = mkdtempSync(`${folder}.`);
  for (const name of NAMES) cpSync(path.join(LOCK_FOLDER, name), path.join(next, name));
  // Without install scripts: what is needed comes in the packages. The other architecture's Node is left out by npm.
  const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
  runTool('npm', words, { cwd: next });
  if (arch !== process.arch) {
    const lock = JSON.parse(readFileSync(path.join(LOCK_FOLDER, 'package-lock.json'), 'utf8'));
    fetchForeignNode(next, arch, lock.packages[`node_modules/node-linux-${arch}`]);
  }
  if (existsSync(folder)) rmSync(next, { recursive: true, force: true });
  else renameSync(next, folder);
}

/** npm installs no package for another processor, so its archive is fetched, compared with the lock and unpacked. */
function fetchForeignNode(folder, arch, { version, integrity }) {
  const name = `node-linux-${arch}`;
  const packed = JSON.parse(
    runTool('npm', ['pack', `${name}@${version}`, '--json', '--silent'], { cwd: folder }),
  );
  const archive = path.join(folder, packed[0].filename);
  const digest = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (digest !== integrity) throw new Error(`${archive}: ${digest} is not what the lock says, ${integrity}`);
  const target = path.join(folder, 'node_modules', name);
  mkdirSync(target, { recursive: true });
  runTool('tar', ['-xzf', archive, '--strip-components=1', '-C', target]);
  rmSync(archive);
}

function digestLock() {
  const hash = createHash('sha256');
  for (const name of NAMES) hash.update(readFileSync(path.join(LOCK_FOLDER, name)));
  return hash.digest('hex').slice(0, 12);
}
