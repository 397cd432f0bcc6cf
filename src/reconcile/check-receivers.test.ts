import { expect, it } from 'vitest';
import { entry, planInput, planOn } from '../../test/builders/plan-world.ts';
import { verbatim } from '../messages/message.ts';
import type { Plan, Step } from '../model/plan.ts';
import { checkReceivers } from './check-receivers.ts';

const context = { signal: new AbortController().signal };

function planOf(...urls: readonly string[]): Plan {
  const entries = urls.map((callbackUrl, index) => entry(`app-${index}`, { callbackUrl }));
  return planOn(planInput({ entries, policy: { preflight: 'warn' } }), { apps: [] }).plan;
}

function verdictsOf(plan: Plan): unknown[] {
  const isCheck = (step: Step) => step.do === 'check_receiver';
  return plan.changes.flatMap(({ steps }) => steps.filter(isCheck).map((step) => step));
}

it('puts a verdict on each receiver, asks each URL once and leaves the digest as it was', async () => {
  const asked: string[] = [];
  const plan = planOf('https://a.example.com/', 'https://b.example.com/', 'https://a.example.com/');
  const receivers = {
    check: async (url: string) => {
      asked.push(url);
      const refused = { ok: false as const, stage: 'http', message: verbatim('it answered 404') };
      return url.includes('//b.') ? refused : { ok: true as const };
    },
  };
  const checked = await checkReceivers(plan, receivers, context);
  expect(asked.toSorted()).toEqual(['https://a.example.com/', 'https://b.example.com/']);
  expect(verdictsOf(checked)).toMatchObject([
    { url: 'https://a.example.com/', verdict: { ok: true } },
    { url: 'https://b.example.com/', verdict: { ok: false, stage: 'http' } },
    { url: 'https://a.example.com/', verdict: { ok: true } },
  ]);
  expect(checked.digest).toBe(plan.digest);
});

it('asks nobody when the plan sets no URL', async () => {
  const plan = planOf();
  const receivers = { check: () => Promise.reject(new Error('asked')) };
  expect(await checkReceivers(plan, receivers, context)).toBe(plan);
});
