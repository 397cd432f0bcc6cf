/** What bounds the reading of YAML: nesting, tokens, and problems that are counted instead of told. */
import { describe, expect, it } from 'vitest';
import { sayDiagnostic } from '../model/diagnostic.ts';
import { createProblems, PROBLEMS_MAX } from './diagnostics.ts';
import { MARKS_MAX, parseYaml, TOKENS_MAX } from './parse-yaml.ts';

function parse(text: string, { tokens = TOKENS_MAX, marks = MARKS_MAX } = {}) {
  const problems = createProblems();
  const budget = { tokens, marks };
  const file = parseYaml('a.yaml', text, { budget, problems });
  const { shown, omitted } = problems.list();
  return { file, left: budget, shown: shown.map((one) => sayDiagnostic(one)), omitted };
}

const FULL_ENTRY = `  # A comment.
  KEY:
    app_type: normal
    name: 订单 KEY
    callback_url: https://hooks.example.com/coze/KEY
    allow_http: true
    events:
      - bot.published
      - bot.deleted
      - bot.unpublished
      - benefit.usage
      - benefit.plugin.scale.requested
      - benefit.plugin.scale.expired
    protect: true
    replace: allow
    was: old-KEY
    id: "7512345678901234567"
    ignore:
      - name
      - callback_url
    paused:
      until: 2026-12-01T00:00:00Z
      because: "migration"
      by: ops
`;

describe('nesting', () => {
  it.each([
    ['brackets', '['.repeat(201), 200],
    ['spaces', `a:\n${' '.repeat(201)}b: 1`, 203],
    ['dashes', '- '.repeat(101), 200],
  ])('of %s ends at 200', (_, text, offset) => {
    const { file, shown } = parse(text);
    expect(file).toBeUndefined();
    expect(shown).toMatchObject([{ code: 'yaml_too_large', message: 'the document is nested too deeply' }]);
    const { line, column } = shown[0]?.position ?? { line: 0, column: 0 };
    expect(
      text
        .split('\n')
        .slice(0, line - 1)
        .join('\n').length +
        (line > 1 ? 1 : 0) +
        column -
        1,
    ).toBe(offset);
  });

  it('may open and close as often as it likes', () => {
    expect(parse(`[${'[],'.repeat(1_000)}]`).file?.value).toHaveLength(1_000);
  });
});

describe('tokens', () => {
  it('are taken from one budget, file by file', () => {
    const { file, left } = parse('a: 1\n', { tokens: 100, marks: 10 });
    expect(file?.value).toEqual({ a: 1 });
    expect(left.tokens).toBeGreaterThan(90);
    expect(left.tokens).toBeLessThan(100);
    expect(left.marks).toBe(9);
  });

  it('that are too many end the parsing, with the place', () => {
    const { file, shown } = parse('a: 1\nb: 2\nc: 3\n', { tokens: 9 });
    expect(file).toBeUndefined();
    expect(shown).toMatchObject([{ code: 'yaml_too_large', position: { line: 2 } }]);
    expect(shown[0]?.message).toContain(String(TOKENS_MAX));
  });

  it.each([
    ['keys', 'a: 1\nb: 2\nc: 3\n', 3],
    ['items', '- 1\n- 2\n- 3\n', 3],
    ['items in brackets', '[1,\n2, 3]\n', 2],
    ['documents', '---\n---\n---\n', 3],
  ])('that make %s have a bound of their own', (_, text, line) => {
    const { file, shown } = parse(text, { marks: 2 });
    expect(file).toBeUndefined();
    expect(shown).toMatchObject([{ code: 'yaml_too_large', position: { line } }]);
    expect(shown[0]?.message).toContain(String(MARKS_MAX));
  });

  it('suffice for 10,000 entries with every field, six events and a comment', () => {
    const entries = Array.from({ length: 10_000 }, (_, index) =>
      FULL_ENTRY.replaceAll('KEY', `app-${index}`),
    );
    const { file, left } = parse(`version: 1\napps:\n${entries.join('')}`);
    expect(file).toBeDefined();
    expect([left.tokens > TOKENS_MAX / 5, left.marks > MARKS_MAX / 3]).toEqual([true, true]);
  });
});

/** Each has one mistake for each repetition, in another part of the parser. */
const MISTAKES = [
  ['an escape', (count: number) => `a: "${'\\q'.repeat(count)}"\n`],
  ['an item', (count: number) => '- @\n'.repeat(count)],
  ['a comma', (count: number) => `[${','.repeat(count)}]\n`],
  // The second document that they make is one of the mistakes.
  ['a bracket behind the document', (count: number) => `a: 1\n...\n${']\n'.repeat(count - 1)}`],
  ['a repeated key', (count: number) => `a: 1\n${'a: 1\n'.repeat(count)}`],
] as const;

describe('problems', () => {
  it.each(MISTAKES)('are all told up to the bound: %s', (_, write) => {
    const { shown, omitted } = parse(write(PROBLEMS_MAX));
    expect([shown.length, omitted]).toEqual([PROBLEMS_MAX, 0]);
  });

  it.each(MISTAKES)('are counted beyond it, and cost no memory: %s', (_, write) => {
    const count = 50_000;
    const { shown, omitted } = parse(write(count));
    expect(shown).toHaveLength(PROBLEMS_MAX);
    expect(shown.length + omitted).toBe(count);
  });
});
