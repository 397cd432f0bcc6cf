/** Nobody who runs callbackd takes on a licence that was not looked at: the list is closed. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
}

const ROOT = path.resolve(import.meta.dirname, '../..');
const readLock = (name: string) =>
  Object.entries<Locked>(JSON.parse(readFileSync(path.join(ROOT, name), 'utf8')).packages).filter(
    ([place]) => place !== '',
  );

/** May be passed on inside the executable. */
const SHIPPED = new Set(['Apache-2.0', 'BSD-3-Clause', 'ISC', 'MIT']);
/** May be used to build and test, and goes nowhere. */
const USED = new Set([
  ...SHIPPED,
  ...[
    '0BSD',
    'BlueOak-1.0.0',
    'BSD-2-Clause',
    'CC0-1.0',
    'CC-BY-4.0',
    'MPL-2.0',
    'PSF-2.0',
    '(MIT AND Zlib)',
    '(Apache-2.0 AND BSD-3-Clause)',
    'MIT OR Apache-2.0',
    'Python-2.0',
    'Unlicense',
  ],
]);

const project = readLock('package-lock.json');
const installed = project.filter(([, { dev }]) => dev !== true);
const executable = readLock('packaging/executable/package-lock.json');

it.each([
  ['what is shipped', installed, SHIPPED],
  ['what builds and tests it', project.filter(([, { dev }]) => dev === true), USED],
  ['what makes the executable', executable, SHIPPED],
] as const)('%s has a licence of the list', (_, packages, allowed) => {
  const wrong = packages.filter(([, { license = 'none' }]) => !allowed.has(license));
  expect(wrong.map(([place, { license }]) => `${place}: ${license}`)).toEqual([]);
  expect(packages.length).toBeGreaterThan(3);
});

it('every package is locked with a checksum, and nothing that is shipped runs a script where it is installed', () => {
  const all = [...project, ...executable];
  expect(all.filter(([, { integrity }]) => integrity === undefined).map(([place]) => place)).toEqual([]);
  const scripted = project.filter(
    ([, { dev, hasInstallScript }]) => dev !== true && hasInstallScript === true,
  );
  expect(scripted.map(([place]) => place)).toEqual([]);
});
