/**
 * A plan for a terminal: counts first, then one line per change with its fields beneath, then what is
 * withheld and how to release it. Colour and length are parameters; the words are the same without them.
 */

import { sealPlanJson } from '../../documents/plan-json.ts';
import {
  describeCounts,
  describeField,
  describeName,
  describeReason,
  describeReceivers,
  describeUntil,
  nameReason,
  printInstant,
  SYMBOLS,
  shortenDigest,
} from '../../documents/plan-words.ts';
import { printable } from '../../lib/printable.ts';
import type { Translate } from '../../messages/say.ts';
import { type Action, type Change, hasState, type Plan, type Withheld } from '../../model/plan.ts';
import { alignColumns, createPaint, type Paint, section, type View } from './layout.ts';
import { formatPlanMarkdown } from './plan-markdown.ts';

export interface PlanTextOptions extends View {
  /** Lists everything, however long the plan is. */
  readonly full: boolean;
}

/** Up to this many items a plan is listed whole: about two screens. */
const LISTED_MAX = 60;
/**
 * In a longer plan, how many of each kind are listed, without their fields. What destroys is always listed.
 */
const SAMPLE_MAX = 10;

export function formatPlanText(plan: Plan, options: PlanTextOptions): string {
  const { translate } = options;
  const colors = createPaint(options.color);
  const isLong = !options.full && plan.changes.length + plan.withheld.length > LISTED_MAX;
  const style: Style = { colors, translate, isLong };
  const changes = listChanges(plan.changes, style);
  const lines = [
    colors.bold(translate('cli.plan_title', { counts: describeCounts(plan, translate) })),
    colors.dim(
      translate('cli.plan_origin', {
        digest: shortenDigest(plan.digest),
        endpoint: plan.endpoint,
        until: printInstant(plan.expiresAt),
      }),
    ),
    ...(hasState(plan) ? [] : [colors.yellow(translate('cli.plan_without_state'))]),
    ...(changes.length === 0 ? [] : ['', ...changes]),
    ...section(translate('cli.title_withheld'), listWithheld(plan.withheld, style)),
  ];
  if (isLong) lines.push('', translate('cli.plan_is_summary'));
  return `${lines.join('\n')}\n`;
}

interface Style {
  readonly colors: Paint;
  readonly translate: Translate;
  readonly isLong: boolean;
}

function listChanges(changes: readonly Change[], style: Style): string[] {
  const { colors, translate } = style;
  const shown = style.isLong ? changes.filter(keepSample()) : changes;
  const heads = alignColumns(shown.map((change) => headOf(change, style)));
  const lines = shown.flatMap((change, index) => [
    heads[index] ?? '',
    ...(style.isLong ? [] : detail(change, style)),
    ...describeReceivers(change, translate).map((text) => colors.red(`      ${text}`)),
    ...change.destroys.map((loss) =>
      colors.red(`      ${translate('cli.loses', { what: printable(translate(loss)) })}`),
    ),
  ]);
  return [
    ...lines,
    ...describeCut(changes, shown, { kindOf: ({ action }) => translate(`page.action_${action}`), translate }),
  ];
}

/** The first few of each action, and all of those that destroy something. */
function keepSample(): (change: Change) => boolean {
  const counts = new Map<Action, number>();
  return (change) => {
    const count = (counts.get(change.action) ?? 0) + 1;
    counts.set(change.action, count);
    return count <= SAMPLE_MAX || change.destroys.length > 0;
  };
}

/** One line that counts what a summary left out, by kind. */
function describeCut<Item>(
  all: readonly Item[],
  shown: readonly Item[],
  { kindOf, translate }: { readonly kindOf: (item: Item) => string; readonly translate: Translate },
): string[] {
  const left = new Map<string, number>();
  for (const item of all) left.set(kindOf(item), (left.get(kindOf(item)) ?? 0) + 1);
  for (const item of shown) left.set(kindOf(item), (left.get(kindOf(item)) ?? 0) - 1);
  const parts = [...left]
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => translate('cli.more_of_kind', { count, kind }));
  return parts.length === 0 ? [] : [`  ${translate('cli.plan_cut', { parts })}`];
}

