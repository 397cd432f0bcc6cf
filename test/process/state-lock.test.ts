/** Real processes race for one state directory, some of them die with the lock in hand; never do two hold it. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeFolder, type Running, startProcess } from '../builders/run-callbackd.ts';

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
  // A lane starts again whenever its process killed itself, so that dead holders are met all the time.
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
  const locks = readdirSync(dir).filter((name) => /^lock\.[\w-]+$/.test(name));
  // At most the locks of those that died last are left; whoever came after a death cleared it away.
  expect(locks.length).toBeLessThanOrEqual(4);
  for (const lock of locks)
    expect(() => JSON.parse(readFileSync(path.join(dir, lock), 'utf8'))).not.toThrow();
});

/** Takes the lock, says so, and keeps it until it is told to release it by the end of its input. */
const HOLDER = `
import { nodeDisk } from '${MODULES}/lib/disk-node.js';
import { createProcessTable } from '${MODULES}/lib/process-table.js';
import { takeStateLock } from '${MODULES}/record/state-lock.js';
const [dir] = process.argv.slice(1);
try {
  const lock = await takeStateLock({ disk: nodeDisk, dir, process: createProcessTable(process.pid) });
  process.stdout.write('held by ' + process.pid + '\\n');
  process.stdin.resume().on('end', () => void lock.release());
} catch (error) {
  process.stdout.write(error.name + ': ' + error.message + '\\n');
}
`;

/** `setup` runs as root of namespaces of its own: pids, mounts and the host name. */
function hold(dir: string, setup?: string): Running {
  const node = [process.execPath, '--input-type=module', '-e', HOLDER, dir];
  const isolated = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child', '--uts', '--mount'];
  const words = setup === undefined ? node : [...isolated, 'sh', '-ec', `${setup}\nexec "$@"`, 'sh', ...node];
  return startProcess(words[0] ?? '', words.slice(1), { cwd: dir, input: null });
}

const HELD = /^held by/m;
const LOCKED = /^StateLockedError/m;

async function holdFor(dir: string, setup?: string): Promise<Running> {
  const holder = hold(dir, setup);
  await holder.waitFor(/\n/);
  expect(holder.output()).toMatch(HELD);
  return holder;
}

async function kill(holder: Running): Promise<void> {
  holder.child.kill('SIGKILL');
  await holder.finished;
}

async function expectLocked(dir: string, setup?: string): Promise<void> {
  const { stdout } = await hold(dir, setup).finished;
  expect(stdout).toMatch(LOCKED);
}

/** What `unshare` started. */
function childOf({ child: { pid } }: Running): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));
}

/** In a container that keeps its host name. */
const CONTAINER = 'hostname ops-0';

describe('a lock of a process', () => {
  it('holds while the process is stopped, and ends with it', async () => {
    const dir = makeFolder();
    const holder = await holdFor(dir);
    holder.child.kill('SIGSTOP');
    await expectLocked(dir);
    await kill(holder);
    const next = await holdFor(dir);
    next.child.stdin?.end();
    await next.finished;
    expect(readdirSync(dir)).toEqual([]);
  });

  it('is asked in a directory whose path is longer than that of a socket can be', async () => {
    const dir = path.join(makeFolder(), 'd'.repeat(120), 'e'.repeat(120));
    mkdirSync(dir, { recursive: true });
    const holder = await holdFor(dir);
    await expectLocked(dir);
    await kill(holder);
    await holdFor(dir);
  });
});

const canIsolate = process.getuid?.() === 0 && process.platform === 'linux';

describe.runIf(canIsolate)('a lock of a process elsewhere on this machine (needs root)', () => {
  it.each([
    { where: 'another PID namespace under our host name', setup: 'true' },
    { where: 'a container with a host name of its own', setup: CONTAINER },
  ])('holds in $where, in both directions, stopped or not', async ({ setup }) => {
    const dir = makeFolder();
    const inside = await holdFor(dir, setup);
    await expectLocked(dir);
    await expectLocked(dir, setup);
    process.kill(childOf(inside), 'SIGSTOP');
    await expectLocked(dir);
    await kill(inside);

    const outside = await holdFor(dir);
    await expectLocked(dir, setup);
    outside.child.kill('SIGSTOP');
    await expectLocked(dir, setup);
  });

  it('does not lock out the same container after a kill', async () => {
    const dir = makeFolder();
    for (let start = 1; start <= 3; start += 1) await kill(await holdFor(dir, CONTAINER));
    await holdFor(dir, CONTAINER);
  });

  it('does not lock out a pod of that name on another node', async () => {
    const dir = makeFolder();
    const files = makeFolder();
    const onNode = (boot: string) => {
      writeFileSync(path.join(files, boot), `${boot}\n`);
      return `${CONTAINER}; mount --bind ${path.join(files, boot)} /proc/sys/kernel/random/boot_id`;
    };
    await kill(await holdFor(dir, onNode('0a8f1c1e-0000-4000-8000-000000000001')));
    expect(readdirSync(dir).filter((name) => name.startsWith('lock.'))).not.toEqual([]);
    await holdFor(dir, onNode('0a8f1c1e-0000-4000-8000-000000000002'));
  });

  it('does not lock out a host that changed its name within one boot', async () => {
    const dir = makeFolder();
    await kill(await holdFor(dir, 'hostname before'));
    const holder = await holdFor(dir, 'hostname after');
    await expectLocked(dir, 'hostname later');
    await kill(holder);
  });
});

describe('a copy of a state directory that is in use', () => {
  /** A machine with a name, an id and mounts of its own. */
  const machine = (folder: string, name: string, id: string) => {
    writeFileSync(path.join(folder, name), `${id.repeat(32)}\n`);
    return `hostname ${name}\nmount --bind ${path.join(folder, name)} /etc/machine-id`;
  };
  const copy = (from: string) => {
    const to = path.join(makeFolder(), 'copy');
    execFileSync('cp', ['-a', from, to]);
    return to;
  };

  it.each([
    ['of another name', 'ops-2'],
    ['of the same name', 'ops-1'],
  ])('is refused on a machine %s, and says what to do', async (_which, name) => {
    const dir = makeFolder();
    const holder = await holdFor(dir, machine(makeFolder(), 'ops-1', 'a'));
    const copied = copy(dir);
    const other = machine(makeFolder(), name, 'b');
    const { stdout } = await hold(copied, other).finished;
    expect(stdout).toMatch(
      /^StateLockedError: the state directory is held by process \d+ on ops-1; this directory is/,
    );
    const [, file = ''] = /remove (\S+)/.exec(stdout) ?? [];
    rmSync(file);
    await holdFor(copied, other);
    expect(holder.output()).toMatch(HELD);
  });

  it('is refused also after a crash there; the directory itself opens in a new container of the machine', async () => {
    const dir = makeFolder();
    await kill(await holdFor(dir, machine(makeFolder(), 'ops-1', 'a')));
    const copied = copy(dir);
    await expectLocked(copied, machine(makeFolder(), 'ops-1', 'b'));
    await holdFor(dir, machine(makeFolder(), 'ops-1', 'b'));
  });
});
