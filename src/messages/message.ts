/** Sentences for people, as data: which sentence, and what goes into it. `say` puts one into words. */

import type { Catalogue, MessageId } from './en.ts';

type EntryOf<Id extends MessageId> = Catalogue[Id];
type ParamsOf<Id extends MessageId> =
  EntryOf<Id> extends (params: infer Params extends object) => string ? Params : undefined;
/** A text parameter may be a message of its own; it is put into words in the same language. */
type Given<Params> = {
  readonly [Name in keyof Params]: Params[Name] extends string
    ? string | Message
    : Params[Name] extends readonly string[]
      ? readonly (string | Message)[]
      : Params[Name];
};

/** Plain data: it can be compared, serialised and kept. */
export interface Message {
  readonly id: MessageId;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** The parameters that the entry of the catalogue takes, none where it is a plain text. */
export type MessageParams<Id extends MessageId> = ParamsOf<Id> extends undefined ? [] : [Given<ParamsOf<Id>>];

/** A sentence of the catalogue with its parameters, checked by the compiler. */
export function message<Id extends MessageId>(id: Id, ...params: MessageParams<Id>): Message {
  const [given] = params;
  return given === undefined ? { id } : { id, params: given as Readonly<Record<string, unknown>> };
}

/** Text from outside, such as the platform's own words: shown as it is, in every language. */
export function verbatim(text: string): Message {
  return message('verbatim', { text });
}

/** A sentence that was recorded in English: in another language where it is one of the catalogue. */
export function recorded(text: string): Message {
  return message('recorded', { text });
}

/** The message with each text in it changed, also in messages within it. */
export function mapTexts({ id, params }: Message, change: (text: string) => string): Message {
  if (params === undefined) return { id };
  const changed = Object.entries(params).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map((item) => mapText(item, change)) : mapText(value, change),
  ]);
  return { id, params: Object.fromEntries(changed) };
}

function mapText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  return typeof value === 'object' && value !== null ? mapTexts(value as Message, change) : value;
}
