/** What `npm pack` ships: exactly what runs and what is read, and nothing else. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

/** Every file below a folder, as the package names it. */
const below = (folder: string): string[] =>
  readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)));

it('holds the program, the files that are read or installed, and nothing else', () => {
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts', '--silent'];
  const [packed] = JSON.parse(execFileSync('npm', words, { cwd: ROOT, encoding: 'utf8' }));
  const files: string[] = packed.files.map((file: { path: string }) => file.path).sort();
  const program = files.filter((name) => /^dist\/(?:main|chunks\/[\w-]+)\.js$/.test(name));
  const page = below('web')
    .filter((name) => name !== 'web/tsconfig.json')
    .map((name) => `dist/${name.replace(/\.ts$/, '.js')}`);
  const others = [
    ...page,
    ...['schema', 'systemd', 'packaging/systemd', 'man'].flatMap(below),
    ...['CHANGELOG.md', 'LICENSE', 'README.md', 'README.zh-CN.md', 'config.example.yaml', 'package.json'],
  ];
  const expected = [...program, ...others].sort();
  expect(files.filter((name) => !expected.includes(name))).toEqual([]);
  expect(expected.filter((name) => !files.includes(name))).toEqual([]);
  expect(program.length).toBeGreaterThan(1);
  expect(program.sort()).toEqual(reachable('dist/main.js').sort());
});

it('loads no package but those that its installation brings', () => {
  const named = reachable('dist/main.js').flatMap(importsOf);
  const packages = named
    .filter((name) => !/^(?:node:|\.)/.test(name))
    .map((name) => name.split('/')[0] ?? '');
  expect([...new Set(packages)].sort()).toEqual(Object.keys(manifest.dependencies).sort());
});

/** A script of the program and every other one that it loads, now or later. */
function reachable(file: string, found = new Set<string>()): string[] {
  if (found.has(file)) return [...found];
  found.add(file);
  for (const name of importsOf(file))
    if (name.startsWith('.')) reachable(path.join(path.dirname(file), name), found);
  return [...found];
}

/** What a script imports, as written. */
function importsOf(file: string): string[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const { staticImports, dynamicImports } = parseSync(file, text).module;
  return [
    ...staticImports.map((one) => one.moduleRequest.value),
    ...dynamicImports.map((one) => JSON.parse(text.slice(one.moduleRequest.start, one.moduleRequest.end))),
  ];
}

it('names what a registry and its provenance ask for, and runs no script where it is installed', () => {
  expect(manifest).toMatchObject({ publishConfig: { provenance: true, access: 'public' } });
  expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
  expect(manifest.bin).toEqual({ callbackd: 'dist/main.js' });
  expect(manifest.private).toBeUndefined();
});
