/** What is pending: creates whose outcome is unknown, and apps in their grace period. */

import { type Html, html } from '../../lib/html.ts';
import { icon, type PageContext, type PageFacts, time } from './page-parts.ts';

const LISTED_MAX = 20;

export function renderPending(facts: PageFacts, context: PageContext): Html | null {
  const panels = [renderIntents(facts, context), renderDeletions(facts, context)].filter(
    (one) => one !== null,
  );
  return panels.length === 0 ? null : html`<div class="pair">${panels}</div>`;
}

function renderIntents({ state, snapshot }: PageFacts, context: PageContext): Html | null {
  const intents = [...state.intents.values()];
  if (intents.length === 0) return null;
  const { translate } = context;
  const { settleMs } = snapshot.configuration.settings.policy;
  const items = intents.slice(0, LISTED_MAX).map(({ key, openedAt, endedAt }) => {
    const settles =
      endedAt === undefined
        ? null
        : html`, ${translate('page.pending_settles_at')} ${time(endedAt + settleMs, context)}`;
    return html`<li><a href="/apps/${encodeURIComponent(key)}">${key}</a> <small>${translate('page.pending_opened_at')} ${time(openedAt, context)}${settles}</small></li>`;
  });
  return html`<section class="panel busy" aria-labelledby="t-intents"><h2 id="t-intents">${icon('busy')}${translate('page.pending_intents')}<small>${intents.length}</small></h2>
<ul class="lines">${items}</ul>${moreLine(intents.length, context)}<p class="note">${translate('page.pending_intents_note')}</p></section>`;
}

function renderDeletions({ withheld }: PageFacts, context: PageContext): Html | null {
  const deletions = withheld.filter(({ reason }) => reason === 'delete_grace');
  if (deletions.length === 0) return null;
  const { translate } = context;
  const items = deletions.slice(0, LISTED_MAX).map(({ key, id, until }) => {
    const when =
      until === undefined
        ? null
        : html`<small>${translate('page.pending_deleted_at')} ${time(until, context)}</small>`;
    const name = key === null ? null : html`<a href="/apps/${encodeURIComponent(key)}">${key}</a>`;
    return html`<li>${name} <code>${id}</code> ${when}</li>`;
  });
  return html`<section class="panel busy" aria-labelledby="t-condemned"><h2 id="t-condemned">${icon('busy')}${translate('page.pending_deletions')}<small>${deletions.length}</small></h2>
<ul class="lines">${items}</ul>${moreLine(deletions.length, context)}<p class="note">${translate('page.pending_deletions_note')}</p></section>`;
}

function moreLine(count: number, { translate }: PageContext): Html | null {
  return count <= LISTED_MAX
    ? null
    : html`<p class="more">${translate('page.attention_more', { count: count - LISTED_MAX })}</p>`;
}
