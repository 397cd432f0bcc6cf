/**
 * The steps of a change in the one safe order: app, token, receiver, URL, subscriptions. Only what differs is
 * sent.
 */

import type { DesiredApp } from '../model/desired.ts';
import { markName } from '../model/mark.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { FieldChange, Step } from '../model/plan.ts';
import type { Policy } from '../model/settings.ts';
import { findBeginnings } from './index-marks.ts';
import { findLookAlikes, type MatchContext } from './plan-context.ts';

/**
 * The steps that make the app of an entry. A channel's app takes its name from the channel, so a name is set
 * afterwards where one is wanted; a marked app is given its real name with its URL.
 */
export function buildCreateSteps(
  context: MatchContext,
  entry: DesiredApp,
  fields: readonly FieldChange[],
): Step[] {
  const { policy } = context.input;
  const mark = chooseMark(context, entry);
  const isNamed = entry.appType === 'normal' && mark === undefined;
  const later = isNamed ? fields.filter((field) => field.path !== 'name') : fields;
  const create: Step = {
    do: 'create_app',
    appType: entry.appType,
    ...(entry.appType === 'normal' && entry.name !== undefined ? { name: entry.name } : {}),
    ...(entry.connectorId === undefined ? {} : { connectorId: entry.connectorId }),
    ...(mark === undefined ? {} : { mark }),
    lookAlikes: snapshotLookAlikes(context, entry, mark !== undefined).map((app) => app.id),
  };
  return [create, ...buildUpdateSteps(later, policy, policy.deliversTokens)];
}

function chooseMark(
  { input }: MatchContext,
  { appType }: DesiredApp,
): Extract<Step, { do: 'create_app' }>['mark'] {
  if (appType !== 'normal' || input.policy.creates === 'plain') return undefined;
  if (input.policy.creates === 'marked') return 'required';
  return input.state.marks.refused ? undefined : 'preferred';
}

/** Apps that a later look could take for the new one, unless its mark is sure to tell. */
function snapshotLookAlikes(
  context: MatchContext,
  entry: DesiredApp,
  isMarked: boolean,
): readonly ObservedApp[] {
  const { marks } = context;
  if (!isMarked) return findLookAlikes(context, entry);
  if (marks.isShown) return [];
  return findBeginnings(marks, markName(entry.name ?? '', { tag: marks.tag, nonce: '' }));
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
