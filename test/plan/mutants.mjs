/**
 * Proves that the tests of the planner notice a broken guard: each mutant is one text replacement in a copy of the project
 * (`npm run mutants`), and the planner's tests must turn red on it. A survivor that is not explained here is a failure.
 */

import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { MUTANTS } from './mutants.list.mjs';

const ROOT = path.join(import.meta.dirname, '..', '..');
/** The quick tests first: most mutants die there. */
const STAGES = ['src/plan', 'test/plan'];
const wanted = process.argv.slice(2);
const mutants = MUTANTS.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);

const folder = await mkdtemp(path.join(os.tmpdir(), 'callbackd-mutants-'));
try {
  for (const part of ['src', 'schema', 'docs', 'test/builders', 'test/plan', 'test/scenarios']) {
    await cp(path.join(ROOT, part), path.join(folder, part), { recursive: true });
  }
  for (const file of ['package.json', 'tsconfig.json', 'vitest.config.ts']) {
    await cp(path.join(ROOT, file), path.join(folder, file));
  }
  await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  if (!(await isGreen())) throw new Error('the tests are red before any mutant');
  const survivors = [];
  for (const mutant of mutants) {
    const isKilled = await isCaught(mutant);
    const verdict = isKilled ? 'killed' : mutant.survives === undefined ? 'SURVIVED' : 'survives';
    const note = isKilled ? '' : `: ${mutant.survives ?? 'no test noticed'}`;
    process.stdout.write(`${verdict.padEnd(9)} ${mutant.name}${note}\n`);
    if (!isKilled && mutant.survives === undefined) survivors.push(mutant.name);
  }
  process.stdout.write(`${mutants.length} mutants, ${survivors.length} survived without an explanation\n`);
  process.exitCode = survivors.length === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Whether the tests turn red with this replacement; the copy is put back afterwards. */
async function isCaught({ name, file, from, to }) {
  const target = path.join(folder, 'src/plan', file);
  const text = await readFile(target, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${name}: "${from}" must stand in ${file} exactly once`);
  await writeFile(
    target,
    text.replace(from, () => to),
  );
  const isRed = !(await isGreen());
  await writeFile(target, text);
  return isRed;
}

async function isGreen() {
  for (const stage of STAGES) if (!(await passes(stage))) return false;
  return true;
}

function passes(tests) {
  const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--bail', '1', tests], {
    cwd: folder,
    env: { ...process.env, CI: '1' },
    stdio: 'ignore',
  });
  return new Promise((resolve) => child.on('close', (code) => resolve(code === 0)));
}
