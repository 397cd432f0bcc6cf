/** What a release is made with: the changelog's part, and the verdict on known flaws. The build itself is `npm run release -- --check`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const load = (name: string) => import(path.join(ROOT, 'scripts', 'release', name));
const { judgeAudit } = await load('audit-dependencies.mjs');
const { buildSbom } = await load('build-sbom.mjs');
const { readChanges } = await load('read-changes.mjs');

it('takes the part of its version out of the changelog, and what is unreleased before there is one', () => {
  const text =
    '# Changelog\n\n## Unreleased\n\n- next\n\n## [0.2.0] - 2026-12-01\n\n- this\n\n## 0.1.0\n\n- old\n';
  expect(readChanges('0.2.0', text)).toBe('# callbackd 0.2.0\n\n- this\n');
  expect(readChanges('0.1.0', text)).toBe('# callbackd 0.1.0\n\n- old\n');
  expect(readChanges('0.3.0', text)).toBe('# callbackd 0.3.0\n\n- next\n');
  expect(() => readChanges('0.3.0', '# Changelog\n')).toThrow('CHANGELOG.md says nothing of 0.3.0');
});

it('ends a release for a known flaw, and says so when the registry cannot be asked', () => {
  const none = { metadata: { vulnerabilities: { total: 0 } }, vulnerabilities: {} };
  expect(judgeAudit(JSON.stringify(none))).toContain('no known flaw');
  const one = { metadata: { vulnerabilities: { high: 1, total: 1 } }, vulnerabilities: { commander: {} } };
  expect(() => judgeAudit(JSON.stringify(one))).toThrow('1 known flaws, {"high":1}, in commander');
  expect(judgeAudit('{"message": "405 Method Not Allowed"}')).toContain('NOT DONE');
  expect(judgeAudit('')).toContain('NOT DONE');
});

it('states the version in one place', () => {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  const lock = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));
  expect([lock.version, lock.packages[''].version]).toEqual([version, version]);
  const told = (file: string, pattern: RegExp) =>
    [...readFileSync(path.join(ROOT, file), 'utf8').matchAll(pattern)].map(([, found]) => found);
  for (const file of ['packaging/compose.yaml', 'packaging/kubernetes/callbackd.yaml', 'docs/packaging.md']) {
    const tags = told(file, /callbackd:(\d[^\s`]*)/g);
    expect(new Set(tags), file).toEqual(new Set([version]));
  }
  expect(told('docs/packaging.md', /VERSION=(\S+)/g)).toEqual([version]);
  expect(told('man/callbackd.1', /^\.TH .*"callbackd (\S+)"/gm)).toEqual([version]);
});

it('bills every package that is shipped, those that tools of the checkout use too, and no other', () => {
  const { packages } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));
  const places = Object.keys(packages).filter((place) => place !== '' && packages[place].dev !== true);
  const shipped = places.map((place) => place.split('node_modules/').at(-1) ?? '').sort();
  const sbom: Sbom = JSON.parse(buildSbom());
  const { dependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  expect(Object.keys(dependencies).filter((name) => !shipped.includes(name))).toEqual([]);
  const billed = sbom.components.map(({ name }) => name).filter((name) => name !== 'node');
  expect(billed.sort()).toEqual(shipped);
  const known = new Set([sbom.metadata.component, ...sbom.components].map((one) => one['bom-ref']));
  const named = sbom.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]);
  expect(named.filter((ref) => !known.has(ref))).toEqual([]);
});

interface Named {
  readonly name: string;
  readonly 'bom-ref': string;
}

interface Sbom {
  readonly metadata: { readonly component: Named };
  readonly components: readonly Named[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}
