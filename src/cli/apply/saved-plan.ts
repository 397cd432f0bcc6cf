/** Fits a plan saved with `plan --out` to the account as it is now, and says what no longer fits. */

import { say } from '../../messages/say.ts';
import type { Plan } from '../../model/plan.ts';
import type { Digest } from '../../plan/plan-input.ts';
import { type RefusedItem, refitPlan, type ThreeWayField } from '../../plan/refit-plan.ts';
import { CommandFailure } from '../command-failure.ts';
import { parsePlan } from './parse-plan.ts';

export interface FittedPlan {
  readonly plan: Plan;
  readonly refused: number;
  /** What to tell the person; empty when everything fits. */
  readonly message: string;
}

/** `text` is the file's content. Throws a CommandFailure when the plan is refused as a whole. */
export function fitSavedPlan(
  text: string,
  fresh: Plan,
  options: { readonly now: number; readonly digest: Digest; readonly file: string },
): FittedPlan {
  const saved = parsePlan(text);
  if (!saved.ok) throw refuse(options.file, saved.message);
  const fitted = refitPlan(saved.plan, fresh, options);
  if (!fitted.ok) throw refuse(options.file, say(fitted.message));
  const { plan, refused, further } = fitted;
  const lines = refused.flatMap(describeRefused);
  if (further > 0) lines.push(`Also wanted now, but not in the saved plan and so left alone: ${further}.`);
  return { plan, refused: refused.length, message: lines.length === 0 ? '' : `${lines.join('\n')}\n` };
}

function refuse(file: string, message: string): CommandFailure {
  return new CommandFailure('failed', `${file} cannot be applied: ${message}`, [
    'nothing was changed; make a new plan with `callbackd plan --out FILE`',
  ]);
}

function describeRefused({ change, message, fields }: RefusedItem): string[] {
  return [
    `refused: ${change.action} ${change.key ?? change.id}: ${say(message)}`,
    ...fields.map((field) => `  ${field.path}: ${describeSides(field)}`),
  ];
}

function describeSides({ planned, now }: ThreeWayField): string {
  const side = (sides: ThreeWayField['now']) =>
    sides === null ? 'no change' : `${JSON.stringify(sides.before)} -> ${JSON.stringify(sides.after)}`;
  return `planned ${side(planned)}; now ${side(now)}`;
}
