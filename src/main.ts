#!/usr/bin/env node
/**
 * The process edge: argv, environment, signals, standard streams and the exit code become plain values here
 * and nowhere else. Only an unexpected error, which is a bug, is printed with its stack.
 */

import { isSea } from 'node:sea';
import { keepCompiledCode } from './app/compile-cache.ts';
import type { Signals } from './app/context.ts';
import { EXIT_CODES } from './cli/command-line/exit-codes.ts';
import { chooseLanguage } from './cli/command-line/language.ts';
import { describeShortage } from './lib/disk.ts';
import { requireSpareDescriptors } from './lib/spare-descriptors.ts';
import { openStandardOutput } from './lib/standard-output.ts';
import { say } from './messages/say.ts';

/** What a shell reports for a process that a second SIGINT ended at once. */
const EXIT_INTERRUPTED = 130;
const STDOUT = 1;
/** What loading the code takes, and a command that reads a few files. */
const DESCRIPTORS_MIN = 16;
/** From the end of all work of a process that was told to stop to its own end. */
const END_MS_MAX = 3_000;

/** What a report of a bug names; the version is read with the context. */
const about = { version: '(version unknown)' };

const runtime = {
  flags: process.execArgv,
  versions: process.versions,
  platform: `${process.platform} ${process.arch}`,
  uid: process.getuid?.(),
};

/** The first SIGINT or SIGTERM asks to stop, the second ends the process; SIGHUP asks to reload. */
function listenToSignals(): Signals {
  const interrupt = new AbortController();
  const hangupListeners = new Set<() => void>();
  const tellAll = () => {
    for (const tell of hangupListeners) tell();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (interrupt.signal.aborted) process.exit(EXIT_INTERRUPTED);
      interrupt.abort(new DOMException(`stopped by ${signal}`, 'AbortError'));
    });
  }
  return {
    interrupted: interrupt.signal,
    onHangup: (listener) => {
      if (hangupListeners.size === 0) process.on('SIGHUP', tellAll);
      hangupListeners.add(listener);
    },
  };
}

/** Loads nothing: what failed may be just that. */
function reportUnexpected(error: unknown): void {
  const shortage = describeShortage(error);
  if (shortage !== undefined) return void process.stderr.write(`error: ${shortage}\n`);
  const language = chooseLanguage(process.argv.slice(2), process.env);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    [
      say({ id: 'app.bug' }, language),
      say({ id: 'app.bug_advice' }, language),
      '',
      stack,
      `callbackd ${about.version}, node ${process.version}, ${runtime.platform}`,
      '',
    ].join('\n'),
  );
}

process.on('uncaughtException', (error) => {
  reportUnexpected(error);
  process.exit(EXIT_CODES.failed.code);
});

// Progress and logs: a full disk that takes none of them must not end an apply half-way.
process.stderr.on('error', () => {});

/**
 * Once told to stop and done with everything, the process waits for nobody: a write to a terminal that takes nothing holds a
 * thread, which `process.exit` would wait for.
 */
function endInTime({ interrupted }: Signals): void {
  const end = () => void setTimeout(() => process.kill(process.pid, 'SIGKILL'), END_MS_MAX).unref();
  if (interrupted.aborted) end();
  else interrupted.addEventListener('abort', end);
}

async function start(): Promise<number> {
  requireSpareDescriptors(DESCRIPTORS_MIN);
  // Loaded here, so that the cache holds them, too.
  const [{ createContext }, { runCommandLine }] = await Promise.all([
    import('./app/context.ts'),
    import('./cli/run-command-line.ts'),
  ]);
  const output = openStandardOutput(process.stdout, STDOUT);
  const signals = listenToSignals();
  const context = createContext({
    environment: process.env,
    cwd: process.cwd(),
    pid: process.pid,
    stdin: process.stdin,
    stdout: output.stream,
    outputFailure: () => output.settled(signals.interrupted),
    stderr: process.stderr,
    // The single executable is Node and script in one.
    program: isSea() ? [process.execPath] : [process.execPath, import.meta.filename],
    signals,
    runtime,
  });
  about.version = context.version;
  const { code } = EXIT_CODES[await runCommandLine(process.argv.slice(2), context)];
  endInTime(signals);
  return code;
}

// Until it is known better: a command that just stops has failed. (The bundle of the executable has no
// top-level await.)
process.exitCode = EXIT_CODES.failed.code;
// The single executable has its code compiled in it.
if (!isSea()) keepCompiledCode(process.env, runtime.uid);
start().then((code) => {
  process.exitCode = code;
}, reportUnexpected);
