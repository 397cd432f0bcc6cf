/** The word that was probably meant is found; a word that was not meant is not suggested. */
import { expect, it } from 'vitest';
import { nearestWord } from './nearest-word.ts';

const WORDS = ['callback_url', 'connector_id', 'name', 'id', 'was'];

it.each([
  ['callbackUrl', 'callback_url'],
  ['callback-url', 'callback_url'],
  ['calback_ulr', 'callback_url'],
  ['nmae', 'name'],
  ['Id', 'id'],
  ['saw', undefined],
  ['protect', undefined],
  ['', undefined],
])('%s was meant to be %s', (word, expected) => {
  expect(nearestWord(word, WORDS)).toBe(expected);
});

it('counts a swap of neighbours as one mistake and takes the closest', () => {
  expect(nearestWord('bto.published', ['bot.unpublished', 'bot.published'])).toBe('bot.published');
});
