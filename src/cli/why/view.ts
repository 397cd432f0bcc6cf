/** The story of one entry as text: verdict first, then each side of it, then what happened. Pure. */

import type { EntryStory, FieldSides } from '../../documents/explain-entry.ts';
import { describeField, describeReason, describeUntil, printInstant } from '../../documents/plan-words.ts';
import { printable } from '../../lib/printable.ts';
import { say } from '../../messages/say.ts';
import type { FieldValue } from '../../model/plan.ts';
import { formatHistoryText } from '../views/history-text.ts';
import { alignColumns, createPaint } from '../views/layout.ts';

export function formatWhyText(story: EntryStory, { color }: { readonly color: boolean }): string {
  const colors = createPaint(color);
  const history = formatHistoryText(story.history).split('\n').slice(0, -1);
  const lines = [
    colors.bold(`${printable(story.key)}: ${story.verdict}`),
    '',
    ...alignColumns(describeStanding(story)),
    '',
    ...alignColumns([
      ['  ', colors.dim('in the file'), colors.dim('last applied'), colors.dim('in the account')],
      ...story.fields.map(describeSides),
    ]),
    ...section('Decision:', describeDecision(story)),
    ...section(
      'Last changes, newest first:',
      history.map((line) => `  ${line}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

function describeStanding({ desired, owned, observed, intent, backoff }: EntryStory): string[][] {
  const { file, line, column } = desired?.position ?? {};
  return [
    ['  file', file === undefined ? 'not in the file' : `${file}:${line}:${column}`],
    ['  type', desired?.appType ?? owned?.appType ?? ''],
    ['  connector', desired?.connectorId ?? owned?.connectorId ?? ''],
    [
      '  record',
      owned === undefined
        ? 'owns no app'
        : `owns ${owned.id}, ${owned.how} ${printInstant(owned.boundAt)}${owned.activating ? ', not all set yet' : ''}`,
    ],
    ['  account', describeObserved(observed, owned?.id)],
    ['  protect', desired?.protect === true || owned?.protect === true ? 'yes' : ''],
    ['  condemned', owned?.condemnedAt === undefined ? '' : `since ${printInstant(owned.condemnedAt)}`],
    [
      '  open create',
      intent === undefined ? '' : `since ${printInstant(intent.openedAt)}, outcome not known yet`,
    ],
    [
      '  backing off',
      backoff === undefined
        ? ''
        : `until ${printInstant(backoff.until)}, ${backoff.failures} failed: ${printable(backoff.reason)}`,
    ],
  ].filter(([, value]) => value !== '');
}

function describeObserved(observed: EntryStory['observed'], id: string | undefined): string {
  if (observed === undefined) return 'not read';
  if (observed === null) return id === undefined ? 'holds no app for it' : `does not show ${id}`;
  return `holds ${observed.id}${observed.name === undefined ? '' : ` ${printable(observed.name)}`}`;
}

function describeSides({ path, desired, lastApplied, observed }: FieldSides): string[] {
  return [
    `  ${path}`,
    printValue(desired),
    printValue(lastApplied),
    observed === undefined ? '?' : printValue(observed),
  ];
}

function printValue(value: FieldValue): string {
  if (value === null) return '-';
  if (typeof value === 'string') return printable(value);
  return value.length === 0 ? 'none' : value.map(printable).join(', ');
}

function describeDecision({ changes, withheld }: EntryStory): string[] {
  return [
    ...changes.flatMap((change) => [
      `  ${change.action}: ${describeReason(change)}`,
      ...alignColumns(
        change.fields.map((field) => {
          const { path, before, after, note } = describeField(field);
          return [`    ${path}`, before === null ? after : `${before} -> ${after}`, note];
        }),
      ),
      ...change.destroys.map((loss) => `    loses ${printable(say(loss))}`),
    ]),
    ...withheld.flatMap((item) => [
      `  ${item.action} withheld: ${[item.reason, describeUntil(item)].join(' ').trimEnd()}`,
      `    ${printable(say(item.message))}`,
      `    to release: ${printable(say(item.release))}`,
    ]),
  ];
}
