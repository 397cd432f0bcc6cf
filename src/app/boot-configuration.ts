/** The configuration that the daemon starts with, and the files that it then reloads and watches. */

import { type Boot, chooseBootConfiguration } from '../daemon/configuration-keeper.ts';
import type { Configuration, ConfigurationResult, Configurations } from '../daemon/ports.ts';
import type { Clock } from '../lib/clock.ts';
import { nodeDisk } from '../lib/disk-node.ts';
import { hostFiles } from '../lib/file-reader.ts';
import { createMemoryFiles } from '../lib/memory-file-reader.ts';
import type { EventLog } from '../log/event-log.ts';
import { createLastGood, type LastGood } from '../record/last-good.ts';
import { judgeReload } from '../source/judge-reload.ts';
import {
  createConfigurationValidator,
  type LoadedConfiguration,
  type LoadOptions,
  loadConfiguration,
} from '../source/load-configuration.ts';
import { createFileLook } from '../source/look-again.ts';
import { watchConfiguration } from '../source/watch-configuration.ts';
import { chokidarHints } from '../source/watch-hints.ts';
import type { Context } from './context.ts';
import {
  type CommonFlags,
  configurationOptions,
  findConfigurationPath,
  findStateDir,
} from './load-configuration.ts';

export interface BootConfiguration {
  readonly boot: Boot;
  readonly configurations: Configurations;
  /** What the files say, and why the last good copy cannot be used: for the log, which is opened later. */
  readonly loaded: ConfigurationResult;
  readonly damage: CopyDamage | undefined;
}

interface CopyDamage {
  readonly file: string;
  readonly problem: string;
}

/**
 * Reads the files once, and the last good copy beside the state. Throws an AppFailure when there is no file
 * to read.
 */
export async function openBootConfiguration(
  flags: CommonFlags,
  context: Context,
): Promise<BootConfiguration> {
  const file = findConfigurationPath(flags, context);
  const validator = await createConfigurationValidator();
  const options = { ...configurationOptions(file, flags, context), validator };
  const files = createConfigurations({ options, clock: context.clock });
  const loaded = await files.load();
  const stateDir = loaded.ok ? loaded.configuration.settings.stateDir : findStateDir(flags, context);
  const lastGood = createLastGood({ disk: nodeDisk, dir: stateDir });
  const copy = await loadLastGood(lastGood, options);
  return {
    boot: chooseBootConfiguration(loaded, copy.configuration, judgeReload),
    configurations: { ...files, keep: lastGood.save, judge: judgeReload },
    loaded,
    damage: copy.damage,
  };
}

export function logBootConfiguration(log: EventLog, { loaded, damage }: BootConfiguration): void {
  if (damage !== undefined) log.write('last_good_damaged', { file: damage.file, detail: damage.problem });
  if (loaded.ok && loaded.warnings.length > 0)
    log.write('configuration_warned', { problems: loaded.warnings });
}

/** The last good copy as a configuration, or why it cannot be used; neither where there is none. */
async function loadLastGood(
  lastGood: LastGood,
  options: ConfigurationsDeps['options'],
): Promise<{ readonly configuration?: Configuration; readonly damage?: CopyDamage }> {
  const { stored, damage } = await lastGood.load();
  if (stored === undefined) return damage === undefined ? {} : { damage };
  const loaded = await loadConfiguration({ ...options, files: createMemoryFiles(stored.sources) });
  return loaded.ok ? { configuration: loaded.configuration } : {};
}

interface ConfigurationsDeps {
  /** How the files are read now: path, overrides and environment. */
  readonly options: Omit<LoadOptions, 'files'>;
  readonly clock: Clock;
}

function createConfigurations(deps: ConfigurationsDeps): Pick<Configurations, 'load' | 'look' | 'watch'> {
  const { options, clock } = deps;
  let latest: LoadedConfiguration | undefined;
  return {
    async load() {
      latest = await loadConfiguration({ ...options, files: hostFiles });
      return latest;
    },
    look: createFileLook({ ...options, files: hostFiles }, clock).compare,
    watch: ({ onChange, onError }, signal) =>
      watchConfiguration({
        targets: () => ({
          main: options.path,
          includes: latest?.includes ?? [],
          sources: latest?.sources ?? new Map(),
        }),
        debounce: () => (latest?.ok ? latest.configuration.settings.debounce : DEBOUNCE_OF_BROKEN_FILE),
        files: hostFiles,
        clock,
        signal,
        hints: chokidarHints,
        onChange: () => onChange(),
        onError,
      }),
  };
}

/** A file that cannot be read says nothing about its own debounce; these are the defaults of the schema. */
const DEBOUNCE_OF_BROKEN_FILE = { quietMs: 300, maxWaitMs: 5_000 };
