/**
 * The environment of the tour: the emulated platform in this process, a temporary folder, and callbackd as
 * child processes.
 */

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { plainEnvironment } from '../lib/run-command.ts';
import type { Context } from './context.ts';
import { openSandbox } from './open-sandbox.ts';

export interface AccountView {
  readonly id: string;
  readonly name: string | undefined;
  readonly callbackUrl: string | undefined;
  readonly events: readonly string[];
}

export interface ChildRun {
  readonly pid: number;
  /** Called with each whole line the child prints on stdout, from now on. */
  onLine(listener: (line: string) => void): void;
  stop(): void;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

export interface DemoStage {
  /** The emulated platform's base URL. */
  readonly url: string;
  readonly folder: string;
  receiverUrl(name: string): string;
  /** The account as it really is. */
  apps(): readonly AccountView[];
  /** Somebody changes an app in the console. */
  setUrlByHand(id: string, callbackUrl: string): void;
  /** The logids the platform gave out so far. */
  logids(): readonly string[];
  write(name: string, text: string): Promise<void>;
  read(name: string): Promise<string>;
  /** Starts `callbackd` with these words as a process of its own, in the folder. */
  start(words: readonly string[]): ChildRun;
  close(): Promise<void>;
}

export async function openDemoStage(context: Context): Promise<DemoStage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'callbackd-demo-'));
  const { started, close } = await openSandbox({ port: 0, fleet: 'demo' }, context);
  const environment = {
    // Neither the person's token nor what a service manager or a proxy is told by.
    ...plainEnvironment(context.environment),
    COZE_API_BASE: started.url,
    COZE_API_TOKEN: started.token,
    CALLBACKD_STATE_DIR: path.join(folder, 'state'),
    CALLBACKD_CONTROL_SOCKET: path.join(folder, 'control.sock'),
    CALLBACKD_STATUS_LISTEN: 'off',
    CALLBACKD_LOG_LEVEL: 'info',
    CALLBACKD_LOG_FORMAT: 'json',
    NO_COLOR: '1',
    // The tour never leaves this host, whatever proxy it uses.
    no_proxy: '*',
    LC_ALL: context.language === 'zh' ? 'zh_CN.UTF-8' : 'C.UTF-8',
  };
  return {
    url: started.url,
    folder,
    receiverUrl: (name) => started.receiverUrl(name),
    apps: () => started.sandbox.apps(),
    setUrlByHand: (id, callbackUrl) => started.sandbox.console().setUrl(id, callbackUrl),
    logids: () => started.sandbox.records.list().map((record) => record.logid),
    write: (name, text) => writeFile(path.join(folder, name), text),
    read: (name) => readFile(path.join(folder, name), 'utf8'),
    start: (words) => startChild(words, { program: context.program, folder, environment }),
    async close() {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function startChild(
  words: readonly string[],
  { program, folder, environment }: Pick<Context, 'program' | 'environment'> & { readonly folder: string },
): ChildRun {
  const [executable, ...first] = program;
  const child = spawn(executable, [...first, ...words], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.stderr += chunk;
  });
  const lines = createInterface({ input: child.stdout });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...text }));
  });
  return {
    pid: child.pid ?? 0,
    onLine: (listener) => void lines.on('line', listener),
    stop: () => void child.kill('SIGTERM'),
    ended,
  };
}
