/**
 * A plan as Markdown for a pull-request comment: counts first, then lists. Its length is bounded, what destroys comes before
 * what does not, and what does not fit is counted. Text from the account is escaped. Pure.
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
import { say } from '../../messages/say.ts';
import type { Change, Plan, Withheld } from '../../model/plan.ts';

/** A GitHub comment holds 65,536 characters; the rest is left to whoever posts it. */
const LENGTH_MAX = 60_000;

export function formatPlanMarkdown(plan: Plan): string {
  const head = [
    `### callbackd plan: ${describeCounts(plan)}`,
    '',
    `\`${shortenDigest(plan.digest)}\` for ${code(plan.endpoint)}, valid until ${printInstant(plan.expiresAt)}`,
  ];
  const destroying = plan.changes.filter((change) => change.destroys.length > 0);
  const others = plan.changes.filter((change) => change.destroys.length === 0);
  const blocks = [
    ...titled('Destroys', destroying.map(describeChange)),
    ...titled('Needs a decision', plan.withheld.filter((item) => item.needsDecision).map(describeWithheld)),
    ...titled('Changes', others.map(describeChange)),
    ...titled('Withheld', plan.withheld.filter((item) => !item.needsDecision).map(describeWithheld)),
  ];
  return `${fitBlocks(head.join('\n'), blocks)}\n`;
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
function fitBlocks(head: string, blocks: readonly Block[]): string {
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
  if (left > 0) lines.push('', `... and ${left} more; \`callbackd plan --full\` lists everything.`);
  return lines.join('\n');
}

function describeChange(change: Change): string {
  const { action, key, id } = change;
  return [
    `- **${SYMBOLS[action]} ${action}** ${nameParts(key, id, describeName(change))}: ${describeReason(change)}`,
    ...change.fields.map((field) => {
      const { path, before, after, note } = describeField(field);
      const value = before === null ? code(after) : `${code(before)} → ${code(after)}`;
      return `  - ${path}: ${value}${note === '' ? '' : ` (${escapeMarkup(note)})`}`;
    }),
    ...describeReceivers(change).map((text) => `  - ${escapeMarkup(text)}`),
    ...change.destroys.map((loss) => `  - loses ${escapeMarkup(printable(say(loss)))}`),
  ].join('\n');
}

function describeWithheld(item: Withheld): string {
  const until = describeUntil(item);
  return [
    `- **${SYMBOLS.withheld} ${item.action}** ${nameParts(item.key, item.id, describeName(item))}: \`${item.reason}\` ${until}`.trimEnd(),
    `  - ${escapeMarkup(printable(say(item.message)))}`,
    `  - to release: ${escapeMarkup(printable(say(item.release)))}`,
  ].join('\n');
}

function nameParts(key: string | null, id: string | null, name: string): string {
  return [
    key === null ? 'unmanaged app' : code(key),
    ...(name === '' ? [] : [escapeMarkup(name)]),
    ...(id === null ? [] : [code(id)]),
  ].join(' ');
}

/** Inline code; its own backticks would end it. */
function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}

/** Keeps names and messages from becoming markup, mentions or links. Code in backticks stays code. */
function escapeMarkup(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) =>
      part.startsWith('`') && part.length > 1 ? part : part.replace(/[\\*_[\]<>|#@!~`]/g, '\\$&'),
    )
    .join('');
}
