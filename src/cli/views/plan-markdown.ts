/**
 * A plan as Markdown for a pull-request comment, of bounded length: what destroys comes first, and what does
 * not fit is counted. Text from the account is escaped.
 */

import {
  describeCounts,
  describeField,
  describeName,
  describeReason,
  describeReceivers,
  describeUntil,
  printInstant,
  SYMBOLS,
  shortenDigest,
} from '../../documents/plan-words.ts';
import { printable } from '../../lib/printable.ts';
import { type Message, mapTexts, message } from '../../messages/message.ts';
import type { Translate } from '../../messages/say.ts';
import { type Change, hasState, type Plan, type Withheld } from '../../model/plan.ts';

/** A GitHub comment holds 65,536 characters; the caller must split longer texts. */
const LENGTH_MAX = 60_000;

export function formatPlanMarkdown(plan: Plan, translate: Translate): string {
  const head = [
    `### ${translate('cli.markdown_title', { counts: describeCounts(plan, translate) })}`,
    '',
    translate('cli.plan_origin', {
      digest: code(shortenDigest(plan.digest)),
      endpoint: code(plan.endpoint),
      until: printInstant(plan.expiresAt),
    }),
    ...(hasState(plan) ? [] : ['', `> **${translate('cli.plan_without_state')}**`]),
  ];
  const destroying = plan.changes.filter((change) => change.destroys.length > 0);
  const change = (item: Change) => describeChange(item, translate);
  const held = (item: Withheld) => describeWithheld(item, translate);
  const others = plan.changes.filter((change) => change.destroys.length === 0);
  const blocks = [
    ...titled(translate('cli.markdown_destroys'), destroying.map(change)),
    ...titled(
      translate('cli.markdown_decisions'),
      plan.withheld.filter((item) => item.needsDecision).map(held),
    ),
    ...titled(translate('cli.markdown_changes'), others.map(change)),
    ...titled(
      translate('cli.markdown_withheld'),
      plan.withheld.filter((item) => !item.needsDecision).map(held),
    ),
  ];
  return `${fitBlocks(head.join('\n'), blocks, translate)}\n`;
}

interface Block {
  readonly text: string;
  readonly isTitle: boolean;
}

function titled(title: string, texts: readonly string[]): Block[] {
  if (texts.length === 0) return [];
  const head = { text: `\n#### ${title}\n`, isTitle: true };
  return [head, ...texts.map((text) => ({ text, isTitle: false }))];
}

/** Takes whole blocks as long as there is room, and counts those that are left out. */
function fitBlocks(head: string, blocks: readonly Block[], translate: Translate): string {
  const lines = [head];
  let length = head.length;
  let left = 0;
  for (const { text, isTitle } of blocks) {
    if (left === 0 && length + text.length + 1 <= LENGTH_MAX) {
      lines.push(text);
      length += text.length + 1;
    } else if (!isTitle) {
      left += 1;
    }
  }
  if (left > 0) lines.push('', translate('cli.markdown_cut', { count: left }));
  return lines.join('\n');
}

function describeChange(change: Change, translate: Translate): string {
  const { action } = change;
  return [
    `- **${SYMBOLS[action]} ${translate(`page.action_${action}`)}** ${nameParts(change, translate)}: ${escapeMarkup(printable(describeReason(change, withoutBackticks(translate))))}`,
    ...change.fields.map((field) => {
      const { path, before, after, note } = describeField(field, withoutBackticks(translate));
      const value = before === null ? code(after) : `${code(before)} → ${code(after)}`;
      return `  - ${path}: ${value}${note === '' ? '' : ` (${escapeMarkup(printable(note))})`}`;
    }),
    ...describeReceivers(change, withoutBackticks(translate)).map((text) => `  - ${escapeMarkup(text)}`),
    ...change.destroys.map(
      (loss) =>
        `  - ${translate('cli.loses', { what: escapeMarkup(printable(withoutBackticks(translate)(loss))) })}`,
    ),
  ].join('\n');
}

function describeWithheld(item: Withheld, translate: Translate): string {
  const until = describeUntil(item, translate);
  const note = translate('document.reason_note', { title: message(`plan.${item.reason}_title`) });
  return [
    `- **${SYMBOLS.withheld} ${translate(`page.action_${item.action}`)}** ${nameParts(item, translate)}: ${code(item.reason)}${note} ${until}`.trimEnd(),
    `  - ${escapeMarkup(printable(withoutBackticks(translate)(item.message)))}`,
    `  - ${translate('cli.to_release', { release: escapeMarkup(printable(withoutBackticks(translate)(item.release))) })}`,
  ].join('\n');
}

function nameParts(item: Change | Withheld, translate: Translate): string {
  const { key, id } = item;
  const name = describeName(item, translate);
  return [
    key === null ? translate('cli.unmanaged_app') : code(key),
    ...(name === '' ? [] : [code(name)]),
    ...(id === null ? [] : [code(id)]),
  ].join(' ');
}

/**
 * A code span: the one place where a name is neither markup, nor a mention, nor a link. Its fence is longer than any
 * run of backticks in it, and one space on each side is taken off again where a backtick or a space stands at an end
 * (CommonMark 0.31, 6.1).
 */
function code(text: string): string {
  const shown = printable(text);
  const runs = shown.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  // Nothing is taken off from spaces alone.
  const isPadded = /^[` ]|[` ]$/.test(shown) && !/^ +$/.test(shown);
  if (shown === '') return '` `';
  return isPadded ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`;
}

/** Sentences whose own backticks are the only ones: those of their parameters could end a code span. */
function withoutBackticks(translate: Translate): Translate {
  const clean = (text: string) => text.replaceAll('`', "'");
  return ((said: Parameters<typeof translate>[0] | string, params?: Readonly<Record<string, unknown>>) =>
    translate(
      mapTexts(typeof said === 'string' ? ({ id: said, ...(params && { params }) } as Message) : said, clean),
    )) as Translate;
}

/**
 * A sentence as plain text with code spans: every sign that CommonMark could read is escaped, and those that make
 * GitHub mention or refer to somebody become code, where it does not.
 */
function escapeMarkup(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') && part.length > 2 ? code(part.slice(1, -1)) : escapeText(part)))
    .join('');
}

function escapeText(text: string): string {
  return text
    .replaceAll(/[!-/:-@[-`{-~]/g, (sign) => (sign === '@' || sign === '#' ? `\`${sign}\`` : `\\${sign}`))
    .replaceAll(/\bwww(?=\\\.)/gi, '`$&`');
}
