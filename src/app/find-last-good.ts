/** The last good configuration, found also where the files do not say where the state is. */

import path from 'node:path';
import type { Configuration } from '../daemon/ports.ts';
import { DiskError } from '../lib/disk.ts';
import { nodeDisk } from '../lib/disk-node.ts';
import { createMemoryFiles, hostFiles } from '../lib/file-reader.ts';
import { OVERRIDES } from '../model/overrides.ts';
import { createLastGood } from '../record/last-good.ts';
import { createStatePointer, type StatePointer } from '../record/state-pointer.ts';
import { CONFIG_DEFAULTS } from '../source/config-types.ts';
import { guessStateDir } from '../source/guess-state-dir.ts';
import { type LoadOptions, loadConfiguration } from '../source/load-configuration.ts';
import type { Context } from './context.ts';
import { type CommonFlags, configurationOptions } from './load-configuration.ts';

export type ConfigurationOptions = Omit<LoadOptions, 'files'>;

/** Why a copy cannot be used. */
export interface CopyDamage {
  readonly file: string;
  readonly problem: string;
}

export interface FoundCopy {
  readonly configuration?: Configuration;
  readonly damage?: CopyDamage;
}

/**
 * The copy in the directory that a flag or the environment names; else in those that the broken file, an earlier run and systemd
 * name, or in the default one. There, a copy counts only for the file that it was made from, and where it names that directory itself.
 */
export async function findLastGood(
  options: ConfigurationOptions,
  flags: CommonFlags,
  context: Context,
): Promise<FoundCopy> {
  const named = nameStateDir(flags, context);
  if (named !== undefined) return readLastGood(named, options);
  let damage: CopyDamage | undefined;
  for (const dir of await listCandidates(options, context)) {
    const found = await readLastGood(dir, options);
    if (found.configuration?.settings.stateDir === dir) return found;
    damage ??= found.damage;
  }
  return damage === undefined ? {} : { damage };
}

/** The copy in `stateDir` as a configuration, or why it cannot be used; neither where there is none. */
export async function readLastGood(stateDir: string, options: ConfigurationOptions): Promise<FoundCopy> {
  const { stored, damage } = await createLastGood({ disk: nodeDisk, dir: stateDir }).load();
  if (stored === undefined) return damage === undefined ? {} : { damage };
  const loaded = await loadConfiguration({ ...options, files: createMemoryFiles(stored.sources) });
  return loaded.ok ? { configuration: loaded.configuration } : {};
}

/** Where the state is when the file cannot say so: where it was, else what the file seems to say. */
export async function findStateDir(file: string, flags: CommonFlags, context: Context): Promise<string> {
  const named = nameStateDir(flags, context);
  if (named !== undefined) return named;
  const options = configurationOptions(file, flags, context);
  // A copy that may not be read, as that of another user, says nothing.
  const found = await findLastGood(options, flags, context).catch(ignoreRefusal);
  const known = found?.configuration?.settings.stateDir;
  return known ?? (await guessStateDir(file, hostFiles, context.environment)) ?? CONFIG_DEFAULTS.state_dir;
}

export function ignoreRefusal(error: unknown): undefined {
  if (!(error instanceof DiskError)) throw error;
}

/** Where the state of `file` is noted: in a directory of systemd, else in the home of the user. */
export function openStatePointer(file: string, { environment, cwd }: Context): StatePointer {
  const { XDG_STATE_HOME: xdg, HOME: home } = environment;
  const folders = [...listStateDirectories(environment), ...(xdg ? [path.join(xdg, 'callbackd')] : [])];
  const places = home ? [...folders, path.join(home, '.local/state/callbackd')] : folders;
  return createStatePointer({
    disk: nodeDisk,
    places: places.filter((place) => path.isAbsolute(place)),
    file: path.resolve(cwd, file),
  });
}

/** What a flag or the environment says; undefined where the file has its say. */
export function nameStateDir({ stateDir }: CommonFlags, { environment, cwd }: Context): string | undefined {
  const named = stateDir ?? environment[OVERRIDES.stateDir.variable];
  return named ? path.resolve(cwd, named) : undefined;
}

async function listCandidates({ path: file }: ConfigurationOptions, context: Context): Promise<Set<string>> {
  const { environment } = context;
  const guess = await guessStateDir(file, hostFiles, environment);
  return new Set([
    ...(guess === undefined ? [] : [guess]),
    ...(await openStatePointer(file, context).load()),
    ...listStateDirectories(environment),
    CONFIG_DEFAULTS.state_dir,
  ]);
}

/** systemd.exec(5): one variable, separated by colons. */
function listStateDirectories({ STATE_DIRECTORY: list = '' }: Context['environment']): readonly string[] {
  return list.split(':').filter((dir) => path.isAbsolute(dir));
}
