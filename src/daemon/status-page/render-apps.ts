/**
 * The table of apps, with a search and a filter that work as a plain form and, with the script, while typing.
 */

import { type Html, html } from '../../lib/html.ts';
import { recorded } from '../../messages/message.ts';
import { say } from '../../messages/say.ts';
import { titleOf } from '../../plan/reasons.ts';
import { APP_CONDITIONS, type AppCondition } from '../app-rows.ts';
import type { TrackedApp } from '../app-tracker.ts';
import { copyable, nameType, type PageContext, tag, time, told, toneOfApp } from './page-parts.ts';

export interface AppsQuery {
  readonly search: string;
  /** A condition, or anything else for all. */
  readonly show: string;
}

export function renderApps(apps: readonly TrackedApp[], query: AppsQuery, context: PageContext): Html | null {
  if (apps.length === 0) return null;
  const { translate } = context;
  const shown = apps.filter((app) => isShown(app, query));
  const heads = [
    translate('page.column_condition'),
    translate('page.column_key'),
    translate('page.column_type'),
    translate('page.column_name'),
    translate('page.column_url'),
    translate('page.column_since'),
    translate('page.column_last_change'),
    translate('page.column_logid'),
  ];
  return html`<section class="apps" aria-labelledby="t-apps"><div class="heading"><h2 id="t-apps">${translate('page.apps_title')}</h2>
${renderForm(apps, query, context)}<p class="count" id="shown" role="status" data-of="${apps.length}">${translate('page.apps_shown', { shown: shown.length, all: apps.length })}</p></div>
<div class="table"><table id="apps" role="table"><thead role="rowgroup"><tr role="row">${heads.map((head) => html`<th role="columnheader" scope="col">${head}</th>`)}</tr></thead>
<tbody role="rowgroup">${shown.map((app) => renderRow(app, context))}</tbody></table></div>
<p class="empty" id="no-match"${shown.length === 0 ? null : html` hidden`}>${translate('page.apps_nothing')}</p></section>`;
}

function isCondition(show: string): show is AppCondition {
  return APP_CONDITIONS.some((condition) => condition === show);
}

function isShown(app: TrackedApp, { search, show }: AppsQuery): boolean {
  if (isCondition(show) && app.condition !== show) return false;
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return true;
  return [app.key, app.name, app.callbackUrl, app.id, app.connectorId, app.lastChange?.logid].some(
    (text) => text?.toLowerCase().includes(wanted) === true,
  );
}

function renderForm(
  apps: readonly TrackedApp[],
  { search, show }: AppsQuery,
  { translate }: PageContext,
): Html {
  const choices = [
    { value: 'all', label: translate('page.apps_all'), number: apps.length },
    ...APP_CONDITIONS.map((value) => ({
      value,
      label: translate(`page.app_${value}`),
      number: apps.filter(({ condition }) => condition === value).length,
    })).filter(({ value, number }) => number > 0 || value === show),
  ];
  const chosen = choices.some(({ value }) => value === show) ? show : 'all';
  const chips = choices.map(
    ({ value, label, number }) =>
      html`<label><input type="radio" name="show" value="${value}"${value === chosen ? html` checked` : null}><span>${label} <b>${number}</b></span></label>`,
  );
  return html`<form id="filter" role="search" method="get" action="/"><label class="search"><span class="visually-hidden">${translate('page.apps_search')}</span>
<input type="search" name="q" value="${search}" placeholder="${translate('labelled', { label: translate('page.apps_search'), value: translate('page.apps_search_hint') })}" autocomplete="off" spellcheck="false" maxlength="200"></label>
<fieldset class="chips"><legend class="visually-hidden">${translate('page.apps_filter')}</legend>${chips}</fieldset><button type="submit">${translate('page.apps_apply')}</button></form>`;
}

function renderRow(app: TrackedApp, context: PageContext): Html {
  const { translate } = context;
  const { key, id, condition, name, appType, connectorId, callbackUrl, since } = app;
  const address = key ?? id ?? '';
  const title =
    key === null
      ? html`<code>${id}</code> ${translate('page.apps_unmanaged')}`
      : html`<a href="/apps/${encodeURIComponent(key)}">${key}</a>`;
  return html`<tr role="row" id="app-${encodeURIComponent(address)}" data-group="${condition}" data-find="${[id, connectorId].filter((text) => text !== null).join(' ')}">
<td role="cell" class="is">${tag(toneOfApp(condition), translate(`page.app_${condition}`))}${renderReason(app, context)}</td>
<th role="rowheader" scope="row">${title}</th>
<td role="cell" class="type">${nameType(appType, context)}</td>
<td role="cell" class="name" title="${name}">${name ?? connectorId}</td>
<td role="cell" class="url" title="${callbackUrl}">${callbackUrl === null ? '—' : callbackUrl}</td>
<td role="cell" class="when" data-label="${translate('page.column_since')}">${time(since, context)}</td>
<td role="cell" class="last" data-label="${translate('page.column_last_change')}">${renderLast(app, context)}</td>
<td role="cell" class="logid" data-label="${translate('page.column_logid')}">${app.lastChange?.logid == null ? '—' : copyable(app.lastChange.logid, context)}</td></tr>`;
}

/** A reason that only repeats the condition is left out. */
function renderReason(app: TrackedApp, context: PageContext): Html | null {
  const { condition, reason, failure, action } = app;
  const { translate, language } = context;
  if (failure !== null) return html`<span class="why">${told(recorded(failure), context)}</span>`;
  if (action !== null) return html`<span class="why">${translate(`page.action_${action}`)}</span>`;
  if (reason === null) return null;
  const title = say(titleOf(reason), language);
  return title === translate(`page.app_${condition}`) ? null : html`<span class="why">${title}</span>`;
}

function renderLast({ lastChange }: TrackedApp, context: PageContext): Html {
  if (lastChange === null) return html`—`;
  const { translate } = context;
  const failed = lastChange.result === 'failed' ? html` ${translate('page.app_failed')}` : null;
  return html`${translate(`page.action_${lastChange.action}`)}${failed} <small>${time(lastChange.at, context)}</small>`;
}
