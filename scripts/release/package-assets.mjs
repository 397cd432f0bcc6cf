// The package's own files that the executable carries: what package.json ships beside dist/, and the files of the status page.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './run-tool.mjs';

/** Whose text nobody reads at run time. */
const NOT_CARRIED = new Set(['dist', 'README.zh-CN.md', 'CHANGELOG.md']);

export function readManifest() {
  return JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
}

/**
 * Paths by name for the executable; package.json is written again so that it says `version`. `compilePage` writes the script
 * of the status page, so that nothing is taken from a dist/ that may be old or absent.
 */
export function stageAssets(folder, version, compilePage) {
  const manifest = { ...readManifest(), version };
  const staged = path.join(folder, 'package.json');
  mkdirSync(folder, { recursive: true });
  writeFileSync(staged, `${JSON.stringify(manifest, null, 2)}\n`);
  const page = path.join(folder, 'page.js');
  compilePage(page);
  const shipped = manifest.files.filter((name) => !NOT_CARRIED.has(name)).flatMap(listFiles);
  // Of dist/ only what browsers load is read as a file; the rest is the executable itself.
  const web = listFiles('web').filter((name) => !/\.(ts|json)$/.test(name));
  return Object.fromEntries([
    ['package.json', staged],
    ['dist/web/page.js', page],
    ...web.map((name) => [`dist/${name}`, path.join(ROOT, name)]),
    ...shipped.sort().map((name) => [name, path.join(ROOT, name)]),
  ]);
}

function listFiles(name) {
  if (!statSync(path.join(ROOT, name)).isDirectory()) return [name];
  return readdirSync(path.join(ROOT, name)).flatMap((child) => listFiles(path.posix.join(name, child)));
}
