/**
 * The composition root: what main.ts knows of the process goes in, the toolbox that commands work with comes out. Only
 * this file and compose/ know every folder; below them, time, randomness, files and network are parameters.
 */

import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { CommandFailure } from './cli/command-failure.ts';
import type { Toolbox } from './cli/ports.ts';
import { createTerminal } from './compose/create-terminal.ts';
import type { Edge } from './compose/edge.ts';
import { findConfigurationPath, loadConfigurationFile } from './compose/load-configuration-file.ts';
import type { OpenedImport } from './compose/open-import.ts';
import { readSource } from './compose/read-source.ts';
import { translating } from './compose/translate-failure.ts';
import { systemClock } from './lib/clock.ts';
import { DiskError } from './lib/disk.ts';
import { readPackageFile } from './lib/package-file.ts';
import { sha256 } from './lib/sha256.ts';
import { createTranslator } from './messages/say.ts';

export type { Edge, Signals } from './compose/edge.ts';

/** Puts the real things together. Nothing is opened, read or started before a command asks for it. */
export function compose(edge: Edge): Toolbox {
  const version = readVersion();
  const clock = systemClock;
  const context = { edge, clock, version };
  return {
    terminal: createTerminal(edge),
    translate: createTranslator('en'),
    version,
    clock,
    digest: sha256,
    interrupted: edge.signals.interrupted,
    async loadConfiguration(flags) {
      const file = findConfigurationPath(flags, edge);
      return loadConfigurationFile(file, flags, edge);
    },
    readSource: (file) => readSource(path.resolve(edge.cwd, file)),
    openPlanSession: (configuration) =>
      translatingSession(async () => {
        const { openPlanSession } = await import('./compose/open-plan-session.ts');
        return openPlanSession(configuration, context);
      }),
    openApplySession: (configuration) =>
      translatingSession(async () => {
        const { openApplySession } = await import('./compose/open-apply-session.ts');
        return openApplySession(configuration, context);
      }),
    runDaemon: (flags) =>
      translating(async () => (await import('./compose/run-service.ts')).runService(flags, context)),
    async startSandbox(options) {
      const { openSandbox } = await import('./compose/open-sandbox.ts');
      const { started, close } = await openSandbox(options, clock);
      return { url: started.url, token: started.token, close };
    },
    openImport: (flags, draft) =>
      translating(async () => {
        const { openImport } = await import('./compose/open-import.ts');
        return translatingImport(await openImport(flags, draft, context));
      }),
    examine: (flags, options) =>
      translating(async () => (await import('./compose/doctor/examine.ts')).examine(flags, options, context)),
    writeBundle: (flags, request) =>
      translating(async () =>
        (await import('./compose/bundle/write-bundle.ts')).writeBundle(flags, request, context),
      ),
    openRecord: ({ settings }) =>
      translating(async () => (await import('./compose/open-record.ts')).openRecord(settings)),
    inspectEntry: (configuration, key) =>
      translating(async () =>
        (await import('./compose/inspect-entry.ts')).inspectEntry(configuration, key, context),
      ),
    openControl: async (flags, answerWithinMs) =>
      (await import('./compose/open-control.ts')).openControl(flags, context, answerWithinMs),
    userName: readUserName,
    openDrill: async (configuration, account) =>
      (await import('./compose/open-rehearsal.ts')).openRehearsal(configuration, account, clock),
    openDemoStage: async () => (await import('./compose/open-demo-stage.ts')).openDemoStage(edge, clock),
    readFile: (file) => readTextFile(path.resolve(edge.cwd, file)),
    writeFile: (file, text) => writeTextFile(path.resolve(edge.cwd, file), text),
    createFile: async (file, text, mode) =>
      (await import('./compose/create-file.ts')).createFile(path.resolve(edge.cwd, file), text, mode),
    removeFile: (file) => rm(path.resolve(edge.cwd, file)),
    fileExists: async (file) => existsSync(path.resolve(edge.cwd, file)),
    hasTokenVariable: () => (edge.environment['COZE_API_TOKEN'] ?? '') !== '',
    readSchema: async (name) => readPackageFile(`schema/${name}.schema.json`),
  };
}

/** Translates the failures of opening a session and of everything done in it. */
async function translatingSession<
  Session extends { plan: (...parameters: never[]) => Promise<unknown>; close(): Promise<void> },
>(open: () => Promise<Session>): Promise<Session> {
  const session = await translating(open);
  const plan = ((...parameters: never[]) =>
    translating(() => session.plan(...parameters))) as Session['plan'];
  return { ...session, plan };
}

/** Translates the failures of an import after it was opened, too. */
function translatingImport(opened: OpenedImport): OpenedImport {
  if (!opened.ok) return opened;
  const { session } = opened;
  return {
    ok: true,
    session: {
      ...session,
      read: (onProgress) => translating(() => session.read(onProgress)),
      openApply: (text) => translatingSession(() => session.openApply(text)),
    },
  };
}

function readVersion(): string {
  const { version } = JSON.parse(readPackageFile('package.json')) as { readonly version: string };
  return version;
}

/** A process in a container may run as a number that no name belongs to. */
function readUserName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

async function readTextFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandFailure('failed', explainDisk('read', file, error), [], error);
  }
}

async function writeTextFile(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { mode: 0o600 });
  } catch (error) {
    throw new CommandFailure('failed', explainDisk('write', file, error), [], error);
  }
}

function explainDisk(operation: 'read' | 'write', file: string, error: unknown): string {
  const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
  return new DiskError(operation, file, code).message;
}
