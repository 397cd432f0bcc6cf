/** Recorded changes as text: one block per change, its requests beneath it. */

import { describeField, printInstant } from '../../documents/plan-words.ts';
import { printable } from '../../lib/printable.ts';
import { recorded } from '../../messages/message.ts';
import type { Translate } from '../../messages/say.ts';
import type { HistoryEntry, HistoryField, HistoryRequest } from '../../model/history.ts';
import { alignColumns } from './layout.ts';

/** Ends with a line break; empty for no entries. */
export function formatHistoryText(entries: readonly HistoryEntry[], translate: Translate): string {
  const heads = alignColumns(entries.map((entry) => headOf(entry, translate)));
  return entries
    .map((entry, index) => [heads[index] ?? '', ...detailOf(entry, translate), ''].join('\n'))
    .join('');
}

function headOf(entry: HistoryEntry, translate: Translate): string[] {
  const { time, action, result, key, id, name, reason } = entry;
  return [
    printInstant(Date.parse(time)),
    result === 'applied'
      ? translate(`cli.done_${action}`)
      : translate('cli.failed_to', { action: translate(`page.action_${action}`) }),
    printable(key ?? name ?? translate('cli.unmanaged')),
    id ?? '',
    translate(`document.reason_${reason}`),
  ];
}

function detailOf(entry: HistoryEntry, translate: Translate): string[] {
  return [
    ...(entry.failure === null ? [] : [`    ${printable(translate(recorded(entry.failure.message)))}`]),
    ...entry.warnings.map(
      (warning) => `    ${translate('cli.warning', { text: printable(translate(recorded(warning))) })}`,
    ),
    ...alignColumns(entry.fields.map((field) => describeHistoryField(field, translate))),
    ...alignColumns(entry.requests.map((request) => describeRequest(request, translate))),
  ];
}

function describeHistoryField(field: HistoryField, translate: Translate): string[] {
  const { path, before, after, changed_by: changedBy } = field;
  const words = describeField({ path, before, after, changedBy, lastApplied: null }, translate);
  const value = words.before === null ? words.after : `${words.before} -> ${words.after}`;
  return [`    ${path}`, words.note === '' ? value : translate('named', { name: value, id: words.note })];
}

function describeRequest(request: HistoryRequest, translate: Translate): string[] {
  const { operation, status, code, logid, attempt, failure } = request;
  return [
    `    ${operation}`,
    status === null ? translate('cli.no_response') : `HTTP ${status}`,
    code === null ? '' : `code ${code}`,
    logid === null ? '' : `logid ${logid}`,
    translate('cli.attempt', { attempt }),
    `${Math.round(request.duration_ms)} ms`,
    failure ?? '',
  ];
}
