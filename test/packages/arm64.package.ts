/** The executable for arm64, on an emulated processor with Debian's libraries for it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { walkThrough } from './walk-through.ts';

const built = process.env['CALLBACKD_ARM64'] ?? '';
if (built === '') throw new Error('start these tests with `npm run test:arm64`');

const { version } = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8'));
const program = ['qemu-aarch64-static', '-L', '/usr/aarch64-linux-gnu', built];
const ELF_MACHINE_AT = 18;
const ELF_AARCH64 = 183;
/** An emulated start takes seconds. */
const MINUTES_10 = 600_000;

it('is for that processor', () => {
  expect(readFileSync(built).readUInt16LE(ELF_MACHINE_AT)).toBe(ELF_AARCH64);
});

it('walks through every command but the tour', { timeout: MINUTES_10 }, async () => {
  await walkThrough(program, version, { isEmulated: true });
});
