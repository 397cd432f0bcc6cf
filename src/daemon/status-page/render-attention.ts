/** What wants a person: the configuration's problem with its place, what is withheld and how to release it, what failed. */

import { frameLines } from '../../documents/code-frame.ts';
import { type Html, html } from '../../lib/html.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { WithheldReason } from '../../model/plan.ts';
import type { PageFacts } from './page-facts.ts';
import { copyable, english, icon, type PageContext, sentence, tag, time } from './page-parts.ts';

/** The rest is in the table; a page of thousands of cards would help nobody. */
const CARDS_MAX = 20;
const DIAGNOSTICS_MAX = 5;

export function renderAttention(facts: PageFacts, context: PageContext): Html {
  return html`${[
    renderProblem(facts, context),
    renderPause(facts, context),
    renderFailed(facts, context),
    renderWithheld(facts, context, true),
    renderWithheld(facts, context, false),
  ]}`;
}

function renderProblem({ status, readSource }: PageFacts, context: PageContext): Html | null {
  const { problem } = status.configuration;
  if (problem === null) return null;
  const { attention } = context.words;
  const tone = problem.kind === 'invalid' ? 'bad' : 'warn';
  const shown = problem.diagnostics.slice(0, DIAGNOSTICS_MAX);
  const rest = problem.diagnostics.length - shown.length;
  const more = rest > 0 ? html`<p class="more">+ ${rest}</p>` : null;
  const release =
    problem.release === null
      ? null
      : html`<p class="release"><span>${attention.release}</span> ${copyable(problem.release, context)}</p>`;
  const message = problem.kind === 'held' ? html`<p>${english(problem.message)}</p>` : null;
  return html`<section class="panel ${tone}" aria-labelledby="t-configuration"><h2 id="t-configuration">${icon(tone)}${attention.configuration}
<small>${attention.since} ${time(Date.parse(problem.since), context)}</small></h2>
${message}${shown.map((diagnostic) => renderDiagnostic(diagnostic, readSource, context))}${more}${release}<p class="note">${attention.configurationNote}</p></section>`;
}

function renderDiagnostic(
  diagnostic: Diagnostic,
  readSource: PageFacts['readSource'],
  context: PageContext,
): Html {
  const { position, message, hint } = diagnostic;
  const lines = frameLines(readSource(position.file) ?? '', diagnostic);
  const frame = lines.map(
    ({ number, before, marked, after }) =>
      html`<span class="line${marked === '' ? '' : ' hit'}"><i>${number}</i>${before}${marked === '' ? null : html`<mark>${marked}</mark>`}${after}\n</span>`,
  );
  return html`<div class="diagnostic" lang="en"><p><code class="place">${position.file}:${position.line}:${position.column}</code> ${sentence(message, context)}</p>
${lines.length === 0 ? null : html`<pre class="frame" tabindex="0"><code>${frame}</code></pre>`}${hint === undefined ? null : html`<p class="hint">${sentence(hint, context)}</p>`}</div>`;
}

function renderPause({ status: { paused } }: PageFacts, context: PageContext): Html | null {
  if (paused === null) return null;
  const { attention } = context.words;
  const by = paused.by === null ? null : html` ${attention.by} ${paused.by}`;
  const until = paused.until === null ? null : html` → ${time(Date.parse(paused.until), context)}`;
  return html`<section class="panel calm" aria-labelledby="t-paused"><h2 id="t-paused">${icon('calm')}${attention.paused}<small>${by}${until}</small></h2>
<p>${paused.because}</p><p class="release"><span>${attention.resume}</span> ${copyable('callbackd resume', context)}</p></section>`;
}

