/** Whatever an app is called, the comment shows its name and does nothing with it: held by a CommonMark parser. */

import { type Node, Parser } from 'commonmark';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entry, observedApp, planInput, planOn } from '../../../test/builders/plan-world.ts';
import { printable } from '../../lib/printable.ts';
import { createTranslator } from '../../messages/say.ts';
import { formatPlanMarkdown } from './plan-markdown.ts';

const RUNS = Number(process.env['CALLBACKD_FUZZ_RUNS'] ?? 2_000);
const TYPES = new Set([
  ...['document', 'heading', 'list', 'item', 'paragraph', 'text', 'strong', 'code', 'softbreak'],
]);

/** A plan in which the name stands wherever a name can: of a new app, of one to adopt, of one that was renamed. */
function planOf(name: string, url: string) {
  const entries = [
    entry('made', { name, callbackUrl: url }),
    entry('held', { name: 'held', callbackUrl: url }),
    entry('twice', { name: `x${name}` }),
  ];
  const apps = [
    observedApp(1, { name: 'held', callbackUrl: `${url}/${name}` }),
    observedApp(2, { name: `x${name}` }),
    observedApp(3, { name: `x${name}` }),
  ];
  return planOn(planInput({ entries }), { apps }).plan;
}

function parse(markdown: string): readonly Node[] {
  const nodes: Node[] = [];
  const walker = new Parser().parse(markdown).walker();
  for (let step = walker.next(); step !== null; step = walker.next())
    if (step.entering) nodes.push(step.node);
  return nodes;
}

const shapeOf = (nodes: readonly Node[]) =>
  nodes.filter(({ type }) => type !== 'text').map(({ type }) => type);
const textsOf = (nodes: readonly Node[], type: 'code' | 'text') =>
  nodes.filter((node) => node.type === type).map(({ literal }) => literal ?? '');

function expectHarmless(name: string, url = 'https://hooks.example.com/a'): void {
  for (const language of ['en', 'zh'] as const) {
    const nodes = parse(formatPlanMarkdown(planOf(name, url), createTranslator(language)));
    expect(nodes.filter(({ type }) => !TYPES.has(type)).map(({ type }) => type)).toEqual([]);
    // Neither GitHub nor GitLab makes mentions, references or links inside of code.
    const plain = textsOf(nodes, 'text').join('\n');
    expect(plain).not.toMatch(/[@#]\w|https?:\/\/|www\.|!\[/i);
    const plainPlan = formatPlanMarkdown(planOf('n', url), createTranslator(language));
    expect(shapeOf(nodes).filter((type) => type !== 'code')).toEqual(
      shapeOf(parse(plainPlan)).filter((type) => type !== 'code'),
    );
    // A line break is a space in code, and one space at each end is taken off.
    expect(textsOf(nodes, 'code')).toContain(printable(name));
  }
}

const CASES = [
  '```[Approve](https://evil.example)`',
  '` ![x](https://evil.example/x.png) ``',
  '``@octo/all``` <b>three</b>',
  'a|b|c',
  '<!-- -->',
  '\\`[x](y)\\`',
  ' ',
  '`',
  'a\n\n# b',
];

describe('a name in a plan as Markdown', () => {
  it.each(CASES)('is shown as it is: %j', (name) => expectHarmless(name));

  it('is shown as it is, whatever it is made of', { timeout: 20_000 + RUNS * 20 }, () => {
    const piece = fc.constantFrom(
      ...[
        '`',
        '``',
        '```',
        '````',
        '\\',
        '\\`',
        '[',
        '](',
        ')',
        '!',
        '<',
        '>',
        '&lt;',
        '&#96;',
        '|',
        '*',
        '**',
        '_',
        '~~',
      ],
      ...[
        '@octo',
        '@octo/all',
        '#1',
        'GH-1',
        'https://evil.example',
        'www.evil.example',
        'a@b.example',
        '\n',
        '\n\n',
        '\n# x',
      ],
      ...[
        '<!--',
        '-->',
        '<b>',
        '<script>',
        '<img src=x>',
        '\u202e',
        ' ',
        '  ',
        '- ',
        '1. ',
        '> ',
        '    ',
        '[x]: y',
        ':smile:',
        'a',
      ],
      ...['[Approve](https://evil.example)', '![x](https://evil.example/x.png)', '$x$', '---', '===', '订单'],
    );
    const name = fc.oneof(
      fc.array(piece, { minLength: 1, maxLength: 12 }).map((parts) => parts.join('')),
      fc.string({ minLength: 1, maxLength: 40 }),
    );
    fc.assert(
      fc.property(name, (text) => expectHarmless(text)),
      { numRuns: RUNS },
    );
  });
});
