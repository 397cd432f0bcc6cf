/** Real processes race for one state directory, some of them die with the lock in hand; never do two hold it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const MODULES = path.resolve(import.meta.dirname, '../../out/modules');

/**
 * Tries again and again. Inside the lock it makes a file that must not exist yet; one time in four it kills itself with the
 * lock in hand. Every line it prints is one result.
 */
const CONTENDER = `
import { closeSync, openSync, unlinkSync } from 'node:fs';
import { nodeDisk } from '${MODULES}/lib/disk-node.js';
import { createProcessTable } from '${MODULES}/lib/process-table.js';
import { takeStateLock } from '${MODULES}/record/state-lock.js';
const [dir, seed, until] = process.argv.slice(1);
const inside = dir + '/inside';
let random = Number(seed);
const next = () => (random = (random * 16807) % 2147483647) / 2147483647;
const say = (word) => process.stdout.write(word + '\\n');
while (Date.now() < Number(until)) {
  try {
    const lock = await takeStateLock({ disk: nodeDisk, dir, process: createProcessTable(process.pid) });
    try { closeSync(openSync(inside, 'wx')); } catch { say('two at once'); process.exit(1); }
    await new Promise((resolve) => setTimeout(resolve, next() * 4));
    unlinkSync(inside);
    if (next() < 0.25) { openSync(dir + '/held-' + process.pid, 'wx'); process.kill(process.pid, 'SIGKILL'); }
    await lock.release();
    say('held');
  } catch (error) {
    if (error.name !== 'StateLockedError') { say(String(error.stack)); process.exit(1); }
    say('locked');
  }
  await new Promise((resolve) => setTimeout(resolve, next() * 4));
}
`;

function contend(dir: string, seed: number, until: number): Promise<string[]> {
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', CONTENDER, dir, `${seed}`, `${until}`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    child.on('error', reject);
    child.on('close', () => resolve(text.split('\n').filter((line) => line !== '')));
  });
}

it('never lets two processes hold one state directory, and lets one in after a holder was killed', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'callbackd-lock-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const until = Date.now() + 4_000;
  // A lane begins anew whenever its process killed itself, so that dead holders are met all the time.
  const lane = async (number: number) => {
    const lines: string[] = [];
    for (let turn = 1; Date.now() < until; turn += 1)
      lines.push(...(await contend(dir, number * 1000 + turn, until)));
    return lines;
  };
  const lines = (await Promise.all([1, 2, 3, 4].map(lane))).flat();

  expect(lines.filter((line) => line !== 'held' && line !== 'locked')).toEqual([]);
  expect(lines).toContain('held');
  expect(lines).toContain('locked');
  const killed = readdirSync(dir).filter((name) => name.startsWith('held-'));
  expect(killed.length).toBeGreaterThan(0);
  const locks = readdirSync(dir).filter((name) => name.startsWith('lock.'));
  // At most the locks of those that died last are left; whoever came after a death cleared it away.
  expect(locks.length).toBeLessThanOrEqual(4);
  for (const lock of locks)
    expect(() => JSON.parse(readFileSync(path.join(dir, lock), 'utf8'))).not.toThrow();
});
