/**
 * Keeps a page of the status server current in the browser. The page is complete without it: this asks the server for the same
 * page again, takes over what differs, and leaves alone what the reader holds: focus, scroll, selection, what is typed or open.
 */

const POLL_MS = 2_000;
const ANSWER_WITHIN_MS = 10_000;
const COPIED_SHOWN_MS = 1_500;

const root = document.documentElement;
root.classList.add('js');

/** What the page holds now, as the server named it. */
let version: string | null = null;
/** How far the server's clock is ahead of this one. */
let clockOffset = 0;

// --- asking again

async function keepCurrent(): Promise<never> {
  for (;;) {
    if (document.hidden) await whenVisible();
    await refresh();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function whenVisible(): Promise<void> {
  return new Promise((resolve) => {
    document.addEventListener('visibilitychange', () => resolve(), { once: true });
  });
}

async function refresh(): Promise<void> {
  try {
    const response = await fetch(location.pathname, {
      headers: version === null ? {} : { 'if-none-match': version },
      cache: 'no-store',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (response.status >= 500) throw new Error(`HTTP ${response.status}`);
    const heard = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(heard)) clockOffset = heard - Date.now();
    if (response.status !== 304) takeOver(await response.text());
    version = response.headers.get('etag');
    showLive(true);
  } catch {
    showLive(false);
  }
}

function showLive(isOn: boolean): void {
  const live = document.getElementById('live');
  const word = live?.querySelector('span');
  if (live == null || word == null) return;
  live.classList.toggle('on', isOn);
  live.classList.toggle('off', !isOn);
  const text = (isOn ? live.dataset['on'] : live.dataset['off']) ?? '';
  if (word.textContent !== text) word.textContent = text;
  const seen = live.querySelector('time');
  if (isOn) seen?.setAttribute('datetime', new Date(Date.now() + clockOffset).toISOString());
  if (seen !== null && seen !== undefined) seen.hidden = isOn;
}

function takeOver(text: string): void {
  const next = new DOMParser().parseFromString(text, 'text/html');
  if (scriptOf(next) !== scriptOf(document)) {
    location.reload();
    return;
  }
  const [have, want] = [document.getElementById('main'), next.getElementById('main')];
  if (have === null || want === null) return;
  const focused = document.activeElement;
  morph(have, want);
  if (focused instanceof HTMLElement && focused.isConnected && document.activeElement !== focused) {
    focused.focus({ preventScroll: true });
  }
  document.title = next.title;
  const icon = next.querySelector('link[rel=icon]')?.getAttribute('href');
  if (icon != null) document.querySelector('link[rel=icon]')?.setAttribute('href', icon);
  applyFilter();
  tellTimes();
}

/** Its path changes with its text, so another one means another version of callbackd. */
function scriptOf(page: Document): string | null | undefined {
  return page.querySelector('script[src]')?.getAttribute('src');
}

// --- taking over what differs

/** What belongs to the reader and not to the server. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  INPUT: ['value', 'checked'],
  DETAILS: ['open'],
  TR: ['hidden'],
};

function morph(have: Element, want: Element): void {
  if (have.tagName === 'TIME' && have.getAttribute('datetime') === want.getAttribute('datetime')) return;
  const kept = KEPT[have.tagName] ?? [];
  for (const { name } of [...have.attributes]) {
    if (!want.hasAttribute(name) && !kept.includes(name)) have.removeAttribute(name);
  }
  for (const { name, value } of want.attributes) {
    if (have.getAttribute(name) !== value && !kept.includes(name)) have.setAttribute(name, value);
  }
  morphChildren(have, want);
}

/** Named children are matched by name wherever they stand, the others by place. */
function morphChildren(have: Element, want: Element): void {
  const wanted = new Set([...want.children].map(nameOf));
  const named = new Map<string, Element>();
  for (const child of [...have.children]) {
    const name = nameOf(child);
    if (name === '') continue;
    if (wanted.has(name)) named.set(name, child);
    else child.remove();
  }
  let cursor = have.firstChild;
  for (const node of [...want.childNodes]) {
    const match = findMatch(node, cursor, named);
    if (match === null) have.insertBefore(document.importNode(node, true), cursor);
    else {
      if (match === cursor) cursor = cursor.nextSibling;
      else have.insertBefore(match, cursor);
      if (match instanceof Element && node instanceof Element) morph(match, node);
      else if (match.nodeValue !== node.nodeValue) match.nodeValue = node.nodeValue;
    }
  }
  while (cursor !== null) {
    const next = cursor.nextSibling;
    cursor.remove();
    cursor = next;
  }
}

function findMatch(
  node: Node,
  cursor: ChildNode | null,
  named: ReadonlyMap<string, Element>,
): ChildNode | null {
  const name = node instanceof Element ? nameOf(node) : '';
  if (name !== '') {
    const match = named.get(name);
    return match?.tagName === (node as Element).tagName ? match : null;
  }
  if (cursor === null || cursor.nodeName !== node.nodeName) return null;
  return cursor instanceof Element && nameOf(cursor) !== '' ? null : cursor;
}

function nameOf(element: Element): string {
  return element.id || (element.getAttribute('aria-labelledby') ?? '');
}

// --- times as distances

const distances = new Intl.RelativeTimeFormat(root.lang, { style: 'narrow' });
const told = new Map<string, string>();

function tellTimes(): void {
  const now = Date.now() + clockOffset;
  for (const element of document.querySelectorAll('time')) {
    const text = tellDistance(Date.parse(element.dateTime) - now);
    if (element.textContent !== text) element.textContent = text;
  }
}

function tellDistance(ms: number): string {
  const seconds = ms / 1_000;
  const size = Math.abs(seconds);
  if (size < 90) return tell(size < 10 ? Math.trunc(seconds) : Math.round(seconds / 5) * 5, 'second');
  if (size < 90 * 60) return tell(Math.round(seconds / 60), 'minute');
  if (size < 36 * 3_600) return tell(Math.round(seconds / 3_600), 'hour');
  return tell(Math.round(seconds / 86_400), 'day');
}

function tell(value: number, unit: Intl.RelativeTimeFormatUnit): string {
  const known = told.get(`${value} ${unit}`);
  if (known !== undefined) return known;
  // The locale data of Chinese has no space between a number and its unit; the rest of the page has.
  const text = distances.format(value, unit).replace(/(\d)(?=\p{Script=Han})/u, '$1 ');
  told.set(`${value} ${unit}`, text);
  return text;
}

// --- search and filter, while typing

function applyFilter(): void {
  const form = document.querySelector<HTMLFormElement>('#filter');
  const table = document.querySelector('#apps');
  if (form === null || table === null) return;
  const fields = new FormData(form);
  const search = String(fields.get('q') ?? '')
    .trim()
    .toLowerCase();
  const show = String(fields.get('show') ?? 'all');
  let shown = 0;
  for (const row of table.querySelectorAll<HTMLElement>('tbody tr')) {
    const fits =
      (show === 'all' || row.dataset['group'] === show) && (search === '' || textOf(row).includes(search));
    if (row.hidden === fits) row.hidden = !fits;
    if (fits) shown += 1;
  }
  const count = document.getElementById('shown');
  const text = count?.textContent?.replace(/^\d+/, String(shown));
  if (count !== null && text !== undefined && count.textContent !== text) count.textContent = text;
  document.getElementById('no-match')?.toggleAttribute('hidden', shown > 0);
}

function textOf(row: HTMLElement): string {
  return `${row.textContent} ${row.dataset['find']}`.toLowerCase();
}

/** The address holds the filter, so that it can be kept, sent on, and come back to. */
function rememberFilter(form: HTMLFormElement): void {
  const fields = new FormData(form);
  const query = new URLSearchParams();
  if (fields.get('q')) query.set('q', String(fields.get('q')));
  if (fields.get('show') !== 'all') query.set('show', String(fields.get('show')));
  history.replaceState(null, '', query.size === 0 ? location.pathname : `?${query}`);
}

function onFilter(event: Event): void {
  const form = event.target instanceof Element ? event.target.closest<HTMLFormElement>('#filter') : null;
  if (form === null) return;
  if (event.type === 'submit') event.preventDefault();
  applyFilter();
  rememberFilter(form);
}

// --- copying, and rows that lead to their story

async function onClick(event: MouseEvent): Promise<void> {
  const target = event.target instanceof Element ? event.target : null;
  const button = target?.closest<HTMLButtonElement>('button.copy');
  if (button != null) return copy(button);
  const row = target?.closest('#apps tbody tr');
  if (row == null || target?.closest('a, button') != null || getSelection()?.isCollapsed === false) return;
  row.querySelector<HTMLAnchorElement>('th a')?.click();
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const text = button.dataset['copy'] ?? '';
  // The clipboard is there only over TLS and on localhost.
  if (navigator.clipboard === undefined) copyBySelection(text);
  else await navigator.clipboard.writeText(text);
  button.classList.add('done');
  const status = document.createElement('span');
  status.className = 'visually-hidden';
  status.role = 'status';
  button.after(status);
  status.textContent = button.dataset['done'] ?? '';
  setTimeout(() => {
    button.classList.remove('done');
    status.remove();
  }, COPIED_SHOWN_MS);
}

function copyBySelection(text: string): void {
  const area = document.createElement('textarea');
  area.className = 'visually-hidden';
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

for (const type of ['input', 'change', 'submit']) document.addEventListener(type, onFilter);
document.addEventListener('click', (event) => void onClick(event));
tellTimes();
setInterval(tellTimes, 1_000);
void keepCurrent();
