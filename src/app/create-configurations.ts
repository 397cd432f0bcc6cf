/** The operator's files as the daemon sees them: loading and watching; and the last good copy beside the state. */

import type { Configuration, Configurations } from '../daemon/ports.ts';
import type { Clock } from '../lib/clock.ts';
import { hostFiles } from '../lib/file-reader.ts';
import { createMemoryFiles } from '../lib/memory-file-reader.ts';
import type { LastGood } from '../record/last-good.ts';
import {
  type LoadedConfiguration,
  type LoadOptions,
  loadConfiguration,
} from '../source/load-configuration.ts';
import { watchConfiguration } from '../source/watch-configuration.ts';
import { chokidarHints } from '../source/watch-hints.ts';

export interface ConfigurationsDeps {
  /** How the files are read now: path, overrides and environment. */
  readonly options: Omit<LoadOptions, 'files'>;
  readonly clock: Clock;
}

export function createConfigurations(deps: ConfigurationsDeps): Pick<Configurations, 'load' | 'watch'> {
  const { options, clock } = deps;
  let latest: LoadedConfiguration | undefined;
  return {
    async load() {
      latest = await loadConfiguration({ ...options, files: hostFiles });
      return latest;
    },
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

/** The last good copy as a configuration, or why it cannot be used; neither where there is none. */
export async function loadLastGood(
  lastGood: LastGood,
  options: ConfigurationsDeps['options'],
): Promise<{
  readonly configuration?: Configuration;
  readonly damage?: { readonly file: string; readonly problem: string };
}> {
  const { stored, damage } = await lastGood.load();
  if (stored === undefined) return damage === undefined ? {} : { damage };
  const loaded = await loadConfiguration({ ...options, files: createMemoryFiles(stored.sources) });
  return loaded.ok ? { configuration: loaded.configuration } : {};
}

/** A file that cannot be read says nothing about its own debounce; these are the defaults of the schema. */
const DEBOUNCE_OF_BROKEN_FILE = { quietMs: 300, maxWaitMs: 5_000 };
