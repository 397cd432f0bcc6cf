/** Adds the verdict on each receiver to a plan. Asks the receivers only; the digest of the plan stays. */

import type { CallContext } from '../model/calls.ts';
import type { Change, Plan, ReceiverVerdict, Step } from '../model/plan.ts';
import type { ReceiverCheck } from './ports.ts';

/** Receivers are other people's machines; so many are asked at the same time. */
const AT_ONCE = 8;

/** The same plan, each `check_receiver` step with its verdict. Each URL is asked once. */
export async function checkReceivers(
  plan: Plan,
  receivers: ReceiverCheck,
  context: CallContext,
): Promise<Plan> {
  const urls = new Set(plan.changes.flatMap(({ steps }) => steps.flatMap(urlOf)));
  if (urls.size === 0) return plan;
  const verdicts = new Map<string, ReceiverVerdict>();
  const queue = urls.values();
  const work = async () => {
    for (const url of queue) verdicts.set(url, await receivers.check(url, context));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { ...plan, changes: plan.changes.map((change) => withVerdicts(change, verdicts)) };
}

function urlOf(step: Step): string[] {
  return step.do === 'check_receiver' ? [step.url] : [];
}

function withVerdicts(change: Change, verdicts: ReadonlyMap<string, ReceiverVerdict>): Change {
  const steps = change.steps.map((step) => {
    const verdict = step.do === 'check_receiver' ? verdicts.get(step.url) : undefined;
    return verdict === undefined ? step : { ...step, verdict };
  });
  return { ...change, steps };
}
