/**
 * Drafted entries as YAML for an operator to keep: sorted, ids quoted, what an entry cannot say in comments. Equal accounts
 * give equal bytes. Pure.
 */

import { printable } from '../../lib/printable.ts';
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

export function formatImportedYaml({ entries, leftOver }: Draft, endpoint: string): ImportedYaml {
  const head = [
    `# The callback apps of ${endpoint}, as \`callbackd import\` found them. Planning this changes nothing.`,
    '# Fields that are not written are not managed; the verify_token of an app is never shown.',
    'version: 1',
    entries.length === 0 ? 'apps: {}' : 'apps:',
  ];
  const lines: string[] = [...head];
  const starts: number[] = [];
  for (const entry of entries) {
    starts.push(lines.length + 1);
    lines.push(...formatEntry(entry));
  }
  lines.push(...formatLeftOver(leftOver));
  return { text: `${lines.join('\n')}\n`, lines: starts };
}

function formatEntry(entry: DraftEntry): string[] {
  const { key, id, appType, name, channelName, connectorId, callbackUrl, events, isPinned, unmanaged } =
    entry;
  const notes = [id, ...(channelName === undefined ? [] : [`channel ${printable(channelName)}`])];
  return [
    `  ${quoteUnlessPlain(key)}: # ${notes.join(', ')}`,
    ...(isPinned ? [`    id: "${id}" # another app has the same identity`] : []),
    `    app_type: ${appType}`,
    ...(name === undefined ? [] : [`    name: ${quoteUnlessPlain(name)}`]),
    ...(connectorId === undefined ? [] : [`    connector_id: ${quote(connectorId)}`]),
    ...formatUrl(callbackUrl, unmanaged.get('callback_url')),
    formatField(`events: [${events.map(quoteUnlessPlain).join(', ')}]`, unmanaged.get('events')),
  ];
}

function formatUrl(url: string | undefined, because: string | undefined): string[] {
  if (url === undefined) return ['    # callback_url: none is set'];
  const isPlainHttp = /^http:/i.test(url) && !LOOPBACK.test(url);
  return [
    formatField(`callback_url: ${PLAIN_URL.test(url) ? url : quote(url)}`, because),
    ...(isPlainHttp && because === undefined ? ['    allow_http: true'] : []),
  ];
}

/** What no entry can hold is a comment, and so not managed. */
function formatField(text: string, because: string | undefined): string {
  return because === undefined ? `    ${text}` : `    # ${text} # left alone: ${printable(because)}`;
}

function formatLeftOver(leftOver: readonly LeftOver[]): string[] {
  if (leftOver.length === 0) return [];
  return [
    '',
    '# Not expressed above, and left alone as long as `reconcile.prune` is not `all`:',
    ...leftOver.map(({ app, because }) => {
      const name = app.name === undefined ? '' : ` ${printable(app.name)}`;
      return `#   ${app.id}${name}: ${printable(because)}`;
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
