/**
 * The steps of a change in the one safe order: app, token, receiver, URL, subscriptions. Only what differs is
 * sent.
 */

import type { DesiredApp } from '../model/desired.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { FieldChange, Step } from '../model/plan.ts';
import type { Policy } from '../model/settings.ts';
import { findLookAlikes, type MatchContext } from './plan-context.ts';

/**
 * The create itself. A channel's app takes its name from the channel, so a name is set afterwards where one
 * is wanted.
 */
export function buildCreateStep(context: MatchContext, entry: DesiredApp): Step {
  const lookAlikes = findLookAlikes(context, entry).map((app) => app.id);
  return {
    do: 'create_app',
    appType: entry.appType,
    ...(entry.appType === 'normal' && entry.name !== undefined ? { name: entry.name } : {}),
    ...(entry.connectorId === undefined ? {} : { connectorId: entry.connectorId }),
    lookAlikes,
  };
}

/**
 * Whether the token sink can be given the token of this app; a listing may show only a mask.
 */
export function canDeliver(policy: Policy, app: ObservedApp): boolean {
  return policy.deliversTokens && !app.verifyToken.isMasked;
}

/**
 * What makes an app that exists equal to its entry. `deliversToken` where the sink does not hold its token
 * yet.
 */
export function buildUpdateSteps(
  fields: readonly FieldChange[],
  policy: Policy,
  deliversToken: boolean,
): Step[] {
  const steps: Step[] = [];
  const after = (path: FieldChange['path']) => fields.find((field) => field.path === path)?.after;
  const [name, callbackUrl] = [after('name'), after('callback_url')];
  if (deliversToken) steps.push({ do: 'deliver_token' });
  if (typeof callbackUrl === 'string' && policy.preflight !== 'off') {
    steps.push({ do: 'check_receiver', url: callbackUrl, mode: policy.preflight });
  }
  if (typeof name === 'string' || typeof callbackUrl === 'string') {
    steps.push({
      do: 'update_app',
      ...(typeof name === 'string' ? { name } : {}),
      ...(typeof callbackUrl === 'string' ? { callbackUrl } : {}),
    });
  }
  return [...steps, ...buildEventSteps(fields.find((field) => field.path === 'events'))];
}

function buildEventSteps(field: FieldChange | undefined): Step[] {
  if (field === undefined || !Array.isArray(field.after)) return [];
  const before = new Set<string>(Array.isArray(field.before) ? field.before : []);
  const after = new Set<string>(field.after);
  const added = [...after].filter((event) => !before.has(event));
  const removed = [...before].filter((event) => !after.has(event));
  return [
    ...(added.length > 0 ? [{ do: 'subscribe', events: added } as const] : []),
    ...(removed.length > 0 ? [{ do: 'unsubscribe', events: removed } as const] : []),
  ];
}
