/**
 * The HTML pages of the status server: the overview, a page for each app, and their assets. Complete without
 * a script; the script polls with the ETag of what it shows, and gets 304 while nothing changed.
 */

import { type Html, html } from '../../lib/html.ts';
import type { CallAnswer, IncomingCall } from '../../lib/http-server.ts';
import { createTranslator, type Language } from '../../messages/say.ts';
import type { Tone } from '../../model/summary.ts';
import type { AccountView } from '../account-view.ts';
import { listApps } from '../app-rows.ts';
import type { AppTracker } from '../app-tracker.ts';
import { type DaemonStatus, renderStatus } from '../daemon-status.ts';
import { type ExplanationSources, explainFromRound } from '../explain-from-round.ts';
import type { RecentRounds } from '../recent-rounds.ts';
import { respond } from '../respond.ts';
import type { StatusPage } from '../status-handler.ts';
import { type PageContext, type PageFacts, SPRITE, time } from './page-parts.ts';
import { renderApps } from './render-apps.ts';
import { renderAttention } from './render-attention.ts';
import { renderEntryPage } from './render-entry.ts';
import { describeOverall, renderOverview } from './render-overview.ts';
import { renderPending } from './render-pending.ts';
import { renderRounds } from './render-rounds.ts';

export interface StatusPagesDeps extends ExplanationSources {
  readonly view: AccountView;
  readonly tracker: AppTracker;
  readonly recent: RecentRounds;
  readonly sourceOf: (file: string) => string | undefined;
  readonly assets: Assets;
  /** Changes with every reported change of an app. */
  readonly outcomesTold: () => number;
}

/** The texts of the files, and where they are found. The paths change with the texts. */
export interface Assets extends AssetPaths {
  readonly texts: Readonly<Record<string, { readonly type: string; readonly text: string }>>;
}

const LANGUAGES: readonly [Language, Language] = ['en', 'zh'];
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function createStatusPages(deps: StatusPagesDeps): Readonly<Record<string, StatusPage>> {
  const page =
    (render: Render): StatusPage =>
    (call) =>
      answer(call, deps, render);
  return {
    '/': page(async (facts, context, { query }) => {
      const asked = { search: query.get('q') ?? '', show: query.get('show') ?? 'all' };
      const sections = [
        renderOverview(facts, context),
        renderAttention(facts, context),
        renderPending(facts, context),
        renderRounds(facts.rounds, context),
        renderApps(facts.apps, asked, context),
      ];
      const title = `${context.translate(`page.daemon_${facts.status.condition}`)}: ${describeOverall(facts, context)}`;
      return { status: 200, title, content: html`${sections}` };
    }),
    '/apps/*': page(async (facts, context, { path }) => {
      const key = readKey(path);
      const story = key === undefined ? undefined : await explainFromRound(key, deps);
      if (story === undefined) {
        const text =
          key === undefined
            ? context.translate('page.not_found')
            : context.translate('page.entry_unknown', { key });
        return {
          status: 404,
          title: context.translate('page.not_found'),
          content: html`<p class="back"><a href="/">← ${context.translate('page.entry_back')}</a></p><h1>${text}</h1>`,
        };
      }
      const app = facts.apps.find((candidate) => candidate.key === story.key);
      return { status: 200, title: story.key, content: renderEntryPage(story, app, context) };
    }),
    '/assets/*': ({ path }) => {
      const file = Object.hasOwn(deps.assets.texts, path) ? deps.assets.texts[path] : undefined;
      if (file === undefined) return respond(404, 'text/plain; charset=utf-8', 'not found\n');
      return respond(200, file.type, file.text, { 'cache-control': 'public, max-age=31536000, immutable' });
    },
  };
}

type Render = (
  facts: PageFacts,
  context: PageContext,
  call: IncomingCall,
) => Promise<{ readonly status: number; readonly title: string; readonly content: Html }>;

async function answer(call: IncomingCall, deps: StatusPagesDeps, render: Render): Promise<CallAnswer> {
  const header = call.headers['accept-language'];
  const language = chooseLanguage(typeof header === 'string' ? header : undefined, LANGUAGES);
  const translate = createTranslator(language);
  const tag = describeVersion(deps, translate('page.tag'), call);
  const headers = {
    'content-security-policy': POLICY,
    vary: 'Accept-Language',
    'content-language': translate('page.tag'),
    etag: tag,
  };
  if (call.headers['if-none-match'] === tag) return respond(304, 'text/html; charset=utf-8', '', headers);
  const facts = gatherFacts(deps, language);
  const { now, zone } = facts.snapshot.facts;
  const context: PageContext = { language, translate, now, zone };
  const { status, title, content } = await render(facts, context, call);
  const timezone = facts.snapshot.configuration.settings.schedule.timezone ?? null;
  const text = renderDocument(
    { title: `${title} · callbackd`, status: facts.status, timezone, content, assets: deps.assets },
    context,
  );
  return respond(status, 'text/html; charset=utf-8', text, headers);
}

