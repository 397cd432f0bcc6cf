/**
 * An account and a state in memory on which a plan is really applied, by the real `applyPlan`: what the platform would hold
 * and what callbackd would have recorded afterwards. Nothing fails here; failures are the simulator's business.
 */

import { applyPlan } from '../../src/apply/apply-plan.ts';
import type { AppWriter } from '../../src/apply/ports.ts';
import { foldStateChange } from '../../src/model/fold-state.ts';
import type { AppId } from '../../src/model/identity.ts';
import { type ObservedApp, readMark } from '../../src/model/observed.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Outcome } from '../../src/model/round.ts';
import { Secret } from '../../src/model/secret.ts';
import type { MutableState, StateChange, StateChanges } from '../../src/model/state.ts';
import { id } from './plan-world.ts';

export interface ModelAccount {
  readonly apps: Map<AppId, ObservedApp>;
  readonly events: Map<AppId, readonly string[]>;
  readonly state: MutableState;
  now: number;
  /** Ids of deletes that were sent, with their time. */
  readonly deleted: { readonly id: AppId; readonly at: number }[];
  remember(changes: readonly StateChange[]): void;
  apply(plan: Plan): Promise<readonly Outcome[]>;
}

export function createModelAccount(state: MutableState, now: number): ModelAccount {
  const apps = new Map<AppId, ObservedApp>();
  const events = new Map<AppId, readonly string[]>();
  let made = 900;
  const must = (appId: AppId): ObservedApp => {
    const app = apps.get(appId);
    if (app === undefined) throw new Error(`the plan writes to ${appId}, which does not exist`);
    return app;
  };
  const writer: AppWriter = {
    async createApp(app) {
      made += 1;
      const created = { id: id(made), verifyToken: new Secret('hidden') };
      apps.set(created.id, readMark({ ...app, ...created }));
      return created;
    },
    async updateApp(appId, fields) {
      const { mark, ...app } = must(appId);
      const kept = fields.name === undefined && mark !== undefined ? { mark } : {};
      apps.set(appId, { ...app, ...kept, ...fields });
    },
    async deleteApp(appId) {
      must(appId);
      apps.delete(appId);
      events.delete(appId);
      account.deleted.push({ id: appId, at: account.now });
      return 'deleted';
    },
    async subscribeEvents(appId, types) {
      must(appId);
      events.set(appId, [...new Set([...(events.get(appId) ?? []), ...types])]);
    },
    async unsubscribeEvents(appId, types) {
      must(appId);
      events.set(
        appId,
        (events.get(appId) ?? []).filter((type) => !types.includes(type)),
      );
    },
  };
  const account: ModelAccount = {
    ...{ apps, events, state, now, deleted: [] },
    remember(changes) {
      for (const change of changes) foldStateChange(state, change);
    },
    apply(plan) {
      const tokens = new Map([...apps].map(([appId, app]) => [appId, app.verifyToken]));
      const deps = {
        writer,
        journal: { state, commit: async (changes: StateChanges) => account.remember([changes].flat()) },
        receivers: { check: async () => ({ ok: true }) as const },
        sink: {
          deliver: async () => 'fingerprint',
          promote: async () => {},
          retire: async () => {},
          remove: async () => {},
        },
        clock: { now: () => account.now, monotonic: () => account.now },
        nonce: () => String((made + 1) % 100_000_000).padStart(8, '0'),
        concurrency: 1,
      };
      return applyPlan({ plan, tokens }, deps, { signal: new AbortController().signal });
    },
  };
  return account;
}
