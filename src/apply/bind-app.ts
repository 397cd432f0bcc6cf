/** The bookkeeping steps: binding a key to an id and releasing it. Pure. */

import type { AppId } from '../model/identity.ts';
import { InternalError } from '../model/invariant.ts';
import type { Change, Step } from '../model/plan.ts';
import type { AppliedFields, OwnedApp, Rotation, State, StateChange } from '../model/state.ts';

export type Bookkeeping = Extract<Step, { readonly do: 'bind' | 'unbind' }>;

export function isBookkeeping(step: Step | undefined): step is Bookkeeping {
  return step?.do === 'bind' || step?.do === 'unbind';
}

/**
 * The state changes of a bookkeeping step. `state` is the one from the start of the plan: two keys that swap
 * apps must both find the record they take over.
 */
export function bookkeep(
  step: Bookkeeping,
  change: Change,
  { state, now }: { readonly state: State; readonly now: number },
): readonly StateChange[] {
  const { key } = change;
  if (key === null) return [];
  if (step.do === 'unbind') {
    const deleted = change.action === 'delete' || change.action === 'replace' ? { deletedAt: now } : {};
    return [{ type: 'app_unbound', key, id: step.id, ...deleted }];
  }
  const replaces = state.intents.get(key)?.replaces;
  const rotation = state.apps.get(key)?.rotation;
  const app = describeApp(change, step.id, {
    how: step.how,
    boundAt: now,
    applied: {},
    activating: step.how === 'created',
    ...(replaces === undefined ? {} : { replaces }),
    ...(change.reason === 'rotation' && rotation !== undefined ? { rotation } : {}),
  });
  if (step.how !== 'rebound') return [{ type: 'app_bound', app }];
  if (change.from === undefined) throw new InternalError(`the rebind of ${key} does not say from which key`);
  const taken = state.apps.get(change.from);
  const inherited = taken === undefined ? app : inherit(app, taken);
  return [
    { type: 'app_bound', app: inherited },
    { type: 'app_unbound', key: change.from, id: step.id },
  ];
}

/** The record of a freshly bound app. */
export function describeApp(
  change: Change,
  id: AppId,
  rest: {
    readonly how: OwnedApp['how'];
    readonly boundAt: number;
    readonly applied: AppliedFields;
    readonly activating: boolean;
    readonly replaces?: AppId;
    readonly rotation?: Rotation;
  },
): OwnedApp {
  const { key, appType, name, connectorId, protect } = change;
  if (key === null) throw new InternalError(`app ${id} cannot be bound without a key`);
  return {
    key,
    id,
    appType,
    ...(name === null ? {} : { name }),
    ...(connectorId === null ? {} : { connectorId }),
    protect,
    ...rest,
  };
}

/** A renamed key keeps the app's record, but its token must be delivered under the new key. */
function inherit(app: OwnedApp, taken: OwnedApp): OwnedApp {
  return {
    ...app,
    applied: taken.applied,
    activating: taken.activating,
    ...(taken.eventsSeenAt === undefined ? {} : { eventsSeenAt: taken.eventsSeenAt }),
    ...(taken.writtenAt === undefined ? {} : { writtenAt: taken.writtenAt }),
    ...(taken.replaced === undefined ? {} : { replaced: taken.replaced }),
    ...(taken.replaces === undefined ? {} : { replaces: taken.replaces }),
    ...(taken.rotation === undefined ? {} : { rotation: taken.rotation }),
  };
}
