// Builds dist/, what runs and ships: the program as a few scripts instead of one per source, because each file costs a start
// half a millisecond, and what browsers load in dist/web/. Beside it out/modules/, one script per source, for the programs of
// bench/ and scripts/ that use single parts. It builds beside dist/ and swaps at the end: what runs from dist/ meanwhile goes
// on, and a build that fails leaves the last good one.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'rolldown';

const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');
const [next, last] = [`${dist}.next`, `${dist}.last`];
const tscPackage = createRequire(import.meta.url).resolve('typescript/package.json');
const tsc = path.join(path.dirname(tscPackage), 'bin', 'tsc');

rmSync(next, { recursive: true, force: true });
try {
  compile('tsconfig.build.json', path.join(root, 'out', 'modules'));
  // What browsers load has its own types.
  compile('web/tsconfig.json', path.join(next, 'web'));
  await bundle();
} catch (error) {
  rmSync(next, { recursive: true, force: true });
  console.error(error.message);
  process.exit(1);
}
for (const file of ['page.css', 'icon.svg'])
  copyFileSync(path.join(root, 'web', file), path.join(next, 'web', file));
chmodSync(path.join(next, 'main.js'), 0o755);
rmSync(last, { recursive: true, force: true });
if (existsSync(dist)) renameSync(dist, last);
renameSync(next, dist);
rmSync(last, { recursive: true, force: true });

function compile(project, outDir) {
  rmSync(outDir, { recursive: true, force: true });
  const words = ['-p', path.join(root, project), '--outDir', outDir];
  const { status } = spawnSync(process.execPath, [tsc, ...words], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${project} does not compile`);
}

/** Packages stay what `npm install` brings: npm audits them, and one can be updated alone. */
async function bundle() {
  await build({
    cwd: root,
    input: 'src/main.ts',
    platform: 'node',
    transform: { target: 'node20.19' },
    // What the bundler's own compiler adds is no package of ours, and lies within.
    external: (name) => !/^(?:[./]|@oxc-project\/runtime\/)/.test(name),
    output: { dir: next, entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' },
    logLevel: 'warn',
  });
}
