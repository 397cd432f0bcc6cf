/**
 * docs/log-events.md is the catalogue of log events in prose. The page is rendered from the data and compared as a whole, so an
 * event that is missing on either side is a failure; `npx vitest run test/docs/log-events.test.ts -u` rewrites the page.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { LOG_EVENTS } from '../../src/log/events.ts';
import { LOG_FIELDS, type LogEventSpec, type LogFieldName } from '../../src/log/fields.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const EVENTS: readonly (readonly [string, LogEventSpec])[] = Object.entries(LOG_EVENTS);
const fieldsOf = ({ fields }: LogEventSpec) => fields.map((field) => field.replace('?', ''));

it('the page of log events says what the catalogue says, no less and no more', async () => {
  await expect(renderPage()).toMatchFileSnapshot(path.join(ROOT, 'docs/log-events.md'));
});

it('no two events have the same message, and none names a field twice', () => {
  const messages = EVENTS.map(([, event]) => event.msg);
  expect(new Set(messages).size).toBe(messages.length);
  for (const [name, event] of EVENTS)
    expect([name, fieldsOf(event)]).toEqual([name, [...new Set(fieldsOf(event))]]);
});

it('every field of the dictionary stands with some event', () => {
  const used = new Set(EVENTS.flatMap(([, event]) => fieldsOf(event)));
  expect(Object.keys(LOG_FIELDS).filter((field) => !used.has(field))).toEqual([]);
});

it('every event of the catalogue is written by some line of the source', () => {
  const src = path.join(ROOT, 'src');
  const source = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter(
      (name) =>
        name.endsWith('.ts') &&
        !name.endsWith('.test.ts') &&
        !/^log\/(?:daemon|round)-events\.ts$/.test(name),
    )
    .map((name) => readFileSync(path.join(src, name), 'utf8'))
    .join('\n');
  const idle = EVENTS.map(([name]) => name).filter((name) => !source.includes(`'${name}'`));
  expect(idle).toEqual([]);
});

function renderPage(): string {
  return [INTRODUCTION, ...EVENTS.map(renderEvent), renderFields()].join('\n');
}

function renderEvent([, { msg, level, fields, meaning }]: readonly [string, LogEventSpec]): string {
  const listed = fields
    .filter(isWritten)
    .map((field) => `\`${field.replace('?', '')}\`${field.endsWith('?') ? ' (not always)' : ''}`);
  const line = listed.length === 0 ? [] : [`- fields: ${listed.join(', ')}`];
  return [`## ${msg}`, '', meaning, '', `- level: ${level}`, ...line, ''].join('\n');
}

/** Observers are told of more than a line holds. */
function isWritten(field: string): boolean {
  return LOG_FIELDS[field.replace('?', '') as LogFieldName].type !== 'report';
}

function renderFields(): string {
  const rows = Object.entries(LOG_FIELDS)
    .filter(([name]) => isWritten(name))
    .map(([name, { type, meaning }]) => `- \`${name}\` (${type === 'sentence' ? 'text' : type}): ${meaning}`);
  return ['## The fields', '', 'A field has the same meaning in every event.', '', ...rows, ''].join('\n');
}

const INTRODUCTION = `# Log events

callbackd logs one JSON object per line: \`run\` to stdout, every other command to stderr. \`log.format: pretty\` writes
readable lines instead, and \`auto\` does so on a terminal. A line has \`level\`, \`time\` (ISO 8601, UTC), \`msg\` and the fields of its event; lines
written during a round also have \`round\`. \`msg\` is constant, so you can filter by it. This list is complete.

| level | meaning |
| --- | --- |
| error | a person must act |
| warn | a person must act if it persists |
| info | what changed |
| debug | why nothing changed |

Anything that looks like a credential is masked as \`[masked]\` before a line is written.
`;
