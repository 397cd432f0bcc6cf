/** The head of the status page: the overall state in one sentence, and the figures beneath it. */

import { type Html, html } from '../../lib/html.ts';
import type { PageFacts } from './page-facts.ts';
import { formatSpan, icon, type PageContext, time, toneOfDaemon } from './page-parts.ts';
import type { Words } from './words.ts';

export function renderOverview(facts: PageFacts, context: PageContext): Html {
  const { status } = facts;
  const tone = toneOfDaemon(status.condition);
  return html`<section class="overview ${tone}" aria-labelledby="headline">
<div class="headline">${icon(tone)}<div><p class="condition">${context.words.daemonConditions[status.condition]}</p>
<h1 id="headline">${describeOverall(facts, context.words)}</h1>${whyFailing(facts)}</div></div>
<dl class="figures">${[
    figure(context.words.facts.apps, countApps(facts, context.words)),
    figure(context.words.facts.nextRound, describeNext(facts, context)),
    figure(context.words.facts.lastRound, describeLast(facts, context)),
    figure(context.words.facts.callsToday, countCalls(facts, context.words)),
    figure(context.words.facts.configuration, describeConfiguration(facts, context)),
  ]}</dl></section>`;
}

/** The worst of what is true, in one sentence. */
export function describeOverall({ status, look }: PageFacts, { headlines }: Words): string {
  const { problem } = status.configuration;
  if (status.condition === 'stopping') return headlines.stopping;
  if (status.condition === 'stalled') return headlines.stalled(Math.round(look.facts.silentMs / 1000));
  if (status.condition === 'failing') return headlines.failing(status.rounds.consecutive_failures);
  if (status.condition === 'starting') return headlines.starting;
  if (problem !== null) return problem.kind === 'invalid' ? headlines.brokenFile : headlines.heldFile;
  if (status.apps.held > 0) return headlines.held(status.apps.held);
  if (status.paused !== null) return headlines.paused;
  return status.apps.desired === 0 ? headlines.empty : headlines.inSync(status.apps.in_sync);
}

function whyFailing({ status: { condition, rounds } }: PageFacts): Html | null {
  const failure = rounds.last?.failure ?? null;
  if (condition !== 'failing' || failure === null) return null;
  return html`<p class="because" lang="en">${failure}</p>`;
}

function figure(name: string, value: Html): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function countApps({ status: { apps } }: PageFacts, { facts }: Words): Html {
  return html`<b>${apps.in_sync}</b><small> / ${apps.desired} ${facts.inSync}</small>`;
}

function describeNext({ status: { rounds } }: PageFacts, context: PageContext): Html {
  const { facts, triggers } = context.words;
  if (rounds.running !== null) return html`<b class="running">${facts.running(rounds.running.round)}</b>`;
  if (rounds.next_at === null) return html`<b>—</b>`;
  const why = rounds.next_trigger === null ? '' : triggers[rounds.next_trigger];
  return html`<b>${time(Date.parse(rounds.next_at), context)}</b><small> ${why}</small>`;
}

function describeLast({ status: { rounds } }: PageFacts, context: PageContext): Html {
  const { last } = rounds;
  if (last === null) return html`<b>${context.words.facts.none}</b>`;
  const ended = Date.parse(last.ended_at);
  const took = formatSpan(ended - Date.parse(last.started_at));
  return html`<b>${context.words.results[last.result]}</b><small> ${time(ended, context)}, ${took}</small>`;
}

function countCalls({ status: { calls_today: calls } }: PageFacts, { facts }: Words): Html {
  if (calls.budget === null) return html`<b>${calls.count}</b>`;
  const meter = html`<meter min="0" max="${calls.budget}" high="${Math.floor(calls.budget * 0.9)}" value="${calls.count}" aria-label="${facts.callsToday}"></meter>`;
  return html`<b>${calls.count}</b><small> ${facts.ofBudget(calls.budget)}</small>${meter}`;
}

function describeConfiguration({ status: { configuration } }: PageFacts, context: PageContext): Html {
  const { facts } = context.words;
  const { origin, digest, loaded_at: loadedAt, needs_restart: restart } = configuration;
  const notes =
    restart.length === 0
      ? null
      : html`<small class="restart">${facts.needsRestart} ${restart.join(', ')}</small>`;
  const name = origin === 'file' ? html`<code>${digest.slice(0, 8)}</code>` : facts.lastGood;
  return html`<b>${name}</b><small> ${facts.loaded} ${time(Date.parse(loadedAt), context)}</small>${notes}`;
}
