/** Reads schema/config.schema.json into a list of fields that tests can ask. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  /** What a change of the setting takes; fields below have that of their parent. */
  readonly 'x-reload'?: 'live' | 'restart';
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

export interface Field {
  /** Entries of `apps` are called `KEY`, items of a list `[]`. */
  readonly path: readonly string[];
  readonly schema: Schema;
  /** A mapping may lack it: neither required, nor an entry or an item, which exist only where somebody writes one. */
  readonly mayBeAbsent: boolean;
}

const FILE = path.resolve(import.meta.dirname, '../../schema/config.schema.json');
const root = JSON.parse(readFileSync(FILE, 'utf8')) as Schema;

/** Every field of a configuration file, the file itself first, and then those of a file that it includes. */
export const FIELDS: readonly Field[] = [
  ...collectFields(root, [], false),
  ...collectFields({ $ref: '#/definitions/included_file' }, ['(included)'], false),
];

/** The defaults below a field, as a file would state them; nothing where there is none. */
export function defaultsBelow(part: Schema): unknown {
  const schema = resolve(part);
  if (schema.default !== undefined) return schema.default;
  const entries = Object.entries(schema.properties ?? {})
    .map(([name, field]) => [name, defaultsBelow(field)])
    .filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function collectFields(part: Schema, at: readonly string[], mayBeAbsent: boolean): readonly Field[] {
  const schema = resolve(part);
  const { properties = {}, additionalProperties, items, required = [] } = schema;
  return [
    { path: at, schema, mayBeAbsent },
    ...Object.entries(properties).flatMap(([name, field]) =>
      collectFields(field, [...at, name], !required.includes(name)),
    ),
    ...(additionalProperties ? collectFields(additionalProperties, [...at, 'KEY'], false) : []),
    ...(items === undefined ? [] : collectFields(items, [...at, '[]'], false)),
  ];
}

function resolve(part: Schema): Schema {
  return part.$ref === undefined ? part : (root.definitions?.[part.$ref.split('/').at(-1) ?? ''] ?? {});
}
