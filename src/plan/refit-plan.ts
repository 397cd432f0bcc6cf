/**
 * Checks a saved plan against the current account: keeps the changes that are still valid, refuses the others
 * individually.
 */

import { type Message, message } from '../messages/message.ts';
import {
  type Change,
  type FieldChange,
  type FieldValue,
  hasState,
  type Plan,
  type Withheld,
} from '../model/plan.ts';
import { fingerprintPlan } from './fingerprint.ts';
import { groupBy } from './group-by.ts';
import type { Digest } from './plan-input.ts';
import { summariseChanges } from './summarise-plan.ts';

/**
 * Why an item does not fit. `desired_moved`: the entry was edited. `observed_moved`: the app is not what it
 * was. `held`: a rule keeps it back now. `not_needed`: the account already is as the plan wanted it.
 */
type RefusalReason = 'desired_moved' | 'observed_moved' | 'held' | 'not_needed';

/** One field of a refused item: what the plan saw and wanted, and what is seen and wanted now. */
export interface ThreeWayField {
  readonly path: FieldChange['path'];
  readonly planned: { readonly before: FieldValue; readonly after: FieldValue } | null;
  readonly now: { readonly before: FieldValue; readonly after: FieldValue } | null;
}

export interface RefusedItem {
  readonly change: Change;
  readonly why: RefusalReason;
  readonly message: Message;
  readonly fields: readonly ThreeWayField[];
}

export type Refit =
  | {
      readonly ok: false;
      readonly reason: 'expired' | 'foreign_endpoint' | 'foreign_lineage';
      readonly message: Message;
    }
  | {
      readonly ok: true;
      readonly plan: Plan;
      readonly refused: readonly RefusedItem[];
      /**
       * Changes that are wanted now and that the saved plan does not hold; they are left for another plan.
       */
      readonly further: number;
    };

/**
 * `fresh` must come from the same configuration path a person's `plan` takes, so that fingerprints are
 * comparable.
 */
export function refitPlan(
  saved: Plan,
  fresh: Plan,
  options: { readonly now: number; readonly digest: Digest },
): Refit {
  if (saved.endpoint !== fresh.endpoint) {
    const endpoints = { saved: saved.endpoint, now: fresh.endpoint };
    return {
      ok: false,
      reason: 'foreign_endpoint',
      message: message('plan.saved_for_endpoint', endpoints),
    };
  }
  // A plan made before the first apply knows no state yet; every item of it is still checked against the
  // account below.
  if (hasState(saved) && saved.state.lineage !== fresh.state.lineage) {
    return { ok: false, reason: 'foreign_lineage', message: message('plan.saved_for_state') };
  }
  if (options.now >= saved.expiresAt) {
    return { ok: false, reason: 'expired', message: message('plan.saved_too_long_ago') };
  }
  const changes = groupBy(fresh.changes, subjectOf);
  const withheld = groupBy(
    fresh.withheld.filter(({ reason }) => reason !== 'duplicate'),
    subjectOf,
  );
  const kept = new Set<Change>();
  const refused: RefusedItem[] = [];
  for (const item of saved.changes) {
    const candidates = changes.get(subjectOf(item)) ?? [];
    const fitting = candidates.find((candidate) => fits(item, candidate));
    if (fitting !== undefined) kept.add(fitting);
    else refused.push(refuse(item, candidates[0], withheld.get(subjectOf(item))?.[0]));
  }
  return {
    ok: true,
    plan: keepChanges(
      fresh,
      fresh.changes.filter((change) => kept.has(change)),
      options.digest,
    ),
    refused,
    further: fresh.changes.length - kept.size,
  };
}

/** An entry is found again by its key, an unmanaged app by its id. */
function subjectOf(item: { readonly key: string | null; readonly id: string | null }): string {
  return item.key === null ? `id ${item.id}` : `key ${item.key}`;
}

function fits(item: Change, candidate: Change): boolean {
  return (
    item.action === candidate.action &&
    item.id === candidate.id &&
    item.entryDigest === candidate.entryDigest &&
    item.observedDigest === candidate.observedDigest
  );
}

function refuse(item: Change, fresh: Change | undefined, held: Withheld | undefined): RefusedItem {
  const change = item;
  if (fresh !== undefined) {
    const isEdited = fresh.entryDigest !== item.entryDigest;
    return {
      change,
      why: isEdited ? 'desired_moved' : 'observed_moved',
      message: message(isEdited ? 'plan.saved_entry_edited' : 'plan.saved_account_changed'),
      fields: compareFields(item.fields, fresh.fields),
    };
  }
  if (held !== undefined) {
    return {
      change,
      why: 'held',
      message: message('plan.saved_withheld', { reason: held.reason, message: held.message }),
      fields: compareFields(item.fields, held.fields),
    };
  }
  const fields = compareFields(item.fields, []);
  return { change, why: 'not_needed', message: message('plan.saved_not_needed'), fields };
}

function compareFields(planned: readonly FieldChange[], now: readonly FieldChange[]): ThreeWayField[] {
  const paths = new Set([...planned, ...now].map((field) => field.path));
  const pick = (fields: readonly FieldChange[], path: FieldChange['path']) => {
    const field = fields.find((each) => each.path === path);
    return field === undefined ? null : { before: field.before, after: field.after };
  };
  return [...paths].map((path) => ({ path, planned: pick(planned, path), now: pick(now, path) }));
}

function keepChanges(plan: Plan, changes: readonly Change[], digest: Digest): Plan {
  const { withheld } = plan;
  return {
    ...plan,
    digest: fingerprintPlan(plan.endpoint, { changes, withheld }, digest),
    summary: { ...plan.summary, ...summariseChanges(changes) },
    changes,
  };
}

/** The part of a plan that is about some items only. */
export function keepItems(plan: Plan, isKept: (item: Change | Withheld) => boolean, digest: Digest): Plan {
  const withheld = plan.withheld.filter(isKept);
  const summary = { ...plan.summary, withheld: withheld.length };
  return keepChanges({ ...plan, withheld, summary }, plan.changes.filter(isKept), digest);
}
