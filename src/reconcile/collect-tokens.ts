/**
 * Picks, from what was observed, the verify_tokens that a plan's steps will deliver. Plans themselves hold no
 * secret.
 */

import type { AppId } from '../model/identity.ts';
import type { ObservedState } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import type { Secret } from '../model/secret.ts';

export function collectTokens(plan: Plan, observed: ObservedState): ReadonlyMap<AppId, Secret> {
  const tokens = new Map<AppId, Secret>();
  for (const change of plan.changes) {
    if (!change.steps.some((step) => step.do === 'deliver_token')) continue;
    const bound = change.steps.find((step) => step.do === 'bind');
    const id = bound?.id ?? change.id;
    const app = id === null ? undefined : observed.apps.get(id);
    if (app !== undefined) tokens.set(app.id, app.verifyToken);
  }
  return tokens;
}
