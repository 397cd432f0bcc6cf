/**
 * The YAML of `import`: sorted, ids quoted, in comments what an entry cannot express. Equal accounts give
 * equal bytes.
 */

import type { Clock } from '../../lib/clock.ts';
import { printable } from '../../lib/printable.ts';
import type { Message } from '../../messages/message.ts';
import type { Translate } from '../../messages/say.ts';
import type { Terminal } from '../terminal.ts';
import { REWIND } from '../views/layout.ts';
import type { Draft, DraftEntry, LeftOver } from './draft-entries.ts';

export interface ImportedYaml {
  readonly text: string;
  /** The line, counted from 1, on which each entry begins; in the order of the entries. */
  readonly lines: readonly number[];
}

/** Texts that a YAML 1.1 or 1.2 reader takes for something else. */
const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n)$/i;
const PLAIN = /^\p{L}[\p{L}\p{N}\p{M}._/-]*(?: [\p{L}\p{N}\p{M}._/-]+)*$/u;
const PLAIN_URL = /^https?:\/\/[\w.~:/%@!$&*+=;-]*[\w/]$/;
const LOOPBACK = /^http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?=[:/]|$)/i;

export function formatImportedYaml(
  { entries, leftOver }: Draft,
  endpoint: string,
  translate: Translate,
): ImportedYaml {
  const head = [
    `# ${translate('cli.import_head', { endpoint })}`,
    `# ${translate('cli.import_fields')}`,
    'version: 1',
    entries.length === 0 ? 'apps: {}' : 'apps:',
  ];
  const lines: string[] = [...head];
  const starts: number[] = [];
  for (const entry of entries) {
    starts.push(lines.length + 1);
    lines.push(...formatEntry(entry, translate));
  }
  lines.push(...formatLeftOver(leftOver, translate));
  return { text: `${lines.join('\n')}\n`, lines: starts };
}

function formatEntry(entry: DraftEntry, translate: Translate): string[] {
  const { key, id, appType, name, channelName, connectorId, callbackUrl, events, pinnedFor, unmanaged } =
    entry;
  const notes = [
    id,
    ...(channelName === undefined ? [] : [translate('cli.import_channel', { name: printable(channelName) })]),
  ];
  return [
    `  ${quoteUnlessPlain(key)}: # ${notes.join(', ')}`,
    ...(pinnedFor === undefined ? [] : [`    id: "${id}" # ${translate('verbatim', { text: pinnedFor })}`]),
    `    app_type: ${appType}`,
    ...(name === undefined ? [] : [`    name: ${quoteUnlessPlain(name)}`]),
    ...(connectorId === undefined ? [] : [`    connector_id: ${quote(connectorId)}`]),
    ...formatUrl(callbackUrl, unmanaged.get('callback_url'), translate),
    formatField(`events: [${events.map(quoteUnlessPlain).join(', ')}]`, unmanaged.get('events'), translate),
  ];
}

function formatUrl(
  url: string | undefined,
  because: string | Message | undefined,
  translate: Translate,
): string[] {
  if (url === undefined) return [`    # callback_url: ${translate('cli.import_no_url')}`];
  const isPlainHttp = /^http:/i.test(url) && !LOOPBACK.test(url);
  return [
    formatField(`callback_url: ${PLAIN_URL.test(url) ? url : quote(url)}`, because, translate),
    ...(isPlainHttp && because === undefined ? ['    allow_http: true'] : []),
  ];
}

/** What no entry can hold is a comment, and so not managed. */
function formatField(text: string, because: string | Message | undefined, translate: Translate): string {
  return because === undefined
    ? `    ${text}`
    : `    # ${text} # ${printable(translate('cli.import_left_alone', { because }))}`;
}

function formatLeftOver(leftOver: readonly LeftOver[], translate: Translate): string[] {
  if (leftOver.length === 0) return [];
  return [
    '',
    `# ${translate('cli.import_left_over')}`,
    ...leftOver.map(({ app, because }) => {
      const name = app.name === undefined ? '' : ` ${printable(app.name)}`;
      return `#   ${app.id}${name}: ${printable(translate('verbatim', { text: because }))}`;
    }),
  ];
}

function quoteUnlessPlain(text: string): string {
  return PLAIN.test(text) && !RESERVED.test(text) ? text : quote(text);
}

/** A YAML double-quoted text is a JSON string in which nothing unprintable stands as it is. */
function quote(text: string): string {
  return printable(JSON.stringify(text));
}

interface ReadProgress {
  readonly show: (done: number, total: number) => void;
  /** Takes the live line away. */
  readonly end: () => void;
}

/** Shorter reads show no progress. */
const SILENT_MS = 3_000;
const LIVE_EVERY_MS = 200;
const PLAIN_EVERY_MS = 30_000;

/**
 * Progress of a long read of the account: one line rewritten in place on a terminal, else a line every 30 s.
 * A read that takes less than 3 s says nothing.
 */
export function createReadProgress(
  { note, isLive, translate }: Pick<Terminal, 'note' | 'isLive' | 'translate'>,
  clock: Pick<Clock, 'monotonic'>,
): ReadProgress {
  const startedAt = clock.monotonic();
  let nextAt = startedAt + SILENT_MS;
  let isShown = false;
  return {
    show(done, total) {
      const now = clock.monotonic();
      if (now < nextAt) return;
      nextAt = now + (isLive ? LIVE_EVERY_MS : PLAIN_EVERY_MS);
      const left = Math.ceil((((now - startedAt) / done) * (total - done)) / 1000);
      const text = translate('cli.import_progress', { done, total, seconds: left });
      note(isLive ? `${REWIND}${text}` : `${text}\n`);
      isShown = isLive;
    },
    end() {
      if (isShown) note(REWIND);
    },
  };
}
