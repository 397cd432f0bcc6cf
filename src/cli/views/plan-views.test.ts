import stringWidth from 'fast-string-width';
import { describe, expect, it } from 'vitest';
import {
  entry,
  observedApp,
  ownedApp,
  planInput,
  planOn,
  withSavedTexts,
} from '../../../test/builders/plan-world.ts';
import { formatPlanJson, sealOf, sealPlanJson } from '../../documents/plan-json.ts';
import { printable } from '../../lib/printable.ts';
import { createTranslator, say } from '../../messages/say.ts';
import type { Plan } from '../../model/plan.ts';
import { parsePlan } from '../apply/parse-plan.ts';
import { alignColumns } from './layout.ts';
import { formatPlanMarkdown } from './plan-markdown.ts';
import { formatPlan, formatPlanText } from './plan-text.ts';

const translate = createTranslator('en');
const PLAIN = { color: false, full: false, translate };
const ESCAPE = String.fromCharCode(27);

function problemOf(parsed: ReturnType<typeof parsePlan>): string {
  return parsed.ok ? 'nothing' : say(parsed.problem);
}

function creating(count: number): Plan {
  const entries = Array.from({ length: count }, (_, index) =>
    entry(`key-${String(index).padStart(4, '0')}`, { callbackUrl: `https://hooks.example.com/${index}` }),
  );
  return planOn(planInput({ entries }), { apps: [] }).plan;
}

/** One of everything: a create, an update, a delete and something withheld. */
function mixed(): Plan {
  const entries = [entry('new'), entry('drifted', { name: '新的名字' }), entry('held'), entry('calm')];
  const owned = [ownedApp('drifted', 1, { applied: { name: 'was' } }), ownedApp('gone', 2)];
  const calm = ownedApp('calm', 4, { name: 'calm', applied: { name: 'calm' } });
  const apps = [
    observedApp(1, { name: 'drift' }),
    observedApp(2, { name: 'gone' }),
    ...[3, 5].map((number) => observedApp(number, { name: 'held' })),
    observedApp(4, { name: 'calm' }),
  ];
  return planOn(planInput({ entries, owned: [...owned, calm] }), { apps }).plan;
}

describe('alignColumns', () => {
  it('lines up by the columns of a terminal, wide characters and colours included', () => {
    const lines = alignColumns([
      ['订单', 'x'],
      [`${ESCAPE}[31mabc${ESCAPE}[39m`, 'x'],
      ['', 'x'],
    ]);
    expect(lines.map((line) => stringWidth(line))).toEqual([7, 7, 7]);
  });

  it('leaves out a column that is empty in every row, and spaces at the end', () => {
    expect(
      alignColumns([
        ['a', '', 'b', ''],
        ['aa', '', ''],
      ]),
    ).toEqual(['a   b', 'aa']);
  });
});

describe('printable', () => {
  it('shows what would move the cursor or turn the reading direction', () => {
    expect(printable('a\u001b[2J\n\u202eb\u200b订单')).toBe('a\\u001b[2J\\u000a\\u202eb\\u200b订单');
  });
});

describe('the text of a plan', () => {
  it('says the same with and without colour', () => {
    const colored = formatPlanText(mixed(), { translate, color: true, full: false });
    expect(colored).toContain(ESCAPE);
    const strip = new RegExp(`${ESCAPE}\\[\\d+m`, 'g');
    expect(colored.replace(strip, '')).toBe(formatPlanText(mixed(), PLAIN));
  });

  it('begins with the counts', () => {
    const [first] = formatPlanText(mixed(), PLAIN).split('\n');
    expect(first).toBe(
      'Plan: 1 adopt needs a decision · 1 to create · 1 to update · 1 to delete · 1 in sync · 2 unmanaged',
    );
  });

  it('summarises a long plan and lists it whole on demand', () => {
    const plan = creating(61);
    const summary = formatPlanText(plan, PLAIN);
    expect(summary.match(/\+ create/g)).toHaveLength(10);
    expect(summary).toContain('... and 51 more create');
    expect(summary).not.toContain('callback_url');
    expect(formatPlanText(plan, { translate, color: false, full: true }).match(/callback_url/g)).toHaveLength(
      61,
    );
    expect(formatPlanText(creating(60), PLAIN).match(/callback_url/g)).toHaveLength(60);
  });

  it('counts what a summary leaves out of the withheld, too', () => {
    const entries = Array.from({ length: 70 }, (_, index) => entry(`key-${index}`, { paused: {} }));
    const text = formatPlanText(planOn(planInput({ entries }), { apps: [] }).plan, PLAIN);
    expect(text.match(/\? create/g)).toHaveLength(10);
    expect(text).toContain('... and 60 more paused');
  });

  it('lists every loss, however long the plan is', () => {
    const owned = Array.from({ length: 80 }, (_, index) => ownedApp(`key-${index}`, index + 1));
    const apps = owned.map((app, index) => observedApp(index + 1, { name: app.key }));
    const grants = { allowDeletes: true, subjects: new Set<string>() };
    const { plan } = planOn(planInput({ owned }, { grants }), { apps });
    expect(formatPlanText(plan, PLAIN).match(/loses the verify_token/g)).toHaveLength(80);
  });
});

