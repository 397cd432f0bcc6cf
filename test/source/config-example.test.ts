/** config.example.yaml is valid, complete and honest about defaults; what is generated from the schema is current. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hostFiles } from '../../src/lib/file-reader.ts';
import { loadConfiguration } from '../../src/source/load-configuration.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const EXAMPLE = path.join(ROOT, 'config.example.yaml');
const text = readFileSync(EXAMPLE, 'utf8');

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly additionalProperties?: Schema | false;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const schema = JSON.parse(readFileSync(path.join(ROOT, 'schema/config.schema.json'), 'utf8')) as Schema;

/** Every field with its path; entries of `apps` are called `KEY`. */
function fieldsOf(
  part: Schema,
  at: readonly string[] = [],
): readonly { path: readonly string[]; field: Schema }[] {
  const resolved =
    part.$ref === undefined ? part : (schema.definitions?.[part.$ref.split('/').at(-1) ?? ''] ?? {});
  const below = Object.entries(resolved.properties ?? {}).flatMap(([name, field]) =>
    fieldsOf(field, [...at, name]),
  );
  const entries = resolved.additionalProperties
    ? fieldsOf(resolved.additionalProperties, [...at, 'KEY'])
    : [];
  return [{ path: at, field: resolved }, ...below, ...entries];
}

const fields = fieldsOf(schema).slice(1);

describe('config.example.yaml', () => {
  it('is valid, apart from the variable that only systemd sets', async () => {
    const loaded = await loadConfiguration({ path: EXAMPLE, environment: {}, files: hostFiles });
    expect(loaded).toMatchObject({ ok: true, warnings: [{ code: 'variable_unset' }] });
  });

  it('names the schema for editors in its first line', () => {
    expect(text.split('\n', 1)[0]).toBe('# yaml-language-server: $schema=./schema/config.schema.json');
  });

  it.each(fields.map(({ path: at }) => at.join('.')).filter((name) => !name.endsWith('KEY')))(
    'shows %s, if only in a comment',
    (name) => {
      const key = name.split('.').at(-1);
      expect(text).toMatch(new RegExp(`^[ #]*${key}:`, 'm'));
    },
  );

  it('stays valid with every commented field in force instead of the one it excludes', async () => {
    const uncommented = text
      .replace(/^ {4}token_file:.*$/m, '')
      .replace(/^ {4}# token_env:.*$/m, '')
      .replaceAll(
        /^( *)# ( *(?:jwt|client_id|key_id|private_key_file|account_id|enterprise_id|session_name|paused|until|because|by):)/gm,
        '$1$2',
      );
    const files = {
      ...hostFiles,
      read: async () => ({ ok: true as const, bytes: Buffer.from(uncommented) }),
    };
    const loaded = await loadConfiguration({
      path: EXAMPLE,
      environment: { CREDENTIALS_DIRECTORY: '/run/c' },
      files,
    });
    expect(loaded).toMatchObject({
      ok: true,
      warnings: [],
      configuration: { settings: { platform: { auth: { kind: 'jwt', clientId: '1180000000000' } } } },
    });
  });

  it('shows the default wherever there is one', () => {
    const example = parse(text) as Record<string, unknown>;
    for (const { path: at, field } of fields) {
      if (field.default === undefined || at.includes('KEY')) continue;
      const shown = at.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], example);
      expect(shown, at.join('.')).toEqual(field.default);
    }
  });
});

describe('schema/config.schema.json', () => {
  it.each(fields.map(({ path: at, field }) => [at.join('.'), field] as const))(
    'describes %s fully',
    (_, field) => {
      expect(field.title).toBeTruthy();
      expect(field.description).toMatch(/\.$/);
      expect(field.examples?.length).toBeGreaterThan(0);
      if (field.type === 'object' && field.properties !== undefined)
        expect(field.additionalProperties).toBe(false);
      if (field.items !== undefined)
        expect(field.items).toMatchObject({ title: expect.any(String), description: expect.any(String) });
    },
  );

  it.each([
    ['src/source/config-types.ts', 'generate-config-types.mjs'],
    ['docs/configuration.md', 'generate-config-docs.mjs'],
  ])('has generated %s as it is', (_, script) => {
    execFileSync(process.execPath, [path.join(ROOT, 'scripts', script), '--check'], { stdio: 'pipe' });
  });
});
