/** A file that is parsed between its entries says what the same file says as a whole: values, places and every complaint. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutYaml } from '../../src/source/cut-yaml.ts';
import type { Pointer } from '../../src/source/mark.ts';
import { parseYaml } from '../../src/source/parse-yaml.ts';

const EXAMPLE = readFileSync(path.resolve(import.meta.dirname, '../../config.example.yaml'), 'utf8');
const FILE = 'callbackd.yaml';
/** Shorter than any entry: a piece ends wherever one may. */
const SHORT = 1;

/** `KEY` becomes a key of its own for each. */
const ENTRIES = [
  'KEY: {app_type: normal, name: one}\n',
  'KEY:\n    app_type: normal\n    name: 订单\n',
  'KEY:\n    events:\n    - bot.deleted\n    - bot.published\n',
  'KEY: !!str 5\n',
  'KEY: >-\n    folded\n\n    text\n',
  'KEY: |+\n    kept\n\n\n',
  'KEY: "over\n    lines"\n',
  'KEY: plain\n    over lines\n',
  'KEY: {app_type: normal,\n    name: two}\n',
  '"KEY": quoted # with a comment\n',
  '? KEY\n  : 1\n',
  '? KEY\n',
  'KEY:\n',
  '__proto__: {app_type: normal}\n',
];
/** What is not plain, or wrong, and mostly what makes something of the lines around it. */
const ODD_ENTRIES = [
  'KEY: &x {app_type: normal}\n',
  'KEY: *x\n',
  'KEY: {app_type: normal,\n  m: x}\n',
  'KEY: [one,\n',
  'KEY: "open\n',
  "KEY: 'open\n",
  'same: 1\n',
  '19: number\n',
  'true: yes\n',
  '<<: {t: 1}\n',
  '&y\n',
  '!t\n',
  'u\n',
  'KEY: w: x\n',
  '- z\n',
  '}\n',
  ': 1\n',
];
const HEADS = ['version: 1\n', 'version: 1\ncoze:\n  concurrency: 4\n', '---\n', '', '\uFEFFversion: 1\n'];
const ODD_HEADS = [
  '%YAML 1.1\n---\n',
  '{\n',
  'note: |\n',
  '"\n',
  '- 1\n',
  'apps:\n  first: {name: a}\n',
  'a: &x 1\n',
];
const GAPS = ['', '# a comment\n', '  # another\n', '\n', '   \n'];
const ODD_GAPS = ['\t\n', ' early: 1\n', '    late: 1\n', '---\n', '...\n', '\u2028\n', '\r'];
const TAILS = ['', '# end\n', 'log: {level: info}\n', '\nlog:\n  level: info\n', '  '];
const ODD_TAILS = [
  '\t\n',
  '\t# tabbed\n',
  '- x\n',
  '&z\n',
  '}\n',
  '"\n',
  'apps: {}\n',
  '%x\n',
  '...\na: 1\n',
];

/** Mostly the usual, so that most files can be read. */
function mostly(usual: readonly string[], odd: readonly string[]) {
  return fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  );
}

const lines = fc.array(fc.tuple(mostly(GAPS, ODD_GAPS), mostly(ENTRIES, ODD_ENTRIES)), {
  minLength: 2,
  maxLength: 8,
});
const file = fc
  .tuple(mostly(HEADS, ODD_HEADS), lines, mostly(TAILS, ODD_TAILS), fc.boolean())
  .map(([head, entries, tail, isWindows]) => {
    const body = entries.map(([gap, entry], index) => `${gap}  ${entry.replace('KEY', `k${index}`)}`);
    const text = `${head}apps:\n${body.join('')}${tail}`;
    return isWindows ? text.replaceAll('\n', '\r\n') : text;
  });

function pointersOf(value: unknown, at: Pointer = []): readonly Pointer[] {
  const below = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  // Nobody asks where the value of `apps` itself stands: nothing can be wrong with a mapping.
  const own: readonly Pointer[] = at.length === 1 && at[0] === 'apps' ? [] : [at, [...at, 'absent']];
  return [...own, ...below.flatMap(([key, item]) => pointersOf(item, [...at, key]))];
}

async function mustSayTheSame(text: string): Promise<void> {
  const [pieced, whole] = await Promise.all([parseYaml(FILE, text, SHORT), parseYaml(FILE, text, Infinity)]);
  expect(pieced.diagnostics).toEqual(whole.diagnostics);
  const { file } = pieced;
  expect(JSON.stringify(file?.value)).toBe(JSON.stringify(whole.file?.value));
  for (const pointer of pointersOf(whole.file?.value)) {
    expect(file?.locate.key(pointer)).toEqual(whole.file?.locate.key(pointer));
    expect(file?.locate.value(pointer)).toEqual(whole.file?.locate.value(pointer));
  }
}

it('holds for entries of every shape, whole and broken', async () => {
  await fc.assert(fc.asyncProperty(file, mustSayTheSame), {
    numRuns: 1_500,
    examples: [
      // An anchor that a piece takes over from what stands around it.
      ['a: &x 1\napps:\n  k0: &x 2\n  k1: 3\nb: *x\n'],
      // The outermost mapping has braces, and so have no lines of their own.
      ['{\napps:\n  k0: 1,\n  k1: 2\n}\n'],
      ['{version: 1,\napps:\n  {k0: 1,\n  k1: 2}\n}\n'],
      // A line of a tab belongs to the block scalar before it, where it is wrong.
      ['apps:\n  k0: 1\n  k1: |\n\t# c\n'],
      ['apps:\n  k0: 1\n  k1: >+\n    a\n\n\t\n'],
    ],
  });
});

it('holds for the example with any stretch removed', async () => {
  const place = fc.nat(EXAMPLE.length);
  const cutOut = ([from, length]: [number, number]) => EXAMPLE.slice(0, from) + EXAMPLE.slice(from + length);
  await fc.assert(fc.asyncProperty(fc.tuple(place, fc.nat(40)).map(cutOut), mustSayTheSame), {
    numRuns: 200,
  });
});

it('cuts what can be cut, and leaves small files and unusual ones whole', () => {
  const text = 'version: 1\napps:\n  a: {name: one}\n  # of b\n  b:\n    name: two\n\n  c: {}\nlog: {}\n';
  const pieces = cutYaml(text, SHORT)?.pieces.map(({ start, end }) => text.slice(start, end));
  expect(pieces).toEqual(['  a: {name: one}\n  # of b\n', '  b:\n    name: two\n\n', '  c: {}\n']);
  expect(cutYaml(text, 1_000)).toBeUndefined();
  expect(cutYaml(`%YAML 1.1\n---\n${text}`, SHORT)).toBeUndefined();
  expect(cutYaml(text.replace('  c', ' c'), SHORT)).toBeUndefined();
});
