/** Every field of the configuration's schema says what an editor shows; its defaults are the program's. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { hostFiles } from '../../src/lib/file-reader.ts';
import { loadConfiguration } from '../../src/source/load-configuration.ts';
import { defaultsBelow, FIELDS } from './schema-fields.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const named = FIELDS.map((field) => [field.path.join('.') || 'the file', field] as const);

describe('every field', () => {
  it.each(named)('%s has a title, a description, and examples', (_, { schema }) => {
    expect(schema.title).toMatch(/^\S/);
    expect(schema.description).toMatch(/\.$/);
    expect(schema.examples?.length).toBeGreaterThan(0);
  });

  it.each(named)('%s says what holds when it is absent', (_, { schema, mayBeAbsent }) => {
    // A mapping takes its defaults from its fields; what can have no default says what its absence means.
    const says = defaultsBelow(schema) !== undefined || /Absent: .+\.$/.test(schema.description ?? '');
    expect(says).toBe(mayBeAbsent || defaultsBelow(schema) !== undefined);
  });

  it.each(named)('%s has examples that are valid, and a default that is', (_, { schema }) => {
    const ajv = new Ajv({ strict: false });
    const { definitions } = FIELDS[0]?.schema ?? {};
    const check = ajv.compile({ ...schema, definitions });
    const values = [...(schema.examples ?? []), ...(schema.default === undefined ? [] : [schema.default])];
    expect(values.filter((value) => !check(value))).toEqual([]);
  });

  it.each(named)('%s refuses keys that it does not know', (_, { schema }) => {
    if (schema.properties === undefined) expect(schema.additionalProperties).not.toBe(true);
    else expect(schema.additionalProperties).toBe(false);
  });
});

describe('the defaults of the schema', () => {
  const entry = { app_type: 'normal', name: 'Orders', callback_url: 'https://hooks.example.com/coze' };

  it('are those of the program: a file that states them all means what a file without them means', async () => {
    const top = defaultsBelow(FIELDS[0]?.schema ?? {}) as Record<string, unknown>;
    const app = defaultsBelow(FIELDS.find((field) => field.path.at(-1) === 'KEY')?.schema ?? {});
    expect(Object.keys(app as object).length).toBeGreaterThan(3);
    expect(Object.keys(top).length).toBeGreaterThan(4);
    const silent = await load({ version: 1, apps: { orders: entry } });
    const stated = await load({ version: 1, ...top, apps: { orders: { ...entry, ...(app as object) } } });
    expect(stated).toEqual(silent);
  });

  async function load(file: unknown) {
    const read = async () => ({ ok: true as const, bytes: Buffer.from(stringify(file)) });
    const loaded = await loadConfiguration({
      path: '/etc/callbackd/callbackd.yaml',
      environment: {},
      files: { ...hostFiles, read },
    });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics));
    const { settings, desired } = loaded.configuration;
    // Where an entry stands differs, and nothing else.
    return { settings, apps: [...desired.apps.values()].map(({ position: _, ...app }) => app) };
  }
});

describe('what is generated from the schema', () => {
  it.each([
    ['src/source/config-types.ts', 'generate-config-types.mjs'],
    ['src/source/compiled-schema.ts', 'generate-config-check.mjs'],
    ['docs/configuration.md', 'generate-config-docs.mjs'],
  ])('%s is current', (_, script) => {
    execFileSync(process.execPath, [path.join(ROOT, 'scripts', script), '--check'], { stdio: 'pipe' });
  });
});
