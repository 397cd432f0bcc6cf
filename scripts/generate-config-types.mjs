// Generates src/source/config-types.ts from schema/config.schema.json: the types of a valid file, and its defaults.
// `--check` writes nothing and fails when the file is not current.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compile } from 'json-schema-to-typescript';

const root = path.resolve(import.meta.dirname, '..');
const target = path.join(root, 'src', 'source', 'config-types.ts');

/** @returns {Promise<string>} the text of src/source/config-types.ts */
async function generateConfigTypes() {
  const schema = JSON.parse(readFileSync(path.join(root, 'schema', 'config.schema.json'), 'utf8'));
  const types = await compile(withoutProse(schema, true), 'ConfigurationFile', {
    bannerComment: '',
    additionalProperties: false,
    style: { singleQuote: true, printWidth: 110 },
  });
  const banner = `/**
 * The shape of a valid configuration, and its defaults. Generated from schema/config.schema.json by
 * scripts/generate-config-types.mjs; edit the schema instead. Holds no code.
 */
`;
  const defaults = [
    `/** What holds where the file says nothing. */\nexport const CONFIG_DEFAULTS = ${literal(readDefaults(schema))} as const;\n`,
    `/** What holds where an entry says nothing. */\nexport const APP_DEFAULTS = ${literal(readDefaults(schema.definitions.app))} as const;\n`,
    `/** What holds where a receiver of notifications says nothing. */\nexport const NOTIFY_DEFAULTS = ${literal(readDefaults(schema.definitions.notify))} as const;\n`,
  ].join('\n');
  return `${banner}\n${types
    .replaceAll(/\/\*\*[\s\S]*?\*\/\n\s*/g, '')
    .replaceAll(/^export (?=interface (?!ConfigurationFile|App |Pause|Notify ))/gm, '')}\n${defaults}`;
}

// Titles of plain fields would become type names, and descriptions would repeat the schema.
function withoutProse(node, isNamed) {
  if (Array.isArray(node)) return node.map((item) => withoutProse(item, false));
  if (node === null || typeof node !== 'object') return node;
  const entries = Object.entries(node).filter(([key, value]) => {
    if (typeof value !== 'string') return key !== 'examples' && key !== 'default';
    return key !== 'description' && key !== '$schema' && key !== '$id' && (isNamed || key !== 'title');
  });
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (key === 'definitions') {
        const named = Object.entries(value).map(([name, part]) => [name, withoutProse(part, true)]);
        return [key, Object.fromEntries(named)];
      }
      return [key, withoutProse(value, false)];
    }),
  );
}

function readDefaults(node) {
  if ('default' in node) return node.default;
  if (node.properties === undefined) return undefined;
  const entries = Object.entries(node.properties)
    .map(([name, part]) => [name, readDefaults(part)])
    .filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function literal(value, indent = '') {
  if (Array.isArray(value)) return `[${value.map((item) => literal(item)).join(', ')}]`;
  if (value === null || typeof value !== 'object') {
    return typeof value === 'string'
      ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
      : String(value);
  }
  const inner = `${indent}  `;
  const lines = Object.entries(value).map(([key, part]) => `${inner}${key}: ${literal(part, inner)},\n`);
  return `{\n${lines.join('')}${indent}}`;
}

const text = await generateConfigTypes();
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('src/source/config-types.ts is not current: run node scripts/generate-config-types.mjs');
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, text);
}