function headOf(change: Change, { colors, translate }: Style): string[] {
  const { action, key, id } = change;
  return [
    `  ${paintAction(colors, action)(`${SYMBOLS[action]} ${translate(`page.action_${action}`)}`)}`,
    colors.bold(key ?? translate('cli.unmanaged')),
    id ?? '',
    describeName(change, translate),
    colors.dim(describeReason(change, translate)),
  ];
}

function detail(change: Change, { colors, translate }: Style): string[] {
  const rows = change.fields.map((field) => {
    const { path, before, after, note } = describeField(field, translate);
    const value = before === null ? after : `${before} -> ${after}`;
    return [
      `      ${path}`,
      value,
      note === '' ? '' : colors.dim(translate('named', { name: '', id: note }).trimStart()),
    ];
  });
  const delivers = change.steps.some((step) => step.do === 'deliver_token');
  return alignColumns(
    delivers ? [...rows, ['      verify_token', translate('cli.to_token_sink'), '']] : rows,
  );
}

function listWithheld(withheld: readonly Withheld[], style: Style): string[] {
  const { colors, translate } = style;
  const shown = style.isLong ? withheld.filter(keepWithheldSample()) : withheld;
  const heads = alignColumns(shown.map((item) => withheldHead(item, style)));
  const lines = shown.flatMap((item, index) => [
    heads[index] ?? '',
    `      ${printable(translate(item.message))}`,
    ...(style.isLong ? [] : withheldDetail(item, style)),
    colors.dim(`      ${translate('cli.to_release', { release: printable(translate(item.release)) })}`),
  ]);
  const approves = shown.some(({ release }) => translate(release).includes('callbackd approve'));
  return [
    ...lines,
    ...describeCut(withheld, shown, { kindOf: ({ reason }) => nameReason(reason, translate), translate }),
    ...(approves ? [`  ${translate('cli.approve_without_daemon')}`] : []),
  ];
}

/** The first few of each reason. */
function keepWithheldSample(): (item: Withheld) => boolean {
  const counts = new Map<string, number>();
  return ({ reason }) => {
    const count = (counts.get(reason) ?? 0) + 1;
    counts.set(reason, count);
    return count <= SAMPLE_MAX;
  };
}

function withheldHead(item: Withheld, { colors, translate }: Style): string[] {
  const paint = item.needsDecision ? colors.yellow : colors.dim;
  return [
    `  ${paint(`${SYMBOLS.withheld} ${translate(`page.action_${item.action}`)}`)}`,
    colors.bold(item.key ?? translate('cli.unmanaged')),
    item.id ?? '',
    describeName(item, translate),
    paint([nameReason(item.reason, translate), describeUntil(item, translate)].join(' ').trimEnd()),
  ];
}

function withheldDetail(item: Withheld, { colors, translate }: Style): string[] {
  return alignColumns(
    item.fields.map((field) => {
      const { path, before, after } = describeField(field, translate);
      return [`      ${path}`, colors.dim(before === null ? after : `${before} -> ${after}`)];
    }),
  );
}

function paintAction(colors: Paint, action: Action): (text: string) => string {
  switch (action) {
    case 'create':
      return colors.green;
    case 'delete':
    case 'replace':
      return colors.red;
    case 'update':
      return colors.yellow;
    default:
      return colors.cyan;
  }
}

/** `output` is one of `text`, `json` and `markdown`; anything else is shown as text. */
export function formatPlan(plan: Plan, output: string, options: PlanTextOptions): string {
  if (output === 'json') return sealPlanJson(plan);
  return output === 'markdown' ? formatPlanMarkdown(plan, options.translate) : formatPlanText(plan, options);
}
