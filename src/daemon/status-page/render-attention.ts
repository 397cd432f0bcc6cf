/** What needs attention: a problem of the configuration, holds with their release, failures. */

import { maskSecrets } from '../../documents/mask-secrets.ts';
import { type Html, html } from '../../lib/html.ts';
import { message, recorded } from '../../messages/message.ts';
import { say } from '../../messages/say.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { AppKey } from '../../model/identity.ts';
import type { Withheld } from '../../model/plan.ts';
import { groupBy } from '../../plan/group-by.ts';
import { titleOf } from '../../plan/reasons.ts';
import { copyable, icon, type PageContext, type PageFacts, tag, time, told } from './page-parts.ts';

/** The rest is in the table; a page of thousands of cards would help nobody. */
const CARDS_MAX = 20;
const DIAGNOSTICS_MAX = 5;

export function renderAttention(facts: PageFacts, context: PageContext): Html {
  return html`${[
    renderProblem(facts, context),
    renderPauses(facts, context),
    renderFailing(facts, context),
    renderWithheld(facts, context, true),
    renderWithheld(facts, context, false),
  ]}`;
}

function renderProblem({ status, snapshot, sourceOf }: PageFacts, context: PageContext): Html | null {
  const { problem } = snapshot.facts.configuration;
  if (problem === undefined) return null;
  const { translate } = context;
  const tone = problem.kind === 'invalid' ? 'bad' : 'warn';
  const diagnostics = problem.kind === 'invalid' ? problem.diagnostics : [];
  const shown = diagnostics.slice(0, DIAGNOSTICS_MAX);
  const rest = diagnostics.length - shown.length;
  const more = rest > 0 ? html`<p class="more">+ ${rest}</p>` : null;
  const command = status.configuration.problem?.release;
  const release =
    command == null
      ? null
      : html`<p class="release"><span>${translate('page.attention_release')}</span> ${copyable(command, context)}</p>`;
  const held =
    problem.kind === 'held'
      ? html`<p>${told(message('daemon.configuration_held', { reason: problem.hold.reason }), context)}</p>`
      : null;
  return html`<section class="panel ${tone}" aria-labelledby="t-configuration"><h2 id="t-configuration">${icon(tone)}${translate('page.attention_configuration')}
<small>${translate('page.attention_since')} ${time(problem.since, context)}</small></h2>
${held}${shown.map((diagnostic) => renderDiagnostic(diagnostic, sourceOf, context))}${more}${release}<p class="note">${translate('page.attention_configuration_note')}</p></section>`;
}

function renderDiagnostic(
  diagnostic: Diagnostic,
  sourceOf: PageFacts['sourceOf'],
  context: PageContext,
): Html {
  const { position, hint } = diagnostic;
  const lines = frameLines(sourceOf(position.file) ?? '', diagnostic);
  const frame = lines.map(
    ({ number, before, marked, after }) =>
      html`<span class="line${marked === '' ? '' : ' hit'}"><i>${number}</i>${before}${marked === '' ? null : html`<mark>${marked}</mark>`}${after}\n</span>`,
  );
  return html`<div class="diagnostic"><p><code class="place">${position.file}:${position.line}:${position.column}</code> ${told(diagnostic.message, context)}</p>
${lines.length === 0 ? null : html`<pre class="frame" tabindex="0"><code>${frame}</code></pre>`}${hint === undefined ? null : html`<p class="hint">${told(hint, context)}</p>`}</div>`;
}

/** Every pause with who, why and until when, also of entries that are in sync. */
function renderPauses({ status: { pauses } }: PageFacts, context: PageContext): Html | null {
  if (pauses.length === 0) return null;
  const { translate } = context;
  const cards = pauses.slice(0, CARDS_MAX).map(({ key, until, because, by, from }) => {
    const whose = key === null ? html`<b>${translate('cli.everything')}</b>` : subject(key, null);
    const who = by === null ? null : html` ${translate('page.attention_by')} ${by}`;
    const end = until === null ? null : html` → ${time(Date.parse(until), context)}`;
    const release =
      from === 'command'
        ? copyable(key === null ? 'callbackd resume' : `callbackd resume ${key}`, context)
        : told(
            key === null ? message('plan.release_pause_all') : message('plan.release_pause', { key }),
            context,
          );
    return html`<li><p class="subject"><b>${whose}</b><small>${who}${end}</small></p>
${because === null ? null : html`<p>${because}</p>`}<p class="release"><span>${translate('page.attention_resume')}</span> ${release}</p></li>`;
  });
  return html`<section class="panel calm" aria-labelledby="t-paused"><h2 id="t-paused">${icon('calm')}${translate('page.attention_paused')}<small>${pauses.length}</small></h2>
<ul class="cards">${cards}</ul>${moreLine(pauses.length, context)}</section>`;
}

