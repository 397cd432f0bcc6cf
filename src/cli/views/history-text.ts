/** Changes that were made, as text: one block per change, with every request beneath it. Pure. */

import { describeField, printInstant, WHY } from '../../documents/plan-words.ts';
import { printable } from '../../lib/printable.ts';
import type { HistoryEntry, HistoryField, HistoryRequest } from '../../model/history.ts';
import type { Action } from '../../model/plan.ts';
import { alignColumns } from './layout.ts';

export const DONE: Readonly<Record<Action, string>> = {
  create: 'created',
  update: 'updated',
  replace: 'replaced',
  delete: 'deleted',
  adopt: 'adopted',
  rebind: 'rebound',
  forget: 'forgotten',
};

/** Ends with a line break; empty for no entries. */
export function formatHistoryText(entries: readonly HistoryEntry[]): string {
  const heads = alignColumns(entries.map(headOf));
  return entries.map((entry, index) => [heads[index] ?? '', ...detailOf(entry), ''].join('\n')).join('');
}

function headOf({ time, action, result, key, id, name, reason }: HistoryEntry): string[] {
  return [
    printInstant(Date.parse(time)),
    result === 'applied' ? DONE[action] : `failed to ${action}`,
    printable(key ?? name ?? '(unmanaged)'),
    id ?? '',
    WHY[reason],
  ];
}

function detailOf(entry: HistoryEntry): string[] {
  return [
    ...(entry.failure === null ? [] : [`    ${printable(entry.failure.message)}`]),
    ...entry.warnings.map((warning) => `    warning: ${printable(warning)}`),
    ...alignColumns(entry.fields.map(describeHistoryField)),
    ...alignColumns(entry.requests.map(describeRequest)),
  ];
}

function describeHistoryField(field: HistoryField): string[] {
  const { path, before, after, changed_by: changedBy } = field;
  const words = describeField({ path, before, after, changedBy, lastApplied: null });
  const value = words.before === null ? words.after : `${words.before} -> ${words.after}`;
  return [`    ${path}`, words.note === '' ? value : `${value} (${words.note})`];
}

function describeRequest(request: HistoryRequest): string[] {
  const { operation, status, code, logid, attempt, failure } = request;
  return [
    `    ${operation}`,
    status === null ? 'no response' : `HTTP ${status}`,
    code === null ? '' : `code ${code}`,
    logid === null ? '' : `logid ${logid}`,
    `attempt ${attempt}`,
    `${Math.round(request.duration_ms)} ms`,
    failure ?? '',
  ];
}
