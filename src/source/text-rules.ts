/** What must hold of names and URLs so that nobody takes them for something else. */

import { type Message, message } from '../messages/message.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { type Entry, markOfField, textOf } from './build-desired.ts';
import { parseUrl } from './check-value.ts';
import { createDiagnostic, quote } from './diagnostics.ts';
import {
  describeDifference,
  findForbiddenInUrl,
  findForeign,
  findUnseen,
  foldForEyes,
  nameCharacter,
} from './strange-characters.ts';

export type EntryRule = (entries: readonly Entry[]) => readonly Diagnostic[];

export const TEXT_RULES: readonly EntryRule[] = [
  refuseOuterSpaces,
  warnOfUnseen,
  warnOfNamesAlike,
  warnOfDeceptiveUrls,
];

/**
 * A platform that trims names would show another name than the file for ever. An entry that names its app by `id` may
 * describe one that the platform already holds with such a name.
 */
function refuseOuterSpaces(entries: readonly Entry[]): readonly Diagnostic[] {
  return entries.flatMap((entry) => {
    const name = textOf(entry, 'name') ?? '';
    if (name.trim() === name) return [];
    const space = nameCharacter(name.trimStart() === name ? name.slice(-1) : name);
    const problem = message('source.name_space', { key: quote(entry.key), character: space });
    if (textOf(entry, 'id') !== undefined) return warn(problem, entry, 'name');
    return createDiagnostic('bad_format', problem, markOfField(entry, 'name'), {
      hint: message('source.remove'),
    });
  });
}

function warnOfUnseen(entries: readonly Entry[]): readonly Diagnostic[] {
  return entries.flatMap((entry) => {
    const unseen = findUnseen(textOf(entry, 'name') ?? '');
    if (unseen === undefined) return [];
    const character = nameCharacter(unseen);
    return warn(message('source.name_unseen', { key: quote(entry.key), character }), entry, 'name');
  });
}

function warnOfNamesAlike(entries: readonly Entry[]): readonly Diagnostic[] {
  const seen = new Map<string, Entry>();
  return entries.flatMap((entry) => {
    const name = textOf(entry, 'name');
    if (name === undefined || textOf(entry, 'app_type') !== 'normal') return [];
    const folded = foldForEyes(name);
    const first = seen.get(folded);
    if (first === undefined) seen.set(folded, entry);
    const other = first === undefined ? name : (textOf(first, 'name') ?? '');
    if (first === undefined || other === name) return [];
    const keys = { key: quote(entry.key), other: quote(first.key) };
    const problem = message('source.names_alike', { ...keys, difference: describeDifference(name, other) });
    return createDiagnostic('names_alike', problem, markOfField(entry, 'name'), {
      severity: 'warning',
      hint: message('source.names_alike_hint'),
      related: { message: message('source.other_one'), mark: markOfField(first, 'name') },
    });
  });
}

/** Signs outside of ASCII that stand for others in a path, and letters of two scripts in one word. */
const DECEPTIVE_PATH =
  /[^\p{ASCII}\p{L}\p{N}\p{M}]|[\p{Script=Cyrillic}\p{Script=Greek}](?=[a-z])|(?<=[a-z])[\p{Script=Cyrillic}\p{Script=Greek}]/iu;

function warnOfDeceptiveUrls(entries: readonly Entry[]): readonly Diagnostic[] {
  return entries.flatMap((entry) => {
    const text = textOf(entry, 'callback_url');
    if (text === undefined || /^https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)*[/:][ -~]*$/.test(text)) return [];
    const url = findForbiddenInUrl(text) === undefined ? parseUrl(text) : undefined;
    if (url === undefined) return [];
    const key = quote(entry.key);
    const [, written = '', rest = ''] = /^[a-z]+:\/\/([^/?#]*)(.*)$/isu.exec(text) ?? [];
    const foreign = findForeign(written);
    if (foreign !== undefined) {
      const host = { character: nameCharacter(foreign), host: quote(url.host) };
      return warn(message('source.host_foreign', { key, ...host }), entry, 'callback_url');
    }
    if (url.hostname.endsWith('.')) {
      return warn(message('source.host_dot', { key }), entry, 'callback_url');
    }
    const sign = DECEPTIVE_PATH.exec(rest)?.[0];
    if (sign === undefined) return [];
    return warn(message('source.url_sign', { key, character: nameCharacter(sign) }), entry, 'callback_url');
  });
}

function warn(problem: Message, entry: Entry, field: 'name' | 'callback_url'): Diagnostic {
  const hint = message('source.remove_unless');
  return createDiagnostic('strange_character', problem, markOfField(entry, field), {
    severity: 'warning',
    hint,
  });
}
