/** Puts messages into words. */

import { ENGLISH, type MessageId } from './en.ts';
import type { Message, MessageParams } from './message.ts';
import { recognise } from './recognise.ts';
import { CHINESE } from './zh.ts';

export type Language = 'en' | 'zh';

type Words = Readonly<Record<string, string | ((params: never) => string)>>;

const WORDS: Readonly<Record<Language, Words>> = {
  en: ENGLISH,
  zh: CHINESE,
};

/** The sentence in a language. Documents, logs and what is recorded are always English. */
export function say({ id, params }: Message, language: Language = 'en'): string {
  if (id === 'recorded' && language !== 'en') {
    const text = String(params?.['text']);
    const found = recognise(text, say);
    return found === undefined ? text : say(found, language);
  }
  const entry = WORDS[language][id];
  if (typeof entry === 'string') return entry;
  if (entry === undefined) throw new Error(`no message ${id} in ${language}`);
  return (entry as (params: unknown) => string)(sayParams(params ?? {}, language));
}

/** A sentence at once, by its id or as a message that was made elsewhere. */
export interface Translate {
  <Id extends MessageId>(id: Id, ...params: MessageParams<Id>): string;
  (made: Message): string;
}

/** A translator into one language. */
export function createTranslator(language: Language): Translate {
  const translate = (said: MessageId | Message, params?: Readonly<Record<string, unknown>>) =>
    say(typeof said === 'string' ? { id: said, ...(params && { params }) } : said, language);
  return translate as Translate;
}

/** What is itself a message is put into words first. */
function sayParams(params: Readonly<Record<string, unknown>>, language: Language): object {
  const sayOne = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sayOne);
    return isMessage(value) ? say(value, language) : value;
  };
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, sayOne(value)]));
}

function isMessage(value: unknown): value is Message {
  return (
    typeof value === 'object' && value !== null && 'id' in value && Object.hasOwn(ENGLISH, String(value.id))
  );
}
