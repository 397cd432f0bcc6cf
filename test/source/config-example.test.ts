/** config.example.yaml is valid, complete and honest about defaults. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hostFiles } from '../../src/lib/file-reader.ts';
import { loadConfiguration } from '../../src/source/load-configuration.ts';
import { FIELDS } from './schema-fields.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const EXAMPLE = path.join(ROOT, 'config.example.yaml');
const text = readFileSync(EXAMPLE, 'utf8');

/** The fields that an example can show: neither the file itself nor items of a list. */
const fields = FIELDS.filter(({ path: at }) => at.length > 0 && at[0] !== '(included)' && at.at(-1) !== '[]');

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
    for (const { path: at, schema: field } of fields) {
      if (field.default === undefined || at.includes('KEY')) continue;
      const shown = at.reduce<unknown>(
        (value, key) => (value as Record<string, unknown>)[key === '[]' ? '0' : key],
        example,
      );
      expect(shown, at.join('.')).toEqual(field.default);
    }
  });
});
