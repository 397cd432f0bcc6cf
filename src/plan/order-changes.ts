/**
 * The order in which changes are applied: bookkeeping first, deletes last. Total, so that equal plans have
 * equal bytes.
 */

import type { AppId, AppKey } from '../model/identity.ts';
import { compareText } from '../model/identity.ts';
import type { Action } from '../model/plan.ts';

const RANK: Readonly<Record<Action, number>> = {
  ...{ adopt: 0, rebind: 1, forget: 2, create: 3, update: 4, replace: 5, delete: 6 },
};

interface Orderable {
  readonly action: Action;
  readonly key: AppKey | null;
  readonly id: AppId | null;
}

/** By action, then key (those without one last), then id. */
export function compareChanges(left: Orderable, right: Orderable): number {
  return (
    RANK[left.action] - RANK[right.action] ||
    Number(left.key === null) - Number(right.key === null) ||
    compareText(left.key ?? '', right.key ?? '') ||
    compareText(left.id ?? '', right.id ?? '')
  );
}
