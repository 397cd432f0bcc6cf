/** The table of apps, with a search and a filter that work as a plain form and, with the script, while typing. */

import { type Html, html } from '../../lib/html.ts';
import type { BookedApp } from '../app-book.ts';
import type { AppCondition } from '../app-rows.ts';
import { copyable, english, type PageContext, tag, time, toneOfApp } from './page-parts.ts';

const GROUPS = ['attention', 'moving', 'quiet', 'inSync'] as const;
type Group = (typeof GROUPS)[number];

const GROUP_OF: Readonly<Record<AppCondition, Group>> = {
  failed: 'attention',
  held: 'attention',
  backing_off: 'attention',
  condemned: 'moving',
  settling: 'moving',
  pending: 'moving',
  unknown: 'moving',
  paused: 'quiet',
  kept: 'quiet',
  in_sync: 'inSync',
};

export interface AppsQuery {
  readonly search: string;
  /** The name of a group, or anything else for all. */
  readonly show: string;
}

export function renderApps(apps: readonly BookedApp[], query: AppsQuery, context: PageContext): Html | null {
  if (apps.length === 0) return null;
  const { words } = context;
  const shown = apps.filter((app) => isShown(app, query));
  const { columns } = words.apps;
  const heads = [
    columns.condition,
    columns.key,
    columns.type,
    columns.name,
    columns.url,
    columns.since,
    columns.lastChange,
    columns.logid,
  ];
  return html`<section class="apps" aria-labelledby="t-apps"><div class="heading"><h2 id="t-apps">${words.apps.title}</h2>
${renderForm(apps, query, context)}<p class="count" id="shown" role="status" data-of="${apps.length}">${words.apps.shown(shown.length, apps.length)}</p></div>
<div class="table"><table id="apps" role="table"><thead role="rowgroup"><tr role="row">${heads.map((head) => html`<th role="columnheader" scope="col">${head}</th>`)}</tr></thead>
<tbody role="rowgroup">${shown.map((app) => renderRow(app, context))}</tbody></table></div>
<p class="empty" id="no-match"${shown.length === 0 ? null : html` hidden`}>${words.apps.nothing}</p></section>`;
}

function isShown(app: BookedApp, { search, show }: AppsQuery): boolean {
  if (GROUPS.some((group) => group === show) && GROUP_OF[app.condition] !== show) return false;
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return true;
  return [app.key, app.name, app.callbackUrl, app.id, app.connectorId, app.lastChange?.logid].some(
    (text) => text?.toLowerCase().includes(wanted) === true,
  );
}

function renderForm(apps: readonly BookedApp[], { search, show }: AppsQuery, { words }: PageContext): Html {
  const count = (group: Group): number =>
    apps.filter(({ condition }) => GROUP_OF[condition] === group).length;
  const choices = [
    { value: 'all', label: words.apps.all, number: apps.length },
    ...GROUPS.map((group) => ({ value: group, label: words.apps[group], number: count(group) })),
  ];
  const chosen = choices.some(({ value }) => value === show) ? show : 'all';
  const chips = choices.map(
    ({ value, label, number }) =>
      html`<label><input type="radio" name="show" value="${value}"${value === chosen ? html` checked` : null}><span>${label} <b>${number}</b></span></label>`,
  );
  return html`<form id="filter" role="search" method="get" action="/"><label class="search"><span class="visually-hidden">${words.apps.search}</span>
<input type="search" name="q" value="${search}" placeholder="${words.apps.search}: ${words.apps.searchHint}" autocomplete="off" spellcheck="false" maxlength="200"></label>
<fieldset class="chips"><legend class="visually-hidden">${words.apps.filter}</legend>${chips}</fieldset><button type="submit">${words.apps.apply}</button></form>`;
}

function renderRow(app: BookedApp, context: PageContext): Html {
  const { words } = context;
  const { columns, types } = words.apps;
  const { key, id, condition, name, appType, connectorId, callbackUrl, since } = app;
  const address = key ?? id ?? '';
  const title =
    key === null
      ? html`<code>${id}</code> ${words.apps.unmanaged}`
      : html`<a href="/apps/${encodeURIComponent(key)}">${key}</a>`;
  return html`<tr role="row" id="app-${encodeURIComponent(address)}" data-group="${GROUP_OF[condition]}" data-find="${[id, connectorId].filter((text) => text !== null).join(' ')}">
<td role="cell" class="is">${tag(toneOfApp(condition), words.conditions[condition])}${renderReason(app, context)}</td>
<th role="rowheader" scope="row">${title}</th>
<td role="cell" class="type">${types[appType] ?? appType}</td>
<td role="cell" class="name" title="${name}">${name ?? connectorId}</td>
<td role="cell" class="url" title="${callbackUrl}">${callbackUrl === null ? '—' : callbackUrl}</td>
<td role="cell" class="when" data-label="${columns.since}">${time(since, context)}</td>
<td role="cell" class="last" data-label="${columns.lastChange}">${renderLast(app, context)}</td>
<td role="cell" class="logid" data-label="${columns.logid}">${app.lastChange?.logid == null ? '—' : copyable(app.lastChange.logid, context)}</td></tr>`;
}

/** A reason that only repeats the condition is left out. */
function renderReason({ condition, reason, detail }: BookedApp, { words }: PageContext): Html | null {
  if (detail !== null) {
    const isAction = Object.hasOwn(words.actions, detail);
    const text = isAction ? words.actions[detail as keyof typeof words.actions] : english(detail);
    return html`<span class="why">${text}</span>`;
  }
  if (reason === null || words.reasons[reason] === words.conditions[condition]) return null;
  return html`<span class="why">${words.reasons[reason]}</span>`;
}

function renderLast({ lastChange }: BookedApp, context: PageContext): Html {
  if (lastChange === null) return html`—`;
  const { words } = context;
  const failed = lastChange.result === 'failed' ? html` ${words.conditions.failed}` : null;
  return html`${words.actions[lastChange.action]}${failed} <small>${time(lastChange.at, context)}</small>`;
}
