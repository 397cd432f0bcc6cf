/**
 * The account as the daemon last saw it, without secrets: the last plan and listing, updated by the outcomes
 * that followed. Applied changes count as seen until the next listing corrects them.
 */

import type { AccountSnapshot, SeenApp } from '../documents/explain-entry.ts';
import { type AppId, asAppId } from '../model/identity.ts';
import type { ObservedState } from '../model/observed.ts';
import type { Change, Plan } from '../model/plan.ts';
import type { Outcome } from '../model/round.ts';

export interface AccountView {
  observePlan(plan: Plan, observed: ObservedState): void;
  observeOutcome(outcome: Outcome): void;
  /** The last plan; undefined before the first. */
  readonly plan: Plan | undefined;
  /** The outcomes of its changes so far. */
  readonly outcomes: ReadonlyMap<Change, Outcome>;
  /** Undefined before the first listing. */
  readonly snapshot: AccountSnapshot | undefined;
}

export function createAccountView(): AccountView {
  let current: { readonly plan: Plan; readonly seen: Seen } | undefined;
  const outcomes = new Map<Change, Outcome>();
  return {
    observePlan(plan, observed) {
      outcomes.clear();
      current = { plan, seen: withoutSecrets(observed) };
    },
    observeOutcome(outcome) {
      outcomes.set(outcome.change, outcome);
      if (outcome.result === 'applied' && current !== undefined) foldOutcome(current.seen, outcome);
    },
    get plan() {
      return current?.plan;
    },
    outcomes,
    get snapshot() {
      if (current === undefined) return undefined;
      const { plan, seen } = current;
      const changes = plan.changes.filter((change) => outcomes.get(change)?.result !== 'applied');
      return { plan: { changes, withheld: plan.withheld }, observed: seen };
    },
  };
}

interface Seen {
  readonly apps: Map<AppId, SeenApp>;
  readonly events: Map<AppId, readonly string[]>;
}

function withoutSecrets({ apps, events }: ObservedState): Seen {
  return {
    apps: new Map([...apps].map(([id, { verifyToken: _, ...app }]) => [id, app])),
    events: new Map(events),
  };
}

function foldOutcome({ apps, events }: Seen, { change, id: created }: Outcome): void {
  const id = created === undefined ? change.id : asAppId(created);
  if (id === null) return;
  if (change.action === 'delete') {
    apps.delete(id);
    return;
  }
  if (change.action === 'forget') return;
  apps.set(id, patchApp(id, change, apps.get(id)));
  const wanted = afterOf(change, 'events');
  if (Array.isArray(wanted)) events.set(id, wanted);
}

function patchApp(id: AppId, change: Change, before: SeenApp | undefined): SeenApp {
  const { appType, connectorId } = change;
  const name = afterOf(change, 'name') ?? before?.name ?? change.name;
  const callbackUrl = afterOf(change, 'callback_url') ?? before?.callbackUrl;
  return {
    id,
    appType,
    ...(typeof name === 'string' ? { name } : {}),
    ...(connectorId === null ? {} : { connectorId }),
    ...(typeof callbackUrl === 'string' ? { callbackUrl } : {}),
  };
}

function afterOf({ fields }: Change, path: string): string | readonly string[] | null | undefined {
  return fields.find((field) => field.path === path)?.after;
}
