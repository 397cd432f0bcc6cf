/** The configuration that the daemon starts with, and the files that it then reloads and watches. */

import { type Boot, chooseBootConfiguration } from '../daemon/configuration-keeper.ts';
import type { ConfigurationResult, Configurations } from '../daemon/ports.ts';
import type { Clock } from '../lib/clock.ts';
import { nodeDisk } from '../lib/disk-node.ts';
import { findFileMount } from '../lib/file-mount.ts';
import { hostFiles } from '../lib/file-reader.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Settings } from '../model/settings.ts';
import { createLastGood } from '../record/last-good.ts';
import { judgeReload } from '../source/judge-reload.ts';
import {
  createConfigurationValidator,
  type LoadedConfiguration,
  loadConfiguration,
} from '../source/load-configuration.ts';
import { createFileLook } from '../source/look-again.ts';
import { chokidarHints, watchConfiguration } from '../source/watch-configuration.ts';
import { watchMounts } from '../source/watch-mounts.ts';
import type { Context } from './context.ts';
import { AppFailure } from './failure.ts';
import {
  type ConfigurationOptions,
  type CopyDamage,
  findLastGood,
  nameStateDir,
  openStatePointer,
  readLastGood,
} from './find-last-good.ts';
import {
  type CommonFlags,
  configurationOptions,
  DEFAULT_PATHS,
  findConfigurationPath,
} from './load-configuration.ts';

export interface BootConfiguration {
  readonly boot: Boot;
  readonly configurations: Configurations;
  /** What the files say, and why the last good copy cannot be used: for the log, which is opened later. */
  readonly loaded: ConfigurationResult;
  readonly damage: CopyDamage | undefined;
  /** The text of a file as it was last loaded; nothing is read. */
  readonly sourceOf: (file: string) => string | undefined;
}

/**
 * Reads the files once, and the last good copy beside the state. Throws an AppFailure when there is no file
 * to read, nor a copy of one.
 */
export async function openBootConfiguration(
  flags: CommonFlags,
  context: Context,
): Promise<BootConfiguration> {
  const validator = await createConfigurationValidator();
  let missing: AppFailure;
  try {
    const file = findConfigurationPath(flags, context);
    return await bootFrom({ ...configurationOptions(file, flags, context), validator }, flags, context);
  } catch (error) {
    if (!(error instanceof AppFailure)) throw error;
    missing = error;
  }
  for (const file of DEFAULT_PATHS) {
    // Only who ran here before, or is told where, may mean the file that was here.
    const isKnown = nameStateDir(flags, context) ?? (await openStatePointer(file, context).load())[0];
    if (isKnown === undefined) continue;
    const options = { ...configurationOptions(file, flags, context), validator };
    const started = await bootFrom(options, flags, context);
    if (started.boot.ok) return started;
  }
  throw missing;
}

async function bootFrom(
  options: ConfigurationOptions,
  flags: CommonFlags,
  context: Context,
): Promise<BootConfiguration> {
  const { sourceOf, ...files } = createConfigurations({ options, clock: context.clock });
  const loaded = await files.load();
  const copy = loaded.ok
    ? await readLastGood(loaded.configuration.settings.stateDir, options)
    : await findLastGood(options, flags, context);
  const boot = chooseBootConfiguration(loaded, copy.configuration, judgeReload);
  const keep = boot.ok ? createKeep(boot.configuration.settings, options.path, flags, context) : neverKept;
  return {
    boot,
    configurations: { ...files, keep, judge: judgeReload },
    loaded,
    damage: copy.damage,
    sourceOf,
  };
}

/** Stores a copy in the state, and where the state is, unless a restart is told that anyway. */
function createKeep(
  { stateDir }: Settings,
  file: string,
  flags: CommonFlags,
  context: Context,
): Configurations['keep'] {
  const lastGood = createLastGood({ disk: nodeDisk, dir: stateDir });
  const pointer = openStatePointer(file, context);
  const isNamed = nameStateDir(flags, context) !== undefined;
  return async (configuration) => {
    await lastGood.save(configuration);
    if (!isNamed) await pointer.save(stateDir);
  };
}

/** There is nothing to start with. */
async function neverKept(): Promise<void> {}

export function logBootConfiguration(log: EventLog, { loaded, damage }: BootConfiguration): void {
  if (damage !== undefined) log.write('last_good_damaged', { file: damage.file, detail: damage.problem });
  if (loaded.ok && loaded.warnings.length > 0)
    log.write('configuration_warned', { problems: loaded.warnings });
}

interface ConfigurationsDeps {
  /** How the files are read now: path, overrides and environment. */
  readonly options: ConfigurationOptions;
  readonly clock: Clock;
}

function createConfigurations(
  deps: ConfigurationsDeps,
): Pick<Configurations, 'load' | 'look' | 'watch'> & Pick<BootConfiguration, 'sourceOf'> {
  const { options, clock } = deps;
  let latest: LoadedConfiguration | undefined;
  let loading = 0;
  return {
    async load() {
      loading += 1;
      try {
        latest = await loadConfiguration({ ...options, files: hostFiles });
        return latest;
      } finally {
        loading -= 1;
      }
    },
    sourceOf: (file) => latest?.sources.get(file),
    look: createFileLook({ ...options, files: hostFiles }, clock).compare,
    async watch({ onChange, onError, onDetached }, signal) {
      const files = () => [...(latest?.sources.keys() ?? [options.path])];
      const mounts = watchMounts({ files, findMount: findFileMount, clock, signal, onDetached });
      const changes = watchConfiguration({
        targets: () => ({
          main: options.path,
          includes: latest?.includes ?? [],
          sources: latest?.sources ?? new Map(),
          // What is just being loaded is not missed yet.
          ...(latest !== undefined && loading === 0 && { files: latest.files, refused: latest.refused }),
        }),
        debounce: () => (latest?.ok ? latest.configuration.settings.debounce : DEBOUNCE_OF_BROKEN_FILE),
        files: hostFiles,
        clock,
        signal,
        hints: chokidarHints,
        onChange: () => onChange(),
        onError,
      });
      await Promise.all([mounts, changes]);
    },
  };
}

/** A file that cannot be read says nothing about its own debounce; these are the defaults of the schema. */
const DEBOUNCE_OF_BROKEN_FILE = { quietMs: 300, maxWaitMs: 5_000 };
