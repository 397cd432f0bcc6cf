/** Every setting of the schema reaches `Settings`, and a change of it is applied or reported as its `x-reload` says. */
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { diffSettings } from '../../src/daemon/diff-settings.ts';
import { createMemoryFiles } from '../../src/lib/file-reader.ts';
import type { Settings } from '../../src/model/settings.ts';
import { createConfigurationValidator, loadConfiguration } from '../../src/source/load-configuration.ts';
import { FIELDS, type Field } from './schema-fields.ts';

const FILE = '/etc/callbackd/callbackd.yaml';
/** Only what they say about others matters: which files are read, which URL is accepted. */
const NO_SETTINGS = ['version', 'include', 'coze.allow_http'];
/** For fields whose examples are their default. */
const OTHER_VALUES = [
  true,
  false,
  7,
  0.5,
  '400ms',
  '20s',
  '2h',
  '/elsewhere',
  '*/7 * * * *',
  '127.0.0.1:9999',
];
const validator = await createConfigurationValidator();
const base = (await load([], undefined)) as Settings;

const settings = FIELDS.filter(({ path, schema }) => {
  const name = path.join('.');
  const isWhole = schema.properties === undefined || name === 'coze.auth';
  const isBelow = path.includes('[]') || path[0] === 'apps' || path[0] === '(included)' || path.length === 0;
  return isWhole && !isBelow && !/^coze\.auth\./.test(name) && !NO_SETTINGS.includes(name);
});

it.each(settings.map((field) => [field.path.join('.'), field] as const))('%s', async (name, field) => {
  const values = [...(field.schema.examples ?? []), ...(field.schema.enum ?? []), ...OTHER_VALUES];
  const loaded = await Promise.all(values.map((value) => load(field.path, value)));
  const changed = loaded.find((next) => next && JSON.stringify(next) !== JSON.stringify(base));
  if (changed === undefined) throw new Error('no value of the field changes the settings');
  const { applied, needsRestart } = diffSettings(base, changed);
  const told = reloadOf(field) === 'restart' ? needsRestart : applied;
  const isNamed = (setting: string) => `${name}.`.startsWith(`${setting}.`) || setting.startsWith(`${name}.`);
  expect(told.filter(isNamed)).not.toEqual([]);
});

it('covers the settings', () => {
  expect(settings.length).toBeGreaterThan(25);
});

/** That of the nearest field around it which says so. */
function reloadOf({ path }: Field): string | undefined {
  const around = FIELDS.filter(
    (field) => field.path.length > 0 && field.path.every((step, index) => step === path[index]),
  );
  return around.map(({ schema }) => schema['x-reload']).findLast((reload) => reload !== undefined);
}

/** The settings of a file that holds this one field; undefined where the file is not valid. */
async function load(path: readonly string[], value: unknown): Promise<Settings | undefined> {
  const part = path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value);
  const text = stringify({ version: 1, apps: {}, ...(part as object | undefined) });
  const files = createMemoryFiles(new Map([[FILE, text]]));
  const loaded = await loadConfiguration({ path: FILE, environment: {}, files, validator });
  return loaded.ok ? loaded.configuration.settings : undefined;
}