describe('the Markdown of a plan', () => {
  it('fits a comment, however long the plan is, and counts what it leaves out', () => {
    const text = formatPlanMarkdown(creating(2_000), translate);
    expect(text.length).toBeLessThanOrEqual(65_536);
    const listed = text.match(/^- \*\*\+ create/gm)?.length ?? 0;
    expect(text).toContain(`... and ${2_000 - listed} more`);
  });

  it('lets no name become markup, a mention or an end of its code', () => {
    const entries = [entry('a', { name: '<img src=x> @team [x](y) `z` | *b*' })];
    const text = formatPlanMarkdown(planOn(planInput({ entries }), { apps: [] }).plan, translate);
    expect(text).toContain('``<img src=x> @team [x](y) `z` | *b*``');
    const outside = text.replaceAll(/(`+).*?[^`]\1(?!`)/g, '').replaceAll(/\\./g, '');
    expect(outside).not.toMatch(/[<>@[\]|]/);
  });
});

describe('formatPlan', () => {
  it('shows the same value in the format that was asked for', () => {
    const plan = mixed();
    expect(formatPlan(plan, 'json', PLAIN)).toBe(sealPlanJson(plan));
    expect(formatPlan(plan, 'markdown', PLAIN)).toBe(formatPlanMarkdown(plan, translate));
    expect(formatPlan(plan, 'text', PLAIN)).toBe(formatPlanText(plan, PLAIN));
  });
});

describe('parsePlan', () => {
  const json = () => JSON.parse(formatPlanJson(mixed()));
  const parse = (edit: (document: ReturnType<typeof json>) => void) => {
    const document = json();
    edit(document);
    return parsePlan(JSON.stringify(document));
  };

  it('reads back what was saved', () => {
    const plan = mixed();
    expect(parsePlan(sealPlanJson(plan))).toEqual({ ok: true, plan: withSavedTexts(plan) });
  });

  it.each<[string, (document: ReturnType<typeof json>) => void]>([
    ['format_version is 2', (plan) => Object.assign(plan, { format_version: 2 })],
    ['digest is missing', (plan) => delete plan.digest],
    ['digest is not a string', (plan) => Object.assign(plan, { digest: 7 })],
    ['surprise is unknown', (plan) => Object.assign(plan, { surprise: 1 })],
    ['constructor is unknown', (plan) => Object.assign(plan, { constructor: 1 })],
    ['expires_at is not a time', (plan) => Object.assign(plan, { expires_at: 'soon' })],
    ['changes is not a list', (plan) => Object.assign(plan, { changes: {} })],
    ['changes[0].action is not one of', (plan) => Object.assign(plan.changes[0], { action: 'drop' })],
    ['changes[0].protect is not true or false', (plan) => Object.assign(plan.changes[0], { protect: 'no' })],
    [
      'changes[0].fields[0].after is not a list',
      (plan) => Object.assign(plan.changes[0].fields[0], { after: 1 }),
    ],
    ['changes[0].steps[0].do is not one of', (plan) => Object.assign(plan.changes[0].steps[0], { do: 'rm' })],
    ['changes[0] is not an object', (plan) => plan.changes.splice(0, 1, null)],
    ['state.serial is not a whole number', (plan) => Object.assign(plan.state, { serial: -1 })],
  ])('refuses a file whose %s, and says so', (problem, edit) => {
    expect(problemOf(parse(edit))).toContain(problem);
  });

  it.each([
    ['', 'it is not JSON'],
    ['{"format_version": 1', 'it is not JSON'],
    ['[]', 'format_version is undefined'],
    ['null', 'format_version is undefined'],
  ])('refuses %j: %s', (text, problem) => {
    expect(problemOf(parsePlan(text))).toContain(problem);
  });
});

describe('a saved plan', () => {
  const saved = () => JSON.parse(sealPlanJson(mixed()));

  it.each<[string, (document: ReturnType<typeof saved>) => void]>([
    ['its expiry', (plan) => Object.assign(plan, { expires_at: '2099-01-01T00:00:00.000Z' })],
    ['its digest', (plan) => Object.assign(plan, { digest: 'a'.repeat(64) })],
    ['its endpoint', (plan) => Object.assign(plan, { endpoint: 'https://evil.example' })],
    ['a message', (plan) => Object.assign(plan.changes[0], { reason: 'new_entry_' })],
    ['a name', (plan) => Object.assign(plan.changes[0], { name: 'other' })],
    ['a count', (plan) => Object.assign(plan.summary, { delete: 0, unchanged: 99 })],
    ['the order of changes', (plan) => plan.changes.reverse().push(...plan.changes.splice(0, 1))],
    ['a change that is left out', (plan) => plan.changes.pop()],
    ['its seal', (plan) => Object.assign(plan, { seal: 'b'.repeat(64) })],
  ])('is refused when somebody changed %s', (_, edit) => {
    const plan = saved();
    edit(plan);
    expect(problemOf(parsePlan(JSON.stringify(plan)))).toContain('its seal does not fit');
  });

  it('is refused without a seal, and read with other white space', () => {
    const { seal: _, ...plan } = saved();
    expect(problemOf(parsePlan(JSON.stringify(plan)))).toContain('seal is missing');
    expect(parsePlan(JSON.stringify(saved(), null, 7)).ok).toBe(true);
  });

  it('is refused when a key could move a cursor', () => {
    const { seal: _, ...plan } = saved();
    plan.changes[0].key = 'orders\u001b[2J';
    const sealed = { ...plan, seal: sealOf(plan) };
    expect(problemOf(parsePlan(JSON.stringify(sealed)))).toContain('changes[0].key holds characters');
  });
});
