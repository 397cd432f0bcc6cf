/**
 * The page of one app: the decision with its reason, what each side says, and its last changes down to each
 * request.
 */

import type { EntryExplanation, FieldSides } from '../../documents/explain-entry.ts';
import { describeField, describeReason } from '../../documents/plan-words.ts';
import { type Html, html } from '../../lib/html.ts';
import { recorded } from '../../messages/message.ts';
import { say } from '../../messages/say.ts';
import type { HistoryEntry } from '../../model/history.ts';
import type { FieldValue } from '../../model/plan.ts';
import { maskQueries } from '../../model/secret-shapes.ts';
import { titleOf } from '../../plan/reasons.ts';
import type { TrackedApp } from '../app-tracker.ts';
import {
  copyable,
  formatSpan,
  icon,
  nameType,
  type PageContext,
  sentenceIn,
  tag,
  time,
  told,
  toneOfApp,
} from './page-parts.ts';

export function renderEntryPage(
  story: EntryExplanation,
  app: TrackedApp | undefined,
  context: PageContext,
): Html {
  const { translate } = context;
  const condition =
    app === undefined
      ? null
      : html`<p class="condition">${tag(toneOfApp(app.condition), translate(`page.app_${app.condition}`))}</p>`;
  return html`<p class="back"><a href="/">← ${translate('page.entry_back')}</a></p>
<article class="story" aria-labelledby="headline"><h1 id="headline">${story.key}</h1>${condition}<p class="verdict">${told(story.verdict, context)}</p>
${renderStanding(story, context)}${renderDecision(story, context)}${renderSides(story, context)}${renderHistory(story, context)}</article>`;
}