function renderFailed({ status: { plan } }: PageFacts, context: PageContext): Html | null {
  const failed = plan?.failed ?? [];
  if (failed.length === 0) return null;
  const { words } = context;
  const cards = failed.slice(0, CARDS_MAX).map(
    ({
      action,
      key,
      id,
      message,
      logid,
    }) => html`<li><p class="subject"><b>${subject(key, id)}</b> ${words.actions[action as keyof typeof words.actions]}</p>
<p lang="en">${message}</p>${logid === null ? null : html`<p class="release"><span>logid</span> ${copyable(logid, context)}</p>`}</li>`,
  );
  return html`<section class="panel bad" aria-labelledby="t-failed"><h2 id="t-failed">${icon('bad')}${words.attention.failed}<small>${failed.length}</small></h2>
<ul class="cards">${cards}</ul>${moreLine(failed.length, context)}</section>`;
}

/** Decisions are told in full; what is kept back on purpose folds away. */
function renderWithheld(
  { status: { plan } }: PageFacts,
  context: PageContext,
  decisions: boolean,
): Html | null {
  const { attention } = context.words;
  const items = (plan?.withheld ?? []).filter(
    (item) => item.needs_decision === decisions && item.reason !== 'delete_grace',
  );
  if (items.length === 0) return null;
  const groups = groupAlike(items);
  const cards = html`<ul class="cards">${groups.slice(0, CARDS_MAX).map((group) => renderCard(group, context))}</ul>${moreLine(groups.length, context)}`;
  if (decisions) {
    return html`<section class="panel warn" aria-labelledby="t-decisions"><h2 id="t-decisions">${icon('warn')}${attention.decisions}<small>${items.length}</small></h2>${cards}</section>`;
  }
  return html`<details class="panel calm" id="standing"><summary><h2>${icon('calm')}${attention.standing}<small>${items.length}</small></h2></summary>${cards}</details>`;
}

type WithheldItem = NonNullable<PageFacts['status']['plan']>['withheld'][number];
type WithheldGroup = readonly [WithheldItem, ...WithheldItem[]];

/** What is held for one reason and released by one command is one thing to decide. */
function groupAlike(items: readonly WithheldItem[]): readonly WithheldGroup[] {
  const groups = new Map<string, [WithheldItem, ...WithheldItem[]]>();
  for (const item of items) {
    const name = JSON.stringify([item.action, item.reason, item.message, item.release, item.until]);
    const known = groups.get(name);
    if (known === undefined) groups.set(name, [item]);
    else known.push(item);
  }
  return [...groups.values()];
}

function renderCard(group: WithheldGroup, context: PageContext): Html {
  const { words } = context;
  const { action, reason, message, until, needs_decision: decision } = group[0];
  const title = words.reasons[reason as WithheldReason];
  const when = until === null ? null : html` → ${time(Date.parse(until), context)}`;
  const named = group
    .slice(0, CARDS_MAX)
    .map(({ key, id }, index) => html`${index === 0 ? null : ', '}<b>${subject(key, id)}</b>`);
  const more = group.length > CARDS_MAX ? ` … (${group.length})` : null;
  return html`<li><p class="subject">${words.actions[action as keyof typeof words.actions]} ${named}${more} ${tag(decision ? 'warn' : 'calm', title)}${when}</p>
<p lang="en">${message}</p><p class="release"><span>${words.attention.release}</span> ${renderRelease(group[0], context)}</p></li>`;
}

/** In the page's language where it has the words; the commands are the planner's, with its digest and key. */
function renderRelease({ reason, release, key, id }: WithheldItem, context: PageContext): Html {
  const template = context.words.releases?.[reason as WithheldReason];
  if (template === undefined) return english(sentence(release, context));
  const codes = release.split('`').filter((_, index) => index % 2 === 1);
  const told = template
    .replaceAll('KEY', key ?? id ?? '')
    .replaceAll(/%(\d)/g, (_, number: string) => `\`${codes[Number(number) - 1] ?? ''}\``);
  return sentence(told, context);
}

function subject(key: string | null, id: string | null): Html {
  return key === null
    ? html`<code>${id}</code>`
    : html`<a href="/apps/${encodeURIComponent(key)}">${key}</a>`;
}

function moreLine(count: number, { words }: PageContext): Html | null {
  return count <= CARDS_MAX ? null : html`<p class="more">${words.attention.more(count - CARDS_MAX)}</p>`;
}
