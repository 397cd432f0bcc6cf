/**
 * A booted Debian under systemd-nspawn, thrown away at the end: callbackd is installed as on a host, its sandbox plays
 * the platform on the machine's own loopback. Nothing is written to the root file system it was made from.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = path.resolve(import.meta.dirname, '../..');
const BOOT_LIMIT_MS = 45_000;
const AGAIN_MS = 100;

export interface CommandResult {
  readonly code: number;
  readonly out: string;
}

export interface Machine {
  /** The version of systemd inside. */
  readonly systemd: number;
  /** Runs a shell command inside; never rejects for its exit code. */
  sh(command: string): Promise<CommandResult>;
  /** Runs a shell command inside that must succeed, and gives what it printed. */
  must(command: string): Promise<string>;
  write(file: string, text: string, mode?: number): Promise<void>;
  /** Asks until `isRight`; rejects with the last answer when it never is. */
  until(command: string, isRight: (out: string) => boolean, limitMs?: number): Promise<string>;
  /** One property of a unit. */
  property(unit: string, name: string): Promise<string>;
  close(): Promise<void>;
}

/** Boots the root file system and installs the built callbackd: program, units, node. */
export async function bootMachineWithProgram(rootFileSystem: string): Promise<Machine> {
  const stage = mkdtempSync(path.join(tmpdir(), 'callbackd-program-'));
  stageProgram(stage);
  const machine = await bootMachine(rootFileSystem, {
    [stage]: '/opt/callbackd',
    [path.join(ROOT, 'node_modules')]: '/opt/callbackd/node_modules',
    [process.execPath]: '/usr/bin/node',
  });
  await machine.must('ln -s /opt/callbackd/dist/main.js /usr/bin/callbackd');
  await machine.must('cp /opt/callbackd/systemd/*.service /etc/systemd/system/ && systemctl daemon-reload');
  const close = async () => {
    await machine.close();
    rmSync(stage, { recursive: true, force: true });
  };
  return { ...machine, close };
}

/** Boots the root file system; `binds` are files and folders of the host, by where they are seen inside. */
export async function bootMachine(
  rootFileSystem: string,
  binds: Readonly<Record<string, string>>,
): Promise<Machine> {
  const nspawn = spawn(
    'systemd-nspawn',
    [
      '-D',
      rootFileSystem,
      '--boot',
      '--register=no',
      '--keep-unit',
      `--machine=callbackd-${randomUUID()}`,
      '--private-network',
      '--console=pipe',
      '--volatile=overlay',
      ...Object.entries(binds).map(([outside, inside]) => `--bind-ro=${outside}:${inside}`),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  let console = '';
  for (const stream of [nspawn.stdout, nspawn.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      console += chunk;
    });
  }
  const close = () => stop(nspawn);
  try {
    const machine = createMachine(await findLeader(nspawn), close);
    const version = await machine.must('systemctl --version');
    return { ...machine, systemd: Number(/systemd (\d+)/.exec(version)?.[1]) };
  } catch (error) {
    await close();
    throw new Error(`the machine did not boot:\n${console}`, { cause: error });
  }
}

function stageProgram(stage: string): void {
  for (const name of ['dist', 'schema', 'systemd', 'package.json']) {
    cpSync(path.join(ROOT, name), path.join(stage, name), { recursive: true });
  }
  mkdirSync(path.join(stage, 'node_modules'));
  // The daemon's user is not the one that made the folder.
  chmodSync(stage, 0o755);
}

/** The first process inside, once everything there is up. systemd-nspawn has other children on its way to it. */
async function findLeader(nspawn: ChildProcess): Promise<string> {
  for (const startedAt = Date.now(); Date.now() - startedAt < BOOT_LIMIT_MS; ) {
    if (nspawn.exitCode !== null) throw new Error(`systemd-nspawn ended with ${nspawn.exitCode}`);
    const children = await run('pgrep', ['-P', String(nspawn.pid)]).catch(() => undefined);
    for (const child of children?.stdout.split('\n').filter((line) => line !== '') ?? []) {
      const asked = await run('nsenter', ['-t', child, '-a', 'systemctl', 'is-system-running']).catch(
        (error: { stdout?: string }) => error,
      );
      if (/running|degraded/.test(asked.stdout ?? '')) return child;
    }
    await pause();
  }
  throw new Error('systemd did not come up');
}

function createMachine(leader: string, close: () => Promise<void>): Machine {
  const sh = async (command: string): Promise<CommandResult> => {
    const args = ['-t', leader, '-a', 'sh', '-c', command];
    try {
      const { stdout, stderr } = await run('nsenter', args, { maxBuffer: 64 * 1024 * 1024 });
      return { code: 0, out: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
      if (typeof code !== 'number') throw error;
      return { code, out: stdout + stderr };
    }
  };
  const must = async (command: string): Promise<string> => {
    const { code, out } = await sh(command);
    if (code !== 0) throw new Error(`${command}: exit ${code}\n${out}`);
    return out;
  };
  return {
    systemd: 0,
    sh,
    must,
    async write(file, text, mode = 0o644) {
      const encoded = Buffer.from(text).toString('base64');
      await must(
        `mkdir -p ${path.dirname(file)} && echo ${encoded} | base64 -d > ${file}.new && chmod ${mode.toString(8)} ${file}.new && mv ${file}.new ${file}`,
      );
    },
    async until(command, isRight, limitMs = 20_000) {
      let last = '';
      for (const startedAt = Date.now(); Date.now() - startedAt < limitMs; ) {
        last = (await sh(command)).out;
        if (isRight(last)) return last;
        await pause();
      }
      throw new Error(`${command}: not in ${limitMs} ms; at last:\n${last}`);
    },
    property: async (unit, name) => (await must(`systemctl show ${unit} -p ${name} --value`)).trim(),
    close,
  };
}

async function stop(nspawn: ChildProcess): Promise<void> {
  if (nspawn.exitCode !== null || nspawn.signalCode !== null) return;
  const ended = new Promise((resolve) => nspawn.once('exit', resolve));
  nspawn.kill('SIGTERM');
  await ended;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
}
