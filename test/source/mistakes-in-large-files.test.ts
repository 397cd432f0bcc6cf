/** What is wrong in a large file, which is read in pieces, is told in the same words and at the same place as by the parser that explains. */
import { beforeAll, expect, it } from 'vitest';
import { createMemoryFiles } from '../../src/lib/memory-file-reader.ts';
import { createConfigurationValidator, loadConfiguration } from '../../src/source/load-configuration.ts';
import { parsePlain } from '../../src/source/parse-plain.ts';
import { loadPlainYaml } from '../../src/source/yaml-library.ts';

const FILE = 'callbackd.yaml';
const HEAD = 'version: 1\nreconcile: {schedule: "*/5 * * * *"}\napps:\n';
const TAIL = 'log: {level: info}\n';
/** More than two pieces. */
const COUNT = 900;
const WRONG = 500;

type Mistake = (entry: string) => string;
const swap = (from: string | RegExp, to: string) => (entry: string) => entry.replace(from, to);
const afterKey = (rest: string) => (entry: string) => entry.replace(/:\n.*$/s, `:\n${rest}`);

const MISTAKES: readonly (readonly [name: string, mistake: Mistake, isPlain: boolean])[] = [
  ['an unknown key', swap('    name:', '    nam:'), true],
  ['a list for a text', swap(/name: .*/, 'name: [1, 2]'), true],
  ['a number for a text', swap(/name: .*/, 'name: 007'), true],
  ['no value', swap(/name: .*/, 'name:'), true],
  ['a text that is too long', swap(/name: .*/, `name: ${'x'.repeat(200)}`), true],
  ['no URL', swap('https://', 'ftp//'), true],
  ['a plain http URL', swap('https', 'http'), true],
  ['a variable', swap(/name: .*/, `name: $${'{X}'}`), true],
  ['an unknown event', swap('bot.published', 'bot.publishd'), true],
  ['a repeated event', swap('bot.published', 'bot.deleted'), true],
  ['a mapping for a list', swap(/events: .*/, 'events: {a: 1}'), true],
  ['a number for an id', (entry) => `${entry}    id: 7512345678901234567\n`, true],
  ['the name of another entry', swap(/name: .*/, 'name: app 1'), true],
  ['an entry of nothing', afterKey(''), true],
  ['an entry that is a list', afterKey('    - a\n'), true],
  ['a key twice', swap('    name:', '    app_type: normal\n    name:'), false],
  ['an entry twice, in two pieces', swap(/app-\d+:/, 'app-1:'), false],
  ['an open quote', swap(/name: .*/, 'name: "open'), false],
  ['an alias of nothing', swap(/name: .*/, 'name: *x'), false],
  ['a stray line', (entry) => `${entry}  stray\n`, false],
];

let library: Awaited<ReturnType<typeof loadPlainYaml>>;
let validator: Awaited<ReturnType<typeof createConfigurationValidator>>;
beforeAll(async () => {
  [library, validator] = await Promise.all([loadPlainYaml(), createConfigurationValidator()]);
});

function entry(index: number): string {
  const url = `https://hooks.example.com/coze/${index}`;
  return `  app-${index}:\n    app_type: normal\n    name: app ${index} # ${index}\n    callback_url: "${url}"\n    events: [bot.published, bot.deleted]\n`;
}

async function findProblems(text: string) {
  const files = createMemoryFiles(new Map([[FILE, text]]));
  const loaded = await loadConfiguration({ path: FILE, environment: {}, files, validator });
  return loaded.ok ? loaded.warnings : loaded.diagnostics;
}

it.each(MISTAKES)('%s', async (_, mistake, isPlain) => {
  const entries = Array.from({ length: COUNT }, (__, index) =>
    index === WRONG ? mistake(entry(index)) : entry(index),
  );
  const text = `${HEAD}${entries.join('')}${TAIL}`;
  expect(parsePlain(library, { path: FILE, text }) !== undefined).toBe(isPlain);
  const problems = await findProblems(text);
  expect(problems.length).toBeGreaterThan(0);
  // An anchor behind it all makes the file one for the other parser.
  expect(problems).toEqual(await findProblems(text.replace(TAIL, TAIL.replace('{', '&z {'))));
});
