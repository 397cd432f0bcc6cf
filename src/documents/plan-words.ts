/** The words that the text and Markdown renderings of a plan share. They go by the plan alone and never show a secret. Pure. */

import { printable } from '../lib/printable.ts';
import { say } from '../messages/say.ts';
import type {
  Action,
  Change,
  ChangedBy,
  ChangeReason,
  FieldChange,
  FieldValue,
  Plan,
  Withheld,
} from '../model/plan.ts';

export const SYMBOLS: Readonly<Record<Action | 'withheld', string>> = {
  ...{ create: '+', update: '~', delete: '-', replace: '±' },
  ...{ adopt: '=', rebind: '=', forget: '=', withheld: '?' },
};

export const WHY: Readonly<Record<ChangeReason, string>> = {
  new_entry: 'new entry',
  vanished: 'its app is gone from the account',
  settled_absent: 'an earlier create came to nothing',
  newborn_found: 'an earlier create did succeed',
  unfinished: 'not all set yet',
  differs: 'differs',
  identity_changed: 'its type or channel changed',
  pinned: 'pinned by id',
  identical: 'already equals the entry',
  by_name: 'matches the entry',
  renamed_key: 'renamed',
  orphan: 'gone from the file',
  unmanaged: 'not in the file',
  orphan_absent: 'gone from the file and the account',
};

const MOVERS: Readonly<Record<ChangedBy, string>> = {
  file: 'the file changed',
  account: 'the account drifted',
  both: 'the file changed and the account drifted',
  new: '',
};

export function describeReason(change: Change): string {
  if (change.action === 'rebind' && change.from !== undefined) return `renamed from ${change.from}`;
  if (change.reason === 'identity_changed' && change.action === 'delete') return 'replaced by its successor';
  return WHY[change.reason];
}

/** `2 to create, 1 to update; 12 unchanged, 2 withheld (1 needs a decision), 3 unmanaged`. Counts come first. */
export function describeCounts(plan: Plan): string {
  const { summary } = plan;
  const actions = (['create', 'update', 'replace', 'delete', 'adopt', 'rebind', 'forget'] as const)
    .filter((action) => summary[action] > 0)
    .map((action) => `${summary[action]} to ${action}`);
  const decisions = plan.withheld.filter((item) => item.needsDecision).length;
  const verb = decisions === 1 ? 'needs' : 'need';
  const held = decisions === 0 ? '' : ` (${decisions} ${verb} a decision)`;
  const rest = [
    `${summary.unchanged} unchanged`,
    ...(summary.withheld === 0 ? [] : [`${summary.withheld} withheld${held}`]),
    ...(summary.unmanaged === 0 ? [] : [`${summary.unmanaged} unmanaged`]),
  ];
  return `${actions.join(', ') || 'nothing to do'}; ${rest.join(', ')}`;
}

export interface DescribedField {
  readonly path: string;
  readonly before: string | null;
  readonly after: string;
  /** Who moved, and the last applied value where that is a third one. */
  readonly note: string;
}

/** Event sets are told as what comes and what goes; other fields as before and after. */
export function describeField(field: FieldChange): DescribedField {
  const { path, before, after, lastApplied, changedBy } = field;
  const isThird = changedBy === 'both' && lastApplied !== null;
  const last = isThird ? `; last applied ${printValue(lastApplied)}` : '';
  const note = MOVERS[changedBy] + last;
  if (Array.isArray(before) && Array.isArray(after)) {
    return { path, before: null, after: printDelta(before, after), note };
  }
  return { path, before: before === null ? null : printValue(before), after: printValue(after), note };
}

function printValue(value: FieldValue): string {
  if (value === null) return 'nothing';
  if (typeof value === 'string') return printable(value);
  return value.length === 0 ? 'none' : value.map(printable).join(', ');
}

/** How a withheld change passes by itself: an instant in UTC, to the second. */
export function describeUntil(item: Withheld): string {
  return item.until === undefined ? '' : `until ${printInstant(item.until)}`;
}

/** ISO 8601 in UTC, to the second. `at` in milliseconds since the epoch. */
export function printInstant(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

/** The name where there is one; a channel's app is known by its channel. */
export function describeName(item: {
  readonly name: string | null;
  readonly connectorId?: string | null;
}): string {
  if (item.name !== null) return printable(item.name);
  return typeof item.connectorId === 'string' ? `channel ${printable(item.connectorId)}` : '';
}

/** Twelve characters of a digest are enough to tell plans apart by eye. */
export function shortenDigest(digest: string): string {
  return digest.slice(0, 12);
}

function printDelta(before: readonly string[], after: readonly string[]): string {
  const [was, is] = [new Set(before), new Set(after)];
  const moves = [
    ...after.filter((event) => !was.has(event)).map((event) => `+${printable(event)}`),
    ...before.filter((event) => !is.has(event)).map((event) => `-${printable(event)}`),
  ];
  return moves.join(' ');
}

/** A warning for each receiver that a dry run found not to answer as the platform wants; nothing for the others. */
export function describeReceivers({ steps }: Change): string[] {
  return steps.flatMap((step) => {
    if (step.do !== 'check_receiver' || step.verdict === undefined || step.verdict.ok) return [];
    const { stage, message } = step.verdict;
    const follows =
      step.mode === 'block' ? 'the change will stop there' : 'the platform will likely refuse the URL';
    return [`the receiver fails its challenge (${stage}): ${printable(say(message))}; ${follows}`];
  });
}
