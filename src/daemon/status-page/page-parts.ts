/** What a page is rendered from, and the small pieces that its sections share. */

import { type Html, html } from '../../lib/html.ts';
import type { Message } from '../../messages/message.ts';
import { createTranslator, type Language, type Translate } from '../../messages/say.ts';
import type { Withheld } from '../../model/plan.ts';
import type { State } from '../../model/state.ts';
import { TONES, type Tone } from '../../model/summary.ts';
import type { AppCondition } from '../app-rows.ts';
import type { TrackedApp } from '../app-tracker.ts';
import type { DaemonSnapshot } from '../daemon-parts.ts';
import type { DaemonStatus } from '../daemon-status.ts';
import { formatLocalTime, type ZoneReader } from '../local-time.ts';
import type { RecentRound } from '../recent-rounds.ts';

/** For whom and when a page is rendered. */
export interface PageContext {
  readonly language: Language;
  readonly translate: Translate;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly zone: ZoneReader;
}

/** Everything a page shows, gathered at one instant. */
export interface PageFacts {
  readonly status: DaemonStatus;
  readonly snapshot: DaemonSnapshot;
  readonly state: State;
  /** What the last plan holds back. */
  readonly withheld: readonly Withheld[];
  readonly apps: readonly TrackedApp[];
  readonly rounds: readonly RecentRound[];
  /** The text of a file of the configuration; undefined when it cannot be read. */
  readonly sourceOf: (file: string) => string | undefined;
}

export const toneOfApp = (condition: AppCondition): Tone =>
  condition === 'unknown' ? 'calm' : TONES[condition];

/** One shape per tone, so that meaning does not depend on colour alone. */
export const SPRITE = html`<svg class="sprite" aria-hidden="true" focusable="false">
<symbol id="i-ok" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7"/><path d="M4.8 8.3l2.2 2.2 4.3-4.7"/></symbol>
<symbol id="i-warn" viewBox="0 0 16 16"><path class="body" d="M8 1.6l7 12.6H1z"/><path d="M8 6.2v3.6M8 11.9v.2"/></symbol>
<symbol id="i-bad" viewBox="0 0 16 16"><path class="body" d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z"/><path d="M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8"/></symbol>
<symbol id="i-busy" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7"/><path d="M8 4.3V8l2.6 1.7"/></symbol>
<symbol id="i-calm" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7"/><path d="M6.3 5.3v5.4M9.7 5.3v5.4"/></symbol>
</svg>`;

export function icon(tone: Tone): Html {
  return html`<svg class="icon ${tone}" aria-hidden="true" focusable="false"><use href="#i-${tone}"/></svg>`;
}

/** A condition as icon and word. */
export function tag(tone: Tone, text: string): Html {
  return html`<span class="tag ${tone}">${icon(tone)}${text}</span>`;
}

/**
 * An instant in the schedule's zone. The script in the browser tells it as a distance, the full instant stays
 * in the title.
 */
export function time(instant: number, { now, zone }: PageContext): Html {
  const iso = new Date(instant).toISOString();
  return html`<time datetime="${iso}" title="${iso}">${formatLocalTime(instant, now, zone)}</time>`;
}

/** Text to be copied by a button, which shows only where a script can copy. */
export function copyable(text: string, { translate }: PageContext): Html {
  return html`<span class="copyable"><code title="${text}">${text}</code>${copyButton(text, translate)}</span>`;
}

function copyButton(text: string, translate: Translate): Html {
  return html`<button type="button" class="copy" data-copy="${text}" data-done="${translate('page.live_copied')}" aria-label="${translate('page.live_copy')} ${text}" title="${translate('page.live_copy')}"><svg aria-hidden="true" focusable="false" viewBox="0 0 16 16"><rect x="5" y="5" width="9" height="9.5" rx="1.5"/><path d="M11 5V3a1.5 1.5 0 0 0-1.5-1.5H3.5A1.5 1.5 0 0 0 2 3v7a1.5 1.5 0 0 0 1.5 1.5H5"/></svg></button>`;
}

/** A sentence with \`code\` in it; a command of callbackd gets a button to copy it. */
function sentence(text: string, context: PageContext): Html {
  const parts = text.split('`').map((part, index) => {
    if (index % 2 === 0) return part;
    return part.startsWith('callbackd ') ? copyable(part, context) : html`<code>${part}</code>`;
  });
  return html`${parts}`;
}

/** A message in the page's language, marked where only English exists. */
export function told(message: Message, context: PageContext): Html {
  return sentenceIn((translate) => translate(message), context);
}

const ENGLISH = createTranslator('en');

/** A sentence in the page's language, marked where only English exists. */
export function sentenceIn(speak: (translate: Translate) => string, context: PageContext): Html {
  const text = speak(context.translate);
  const isEnglish = context.language !== 'en' && text === speak(ENGLISH);
  return isEnglish ? english(sentence(text, context)) : sentence(text, context);
}

/** The type of an app; one that this version does not know, by its own name. */
export function nameType(appType: string, { translate }: PageContext): string {
  return appType === 'normal' || appType === 'connector' ? translate(`page.type_${appType}`) : appType;
}

/** Text that is always English, within a page of any language. */
function english(content: Html | string): Html {
  return html`<span lang="en">${content}</span>`;
}

/** `340 ms`, `12.3 s`, `4 min 2 s`. */
export function formatSpan(ms: number, { translate }: Pick<PageContext, 'translate'>): string {
  if (ms < 1_000) return translate('page.span_ms', { ms: Math.round(ms) });
  if (ms < 60_000) return translate('page.span_seconds', { seconds: (ms / 1_000).toFixed(1) });
  const [minutes, seconds] = [Math.floor(ms / 60_000), Math.floor((ms % 60_000) / 1_000)];
  return translate('page.span_minutes', { minutes, seconds });
}
