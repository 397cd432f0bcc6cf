/** `callbackd schema`: every schema that ships can be printed, and nothing else is offered. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/catalogue.ts';
import { makeFolder, runCallbackd } from '../builders/run-callbackd.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../schema');
const ENDING = '.schema.json';
const shipped = readdirSync(FOLDER).map((file) => path.basename(file, ENDING));
const offered = COMMANDS.find(({ name }) => name === 'schema')?.arguments[0]?.choices ?? [];

it('offers, in the help and to completion, exactly the schemas that ship', () => {
  expect([...offered].sort()).toEqual([...shipped].sort());
});

it.each(shipped)('prints %s as it is in the package', async (name) => {
  const ended = await runCallbackd(['schema', name], { cwd: makeFolder() });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout).toBe(readFileSync(path.join(FOLDER, `${name}${ENDING}`), 'utf8'));
});
