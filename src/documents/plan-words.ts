/** What the text and Markdown renderings of a plan share. */

import { printable } from '../lib/printable.ts';
import { ENGLISH } from '../messages/en.ts';
import { message } from '../messages/message.ts';
import type { Translate } from '../messages/say.ts';
import type {
  Action,
  Change,
  FieldChange,
  FieldValue,
  Plan,
  Withheld,
  WithheldReason,
} from '../model/plan.ts';
import { describeParts, summariseEntries, toneOf } from '../model/summary.ts';

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

/** The code of a hold reason; in Chinese with its meaning. The code of another version stands alone. */
export function nameReason(code: string, translate: Translate): string {
  const id = `plan.${code}_title`;
  return Object.hasOwn(ENGLISH, id)
    ? translate('document.reason_code', { code, title: message(id as WithheldTitle) })
    : code;
}

type WithheldTitle = `plan.${WithheldReason}_title`;

/** `1 delete needs approval · 2 to create · 12 in sync · 3 unmanaged`; the same summary as the daemon's. */
export function describeCounts(plan: Plan, translate: Translate): string {
  const summary = summariseEntries({ plan });
  const parts = describeParts(summary).map(({ text }) => text);
  const { unmanaged } = plan.summary;
  const isQuiet = toneOf(summary, []) === 'ok';
  return translate('summary.line', {
    parts: [
      ...(isQuiet ? [message('summary.nothing_to_do')] : []),
      ...parts,
      ...(unmanaged === 0 ? [] : [message('summary.unmanaged', { count: unmanaged })]),
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
