/** Fits a plan saved with `plan --out` to the account as it is now, and reports what no longer fits. */

import { AppFailure } from '../../app/failure.ts';
import { type Message, message } from '../../messages/message.ts';
import type { Plan } from '../../model/plan.ts';
import type { Digest } from '../../plan/plan-input.ts';
import { type RefusedItem, refitPlan, type ThreeWayField } from '../../plan/refit-plan.ts';
import { parsePlan } from './parse-plan.ts';

export interface FittedPlan {
  readonly plan: Plan;
  readonly refused: number;
  /** What to tell the person, one line each; empty when everything fits. */
  readonly problems: readonly Message[];
}

/** `text` is the file's content. Throws an AppFailure when the plan is refused as a whole. */
export function fitSavedPlan(
  text: string,
  fresh: Plan,
  options: { readonly now: number; readonly digest: Digest; readonly file: string },
): FittedPlan {
  const saved = parsePlan(text);
  if (!saved.ok) throw refuse(options.file, saved.problem);
  const fitted = refitPlan(saved.plan, fresh, options);
  if (!fitted.ok) throw refuse(options.file, fitted.message);
  const { plan, refused, further } = fitted;
  const problems = refused.flatMap(describeRefused);
  if (further > 0) problems.push(message('cli.saved_further', { count: further }));
  return { plan, refused: refused.length, problems };
}

function refuse(file: string, because: Message): AppFailure {
  return new AppFailure('failed', message('cli.saved_refused', { file, because }), [
    message('cli.saved_refused_advice'),
  ]);
}

function describeRefused({ change, message: because, fields }: RefusedItem): Message[] {
  const { action, key, id } = change;
  return [
    message('cli.saved_item', { action, who: key ?? String(id), because }),
    ...fields.map(({ path, planned, now }) =>
      message('cli.saved_field', { path, planned: describeSides(planned), now: describeSides(now) }),
    ),
  ];
}

function describeSides(sides: ThreeWayField['now']): string | Message {
  if (sides === null) return message('cli.saved_no_change');
  return `${JSON.stringify(sides.before)} -> ${JSON.stringify(sides.after)}`;
}
