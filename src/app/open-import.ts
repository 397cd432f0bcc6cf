/**
 * What `import` works on: the account read in full, with every subscription, and the way from the YAML it
 * prints back into a configuration. Settings come from the file named by `--config`, if any; else from flags,
 * the environment and defaults.
 */

import path from 'node:path';
import { createMemoryFiles } from '../lib/file-reader.ts';
import type { Configuration, ConfigurationResult } from '../model/configuration.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { type AppId, type AppKey, compareText } from '../model/identity.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { Settings } from '../model/settings.ts';
import type { OnCall } from '../platform/ports.ts';
import {
  createConfigurationValidator,
  type LoadedConfiguration,
  loadConfiguration,
} from '../source/load-configuration.ts';
import { withClosers } from './closers.ts';
import type { Context } from './context.ts';
import { type CommonFlags, configurationOptions, loadConfigurationFile } from './load-configuration.ts';
import { type ApplySession, openApplySession } from './open-apply-session.ts';
import { openReader } from './open-reader.ts';

/** What the printed YAML is called in messages. */
const NAME = 'imported.yaml';
const NOTHING = 'version: 1\napps: {}\n';

/** A configuration that is not written yet, and where it will be. */
export interface ConfigurationDraft {
  readonly file: string;
  readonly text: string;
}

/** The account to be imported, and the way from printed YAML back into a configuration. */
export interface ImportSession {
  readonly endpoint: string;
  readonly stateDir: string;
  /** A complete listing with all subscriptions, and the keys of what is owned already. */
  read(onProgress: (done: number, total: number) => void): Promise<{
    readonly apps: readonly ObservedApp[];
    readonly events: ReadonlyMap<AppId, readonly string[]>;
    readonly ownedKeys: ReadonlyMap<AppId, AppKey>;
  }>;
  parse(text: string): Promise<ConfigurationResult>;
  openApply(text: string): Promise<ApplySession>;
}

export type OpenedImport =
  | { readonly ok: true; readonly session: ImportSession }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** `draft`: a configuration that is not written yet, in the place of one that is named by `flags`. */
export async function openImport(
  flags: CommonFlags,
  draft: ConfigurationDraft | undefined,
  context: Context,
): Promise<OpenedImport> {
  const validator = await createConfigurationValidator();
  const parse = (text: string): Promise<LoadedConfiguration> => {
    const file = path.resolve(context.cwd, draft?.file ?? NAME);
    const files = createMemoryFiles(new Map([[file, text]]));
    return loadConfiguration({ ...configurationOptions(file, flags, context), validator, files });
  };
  // A file that is not named is not read: the shell may have emptied it for what this command prints.
  const loaded = await (flags.config === undefined || draft !== undefined
    ? parse(draft?.text ?? NOTHING)
    : loadConfigurationFile(flags.config, flags, context));
  if (!loaded.ok) return { ok: false, diagnostics: loaded.diagnostics };
  const { settings } = loaded.configuration;
  return {
    ok: true,
    session: {
      endpoint: settings.platform.baseUrl,
      stateDir: settings.stateDir,
      read: (onProgress) => readAccount(settings, context, onProgress),
      parse,
      openApply: async (text) => openAdoption(await parse(text), settings, context),
    },
  };
}

function readAccount(
  settings: Settings,
  context: Context,
  onProgress: (done: number, total: number) => void,
): ReturnType<ImportSession['read']> {
  const answered = new Set<AppId>();
  let total = 0;
  const onCall: OnCall = ({ failure }, { appId }) => {
    if (appId === undefined || failure !== undefined || answered.has(appId)) return;
    answered.add(appId);
    onProgress(answered.size, total);
  };
  const call = { signal: context.signals.interrupted };
  return withClosers(async (closers) => {
    const { observer, state } = await openReader(settings, context, { closers, onCall });
    const listing = await observer.list(call);
    const eventsOf = listing.apps
      .filter(({ appType }) => appType === 'normal' || appType === 'connector')
      .map(({ id }) => id)
      .sort(compareText);
    total = eventsOf.length;
    const { events } = await observer.answer(listing, { eventsOf, probe: [], confirmListing: false }, call);
    const ownedKeys = new Map([...state.apps.values()].map(({ id, key }) => [id, key]));
    return { apps: listing.apps, events, ownedKeys };
  });
}

/** Under a policy that takes over what matches and removes nothing. */
function openAdoption(
  parsed: LoadedConfiguration,
  settings: Settings,
  context: Context,
): Promise<ApplySession> {
  if (!parsed.ok) throw new Error('the imported YAML was valid a moment ago');
  const policy = { ...settings.policy, adopt: 'identical', prune: 'never' } as const;
  const configuration: Configuration = { ...parsed.configuration, settings: { ...settings, policy } };
  return openApplySession(configuration, context);
}
