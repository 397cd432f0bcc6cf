/** The npm package, installed from its tarball into an empty folder and run on each Node that is supported. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../builders/run-callbackd.ts';
import { walkThrough } from './walk-through.ts';

const tarball = process.env['CALLBACKD_TARBALL'] ?? '';
const nodes = (process.env['CALLBACKD_NODES'] ?? '').split(':');
if (tarball === '') throw new Error('start these tests with `npm run test:npm`');

const version = /callbackd-(.+)\.tgz$/.exec(tarball)?.[1] ?? '';
const versionOf = (node: string) => execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();

describe.each(nodes.map((node) => ({ node, name: versionOf(node) })))('on Node $name', ({ node }) => {
  it('installs without a script of its own, and walks through every command', async () => {
    const folder = makeFolder();
    writeFileSync(path.join(folder, 'package.json'), '{"private": true}\n');
    const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent', tarball];
    execFileSync('npm', words, { cwd: folder });
    const main = path.join(folder, 'node_modules', 'callbackd', 'dist', 'main.js');
    const program = execFileSync(node, [main, '--version'], { encoding: 'utf8' });
    expect(program).toBe(`${version}\n`);
    await walkThrough([node, main], version);
  });
});
