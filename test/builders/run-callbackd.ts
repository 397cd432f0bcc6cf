/** Runs the built callbackd as a process, in a world of its own: empty HOME, no inherited settings, a folder that is removed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

const MAIN = path.resolve(import.meta.dirname, '../../dist/main.js');

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Everything on stdout and stderr so far. */
  output(): string;
  /** Resolves when the output holds `text`; rejects when the process ends without it. */
  waitFor(text: string | RegExp): Promise<void>;
}

export interface RunOptions {
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Another callbackd than the built one, as the words that start it. */
  readonly program?: readonly string[];
  /** Kills the process with SIGKILL as one of its threads enters its n-th sync; needs strace. */
  readonly killInSync?: number;
  /** Gives it a terminal of its own, which shows on stdout; `child.stdin` types into it. Needs `script`. */
  readonly onTerminal?: boolean;
  /** What it finds on standard input, which is empty otherwise; null where the test writes it as it goes. */
  readonly input?: string | null;
}

/** Takes what is to be done after the test. A test that runs beside others of its file hands in its own. */
export type WhenFinished = (end: () => void | Promise<void>) => void;

/** A new empty folder, removed after the test. */
export function makeFolder(whenFinished: WhenFinished = onTestFinished): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'callbackd-test-'));
  whenFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts callbackd; it is killed after the test if it still runs. */
export function startCallbackd(words: readonly string[], options: RunOptions): Running {
  const { killInSync, onTerminal = false, program = [process.execPath, MAIN] } = options;
  const inject = [
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    'trace=fsync,fdatasync',
    '-e',
    `inject=fsync,fdatasync:signal=KILL:when=${killInSync}`,
  ];
  const [command = '', ...prefix] = killInSync === undefined ? program : ['strace', ...inject, ...program];
  const line = [...prefix, ...words];
  if (!onTerminal) return startProcess(command, line, options);
  const shellLine = [command, ...line].map(quote).join(' ');
  return startProcess('script', ['-qefc', shellLine, '/dev/null'], { input: null, ...options });
}

/** Starts a program in the same way; it is killed after the test if it still runs. */
export function startProcess(
  command: string,
  words: readonly string[],
  { cwd, environment = {}, input }: Pick<RunOptions, 'cwd' | 'environment' | 'input'>,
  whenFinished: WhenFinished = onTestFinished,
): Running {
  const child = spawn(command, words, {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, ...environment },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  if (typeof input === 'string') child.stdin?.end(input);
  const seen = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      seen[name] += text;
      for (const look of watchers) look();
    });
  }
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...seen }));
  });
  whenFinished(async () => {
    child.kill('SIGKILL');
    await finished;
  });
  const output = () => seen.stdout + seen.stderr;
  return { child, finished, output, waitFor: (text) => waitForText(text, { output, watchers, finished }) };
}

/** Runs callbackd to its end. */
export function runCallbackd(words: readonly string[], options: RunOptions): Promise<Finished> {
  return startCallbackd(words, options).finished;
}

/** A word for the shell that `script` hands its command to. */
function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

async function waitForText(
  text: string | RegExp,
  run: { output: () => string; watchers: Set<() => void>; finished: Promise<Finished> },
): Promise<void> {
  const isThere = () => (typeof text === 'string' ? run.output().includes(text) : text.test(run.output()));
  await new Promise<void>((resolve, reject) => {
    const look = () => {
      if (!isThere()) return;
      run.watchers.delete(look);
      resolve();
    };
    run.watchers.add(look);
    look();
    void run.finished.then(() => {
      if (!isThere()) reject(new Error(`callbackd ended without ${text}:\n${run.output()}`));
    });
  });
}
