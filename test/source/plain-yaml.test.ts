/** What the quick parser reads, in pieces or not, is what the explaining one reads: values and places. Of what is wrong it reads nothing. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutYaml } from '../../src/source/cut-yaml.ts';
import type { Mark, Pointer } from '../../src/source/mark.ts';
import { type ParsedPlain, parsePlain } from '../../src/source/parse-plain.ts';
import { explainYaml, type ParsedYaml } from '../../src/source/parse-yaml.ts';
import { loadPlainYaml } from '../../src/source/yaml-library.ts';

const EXAMPLE = readFileSync(path.resolve(import.meta.dirname, '../../config.example.yaml'), 'utf8');
const FILE = 'callbackd.yaml';
/** Shorter than any entry: a piece ends wherever one may. */
const SHORT = 1;
const library = await loadPlainYaml();

/** `KEY` becomes a key of its own for each. */
const ENTRIES = [
  'KEY: {app_type: normal, name: one}\n',
  'KEY: {app_type: normal, name: "two"} # }\n',
  "KEY: {events: [bot.deleted,bot.published , 'x' ], empty: , none: {}, more: [ ]}\n",
  'KEY:\n    app_type: normal\n    name: 订单\n',
  'KEY:\n    app_type: normal # the first line\n\n    # between\n    name: 🙂 # the last\n',
  'KEY:\n    events:\n    - bot.deleted\n    - bot.published\n',
  'KEY:\n    events:\n      - bot.deleted\n      -\n      - a: 1\n        b: 2\n      - - x\n        - y\n',
  'KEY:\n    - x\n    -\n',
  'KEY:\n    -  - x\n       -\n',
  'KEY:\n    nested:\n      deeper: # comment\n        last:\n',
  'KEY: {app_type: normal,\n    name: two}\n',
  'KEY: [one,\n    two\n    ]\n',
  'KEY: "\\u0041\\t\\"\\n\\x41"\n',
  "KEY: 'it''s'\n",
  'KEY: http://x.example/#a b#c # d\n',
  'KEY: ""\n',
  '"KEY": quoted # with a comment\n',
  "'KEY' : spaced\n",
  'KEY 订 单: x\n',
  '? KEY\n',
  'KEY:\n',
  'KEY: ~\n',
];
/** Right, but not plain. */
const SPECIAL_ENTRIES = [
  'KEY: [one, # of\n    two # }]\n    ]\n',
  '? KEY\n  : 1\n',
  'KEY: !!str 5\n',
  'KEY: >-\n    folded\n\n    text\n',
  'KEY: |+\n    kept\n\n\n',
  'KEY: "over\n    lines"\n',
  'KEY: plain\n    over lines\n',
  'KEY: &x {app_type: normal}\n',
  '__proto__: {app_type: normal}\n',
];
/** What is wrong, and mostly what makes something of the lines around it. */
const ODD_ENTRIES = [
  'KEY:\n    l:\n    - "x" y: z\n',
  'KEY: "x" y\n',
  'KEY: [x] y: z\n',
  'KEY: "\\U00110000"\n',
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
const HEADS = ['version: 1\n', 'version: 1\ncoze:\n  concurrency: 4\n', '---\n', ''];
const ODD_HEADS = [
  '\uFEFFversion: 1\n',
  '%YAML 1.1\n---\n',
  '{\n',
  'note: |\n',
  '"\n',
  '- 1\n',
  'apps:\n  first: {name: a}\n',
  'a: &x 1\n',
];
/** What has a meaning, and what parsers stumble over. */
const MARKS = [...'-:?,[]{}#&*!|>\'"%@`~. \n\\\t\r\u0085\u2028\u0000\u007f\ufffe订', '\ud800'];
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

const entries = fc.array(
  fc.tuple(mostly(GAPS, ODD_GAPS), mostly(ENTRIES, [...SPECIAL_ENTRIES, ...ODD_ENTRIES])),
  {
    minLength: 2,
    maxLength: 8,
  },
);
const file = fc
  .tuple(mostly(HEADS, ODD_HEADS), entries, mostly(TAILS, ODD_TAILS), fc.boolean())
  .map(([head, pairs, tail, isWindows]) => {
    const body = pairs.map(([gap, entry], index) => `${gap}  ${entry.replace('KEY', `k${index}`)}`);
    const text = `${head}apps:\n${body.join('')}${tail}`;
    return isWindows ? text.replaceAll('\n', '\r\n') : text;
  });

function pointersOf(value: unknown, at: Pointer = []): readonly Pointer[] {
  const below = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  // Nobody asks where the value of `apps` itself stands: nothing can be wrong with a mapping.
  const own: readonly Pointer[] = at.length === 1 && at[0] === 'apps' ? [] : [at, [...at, 'absent']];
  return [...own, ...below.flatMap(([key, item]) => pointersOf(item, [...at, key]))];
}

/** How many texts were plain. */
let plain = 0;

/** For so many texts, of which at least the share `plainShare` must be plain, or nothing would be proven. */
async function mustHold(
  texts: fc.Arbitrary<string>,
  { numRuns, plainShare, examples = [] }: { numRuns: number; plainShare: number; examples?: string[] },
): Promise<void> {
  plain = 0;
  const options = { numRuns, examples: examples.map((text) => [text] as [string]) };
  await fc.assert(fc.asyncProperty(texts, mustSayTheSame), options);
  expect(plain / numRuns).toBeGreaterThan(plainShare);
}

async function mustSayTheSame(text: string): Promise<void> {
  const explained = await explainYaml(FILE, text);
  const lines = text.split(/\r\n|\n/);
  const readings = [SHORT, Infinity].map((pieceLength) =>
    parsePlain(library, { path: FILE, text }, pieceLength),
  );
  if (readings.every((parsed) => parsed !== undefined)) plain += 1;
  for (const parsed of readings) if (parsed !== undefined) mustAgree(lines, parsed, explained);
}

function mustAgree(lines: readonly string[], parsed: ParsedPlain, explained: ParsedYaml): void {
  expect(explained.diagnostics).toEqual([]);
  expect(written(parsed.value)).toBe(written(explained.file?.value));
  for (const pointer of pointersOf(explained.file?.value)) {
    const [ours, theirs] = [parsed.locate, explained.file?.locate ?? expect.unreachable()];
    const keys = [ours, theirs].map((locate) => [pointer, covered(lines, locate.key(pointer))]);
    expect(keys[0]).toEqual(keys[1]);
    const values = [ours, theirs].map((locate) => locate.value(pointer));
    expect(values[0]?.text).toEqual(values[1]?.text);
    const [place, explainedPlace] = values.map(({ mark }) => [pointer, covered(lines, mark)]);
    expect(place).toEqual(explainedPlace);
  }
}

/** With the order of keys, and numbers that JSON has no words for. */
function written(value: unknown): string {
  return JSON.stringify(value, (_, item) =>
    typeof item === 'number' ? `number ${Object.is(item, -0) ? '-0' : item}` : item,
  );
}

/** Where it stands, and what it covers but for a comment, which may or may not count as part of a mapping. */
function covered(lines: readonly string[], { position, length }: Mark) {
  const from = position.column - 1;
  const line = lines[position.line - 1] ?? expect.unreachable();
  return [position, line.slice(from, from + length).replace(/\s+#.*$/, '')];
}

it('holds for entries of every shape, whole and broken', () =>
  mustHold(file, {
    numRuns: 2_000,
    plainShare: 0.1,
    examples: [
      // An anchor that a piece takes over from what stands around it.
      'a: &x 1\napps:\n  k0: &x 2\n  k1: 3\nb: *x\n',
      // The outermost mapping has braces, and so have no lines of their own.
      '{\napps:\n  k0: 1,\n  k1: 2\n}\n',
      '{version: 1,\napps:\n  {k0: 1,\n  k1: 2}\n}\n',
      // Right, but one parser or the other does not think so.
      `apps:\n  ${'L'.repeat(1_025)}: 1\n`,
      `apps:\n  ${'L'.repeat(1_020)}       : 1\n`,
      `apps:\n  a: [${'L'.repeat(1_025)}: 1]\n`,
      'apps:\n  k: {app_type: normal,\n    name: two\n# old: x\n    }\n  m: {app_type: normal}\n',
      'apps:\n  k:\n    name:\n\n# c\n      two\n    app_type: normal\n',
      // Wrong, and the quick parser does not mind.
      'apps:\n  k:\n    events:\n    - a\n    - "b"  replace: allow\n',
      "apps:\n  k:\n  - 'x'b: c\n",
      'apps:\n  k:\n    l:\n    - [x]b: c\n',
      'apps:\n  k:\n    l:\n    - {x: y} b: c\n',
      'apps:\n  k:\n    l:\n    - - "x" b: c\n',
      'apps:\n  k:\n    l:\n    - "x"? y\n',
      'apps:\n  k: "a\\U80000041"\n',
      'apps:\n  k: {N #\n    :L}\n',
      // A line of a tab belongs to the block scalar before it, where it is wrong.
      'apps:\n  k0: 1\n  k1: |\n\t# c\n',
      'apps:\n  k0: 1\n  k1: >+\n    a\n\n\t\n',
    ],
  }));

it('holds for the example with any stretch removed, or anything put in', () => {
  const place = fc.nat(EXAMPLE.length);
  const put = fc.constantFrom('', '  ', '\n  ', ': ', '- ', ' #', '...\n', '---\n', ...MARKS);
  const edit = ([from, length, text]: [number, number, string]) =>
    EXAMPLE.slice(0, from) + text + EXAMPLE.slice(from + length);
  const edited = fc.tuple(place, fc.oneof(fc.constant(0), fc.nat(40)), put).map(edit);
  return mustHold(edited, { numRuns: 300, plainShare: 0.3 });
});

it('holds for any text made of what YAML is made of', () => {
  const words = [
    '\n  ',
    '\n    ',
    ': ',
    '- ',
    ' #',
    '\r\n',
    '<<',
    '...',
    '---',
    'null',
    'true',
    'a',
    'b',
    '1',
  ];
  const text = fc
    .array(fc.constantFrom(...words, ...MARKS), { maxLength: 24 })
    .map((parts) => parts.join(''));
  // Around the depth that is refused.
  const deep = [38, 39, 40, 41, 42].flatMap((depth) => [
    `apps:\n  a: 1\n  b: ${'['.repeat(depth)}${']'.repeat(depth)}\n`,
  ]);
  return mustHold(text, {
    numRuns: 20_000,
    plainShare: 0.05,
    // Readings of one parser or the other that are wrong.
    examples: [' ---', '...\na', '[a:]', '- |\r\n', ...deep],
  });
});

it('holds for whatever looks like a number, a truth value or nothing', () => {
  const signs = (unit: string, maxLength: number) => fc.string({ unit: fc.constantFrom(...unit), maxLength });
  const names = ['null', 'true', 'false', '.inf', '-.inf', '.nan'];
  const cases = names.flatMap((name) => [
    name,
    name.toUpperCase(),
    name.replace(/[a-z]/, (c) => c.toUpperCase()),
  ]);
  const value = fc.oneof(
    signs('0123456789+-.eExXoObB_:', 8),
    signs('+-.~infaINFANtrueTRUElsLSyYoOuU', 6),
    fc.constantFrom(...cases, '.NaN', '2E600', '-0', '0o17', '0x1F', '0b11', '1_000'),
    fc.bigInt().map(String),
    fc.double().map(String),
  );
  return mustHold(
    value.map((scalar) => `a: ${scalar}\n`),
    { numRuns: 5_000, plainShare: 0.5 },
  );
});

it('cuts what can be cut, and leaves small files and unusual ones whole', () => {
  const text = 'version: 1\napps:\n  a: {name: one}\n  # of b\n  b:\n    name: two\n\n  c: {}\nlog: {}\n';
  const pieces = cutYaml(text, SHORT)?.pieces.map(({ start, end }) => text.slice(start, end));
  expect(pieces).toEqual(['  a: {name: one}\n  # of b\n', '  b:\n    name: two\n\n', '  c: {}\n']);
  expect(cutYaml(text, 1_000)).toBeUndefined();
  expect(cutYaml(text.replace('  c', ' c'), SHORT)).toBeUndefined();
});
