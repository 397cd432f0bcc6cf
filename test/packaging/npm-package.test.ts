/** What `npm pack` ships: exactly what runs and what is read, and nothing else. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

/** Every file below a folder, as the package names it. */
const below = (folder: string): string[] =>
  readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)));

it('holds one script per source, the files that are read or installed, and nothing else', () => {
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts', '--silent'];
  const [packed] = JSON.parse(execFileSync('npm', words, { cwd: ROOT, encoding: 'utf8' }));
  const files: string[] = packed.files.map((file: { path: string }) => file.path).sort();
  const scripts = below('src')
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => name.replace(/^src\//, 'dist/').replace(/\.ts$/, '.js'));
  const page = below('web')
    .filter((name) => name !== 'web/tsconfig.json')
    .map((name) => `dist/${name.replace(/\.ts$/, '.js')}`);
  const others = [
    ...page,
    ...['schema', 'systemd', 'man'].flatMap(below),
    ...['CHANGELOG.md', 'LICENSE', 'README.md', 'README.zh-CN.md', 'config.example.yaml', 'package.json'],
  ];
  const expected = [...scripts, ...others].sort();
  expect(files.filter((name) => !expected.includes(name))).toEqual([]);
  expect(expected.filter((name) => !files.includes(name))).toEqual([]);
});

it('names what a registry and its provenance ask for, and runs no script where it is installed', () => {
  expect(manifest).toMatchObject({ publishConfig: { provenance: true, access: 'public' } });
  expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
  expect(manifest.bin).toEqual({ callbackd: 'dist/main.js' });
  expect(manifest.private).toBeUndefined();
});