/** Failing entries by cause, those included that wait for their next try. */
function renderFailing({ apps, withheld }: PageFacts, context: PageContext): Html | null {
  const failing = apps.filter(({ condition }) => condition === 'failing');
  if (failing.length === 0) return null;
  const { translate } = context;
  const tries = new Map(
    withheld.flatMap(({ key, reason, until }) => (reason === 'backoff' ? [[key, until]] : [])),
  );
  const causes = groupBy(failing, ({ failure }) => failure ?? '');
  const cards = [...causes].slice(0, CARDS_MAX).map(([cause, group]) => {
    const next = Math.min(...group.map(({ key }) => tries.get(key as AppKey) ?? Infinity));
    const since = Math.min(...group.map((app) => app.since));
    const logid = group.map(({ lastChange }) => lastChange?.logid).find((found) => found != null);
    const when = Number.isFinite(next)
      ? html` · ${translate('page.attention_next_try')} ${time(next, context)}`
      : null;
    return html`<li><p class="subject">${listSubjects(group)} <small>${translate('page.attention_since')} ${time(since, context)}${when}</small></p>
<p>${told(recorded(cause ?? ''), context)}</p>${logid === undefined ? null : html`<p class="release"><span>logid</span> ${copyable(logid, context)}</p>`}</li>`;
  });
  return html`<section class="panel bad" aria-labelledby="t-failed"><h2 id="t-failed">${icon('bad')}${translate('page.attention_failed')}<small>${failing.length}</small></h2>
<ul class="cards">${cards}</ul>${moreLine(causes.size, context)}</section>`;
}

function listSubjects(group: readonly { readonly key: string | null; readonly id: string | null }[]): Html {
  const named = group
    .slice(0, CARDS_MAX)
    .map(({ key, id }, index) => html`${index === 0 ? null : ', '}<b>${subject(key, id)}</b>`);
  return html`${named}${group.length > CARDS_MAX ? ` … (${group.length})` : null}`;
}

const SHOWN_ELSEWHERE: ReadonlySet<string> = new Set(['delete_grace', 'backoff', 'paused', 'paused_all']);

/** Decisions are shown in full; intended holds are collapsed. */
function renderWithheld({ withheld }: PageFacts, context: PageContext, decisions: boolean): Html | null {
  const { translate } = context;
  const items = withheld.filter(
    (item) => item.needsDecision === decisions && !SHOWN_ELSEWHERE.has(item.reason),
  );
  if (items.length === 0) return null;
  const groups = groupAlike(items);
  const cards = html`<ul class="cards">${groups.slice(0, CARDS_MAX).map((group) => renderCard(group, context))}</ul>${moreLine(groups.length, context)}`;
  if (decisions) {
    return html`<section class="panel warn" aria-labelledby="t-decisions"><h2 id="t-decisions">${icon('warn')}${translate('page.attention_decisions')}<small>${items.length}</small></h2>${cards}</section>`;
  }
  return html`<details class="panel calm" id="standing"><summary><h2>${icon('calm')}${translate('page.attention_standing')}<small>${items.length}</small></h2></summary>${cards}</details>`;
}

type WithheldGroup = readonly [Withheld, ...Withheld[]];

/** What is held for one reason and released by one command is one thing to decide. */
function groupAlike(items: readonly Withheld[]): readonly WithheldGroup[] {
  const groups = new Map<string, [Withheld, ...Withheld[]]>();
  for (const item of items) {
    const said = [say(item.message), say(item.release)];
    const name = JSON.stringify([item.action, item.reason, ...said, item.until]);
    const known = groups.get(name);
    if (known === undefined) groups.set(name, [item]);
    else known.push(item);
  }
  return [...groups.values()];
}

function renderCard(group: WithheldGroup, context: PageContext): Html {
  const { translate } = context;
  const { action, reason, message, release, until, needsDecision } = group[0];
  const title = say(titleOf(reason), context.language);
  const when = until === undefined ? null : html` → ${time(until, context)}`;
  return html`<li><p class="subject">${translate(`page.action_${action}`)} ${listSubjects(group)} ${tag(needsDecision ? 'warn' : 'calm', title)}${when}</p>
<p>${told(message, context)}</p><p class="release"><span>${translate('page.attention_release')}</span> ${told(release, context)}</p></li>`;
}

function subject(key: string | null, id: string | null): Html {
  return key === null
    ? html`<code>${id}</code>`
    : html`<a href="/apps/${encodeURIComponent(key)}">${key}</a>`;
}

function moreLine(count: number, { translate }: PageContext): Html | null {
  return count <= CARDS_MAX
    ? null
    : html`<p class="more">${translate('page.attention_more', { count: count - CARDS_MAX })}</p>`;
}

export interface FrameLine {
  /** Counts from 1. */
  readonly number: number;
  readonly before: string;
  /** Empty on every line but that of the diagnostic. */
  readonly marked: string;
  readonly after: string;
}

const LINES_BEFORE = 2;
const LINES_AFTER = 1;
/** Longer lines are cut. */
const LINE_CHARS_MAX = 240;

/** Empty when the position is not in the text, and when any of the lines would have to be masked. */
export function frameLines(text: string, { position, length, hidden }: Diagnostic): readonly FrameLine[] {
  const written = text.replace(/^\uFEFF/, '').split(/\r?\n|\r/);
  const lines = maskSecrets(written);
  if (hidden || lines[position.line - 1] === undefined) return [];
  const first = Math.max(1, position.line - LINES_BEFORE);
  const last = position.line + LINES_AFTER;
  if (lines.slice(first - 1, last).some((line, at) => line !== written[first - 1 + at])) return [];
  return lines.slice(first - 1, position.line + LINES_AFTER).map((line, index) => {
    const number = first + index;
    const shown = line.slice(0, LINE_CHARS_MAX);
    if (number !== position.line) return { number, before: shown, marked: '', after: '' };
    const column = Math.min(position.column - 1, shown.length);
    return {
      number,
      before: shown.slice(0, column),
      marked: shown.slice(column, column + length) || ' ',
      after: shown.slice(column + length),
    };
  });
}
