/** Every folder of test/scenarios is one situation with the plan it must lead to, in all renderings. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../src/cli/apply/parse-plan.ts';
import { formatPlanMarkdown } from '../../src/cli/views/plan-markdown.ts';
import { formatPlanText } from '../../src/cli/views/plan-text.ts';
import { formatPlanJson, sealPlanJson } from '../../src/documents/plan-json.ts';
import { createTranslator } from '../../src/messages/say.ts';
import { ATTENTION_REASONS, STANDING_REASONS } from '../../src/model/plan.ts';
import { withSavedTexts } from '../builders/plan-world.ts';
import { listScenarios, runScenario, SCENARIOS } from '../builders/scenario.ts';

const translate = createTranslator('en');
const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
formats.default(ajv);
const validate = ajv.compile(
  JSON.parse(readFileSync(path.join(import.meta.dirname, '../../schema/plan.schema.json'), 'utf8')),
);
const scenarios = await Promise.all(listScenarios().map(({ name }) => runScenario(name)));

describe.each(scenarios)('$name: $about', ({ name, questions, result }) => {
  const file = (rendering: string) => path.join(SCENARIOS, name, rendering);

  it('leads to the plan, the questions and the notes that were reviewed', async () => {
    const { plan, remember } = result;
    await expect(formatPlanText(plan, { translate, color: false, full: false })).toMatchFileSnapshot(
      file('plan.txt'),
    );
    await expect(formatPlanJson(plan)).toMatchFileSnapshot(file('plan.json'));
    await expect(formatPlanMarkdown(plan, translate)).toMatchFileSnapshot(file('plan.md'));
    const round = `${JSON.stringify({ questions, remember }, null, 2)}\n`;
    await expect(round).toMatchFileSnapshot(file('round.json'));
  });

  it('gives JSON that satisfies the schema, reads back as the same plan and shows no secret', () => {
    const { plan } = result;
    const json = formatPlanJson(plan);
    validate(JSON.parse(json));
    expect(validate.errors ?? []).toEqual([]);
    expect(parsePlan(sealPlanJson(plan))).toEqual({ ok: true, plan: withSavedTexts(plan) });
    const everything =
      json +
      formatPlanMarkdown(plan, translate) +
      formatPlanText(plan, { translate, color: true, full: true });
    expect(everything).not.toContain('never-to-be-seen');
  });
});

describe('the scenarios together', () => {
  it('are at least sixty', () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(60);
  });

  it('show every reason for which a change is withheld', () => {
    const shown = new Set(
      scenarios.flatMap(({ result }) => result.plan.withheld.map(({ reason }) => reason)),
    );
    expect([...shown].sort()).toEqual([...STANDING_REASONS, ...ATTENTION_REASONS].sort());
  });
});
