import { expect, it } from 'vitest';
import { entry, planInput, planOn } from '../../../test/builders/plan-world.ts';
import { verbatim } from '../../messages/message.ts';
import type { Outcome } from '../../model/round.ts';
import { formatApplyJson } from './view.ts';

it('puts failures, advice and warnings into English words, whatever the language', () => {
  const { plan } = planOn(planInput({ entries: [entry('a')] }), { apps: [] });
  const outcomes = plan.changes.map((change): Outcome => {
    const failure: Outcome['failure'] = {
      kind: 'invalid',
      operation: 'create_app',
      message: verbatim('It is refused.'),
      advice: verbatim('Correct it.'),
      attempts: 1,
    };
    const times = { startedAt: 0, endedAt: 0 };
    return { change, result: 'failed', failure, warnings: [verbatim('Odd.')], calls: [], ...times };
  });
  const { outcomes: told } = JSON.parse(formatApplyJson(plan, outcomes));
  expect(told).toMatchObject([
    { failure: { kind: 'invalid', message: 'It is refused.', advice: 'Correct it.' }, warnings: ['Odd.'] },
  ]);
});
