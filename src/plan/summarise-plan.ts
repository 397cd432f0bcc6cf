/** Counts the changes of a plan by action. */

import type { Change, PlanSummary } from '../model/plan.ts';

export function summariseChanges(
  changes: readonly Change[],
): Omit<PlanSummary, 'unchanged' | 'withheld' | 'unmanaged'> {
  const counts = { create: 0, update: 0, replace: 0, delete: 0, adopt: 0, rebind: 0, forget: 0 };
  for (const change of changes) counts[change.action] += 1;
  return counts;
}