function renderStanding(
  { desired, owned, observed, intent, backoff }: EntryExplanation,
  context: PageContext,
): Html {
  const { translate } = context;
  const { file, line, column } = desired?.position ?? {};
  const appType = desired?.appType ?? owned?.appType;
  const connector = desired?.connectorId ?? owned?.connectorId;
  const rows: readonly (readonly [string, Html | string | null])[] = [
    [
      translate('page.entry_file'),
      file === undefined ? translate('page.entry_not_in_file') : html`<code>${file}:${line}:${column}</code>`,
    ],
    [
      translate('page.column_type'),
      appType === undefined
        ? null
        : html`${nameType(appType, context)}${connector === undefined ? null : html` <code>${connector}</code>`}`,
    ],
    [
      translate('page.entry_record'),
      owned === undefined
        ? translate('page.entry_owns_nothing')
        : html`${translate('page.entry_owns')} ${copyable(owned.id, context)} <small>${translate(`document.how_${owned.how}`)} ${time(owned.boundAt, context)}</small>`,
    ],
    [translate('page.entry_account'), describeObserved(observed, context)],
    [
      translate('page.pending_deletions'),
      owned?.condemnedAt === undefined ? null : time(owned.condemnedAt, context),
    ],
    [translate('page.pending_intents'), intent === undefined ? null : time(intent.openedAt, context)],
    [
      translate('page.entry_backoff'),
      backoff === undefined
        ? null
        : html`${time(backoff.until, context)} <small>${told(recorded(backoff.reason), context)}</small>`,
    ],
  ];
  const shown = rows.filter(([, value]) => value !== null);
  return html`<dl class="standing" aria-label="${translate('page.facts_apps')}">${shown.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function describeObserved(observed: EntryExplanation['observed'], { translate }: PageContext): Html | string {
  if (observed === undefined) return translate('page.entry_not_read');
  if (observed === null) return translate('page.entry_account_absent');
  return html`<code>${observed.id}</code> ${observed.name}`;
}

function renderDecision({ changes, withheld }: EntryExplanation, context: PageContext): Html | null {
  if (changes.length + withheld.length === 0) return null;
  const { translate } = context;
  const done = changes.map(
    (
      change,
    ) => html`<li><p class="subject"><b>${translate(`page.action_${change.action}`)}</b> ${sentenceIn((translate) => describeReason(change, translate), context)}</p>
${change.destroys.map((loss) => html`<p class="loss">${translate('page.entry_loses')} ${told(loss, context)}</p>`)}</li>`,
  );
  const held = withheld.map(
    (
      item,
    ) => html`<li><p class="subject"><b>${translate(`page.action_${item.action}`)}</b> ${tag(item.needsDecision ? 'warn' : 'calm', say(titleOf(item.reason), context.language))}${item.until === undefined ? null : html` → ${time(item.until, context)}`}</p>
<p>${told(item.message, context)}</p><p class="release"><span>${translate('page.attention_release')}</span> ${told(item.release, context)}</p></li>`,
  );
  return html`<section aria-labelledby="t-decision"><h2 id="t-decision">${translate('page.entry_decision')}</h2><ul class="cards">${held}${done}</ul></section>`;
}

function renderSides({ fields }: EntryExplanation, { translate }: PageContext): Html {
  const heads = [
    translate('page.entry_field'),
    translate('page.entry_in_file'),
    translate('page.entry_last_applied'),
    translate('page.entry_in_account'),
  ];
  const rows = fields.map((field) => {
    const differs = isDifferent(field);
    return html`<tr${differs ? html` class="differs"` : null}><th scope="row"><code>${field.path}</code></th><td>${print(field.desired)}</td><td>${print(field.lastApplied)}</td>
<td>${differs ? icon('warn') : null}${field.observed === undefined ? '?' : print(field.observed)}</td></tr>`;
  });
  return html`<section aria-labelledby="t-sides"><h2 id="t-sides">${translate('page.entry_sides')}</h2><div class="scroll" tabindex="0"><table class="sides"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

/** Subscriptions are listed only now and then; what was not listed says nothing. */
function isDifferent({ path, desired, observed }: FieldSides): boolean {
  if (desired === null || observed === undefined || (path === 'events' && observed === null)) return false;
  return JSON.stringify(desired) !== JSON.stringify(observed);
}

function print(value: FieldValue): string {
  if (value === null) return '—';
  return typeof value === 'string' ? maskQueries(value) : value.join(', ');
}

function renderHistory({ history }: EntryExplanation, context: PageContext): Html {
  const { translate } = context;
  const content =
    history.length === 0
      ? html`<p class="empty">${translate('page.entry_no_history')}</p>`
      : html`<ol class="history">${history.map((entry) => renderEntry(entry, context))}</ol>`;
  return html`<section aria-labelledby="t-history"><h2 id="t-history">${translate('page.entry_history')}</h2>${content}</section>`;
}

function renderEntry(entry: HistoryEntry, context: PageContext): Html {
  const { translate } = context;
  const failed = entry.result === 'failed';
  const fields = entry.fields.map((field) => {
    const change = { ...field, changedBy: field.changed_by, lastApplied: null };
    const { path, before, after } = describeField(change, translate);
    const note = sentenceIn((speak) => describeField(change, speak).note, context);
    return html`<li><code>${path}</code> ${before === null ? null : html`<del>${maskQueries(before)}</del> → `}<ins>${maskQueries(after)}</ins> <small>${note}</small></li>`;
  });
  return html`<li><p class="subject">${tag(failed ? 'bad' : 'ok', failed ? translate('cli.failed_to', { action: translate(`page.action_${entry.action}`) }) : translate(`page.action_${entry.action}`))} ${time(Date.parse(entry.time), context)}</p>
${entry.failure === null ? null : html`<p>${told(recorded(entry.failure.message), context)}</p>`}${entry.warnings.map((warning) => html`<p class="note">${told(recorded(warning), context)}</p>`)}
${fields.length === 0 ? null : html`<ul class="changes">${fields}</ul>`}${renderRequests(entry, context)}</li>`;
}

function renderRequests({ requests }: HistoryEntry, context: PageContext): Html | null {
  if (requests.length === 0) return null;
  const { translate } = context;
  const heads = [
    translate('page.entry_operation'),
    translate('page.entry_response'),
    translate('page.column_logid'),
    translate('page.entry_attempt'),
    translate('page.entry_took'),
  ];
  const rows = requests.map(
    ({
      operation,
      status,
      code,
      logid,
      attempt,
      duration_ms: took,
      failure,
    }) => html`<tr><th scope="row"><code>${operation}</code></th>
<td>${status === null ? '—' : `HTTP ${status}`}${code === null ? null : ` · ${code}`}${failure === null ? null : html` <small lang="en">${failure}</small>`}</td><td>${logid === null ? '—' : copyable(logid, context)}</td><td>${attempt}</td><td>${formatSpan(took, context)}</td></tr>`,
  );
  return html`<div class="scroll" tabindex="0"><table class="requests"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
