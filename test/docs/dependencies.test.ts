/** docs/dependencies.md names each package of package.json, in its own part, and no other. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, readPage } from './pages.ts';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Manifest;
const { text } = readPage('docs/dependencies.md');

/** The packages in the first column of the table below a heading. */
function packagesUnder(heading: string): string[] {
  const part = text.split(/^## /m).find((candidate) => candidate.startsWith(`${heading}\n`)) ?? '';
  const cells = [...part.matchAll(/^\| (`.*?) +\|/gm)].map(([, cell]) => cell ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '')).sort();
}

it.each([
  ['At run time', manifest.dependencies],
  ['For development', manifest.devDependencies],
])('the table "%s" names the packages of package.json, and no other', (heading, packages) => {
  expect(packagesUnder(heading)).toEqual(Object.keys(packages).sort());
});

it('no package that was rejected is in use', () => {
  const inUse = new Set(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }));
  expect(packagesUnder('Rejected').filter((name) => inUse.has(name))).toEqual([]);
  expect(packagesUnder('Rejected').length).toBeGreaterThan(3);
});
