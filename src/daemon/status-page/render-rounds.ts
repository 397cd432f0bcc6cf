/**
 * The timeline of the last rounds in three lanes: duration, changes, API latency. Scales are logarithmic,
 * because a first round takes a thousand times as long as a quiet one.
 */

import { type Html, html } from '../../lib/html.ts';
import { recorded } from '../../messages/message.ts';
import type { RecentRound } from '../recent-rounds.ts';
import { formatSpan, icon, type PageContext, time, told } from './page-parts.ts';

/** Units of the plot; the width is stretched to the page, heights are pixels. */
const SLOT = 10;
const SLOTS_MIN = 30;
const LANE = { duration: 76, changes: 30, latency: 60 };
const AXIS_WIDTH = 56;
const TABLE_ROWS_MAX = 20;

export function renderRounds(rounds: readonly RecentRound[], context: PageContext): Html {
  const { translate } = context;
  const [first, last] = [rounds[0], rounds.at(-1)];
  if (first === undefined || last === undefined) {
    return html`<section class="rounds" aria-labelledby="t-rounds"><div class="heading"><h2 id="t-rounds">${translate('page.rounds_title')}</h2></div><p class="empty">${translate('page.rounds_nothing')}</p></section>`;
  }
  const failed = rounds.filter(hasFailed).length;
  const applied = rounds.reduce((sum, round) => sum + round.applied, 0);
  const summary = translate('page.rounds_summary', { rounds: rounds.length, failed, changes: applied });
  return html`<section class="rounds" aria-labelledby="t-rounds"><div class="heading"><h2 id="t-rounds">${translate('page.rounds_title')}</h2><p class="note">${summary}</p>
<p class="legend"><span>${swatch('ok')}${translate('page.rounds_legend_ok')}</span><span>${swatch('warn')}${translate('page.rounds_legend_held')}</span><span>${swatch('bad')}${translate('page.rounds_legend_failed')}</span></p></div>
<div class="plot">${[
    lane(translate('page.rounds_duration'), durationLane(rounds, context), summary),
    lane(translate('page.rounds_changes'), changesLane(rounds, context), summary),
    lane(
      translate('page.rounds_latency'),
      latencyLane(rounds, context),
      translate('page.rounds_latency_key'),
    ),
  ]}<p class="ends"><span>${rounds.length < SLOTS_MIN ? null : time(first.startedAt, context)}</span><span>${time(last.endedAt, context)}</span></p></div>
${renderTable(rounds, context)}</section>`;
}

function swatch(tone: 'ok' | 'warn' | 'bad'): Html {
  return html`<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true" focusable="false">${bar({ x: 1, width: 10, height: 8, of: 12 }, tone)}</svg>`;
}

const hasFailed = ({ result }: RecentRound): boolean => result === 'failed' || result === 'unreadable';

function toneOf(round: RecentRound): 'ok' | 'warn' | 'bad' {
  if (hasFailed(round)) return 'bad';
  return round.result === 'converged' ? 'ok' : 'warn';
}

interface Lane {
  readonly height: number;
  readonly slots: number;
  readonly marks: readonly { readonly y: number; readonly text: string }[];
  readonly drawn: readonly Html[];
}

function lane(name: string, { height, slots, marks, drawn }: Lane, summary: string): Html {
  const width = slots * SLOT;
  const lines = marks.map(({ y }) => html`<line class="grid" x1="0" x2="${width}" y1="${y}" y2="${y}"/>`);
  const texts = marks.map(
    ({ y, text }) =>
      html`<text x="${AXIS_WIDTH - 6}" y="${Math.min(height - 2, Math.max(9, y + 3))}">${text}</text>`,
  );
  return html`<div class="lane"><h3>${name}</h3><svg class="axis" width="${AXIS_WIDTH}" height="${height}" aria-hidden="true" focusable="false">${texts}</svg>
<svg class="data" height="${height}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${name}. ${summary}">${lines}${drawn}</svg></div>`;
}

/** The newest at the right end. */
function place(rounds: readonly RecentRound[]): { slots: number; xOf: (index: number) => number } {
  const slots = Math.max(SLOTS_MIN, rounds.length);
  return { slots, xOf: (index) => (slots - rounds.length + index) * SLOT };
}

function durationLane(rounds: readonly RecentRound[], context: PageContext): Lane {
  const { slots, xOf } = place(rounds);
  const height = LANE.duration;
  const scale = logScale(
    rounds.map(({ startedAt, endedAt }) => endedAt - startedAt),
    height,
  );
  const drawn = rounds.map((round, index) => {
    const tall = Math.max(3, height - scale.y(round.endedAt - round.startedAt));
    return withTitle(
      bar({ x: xOf(index) + 1.5, width: SLOT - 3, height: tall, of: height }, toneOf(round)),
      round,
      context,
    );
  });
  return {
    height,
    slots,
    marks: scale.marks.map(({ at, y }) => ({ y, text: formatMark(at, context) })),
    drawn,
  };
}

/**
 * A failed round gets a cap over its whole column, a held one a thin cap, so that colour is not the only
 * cue.
 */
function bar(
  { x, width, height, of }: { x: number; width: number; height: number; of: number },
  tone: 'ok' | 'warn' | 'bad',
): Html {
  const cap =
    tone === 'ok'
      ? null
      : html`<rect class="cap ${tone}" x="${x}" y="0" width="${width}" height="${tone === 'bad' ? of : 2}"/>`;
  return html`${cap}<rect class="bar ${tone}" x="${x}" y="${round(of - height)}" width="${width}" height="${round(height)}"/>`;
}

