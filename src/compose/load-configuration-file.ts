/** Finds and reads the configuration for a command: flag, `CALLBACKD_CONFIG`, ./callbackd.yaml, /etc/callbackd/callbackd.yaml. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { CommandFailure } from '../cli/command-failure.ts';
import type { CommonFlags } from '../cli/ports.ts';
import { hostFiles } from '../lib/file-reader.ts';
import {
  type LoadedConfiguration,
  type LoadOptions,
  loadConfiguration,
} from '../source/load-configuration.ts';
import type { Edge } from './edge.ts';

const NAME = 'callbackd.yaml';
const SYSTEM_WIDE = '/etc/callbackd/callbackd.yaml';

/** The path to read, as the operator would name it. */
export function findConfigurationPath({ config }: CommonFlags, { environment, cwd }: Edge): string {
  const named = config ?? environment['CALLBACKD_CONFIG'];
  if (named !== undefined && named !== '') return named;
  if (existsSync(path.join(cwd, NAME))) return NAME;
  if (existsSync(SYSTEM_WIDE)) return SYSTEM_WIDE;
  throw new CommandFailure(
    'invalid_configuration',
    `no configuration: there is neither ./${NAME} nor ${SYSTEM_WIDE}`,
    ['name one with --config PATH or CALLBACKD_CONFIG; config.example.yaml shows every field'],
  );
}

/** How the file is to be read: flags beat the environment, which beats the file. */
export function configurationOptions(
  file: string,
  { baseUrl, stateDir, logLevel, controlSocket }: CommonFlags,
  { environment }: Edge,
): Omit<LoadOptions, 'files'> {
  return { path: file, environment, overrides: { baseUrl, stateDir, logLevel, controlSocket } };
}

export function loadConfigurationFile(
  file: string,
  flags: CommonFlags,
  edge: Edge,
): Promise<LoadedConfiguration> {
  return loadConfiguration({ ...configurationOptions(file, flags, edge), files: hostFiles });
}
