// Runs the programs that releases are made and tested with.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '..', '..');

/** Runs a program to its end and gives what it wrote to stdout; what it wrote to stderr is shown only when it fails. */
export function runTool(command, words, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    ...options,
  });
  if (error !== undefined) throw new Error(`${command} cannot be run: ${error.message}`, { cause: error });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: exit ${status}\n${stdout}${stderr}`);
  return stdout;
}

/** Runs a program that talks to whoever looks on; where it fails, this process ends with its exit code. */
export function showTool(command, words, environment = {}) {
  const env = { ...process.env, ...environment };
  const { status } = spawnSync(command, words, { stdio: ['ignore', 'inherit', 'inherit'], cwd: ROOT, env });
  if (status !== 0) process.exit(status ?? 1);
}

/** Those of the programs that are not installed here. */
export function findMissingTools(programs) {
  return programs.filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
}

/** Where something is missing: says so, and ends with 1, or with 0 under --if-possible. */
export function endWhereImpossible(what, missing) {
  if (missing.length === 0) return;
  console.error(`${what}: not possible here, missing: ${missing.join(', ')}`);
  process.exit(process.argv.includes('--if-possible') ? 0 : 1);
}
