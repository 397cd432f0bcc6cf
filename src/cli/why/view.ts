/** Everything about one entry as text: the verdict, each side of it, the decision, the last changes. */

import type { EntryExplanation, FieldSides } from '../../documents/explain-entry.ts';
import {
  describeField,
  describeReason,
  describeUntil,
  nameReason,
  printInstant,
} from '../../documents/plan-words.ts';
import { printable } from '../../lib/printable.ts';
import { message, recorded } from '../../messages/message.ts';
import type { Translate } from '../../messages/say.ts';
import type { FieldValue } from '../../model/plan.ts';
import { formatHistoryText } from '../views/history-text.ts';
import { alignColumns, createPaint, section, type View } from '../views/layout.ts';

export function formatWhyText(story: EntryExplanation, { color, translate }: View): string {
  const colors = createPaint(color);
  const history = formatHistoryText(story.history, translate).split('\n').slice(0, -1);
  const lines = [
    colors.bold(translate('labelled', { label: printable(story.key), value: translate(story.verdict) })),
    '',
    ...alignColumns(describeStanding(story, translate)),
    '',
    ...alignColumns([
      [
        '  ',
        colors.dim(translate('cli.why_in_file')),
        colors.dim(translate('cli.why_last_applied')),
        colors.dim(translate('cli.why_in_account')),
      ],
      ...story.fields.map((field) => describeSides(field, translate)),
    ]),
    ...section(translate('cli.why_decision'), describeDecision(story, translate)),
    ...section(
      translate('cli.why_changes'),
      history.map((line) => `  ${line}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function describeStanding(story: EntryExplanation, translate: Translate): string[][] {
  const { desired, owned, observed, intent, backoff } = story;
  const { file, line, column } = desired?.position ?? {};
  const since = (at: number) => translate('cli.since', { since: printInstant(at) });
  const rows: [string, string][] = [
    [
      translate('cli.why_file'),
      file === undefined ? translate('cli.why_no_file') : `${file}:${line}:${column}`,
    ],
    [translate('cli.why_type'), desired?.appType ?? owned?.appType ?? ''],
    [translate('cli.why_connector'), desired?.connectorId ?? owned?.connectorId ?? ''],
    [
      translate('cli.why_record'),
      owned === undefined
        ? translate('cli.why_owns_none')
        : translate(owned.activating ? 'cli.why_owns_unfinished' : 'cli.why_owns', {
            id: owned.id,
            how: message(`document.how_${owned.how}`),
            at: printInstant(owned.boundAt),
          }),
    ],
    [translate('cli.status_account'), describeObserved(observed, owned?.id, translate)],
    [
      translate('cli.why_protect'),
      desired?.protect === true || owned?.protect === true ? translate('cli.yes') : '',
    ],
    [
      translate('cli.why_deletion_scheduled'),
      owned?.condemnedAt === undefined ? '' : since(owned.condemnedAt),
    ],
    [
      translate('cli.why_open_create'),
      intent === undefined
        ? ''
        : translate('cli.why_unknown_outcome', { since: printInstant(intent.openedAt) }),
    ],
    [
      translate('cli.backing_off'),
      backoff === undefined
        ? ''
        : translate('cli.why_backoff', {
            until: printInstant(backoff.until),
            failures: backoff.failures,
            reason: printable(translate(recorded(backoff.reason))),
          }),
    ],
  ];
  return rows.filter(([, value]) => value !== '').map(([name, value]) => [`  ${name}`, value]);
}

function describeObserved(
  observed: EntryExplanation['observed'],
  id: string | undefined,
  translate: Translate,
): string {
  if (observed === undefined) return translate('cli.why_not_read');
  if (observed === null)
    return id === undefined ? translate('cli.why_holds_none') : translate('cli.why_not_shown', { id });
  const { name } = observed;
  return translate('cli.why_holds', {
    app: name === undefined ? observed.id : `${observed.id} ${printable(name)}`,
  });
}

function describeSides(field: FieldSides, translate: Translate): string[] {
  const { path, desired, lastApplied, observed } = field;
  return [
    `  ${path}`,
    printValue(desired, translate),
    printValue(lastApplied, translate),
    observed === undefined ? '?' : printValue(observed, translate),
  ];
}

function printValue(value: FieldValue, translate: Translate): string {
  if (value === null) return '-';
  if (typeof value === 'string') return printable(value);
  return value.length === 0 ? translate('cli.none') : value.map(printable).join(', ');
}

function describeDecision({ changes, withheld }: EntryExplanation, translate: Translate): string[] {
  return [
    ...changes.flatMap((change) => [
      `  ${translate('labelled', { label: translate(`page.action_${change.action}`), value: describeReason(change, translate) })}`,
      ...alignColumns(
        change.fields.map((field) => {
          const { path, before, after, note } = describeField(field, translate);
          return [`    ${path}`, before === null ? after : `${before} -> ${after}`, note];
        }),
      ),
      ...change.destroys.map((loss) => `    ${translate('cli.loses', { what: printable(translate(loss)) })}`),
    ]),
    ...withheld.flatMap((item) => [
      `  ${translate('cli.why_withheld', {
        action: translate(`page.action_${item.action}`),
        reason: [nameReason(item.reason, translate), describeUntil(item, translate)].join(' ').trimEnd(),
      })}`,
      `    ${printable(translate(item.message))}`,
      `    ${translate('cli.to_release', { release: printable(translate(item.release)) })}`,
    ]),
  ];
}
