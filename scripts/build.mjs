// Compiles src/ and web/ to dist/ and marks the entry point executable, so that `npx callbackd` works after `npm ci`. It compiles beside
// dist/ and swaps at the end: what runs from dist/ meanwhile goes on, and a build that fails leaves the last good one.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');
const [next, last] = [`${dist}.next`, `${dist}.last`];
const tscPackage = createRequire(import.meta.url).resolve('typescript/package.json');
const tsc = path.join(path.dirname(tscPackage), 'bin', 'tsc');

rmSync(next, { recursive: true, force: true });
// What browsers load has its own types, and lies in dist/web/.
for (const [project, outDir] of [
  ['tsconfig.build.json', next],
  ['web/tsconfig.json', path.join(next, 'web')],
]) {
  const options = ['-p', path.join(root, project), '--outDir', outDir];
  const { status } = spawnSync(process.execPath, [tsc, ...options], { stdio: 'inherit' });
  if (status === 0) continue;
  rmSync(next, { recursive: true, force: true });
  process.exit(status ?? 1);
}
for (const file of ['page.css', 'icon.svg'])
  copyFileSync(path.join(root, 'web', file), path.join(next, 'web', file));
chmodSync(path.join(next, 'main.js'), 0o755);
rmSync(last, { recursive: true, force: true });
if (existsSync(dist)) renameSync(dist, last);
renameSync(next, dist);
rmSync(last, { recursive: true, force: true });
