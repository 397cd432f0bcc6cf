/**
 * What there is to tell one receiver: the difference between what it was told last and what is. Level-triggered: what came
 * and went between two messages is not told at all.
 */

import type { Outcome } from '../model/round.ts';
import type { NoticeKind } from '../model/settings.ts';
import type { Problem, Problems } from './problem.ts';

export interface Bulletin {
  readonly kind: NoticeKind;
  /** Not told before. */
  readonly fresh: readonly Problem[];
  /** Told before, and still there. */
  readonly standing: readonly Problem[];
  /** Told before, and gone. */
  readonly over: readonly Problem[];
  readonly applied: Applied;
}

/** Changes since the last message: how many of each action, and which entries; the first of them. */
export interface Applied {
  readonly counts: Readonly<Record<string, number>>;
  readonly keys: readonly string[];
}

export const NOTHING_APPLIED: Applied = { counts: {}, keys: [] };
const KEYS_MAX = 20;

/** Undefined when there is nothing to tell. */
export function composeBulletin(
  told: Problems,
  current: Problems,
  { applied, on }: { readonly applied: Applied; readonly on: readonly NoticeKind[] },
): Bulletin | undefined {
  const wanted = [...current.values()].filter(({ kind }) => on.includes(kind));
  const fresh = wanted.filter(({ id }) => !told.has(id));
  const standing = wanted.filter(({ id }) => told.has(id));
  const over = [...told.values()].filter(({ id }) => !current.has(id));
  const parts = { fresh, standing, over, applied };
  if (fresh.length > 0) {
    return { kind: fresh.some(({ kind }) => kind === 'failing') ? 'failing' : 'held', ...parts };
  }
  if (over.length > 0 && standing.length === 0 && on.includes('recovered'))
    return { kind: 'recovered', ...parts };
  return Object.keys(applied.counts).length > 0 ? { kind: 'applied', ...parts } : undefined;
}

/** `before` and what these outcomes added to it. */
export function addApplied(before: Applied, outcomes: readonly Outcome[]): Applied {
  const done = outcomes.filter(({ result }) => result === 'applied').map(({ change }) => change);
  if (done.length === 0) return before;
  const counts = { ...before.counts };
  for (const { action } of done) counts[action] = (counts[action] ?? 0) + 1;
  const keys = new Set([...before.keys, ...done.flatMap(({ key }) => key ?? [])]);
  return { counts, keys: [...keys].slice(0, KEYS_MAX) };
}
