import { expect, it } from 'vitest';
import { judgeDisk } from './examine-host.ts';

const ROOMY = { bavail: 1_000_000, bsize: 4096, files: 1_000_000, ffree: 500_000 };

it.each([
  ['ok', {}],
  ['ok', { files: 0, ffree: 0 }],
  ['warning', { bavail: 20_000 }],
  ['error', { bavail: 1_000 }],
  ['warning', { ffree: 999 }],
  ['error', { ffree: 15 }],
])('a disk is %s with %j', (level, lack) => {
  expect(judgeDisk({ ...ROOMY, ...lack }, '/var/lib').level).toBe(level);
});
