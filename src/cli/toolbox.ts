/** What commands work with. Nothing is opened, read or started before a command asks for it. */

import { type Context, readUserName } from '../app/context.ts';
import { loadConfiguration } from '../app/load-configuration.ts';
import {
  createFile,
  fileExists,
  readSourceText,
  readTextFile,
  removeFile,
  writeTextFile,
} from '../app/operator-files.ts';
import { readPackageFile } from '../lib/package-file.ts';
import { sha256 } from '../lib/sha256.ts';
import { createTranslator } from '../messages/say.ts';
import type { Toolbox } from './ports.ts';
import { createTerminal } from './terminal.ts';

export function createToolbox(context: Context): Toolbox {
  return {
    terminal: createTerminal(context),
    version: context.version,
    clock: context.clock,
    translate: createTranslator('en'),
    digest: sha256,
    interrupted: context.signals.interrupted,
    loadConfiguration: (flags) => loadConfiguration(flags, context),
    readSource: (file) => readSourceText(file, context),
    openPlanSession: async (configuration) =>
      (await import('../app/open-plan-session.ts')).openPlanSession(configuration, context),
    openApplySession: async (configuration) =>
      (await import('../app/open-apply-session.ts')).openApplySession(configuration, context),
    runDaemon: async (flags) => (await import('../app/run-service.ts')).runService(flags, context),
    async startSandbox(options) {
      const { openSandbox } = await import('../app/open-sandbox.ts');
      const { started, close } = await openSandbox(options, context);
      return { url: started.url, token: started.token, close };
    },
    openImport: async (flags, draft) =>
      (await import('../app/open-import.ts')).openImport(flags, draft, context),
    examine: async (flags, options) => (await import('./doctor/examine.ts')).examine(flags, options, context),
    writeBundle: async (flags, request) =>
      (await import('./bundle/write-bundle.ts')).writeBundle(flags, request, context),
    openRecord: async ({ settings }) => (await import('../app/open-record.ts')).openRecord(settings),
    inspectEntry: async (configuration, key) =>
      (await import('../app/inspect-entry.ts')).inspectEntry(configuration, key, context),
    openControl: async (flags, answerWithinMs) =>
      (await import('../app/open-control.ts')).openControl(flags, context, answerWithinMs),
    userName: () => readUserName(context),
    openDrill: async (configuration, account) =>
      (await import('../app/open-rehearsal.ts')).openRehearsal(configuration, account, context),
    openDemoStage: async () => (await import('../app/open-demo-stage.ts')).openDemoStage(context),
    readFile: (file) => readTextFile(file, context),
    writeFile: (file, text) => writeTextFile(file, text, context),
    createFile: (file, text, mode) => createFile(file, text, { ...context, mode }),
    removeFile: (file) => removeFile(file, context),
    fileExists: async (file) => fileExists(file, context),
    hasTokenVariable: () => (context.environment['COZE_API_TOKEN'] ?? '') !== '',
    readSchema: async (name) => readPackageFile(`schema/${name}.schema.json`),
  };
}
