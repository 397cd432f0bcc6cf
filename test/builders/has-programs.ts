/** Whether this host has the programs that a test runs. Where everything has to run, a missing one is a failure. */
import { spawnSync } from 'node:child_process';

/** With `CI` set it throws instead of answering no, so that no test is skipped there. */
export function hasPrograms(...names: readonly string[]): boolean {
  const missing = names.filter((name) => spawnSync('which', [name]).status !== 0);
  if (missing.length > 0 && (process.env['CI'] ?? '') !== '') {
    throw new Error(`CI has to have ${missing.join(', ')}: install it in .ci/run`);
  }
  return missing.length === 0;
}