function gatherFacts(
  { snapshot, state, view, tracker, recent, sourceOf }: StatusPagesDeps,
  language: Language,
): PageFacts {
  const seen = snapshot();
  const recorded = state();
  const { desired } = seen.configuration;
  const rows = listApps({ desired, state: recorded, view }, seen.facts.now);
  return {
    status: renderStatus(seen.facts, language),
    snapshot: seen,
    state: recorded,
    withheld: seen.facts.loop.lastPlanned?.plan?.withheld ?? [],
    apps: tracker.track(rows, seen.facts.now),
    rounds: recent.list(),
    sourceOf,
  };
}

/**
 * What a page depends on, as cheap as can be asked: the loop, the configuration, the state and the changes
 * told.
 */
function describeVersion(
  { snapshot, state, outcomesTold, assets }: StatusPagesDeps,
  language: string,
  { query, path }: IncomingCall,
): string {
  const { facts } = snapshot();
  const { loop, configuration, callsToday } = facts;
  const parts = [
    facts.startedAt,
    state().serial,
    loop.running?.round ?? 0,
    loop.lastReport?.round ?? 0,
    loop.next?.at ?? 0,
    configuration.lastReload.at,
    configuration.loadedAt,
    callsToday.count,
    outcomesTold(),
    facts.isStalled ? facts.silentMs : 0,
    facts.isStopping,
    assets.script,
    language,
    path,
    query,
  ];
  return `"${Buffer.from(parts.join(' ')).toString('base64url')}"`;
}

function readKey(path: string): string | undefined {
  try {
    return decodeURIComponent(path.slice('/apps/'.length));
  } catch {
    return undefined;
  }
}

interface DocumentParts {
  readonly title: string;
  readonly status: DaemonStatus;
  /** Null for the host's zone. */
  readonly timezone: string | null;
  readonly content: Html;
  readonly assets: AssetPaths;
}

interface AssetPaths {
  readonly script: string;
  readonly style: string;
  /** By how good the state is, so that a tab tells it too. */
  readonly icons: Readonly<Record<Tone, string>>;
}

const LINKS = ['/api/v1/status', '/api/v1/plan', '/api/v1/history', '/metrics', '/healthz', '/readyz'];

/** The HTML document around every page: head, top line, footer. */
function renderDocument(
  { title, status, timezone, content, assets }: DocumentParts,
  context: PageContext,
): string {
  const { translate, now } = context;
  return html`<!doctype html>
<html lang="${translate('page.tag')}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">
<title>${title}</title><link rel="icon" type="image/svg+xml" href="${assets.icons[status.summary.tone]}"><link rel="stylesheet" href="${assets.style}"><script src="${assets.script}" type="module"></script></head>
<body>${SPRITE}<header class="top"><p><a class="brand" href="/">callbackd</a> <span class="version">${status.version}</span></p><p class="endpoint">${new URL(status.endpoint).host}</p>
<p class="live" id="live" role="status" data-on="${translate('page.live_on')}" data-off="${translate('page.live_off')}"><span>${translate('page.live_as_of')}</span> ${time(now, context)}</p></header>
<main id="main">${content}</main>
<footer><p>${translate('page.footer_read_only')} ${translate('page.footer_times', { zone: timezone ?? translate('page.footer_host_zone') })}.</p><nav aria-label="API">${LINKS.map((path) => html`<a href="${path}">${path}</a> `)}</nav></footer></body></html>
`.toString();
}

/** `offered`: primary tags such as `en`, the default first. A header that makes no sense gets the default. */
export function chooseLanguage<Tag extends string>(
  header: string | undefined,
  offered: readonly [Tag, ...Tag[]],
): Tag {
  const wishes = (header ?? '').split(',').map((part) => {
    const [range = '', ...parameters] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return { primary: range.split('-')[0], quality: quality === undefined ? 1 : Number(quality) };
  });
  const rank = (tag: Tag): number =>
    Math.max(0, ...wishes.filter(({ primary }) => primary === tag).map(({ quality }) => quality || 0));
  const ranked = offered.map((tag) => ({ tag, rank: rank(tag) }));
  return ranked.reduce((best, next) => (next.rank > best.rank ? next : best)).tag;
}
