/** What the text and Markdown renderings of a plan share. */

import { printable } from '../lib/printable.ts';
import { message } from '../messages/message.ts';
import type { Translate } from '../messages/say.ts';
import type { Action, Change, FieldChange, FieldValue, Plan, Withheld } from '../model/plan.ts';

export const SYMBOLS: Readonly<Record<Action | 'withheld', string>> = {
  ...{ create: '+', update: '~', delete: '-', replace: '±' },
  ...{ adopt: '=', rebind: '=', forget: '=', withheld: '?' },
};

/** Why a change is made, in a few words. */
export function describeReason(change: Change, translate: Translate): string {
  if (change.action === 'rebind' && change.from !== undefined) {
    return translate('document.renamed_from', { key: change.from });
  }
  if (change.reason === 'identity_changed' && change.action === 'delete') {
    return translate('document.replaced');
  }
  return translate(`document.reason_${change.reason}`);
}

const ACTIONS = ['create', 'update', 'replace', 'delete', 'adopt', 'rebind', 'forget'] as const;

/** `2 to create, 1 delete held for your decision; 12 unchanged, 2 held, 3 unmanaged`. */
export function describeCounts({ summary, withheld }: Plan, translate: Translate): string {
  const decisions = withheld.filter((item) => item.needsDecision);
  const standing = summary.withheld - decisions.length;
  const waiting = (action: Action) => decisions.filter((item) => item.action === action).length;
  return translate('document.counts', {
    todo: [
      ...ACTIONS.filter((action) => summary[action] > 0).map((action) =>
        message('document.to_do', { count: summary[action], action: message(`page.action_${action}`) }),
      ),
      ...ACTIONS.filter((action) => waiting(action) > 0).map((action) =>
        message('document.for_decision', {
          count: waiting(action),
          action: message(`page.action_${action}`),
        }),
      ),
    ],
    rest: [
      message('document.unchanged', { count: summary.unchanged }),
      ...(standing === 0 ? [] : [message('document.held', { count: standing })]),
      ...(summary.unmanaged === 0 ? [] : [message('document.unmanaged', { count: summary.unmanaged })]),
    ],
  });
}

export interface DescribedField {
  readonly path: string;
  readonly before: string | null;
  readonly after: string;
  /** Who moved, and the last applied value where that is a third one. */
  readonly note: string;
}

/** Event sets are told as what comes and what goes; other fields as before and after. */
export function describeField(field: FieldChange, translate: Translate): DescribedField {
  const { path, before, after, lastApplied, changedBy } = field;
  const isThird = changedBy === 'both' && lastApplied !== null;
  const print = (value: FieldValue) => printValue(value, translate);
  const last = isThird ? translate('document.last_applied', { value: print(lastApplied) }) : '';
  const note = translate(`document.changed_by_${changedBy}`) + last;
  if (Array.isArray(before) && Array.isArray(after)) {
    return { path, before: null, after: printDelta(before, after), note };
  }
  return { path, before: before === null ? null : print(before), after: print(after), note };
}

function printValue(value: FieldValue, translate: Translate): string {
  if (value === null) return translate('document.no_value');
  if (typeof value === 'string') return printable(value);
  return value.length === 0 ? translate('document.empty_list') : value.map(printable).join(', ');
}

/** When a hold ends by itself: an instant in UTC, to the second. */
export function describeUntil({ until }: Withheld, translate: Translate): string {
  return until === undefined ? '' : translate('document.until', { instant: printInstant(until) });
}

/** ISO 8601 in UTC, to the second. `at` in milliseconds since the epoch. */
export function printInstant(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

/** The name where there is one; a channel's app is known by its channel. */
export function describeName(
  { name, connectorId }: { readonly name: string | null; readonly connectorId?: string | null },
  translate: Translate,
): string {
  if (name !== null) return printable(name);
  return typeof connectorId === 'string' ? translate('document.channel', { id: printable(connectorId) }) : '';
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

/** A warning for each receiver that failed its challenge in a dry run. */
export function describeReceivers({ steps }: Change, translate: Translate): string[] {
  return steps.flatMap((step) => {
    if (step.do !== 'check_receiver' || step.verdict === undefined || step.verdict.ok) return [];
    const { stage, message: problem } = step.verdict;
    const follows = message(step.mode === 'block' ? 'document.change_stops' : 'document.url_likely_refused');
    const words = printable(translate(problem));
    return [translate('document.receiver_fails', { stage, problem: words, follows })];
  });
}
