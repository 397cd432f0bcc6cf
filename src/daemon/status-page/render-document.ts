/** The HTML document around every page: head, top line, footer. */

import { type Html, html } from '../../lib/html.ts';
import type { DaemonStatus } from '../daemon-status.ts';
import { type PageContext, SPRITE, time } from './page-parts.ts';

export interface DocumentParts {
  readonly title: string;
  readonly status: DaemonStatus;
  /** Null for the host's zone. */
  readonly timezone: string | null;
  readonly content: Html;
  readonly assets: AssetPaths;
}

export interface AssetPaths {
  readonly script: string;
  readonly style: string;
  readonly icon: string;
}

const LINKS = ['/api/v1/status', '/api/v1/plan', '/api/v1/history', '/metrics', '/healthz', '/readyz'];

export function renderDocument(
  { title, status, timezone, content, assets }: DocumentParts,
  context: PageContext,
): string {
  const { translate, now } = context;
  return html`<!doctype html>
<html lang="${translate('page.tag')}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">
<title>${title}</title><link rel="icon" type="image/svg+xml" href="${assets.icon}"><link rel="stylesheet" href="${assets.style}"><script src="${assets.script}" type="module"></script></head>
<body>${SPRITE}<header class="top"><p><a class="brand" href="/">callbackd</a> <span class="version">${status.version}</span></p><p class="endpoint">${new URL(status.endpoint).host}</p>
<p class="live" id="live" role="status" data-on="${translate('page.live_on')}" data-off="${translate('page.live_off')}"><span>${translate('page.live_as_of')}</span> ${time(now, context)}</p></header>
<main id="main">${content}</main>
<footer><p>${translate('page.footer_read_only')} ${translate('page.footer_times', { zone: timezone ?? translate('page.footer_host_zone') })}.</p><nav aria-label="API">${LINKS.map((path) => html`<a href="${path}">${path}</a> `)}</nav></footer></body></html>
`.toString();
}
