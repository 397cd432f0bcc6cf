/**
 * Everything known about one entry: file, state, account, decision and history, for `why` and its page. Holds
 * no secret.
 */

import { type Message, message } from '../messages/message.ts';
import type { DesiredApp, DesiredState } from '../model/desired.ts';
import type { HistoryEntry } from '../model/history.ts';
import type { AppId, AppKey } from '../model/identity.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { Change, FieldValue, Plan, Withheld } from '../model/plan.ts';
import type { Backoff, CreateIntent, OwnedApp, State } from '../model/state.ts';
import { explanationOf, titleOf } from '../plan/reasons.ts';

/** An app of the account without its secret. */
export type SeenApp = Omit<ObservedApp, 'verifyToken'>;

/** What the account showed, and the resulting decision. */
export interface AccountSnapshot {
  readonly plan: Pick<Plan, 'changes' | 'withheld'>;
  readonly observed: {
    readonly apps: ReadonlyMap<AppId, SeenApp>;
    readonly events: ReadonlyMap<AppId, readonly string[]>;
  };
}

/** One managed field: desired, recorded and observed value. `null`: absent or not managed. */
export interface FieldSides {
  readonly path: string;
  readonly desired: FieldValue;
  readonly lastApplied: FieldValue;
  /** `undefined` where the account was not read. */
  readonly observed: FieldValue | undefined;
}

export interface EntryExplanation {
  readonly key: string;
  readonly desired: DesiredApp | undefined;
  readonly owned: OwnedApp | undefined;
  readonly intent: CreateIntent | undefined;
  readonly backoff: Backoff | undefined;
  /** Undefined where the account was not read, `null` where it does not hold the app. */
  readonly observed: SeenApp | null | undefined;
  readonly fields: readonly FieldSides[];
  readonly changes: readonly Change[];
  readonly withheld: readonly Withheld[];
  /** One sentence: what callbackd decides about the entry now, and by which rule. */
  readonly verdict: Message;
  readonly history: readonly HistoryEntry[];
}

export interface ExplanationParts {
  readonly desired: DesiredApp | undefined;
  readonly owned: OwnedApp | undefined;
  readonly intent: CreateIntent | undefined;
  readonly backoff: Backoff | undefined;
  /** Absent offline. */
  readonly planned: AccountSnapshot | undefined;
  readonly history: readonly HistoryEntry[];
}

/** As many changes as fit on a screen with their requests. */
export const EXPLAINED_CHANGES_MAX = 5;

/** What file, state and history say about a key; undefined for an unknown key. */
export function collectParts(
  key: AppKey,
  { apps }: DesiredState,
  { state, history }: { readonly state: State; readonly history: readonly HistoryEntry[] },
): Omit<ExplanationParts, 'planned'> | undefined {
  const desired = apps.get(key);
  const owned = state.apps.get(key);
  const intent = state.intents.get(key);
  const isKnown = desired !== undefined || owned !== undefined || intent !== undefined || history.length > 0;
  return isKnown ? { desired, owned, intent, backoff: state.backoffs.get(key), history } : undefined;
}

export function explainEntry(key: string, parts: ExplanationParts): EntryExplanation {
  const { desired, owned, planned, ...rest } = parts;
  const changes = planned?.plan.changes.filter((change) => change.key === key) ?? [];
  const withheld = planned?.plan.withheld.filter((item) => item.key === key) ?? [];
  const id = owned?.id ?? changes[0]?.id ?? withheld[0]?.id ?? undefined;
  const app = id === undefined ? undefined : planned?.observed.apps.get(id);
  const events = id === undefined ? undefined : planned?.observed.events.get(id);
  const observed = planned === undefined ? undefined : (app ?? null);
  const side = (value: FieldValue | undefined): FieldValue | undefined =>
    planned === undefined ? undefined : (value ?? null);
  return {
    ...rest,
    key,
    desired,
    owned,
    observed,
    changes,
    withheld,
    fields: [
      {
        path: 'name',
        desired: desired?.name ?? null,
        lastApplied: owned?.applied.name ?? null,
        observed: side(app?.name),
      },
      {
        path: 'callback_url',
        desired: desired?.callbackUrl ?? null,
        lastApplied: owned?.applied.callbackUrl ?? null,
        observed: side(app?.callbackUrl),
      },
      {
        path: 'events',
        desired: desired?.events ?? null,
        lastApplied: owned?.applied.events ?? null,
        observed: side(events),
      },
    ],
    verdict: judge({ desired, owned, planned, changes, withheld }),
  };
}

function judge({
  desired,
  owned,
  planned,
  changes,
  withheld,
}: Pick<ExplanationParts, 'desired' | 'owned' | 'planned'> & {
  readonly changes: readonly Change[];
  readonly withheld: readonly Withheld[];
}): Message {
  const [held] = withheld;
  if (held !== undefined) {
    const { action, reason } = held;
    const words = {
      action: message(`page.action_${action}`),
      title: titleOf(reason),
      explanation: explanationOf(reason),
    };
    return message('document.verdict_held', words);
  }
  const [change] = changes;
  if (change !== undefined)
    return message('document.verdict_change', { action: message(`page.action_${change.action}`) });
  if (planned === undefined) return message('document.verdict_not_read');
  if (desired === undefined) {
    return message(owned === undefined ? 'document.verdict_unknown' : 'document.verdict_nothing');
  }
  return message('document.verdict_in_sync');
}
