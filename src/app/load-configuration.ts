/**
 * Finds and reads the configuration: flag, `CALLBACKD_CONFIG`, ./callbackd.yaml,
 * /etc/callbackd/callbackd.yaml.
 */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { hostFiles } from '../lib/file-reader.ts';
import { message } from '../messages/message.ts';
import type { Overrides } from '../model/overrides.ts';
import type { LogLevel } from '../model/settings.ts';
import {
  type LoadedConfiguration,
  type LoadOptions,
  loadConfiguration as loadFiles,
} from '../source/load-configuration.ts';
import type { Context } from './context.ts';
import { AppFailure } from './failure.ts';

export { TOKEN_VARIABLE } from '../source/overrides.ts';

/** Flags that more than one command takes, as they stood on the command line. */
export interface CommonFlags extends Overrides {
  readonly config?: string;
  readonly logLevel?: LogLevel;
}

const NAME = 'callbackd.yaml';
const SYSTEM_WIDE = '/etc/callbackd/callbackd.yaml';
/** Where a file is looked for that nobody named. */
export const DEFAULT_PATHS = [NAME, SYSTEM_WIDE];

/** The path to read, as the operator would name it. Throws an AppFailure when there is no file to read. */
export function findConfigurationPath({ config }: CommonFlags, { environment, cwd }: Context): string {
  const named = config ?? environment['CALLBACKD_CONFIG'];
  if (named !== undefined && named !== '') return named;
  if (existsSync(path.join(cwd, NAME))) return NAME;
  if (existsSync(SYSTEM_WIDE)) return SYSTEM_WIDE;
  throw new AppFailure(
    'invalid_configuration',
    message('app.no_configuration', { name: NAME, systemWide: SYSTEM_WIDE }),
    [message('app.no_configuration_advice')],
  );
}

/** How a file is read: flags beat the environment, which beats the file. */
export function configurationOptions(
  file: string,
  { config: _, ...overrides }: CommonFlags,
  { environment }: Context,
): Omit<LoadOptions, 'files'> {
  return { path: file, environment, overrides };
}

/**
 * The configuration that `flags` and the environment name. Unreadable and broken files are diagnostics, not
 * errors.
 */
export async function loadConfiguration(flags: CommonFlags, context: Context): Promise<LoadedConfiguration> {
  return loadConfigurationFile(findConfigurationPath(flags, context), flags, context);
}

export function loadConfigurationFile(
  file: string,
  flags: CommonFlags,
  context: Context,
): Promise<LoadedConfiguration> {
  return loadFiles({ ...configurationOptions(file, flags, context), files: hostFiles });
}
