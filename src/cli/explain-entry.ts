/**
 * Gathers everything that bears on one entry: the file, the record, the account, the decision, the history. The values of
 * the other folders go in, one plain document comes out, which the views print. Pure; no secret goes in.
 */

import type { DesiredApp } from '../model/desired.ts';
import type { HistoryEntry } from '../model/history.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { Change, FieldValue, Withheld } from '../model/plan.ts';
import type { Backoff, CreateIntent, OwnedApp } from '../model/state.ts';
import { REASONS } from '../plan/reasons.ts';
import type { PlannedRound } from '../reconcile/plan-round.ts';

/** One managed field from all sides. `null`: nothing there, or not managed. */
export interface FieldSides {
  readonly path: string;
  readonly desired: FieldValue;
  readonly lastApplied: FieldValue;
  /** `undefined` where the account was not read. */
  readonly observed: FieldValue | undefined;
}

export interface EntryStory {
  readonly key: string;
  readonly desired: DesiredApp | undefined;
  readonly owned: OwnedApp | undefined;
  readonly intent: CreateIntent | undefined;
  readonly backoff: Backoff | undefined;
  /** Undefined where the account was not read, `null` where it does not hold the app. */
  readonly observed: ObservedApp | null | undefined;
  readonly fields: readonly FieldSides[];
  readonly changes: readonly Change[];
  readonly withheld: readonly Withheld[];
  /** One sentence: what callbackd decides about the entry now, and by which rule. */
  readonly verdict: string;
  readonly history: readonly HistoryEntry[];
}

export interface StoryParts {
  readonly desired: DesiredApp | undefined;
  readonly owned: OwnedApp | undefined;
  readonly intent: CreateIntent | undefined;
  readonly backoff: Backoff | undefined;
  /** Absent offline. */
  readonly planned: PlannedRound | undefined;
  readonly history: readonly HistoryEntry[];
}

export function explainEntry(key: string, parts: StoryParts): EntryStory {
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
}: Pick<StoryParts, 'desired' | 'owned' | 'planned'> & {
  readonly changes: readonly Change[];
  readonly withheld: readonly Withheld[];
}): string {
  const [held] = withheld;
  if (held !== undefined) {
    const { title, explanation } = REASONS[held.reason];
    return `${held.action} is withheld: ${title}. ${explanation}`;
  }
  const [change] = changes;
  if (change !== undefined) return `the next round will ${change.action} it`;
  if (planned === undefined) return 'the account was not read, so nothing was decided';
  if (desired === undefined) {
    return owned === undefined ? 'it is neither in the file nor owned' : 'nothing is to be done about it';
  }
  return 'in sync: the account holds what the file asks for';
}
