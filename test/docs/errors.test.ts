/**
 * docs/errors.md is the error catalogue in prose. The page is rendered from the data and compared as a whole, so a case
 * that is missing on either side is a failure; `npx vitest run test/docs/errors.test.ts -u` writes the page again.
 */

import path from 'node:path';
import { expect, it } from 'vitest';
import { say } from '../../src/messages/say.ts';
import { CASE_BY_CODE } from '../../src/platform/classify-reply.ts';
import { ERROR_CASES, type ErrorCase } from '../../src/platform/error-catalogue.ts';

const PAGE = path.resolve(import.meta.dirname, '../../docs/errors.md');

it('the page of errors says what the catalogue says, no less and no more', async () => {
  await expect(renderPage()).toMatchFileSnapshot(PAGE);
});

it('every code leads to a case of the catalogue', () => {
  for (const [code, name] of CASE_BY_CODE)
    expect([code, Object.hasOwn(ERROR_CASES, name)]).toEqual([code, true]);
});

function renderPage(): string {
  const cases = Object.entries(ERROR_CASES).map(([name, errorCase]) => renderCase(name, errorCase));
  return `${INTRODUCTION}\n${cases.join('\n')}`;
}

function renderCase(name: string, errorCase: ErrorCase): string {
  const { kind, response, advice, mayBeProcessed } = errorCase;
  const meaning = say(errorCase.meaning);
  const codes = [...CASE_BY_CODE].filter(([, caseName]) => caseName === name).map(([code]) => code);
  const lines = [
    `## ${name}`,
    '',
    `${meaning[0]?.toUpperCase()}${meaning.slice(1)}.`,
    '',
    `- class: \`${kind}\`${mayBeProcessed ? '; of a create: `unknown_outcome`' : ''}`,
    ...(codes.length === 0 ? [] : [`- codes: ${codes.join(', ')}`]),
    `- callbackd: ${say(response)}`,
    ...(advice === undefined ? [] : [`- you: ${say(advice)}.`]),
  ];
  return `${lines.join('\n')}\n`;
}

const INTRODUCTION = `# Errors of the platform

Every failed request is sorted once, by HTTP status, \`code\` and whether the reply could be read; never by its text. The class
decides what callbackd does. Logs and \`history\` show the class as \`failure\`, with status, code, message, logid and attempt.

A reply counts as a success only when it is 2xx, JSON, \`code\` 0 and of the expected shape. HTTP 401 and 429 speak for
themselves, whatever the body; next to a 5xx no code of a create is believed. Code 4101 on the list means the token, elsewhere
the permission, which is then named. A token of the other region (api.coze.cn, api.coze.com) looks like any refused token, so
the advice names the other base URL.
`;
