/**
 * Recorded sentences are English. Those of the catalogue are recognised, so that a reader of another language
 * gets them in that language; all others stay as they are.
 */

import { ENGLISH, type MessageId } from './en.ts';
import type { Message } from './message.ts';

/** What is recorded: failures, warnings, and what plans say. */
const RECORDED = /^(platform|apply|plan|state|daemon)\./;
/** A template with fewer letters of its own would fit anything. */
const LETTERS_MIN = 8;

interface Template {
  readonly id: MessageId;
  readonly letters: number;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  /** Those of them that are lists. */
  readonly lists: ReadonlySet<string>;
}

interface Known {
  readonly plain: ReadonlyMap<string, MessageId>;
  readonly templates: readonly Template[];
}

/** Undefined for a sentence of no catalogue entry. `sayEnglish` guards against a template that fits by chance. */
export function recognise(text: string, sayEnglish: (message: Message) => string): Message | undefined {
  const plain = KNOWN.plain.get(text);
  if (plain !== undefined) return { id: plain };
  for (const { id, pattern, names, lists } of KNOWN.templates) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const params = names.map((name, index) => {
      const part = found[index + 1] ?? '';
      // Its entries were joined; a comma within quotes is text.
      if (lists.has(name)) return [name, part.split(/, (?=(?:[^"]*"[^"]*")*[^"]*$)/)] as const;
      return [name, recognise(part, sayEnglish) ?? part] as const;
    });
    const message = { id, params: Object.fromEntries(params) };
    if (isCertain(id, params) && sayEnglish(message) === text) return message;
  }
  return undefined;
}

/** `OPERATION: MEANING (FACTS)` fits much: its meaning must be one of the catalogue. */
function isCertain(id: MessageId, params: readonly (readonly [string, unknown])[]): boolean {
  return (
    id !== 'platform.failed' ||
    params.some(([name, value]) => name === 'meaning' && typeof value === 'object')
  );
}

function readCatalogue(): Known {
  const entries = Object.entries(ENGLISH).filter(([id]) => RECORDED.test(id)) as [MessageId, unknown][];
  const templates = entries.flatMap(([id, entry]) =>
    typeof entry === 'function' ? readTemplate(id, entry as (params: object) => string) : [],
  );
  return {
    plain: new Map(
      entries.flatMap(([id, entry]) => (typeof entry === 'string' ? [[entry, id] as const] : [])),
    ),
    templates: templates.sort((one, other) => other.letters - one.letters),
  };
}

/** The entry with a mark in place of each parameter; nothing where it does more with one than show it. */
function readTemplate(id: MessageId, entry: (params: object) => string): Template[] {
  const asked = new Set<string>();
  const lists = new Set<string>();
  const params = new Proxy(
    {},
    {
      get(_, name) {
        asked.add(String(name));
        return markOf(String(name), lists);
      },
    },
  );
  const parts = entry(params).split('\0');
  const names = parts.filter((_, index) => index % 2 === 1);
  const own = parts.filter((_, index) => index % 2 === 0);
  const letters = own.join('').replace(/[^A-Za-z]/g, '').length;
  if (names.length !== asked.size || (letters < LETTERS_MIN && id !== 'platform.failed')) return [];
  const pattern = own.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.+?)');
  return [{ id, letters, names, lists, pattern: new RegExp(`^${pattern}$`, 's') }];
}

/** Prints as a mark; used as a list, it is noted as one. */
function markOf(name: string, lists: Set<string>): object {
  const text = `\0${name}\0`;
  const note = (): string => {
    lists.add(name);
    return text;
  };
  return { toString: () => text, join: note, map: () => ({ join: note }) };
}

const KNOWN: Known = readCatalogue();
