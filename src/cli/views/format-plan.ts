/** Renders a plan in the format the operator asked for; every format shows the same value. Pure. */

import { formatPlanJson } from '../../documents/plan-json.ts';
import type { Plan } from '../../model/plan.ts';
import { formatPlanMarkdown } from './plan-markdown.ts';
import { formatPlanText, type PlanTextOptions } from './plan-text.ts';

/** `output` is one of `text`, `json` and `markdown`; anything else is shown as text. */
export function formatPlan(plan: Plan, output: string, options: PlanTextOptions): string {
  if (output === 'json') return formatPlanJson(plan);
  return output === 'markdown' ? formatPlanMarkdown(plan) : formatPlanText(plan, options);
}
