/**
 * The schema gives editors completion, hover text and errors. The server of VS Code's YAML extension reads it here as it does
 * in an editor: through the first line of the file.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FIELDS } from '../source/schema-fields.ts';
import { type Place, startEditor } from './language-server.ts';

const MODELINE = '# yaml-language-server: $schema=./schema/config.schema.json';
const INCLUDED = `${MODELINE}#/definitions/included_file`;

let editor: Awaited<ReturnType<typeof startEditor>>;
let opened = 0;

beforeAll(async () => {
  editor = await startEditor();
});
afterAll(() => editor.close());

it('shows our description of a field, and an example', async () => {
  const { file, at } = await open('version: 1\napps:\n  orders:\n    call|back_url: https://x.example\n');
  const shown = await file.hover(at);
  expect(withoutEscapes(shown)).toContain(descriptionOf('apps.KEY.callback_url'));
  expect(shown).toContain('https://hooks.example.com/coze/orders');
});

it('offers every field at the top of a file, with its description', async () => {
  const offered = await completeAt('|\n');
  for (const { path: at } of FIELDS.filter(
    (field) => field.path.length === 1 && field.path[0] !== '(included)',
  ))
    expect(withoutEscapes(offered.get(at[0] ?? '') ?? '')).toContain(descriptionOf(at.join('.')));
});

it('offers what an entry lacks, and not what it has', async () => {
  const offered = await completeAt('apps:\n  orders:\n    app_type: normal\n    name: Orders\n    |\n');
  const fields = FIELDS.filter(({ path: at }) => at.length === 3 && at[0] === 'apps' && at[1] === 'KEY');
  expect([...offered.keys(), 'app_type', 'name'].sort()).toEqual(fields.map((f) => f.path[2]).sort());
});

it.each([
  ['the types of an app', 'apps:\n  orders:\n    app_type: |\n', ['normal', 'connector']],
  ['events', 'apps:\n  orders:\n    events:\n      - |\n', ['bot.published', 'bot.deleted']],
  ['fields to ignore', 'apps:\n  orders:\n    ignore:\n      - |\n', ['name', 'callback_url', 'events']],
  ['ways to adopt', 'reconcile:\n  adopt: |\n', ['never', 'identical', 'by_name']],
  ['log levels', 'log:\n  level: |\n', ['debug', 'info']],
])('offers %s', async (_, withCursor, values) => {
  expect([...(await completeAt(withCursor)).keys()]).toEqual(expect.arrayContaining(values));
});

it.each([
  [
    'a key that does not exist',
    'version: 1\napps:\n  a:\n    app_type: normal\n    name: A\n    |callback_urll|: x\n',
  ],
  ['a value that does not exist', 'version: 1\napps: {}\nreconcile:\n  adopt: |sometimes|\n'],
  [
    'an id without quotes',
    'version: 1\napps:\n  a:\n    app_type: normal\n    name: A\n    id: |7512345678901234567|\n',
  ],
  ['an entry without its name', 'version: 1\napps:\n  |orders|:\n    app_type: normal\n'],
])('underlines %s, and nothing else', async (_, withMarks) => {
  const { file, at, end } = await open(withMarks);
  const range = { start: at, end };
  expect(await file.diagnostics()).toEqual([expect.objectContaining({ severity: 1, range })]);
});

it('underlines nothing in the example', async () => {
  const text = readFileSync(path.resolve(import.meta.dirname, '../../config.example.yaml'), 'utf8');
  expect(text.split('\n', 1)[0]).toBe(MODELINE);
  expect(await (await editor.open('example.yaml', text)).diagnostics()).toEqual([]);
});

it('knows that an included file holds apps and nothing else', async () => {
  const good = await open('apps:\n  orders:\n    app_type: normal\n    name: Orders\n', INCLUDED);
  expect(await good.file.diagnostics()).toEqual([]);
  const { file, at, end } = await open('apps: {}\n|coze|: {}\n', INCLUDED);
  const range = { start: at, end };
  expect(await file.diagnostics()).toEqual([expect.objectContaining({ severity: 1, range })]);
});

async function completeAt(withCursor: string): Promise<ReadonlyMap<string, string>> {
  const { file, at } = await open(withCursor);
  return file.complete(at);
}

/** Opens a text below the line that names its schema. A `|` is a cursor, or the start of a range that the next one ends. */
async function open(withCursor: string, modeline: string = MODELINE) {
  const [before = '', ...rest] = `${modeline}\n${withCursor}`.split('|');
  opened += 1;
  const file = await editor.open(`opened-${opened}.yaml`, before + rest.join(''));
  return { file, at: placeAfter(before), end: placeAfter(before + (rest.length > 1 ? rest[0] : '')) };
}

function placeAfter(text: string): Place {
  const lines = text.split('\n');
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}

function descriptionOf(name: string): string {
  const field = FIELDS.find(({ path: at }) => at.join('.') === name);
  return field?.schema.description ?? 'no such field';
}

/** The server keeps Markdown from taking a description's `*` and `_` for its own. */
function withoutEscapes(markdown: string): string {
  return markdown.replaceAll(/\\([\\`*_{}[\]()#+\-.!<>|])/g, '$1');
}
