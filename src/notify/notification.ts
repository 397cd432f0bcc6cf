/**
 * The next notification to one receiver: the difference between the problems it knows and those that exist
 * now. Problems that appear and disappear between two notifications are not reported.
 */

import type { Message } from '../messages/message.ts';
import type { Outcome } from '../model/round.ts';
import type { NoticeKind } from '../model/settings.ts';
import type { Problem, Problems } from './problems.ts';

export interface Notification {
  /** The most severe part. */
  readonly kind: NoticeKind;
  /** Not reported to this receiver before. */
  readonly added: readonly Problem[];
  /** Reported before and not resolved. */
  readonly ongoing: readonly Problem[];
  /** Reported before and resolved. */
  readonly resolved: readonly Problem[];
  readonly applied: AppliedChanges;
  /** How the account stands, as the page says it; absent before the first plan. */
  readonly summary?: Message | undefined;
}

/** Changes since the last notification: counts by action, and the first `KEYS_MAX` entries. */
export interface AppliedChanges {
  readonly counts: Readonly<Record<string, number>>;
  readonly keys: readonly string[];
}

export const NOTHING_APPLIED: AppliedChanges = { counts: {}, keys: [] };
const KEYS_MAX = 20;

/** Undefined when the receiver knows everything it wants to know. */
export function composeNotification(
  reported: Problems,
  current: Problems,
  {
    applied,
    on,
    summary,
  }: {
    readonly applied: AppliedChanges;
    readonly on: readonly NoticeKind[];
    readonly summary?: Message | undefined;
  },
): Notification | undefined {
  const wanted = [...current.values()].filter(({ kind }) => on.includes(kind));
  const added = wanted.filter(({ id }) => !reported.has(id));
  const ongoing = wanted.filter(({ id }) => reported.has(id));
  const resolved = [...reported.values()].filter(({ id }) => !current.has(id));
  const parts = { added, ongoing, resolved, applied, ...(summary && { summary }) };
  if (added.length > 0) {
    return { kind: added.some(({ kind }) => kind === 'failing') ? 'failing' : 'held', ...parts };
  }
  if (resolved.length > 0 && ongoing.length === 0 && on.includes('recovered')) {
    return { kind: 'recovered', ...parts };
  }
  return Object.keys(applied.counts).length > 0 ? { kind: 'applied', ...parts } : undefined;
}

/** `before` plus the applied changes among `outcomes`. */
export function addApplied(before: AppliedChanges, outcomes: readonly Outcome[]): AppliedChanges {
  const done = outcomes.filter(({ result }) => result === 'applied').map(({ change }) => change);
  if (done.length === 0) return before;
  const counts = { ...before.counts };
  for (const { action } of done) counts[action] = (counts[action] ?? 0) + 1;
  const keys = new Set([...before.keys, ...done.flatMap(({ key }) => key ?? [])]);
  return { counts, keys: [...keys].slice(0, KEYS_MAX) };
}

/** `all` without what `sent` already reported. */
export function subtractApplied(all: AppliedChanges, sent: AppliedChanges): AppliedChanges {
  const counts = Object.entries(all.counts)
    .map(([action, count]) => [action, count - (sent.counts[action] ?? 0)] as const)
    .filter(([, count]) => count > 0);
  return { counts: Object.fromEntries(counts), keys: all.keys.filter((key) => !sent.keys.includes(key)) };
}
