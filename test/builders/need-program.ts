/** Skips a test where a program of the system is missing, and says so; on CI everything has to run. */
import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';

/** `skip` is that of the test's own context. */
export function needProgram(name: string, skip: (note: string) => void): void {
  if (spawnSync(name, ['--version']).error === undefined) return;
  if (process.env['CI']) expect.unreachable(`${name} is not installed`);
  skip(`${name} is not installed`);
}
