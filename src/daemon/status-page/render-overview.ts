/** The head of the status page: the overall state in one sentence, and the figures beneath it. */

import { type Html, html } from '../../lib/html.ts';
import { describeParts, TONES } from '../../model/summary.ts';
import { describeNow, listStandings, summarise } from '../describe-status.ts';
import { formatSpan, icon, type PageContext, type PageFacts, time, told } from './page-parts.ts';

export function renderOverview(facts: PageFacts, context: PageContext): Html {
  const { status } = facts;
  const { translate } = context;
  const { tone } = status.summary;
  return html`<section class="overview ${tone}" aria-labelledby="headline">
<div class="headline">${icon(tone)}<div><p class="condition">${translate(`page.daemon_${status.condition}`)}</p>
<h1 id="headline">${renderHeadline(facts, context)}</h1></div></div>
<dl class="figures">${[
    figure(translate('page.facts_apps'), countApps(facts, context)),
    figure(translate('page.facts_next_round'), describeNext(facts, context)),
    figure(translate('page.facts_last_round'), describeLast(facts, context)),
    figure(translate('page.facts_calls_today'), countCalls(facts, context)),
    figure(translate('page.facts_configuration'), describeConfiguration(facts, context)),
  ]}</dl></section>`;
}

/** The summary in one sentence. */
export function describeOverall({ snapshot, status }: PageFacts, { translate }: PageContext): string {
  if (isAllInSync(status)) return translate('page.headline_in_sync', { apps: status.apps.in_sync });
  return translate(describeNow(snapshot.facts));
}

/** The same, each part that counts entries a link to these. */
function renderHeadline(facts: PageFacts, context: PageContext): Html {
  const { status, snapshot } = facts;
  if (isAllInSync(status)) return html`${describeOverall(facts, context)}`;
  const standings = listStandings(snapshot.facts).map((standing) => told(standing.message, context));
  const parts = describeParts(summarise(snapshot.facts)).map(
    ({ state, text }) =>
      html`<a class="${TONES[state]}" href="/?show=${state}#t-apps">${context.translate(text)}</a>`,
  );
  return html`${[...standings, ...parts].map((part, index) => html`${index === 0 ? null : ' · '}${part}`)}`;
}

function isAllInSync({ summary, apps }: PageFacts['status']): boolean {
  return summary.tone === 'ok' && summary.entries.kept === 0 && apps.in_sync > 0;
}

function figure(name: string, value: Html): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function countApps({ status: { apps } }: PageFacts, { translate }: PageContext): Html {
  return html`<b>${apps.in_sync}</b><small> / ${apps.desired} ${translate('page.facts_in_sync')}</small>`;
}

function describeNext({ status: { rounds } }: PageFacts, context: PageContext): Html {
  const { translate } = context;
  if (rounds.running !== null)
    return html`<b class="running">${translate('page.facts_running', { round: rounds.running.round })}</b>`;
  if (rounds.next_at === null) return html`<b>—</b>`;
  const why = rounds.next_trigger === null ? '' : translate(`page.trigger_${rounds.next_trigger}`);
  return html`<b>${time(Date.parse(rounds.next_at), context)}</b><small> ${why}</small>`;
}

function describeLast({ status: { rounds } }: PageFacts, context: PageContext): Html {
  const { translate } = context;
  const { last } = rounds;
  if (last === null) return html`<b>${translate('page.facts_none')}</b>`;
  const ended = Date.parse(last.ended_at);
  const took = formatSpan(ended - Date.parse(last.started_at), context);
  return html`<b>${translate(`page.result_${last.result}`)}</b><small> ${time(ended, context)}, ${took}</small>`;
}

function countCalls({ status: { calls_today: calls } }: PageFacts, { translate }: PageContext): Html {
  if (calls.budget === null) return html`<b>${calls.count}</b>`;
  const meter = html`<meter min="0" max="${calls.budget}" high="${Math.floor(calls.budget * 0.9)}" value="${calls.count}" aria-label="${translate('page.facts_calls_today')}"></meter>`;
  return html`<b>${calls.count}</b><small> ${translate('page.facts_of_budget', { budget: calls.budget })}</small>${meter}`;
}

function describeConfiguration({ status: { configuration } }: PageFacts, context: PageContext): Html {
  const { translate } = context;
  const { origin, digest, loaded_at: loadedAt, needs_restart: restart } = configuration;
  const notes =
    restart.length === 0
      ? null
      : html`<small class="restart">${translate('page.facts_needs_restart')} ${restart.join(', ')}</small>`;
  const name =
    origin === 'file' ? html`<code>${digest.slice(0, 8)}</code>` : translate('page.facts_last_good');
  return html`<b>${name}</b><small> ${translate('page.facts_loaded')} ${time(Date.parse(loadedAt), context)}</small>${notes}`;
}