function changesLane(rounds: readonly RecentRound[], context: PageContext): Lane {
  const { slots, xOf } = place(rounds);
  const height = LANE.changes;
  const most = Math.max(1, ...rounds.map(({ applied, failed }) => applied + failed));
  const tall = (count: number): number =>
    count === 0 ? 0 : Math.max(3, (Math.log1p(count) / Math.log1p(most)) * (height - 2));
  const drawn = rounds.map((entry, index) => {
    const [all, bad] = [tall(entry.applied + entry.failed), tall(entry.failed)];
    const x = xOf(index) + 1.5;
    const good = html`<rect class="bar change" x="${x}" y="${round(height - all)}" width="${SLOT - 3}" height="${round(all)}"/>`;
    const failed =
      bad === 0
        ? null
        : html`<rect class="bar bad" x="${x}" y="${round(height - bad)}" width="${SLOT - 3}" height="${round(bad)}"/>`;
    return withTitle(html`${good}${failed}`, entry, context);
  });
  return { height, slots, marks: [{ y: 1, text: String(most) }], drawn };
}

function latencyLane(rounds: readonly RecentRound[], context: PageContext): Lane {
  const { slots, xOf } = place(rounds);
  const height = LANE.latency;
  const known = rounds.flatMap(({ latency }) => (latency === null ? [] : [latency]));
  const scale = logScale(
    known.flatMap(({ median, p95 }) => [median, p95]),
    height,
  );
  const drawn = rounds.map((entry, index) => {
    if (entry.latency === null) return html``;
    const [top, middle] = [scale.y(entry.latency.p95), scale.y(entry.latency.median)];
    const x = xOf(index);
    const range = html`<rect class="range" x="${x + 3}" y="${round(top)}" width="${SLOT - 6}" height="${round(Math.max(1, middle - top))}"/>`;
    return withTitle(
      html`${range}<rect class="median" x="${x + 1.5}" y="${round(middle - 1)}" width="${SLOT - 3}" height="2"/>`,
      entry,
      context,
    );
  });
  return {
    height,
    slots,
    marks: scale.marks.map(({ at, y }) => ({ y, text: formatMark(at, context) })),
    drawn,
  };
}

interface LogScale {
  y(value: number): number;
  readonly marks: readonly { readonly at: number; readonly y: number }[];
}

/**
 * From 1 at the bottom to the next power of ten above every value, with a mark for each of the upper three.
 */
function logScale(values: readonly number[], height: number): LogScale {
  const decades = Math.max(1, Math.ceil(Math.log10(Math.max(10, ...values) + 0.001)));
  const low = Math.max(0, Math.floor(Math.log10(Math.max(1, Math.min(...values, 10 ** decades)))) - 1);
  const y = (value: number): number =>
    height - Math.max(0, (Math.log10(Math.max(1, value)) - low) / (decades - low)) * (height - 4);
  const marks = Array.from({ length: decades - low }, (_, index) => 10 ** (decades - index)).slice(0, 3);
  return { y, marks: marks.map((at) => ({ at, y: round(y(at)) })) };
}

function formatMark(ms: number, { translate }: PageContext): string {
  return ms < 1_000
    ? translate('page.span_ms', { ms })
    : translate('page.span_seconds', { seconds: String(ms / 1_000) });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function withTitle(drawn: Html, entry: RecentRound, context: PageContext): Html {
  const { translate } = context;
  const count = (label: string, value: number) => translate('labelled', { label, value: String(value) });
  const { latency } = entry;
  const parts = [
    `${translate('page.rounds_round')} ${entry.round}`,
    translate(`page.result_${entry.result}`),
    formatSpan(entry.endedAt - entry.startedAt, context),
    count(translate('page.rounds_changes'), entry.applied),
    ...(entry.failed > 0 ? [count(translate('page.rounds_failures'), entry.failed)] : []),
    count(translate('page.rounds_calls'), entry.calls),
    ...(latency === null
      ? []
      : [
          `${translate('page.rounds_median')} ${formatSpan(latency.median, context)}, ${translate('page.rounds_p95')} ${formatSpan(latency.p95, context)}`,
        ]),
  ];
  return html`<g><title>${parts.join(' · ')}</title>${drawn}</g>`;
}

function renderTable(rounds: readonly RecentRound[], context: PageContext): Html {
  const { translate } = context;
  const heads = [
    translate('page.rounds_round'),
    translate('page.rounds_began'),
    translate('page.rounds_because'),
    translate('page.rounds_result'),
    translate('page.rounds_duration'),
    translate('page.rounds_changes'),
    translate('page.rounds_failures'),
    translate('page.rounds_calls'),
    translate('page.rounds_median'),
    translate('page.rounds_p95'),
  ];
  const rows = rounds
    .slice(-TABLE_ROWS_MAX)
    .reverse()
    .map((entry) => {
      const { latency } = entry;
      const failure =
        entry.failure === null ? null : html` <small>${told(recorded(entry.failure), context)}</small>`;
      return html`<tr id="round-${entry.round}"><th scope="row">${entry.round}</th><td>${time(entry.startedAt, context)}</td><td>${entry.triggers.map((name) => translate(`page.trigger_${name}`)).join(', ')}</td>
<td>${hasFailed(entry) ? icon('bad') : null}${translate(`page.result_${entry.result}`)}${failure}</td><td>${formatSpan(entry.endedAt - entry.startedAt, context)}</td><td>${entry.applied}</td><td>${entry.failed}</td><td>${entry.calls}</td>
<td>${latency === null ? '—' : formatSpan(latency.median, context)}</td><td>${latency === null ? '—' : formatSpan(latency.p95, context)}</td></tr>`;
    });
  return html`<details id="rounds-table"><summary>${translate('page.rounds_as_table')}</summary><div class="scroll" tabindex="0"><table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div></details>`;
}
