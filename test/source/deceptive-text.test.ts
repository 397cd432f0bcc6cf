/** Names, ids and URLs that are not what they seem: each is refused or told of, with the code point named. */

import { describe, expect, it } from 'vitest';
import { createMemoryFiles } from '../../src/lib/file-reader.ts';
import { createTranslator } from '../../src/messages/say.ts';
import { createConfigurationValidator, loadConfiguration } from '../../src/source/load-configuration.ts';

const MAIN = '/etc/callbackd/callbackd.yaml';
const validator = await createConfigurationValidator();
const translate = createTranslator('en');

async function load(apps: Readonly<Record<string, object>>) {
  const texts = new Map([[MAIN, JSON.stringify({ version: 1, apps })]]);
  const loaded = await loadConfiguration({
    path: MAIN,
    environment: {},
    files: createMemoryFiles(texts),
    validator,
  });
  const diagnostics = loaded.ok ? loaded.warnings : loaded.diagnostics;
  return {
    loaded,
    told: diagnostics.map(({ code, severity, message }) => `${severity} ${code}: ${translate(message)}`),
  };
}

const withUrl = (callback_url: string) => load({ a: { app_type: 'normal', name: 'a', callback_url } });
const withNames = (...names: readonly string[]) =>
  load(Object.fromEntries(names.map((name, at) => [`k${at}`, { app_type: 'normal', name }])));

describe('a callback_url', () => {
  it.each([
    ['https://hooks.example.com/a\u200b', 'U+200B (zero width space)'],
    ['https://hooks.ex\u00adample.com/b', 'U+00AD (soft hyphen)'],
    ['https://hooks.example.com/\u2060a', 'U+2060 (word joiner)'],
    ['https://hooks.example.com/\u202egpj', 'U+202E (right-to-left override)'],
    ['https://hooks.example.com/\u2067a\u2069', 'U+2067 (right-to-left isolate)'],
    ['\ufeffhttps://hooks.example.com/', 'U+FEFF (byte order mark)'],
    ['https://hooks.example.com\\d', 'U+005C (backslash)'],
    ['https://hooks.example.com/\u00a0', 'U+00A0 (no-break space)'],
    ['https://hooks.example.com/\u3000', 'U+3000 (ideographic space)'],
    ['\u201chttps://hooks.example.com/\u201d', 'U+201C (left double quotation mark)'],
    ['https://hooks.example.com/it\u2019s', 'U+2019 (right single quotation mark)'],
    ['https://hooks.example.com/\u{e0041}', 'U+E0041'],
  ])('is refused: %j', async (url, name) => {
    const { loaded, told } = await withUrl(url);
    expect(loaded.ok).toBe(false);
    expect(told).toEqual([`error bad_format: \`apps.a.callback_url\` holds ${name}`]);
  });

  it.each([
    ['https://h\u043eoks.example.com/c', 'U+043E'],
    ['https://hooks\uff0eexample.com/', 'U+FF0E'],
    ['https://hooks\u3002example.com/', 'U+3002'],
    ['https://b\u00fccher.example/', 'U+00FC'],
    ['https://hooks.example.com./e', 'U+002E'],
    ['https://hooks.example.com/\u043erders', 'U+043E'],
    ['https://hooks.example.com/a\u2013b', 'U+2013'],
    ['https://hooks.example.com/\uff0fa', 'U+FF0F'],
  ])('is told of: %j', async (url, name) => {
    const { loaded, told } = await withUrl(url);
    expect(loaded.ok).toBe(true);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('warning strange_character');
    expect(told[0]).toContain(name);
  });

  it.each([
    ['HTTPS://hooks.example.com/f', 'https://hooks.example.com/f'],
    ['hTTps://HOOKS.example.COM:443', 'https://hooks.example.com/'],
    ['https://hooks.example.com/a/../b/./c', 'https://hooks.example.com/b/c'],
    ['https://hooks.example.com:0443/a', 'https://hooks.example.com/a'],
    ['https://hooks.example.com/\u8ba2\u5355', 'https://hooks.example.com/%E8%AE%A2%E5%8D%95'],
    ['https://0x7f.1/a', 'https://127.0.0.1/a'],
    ['https://hooks.example.com/a?b=%c3%a9', 'https://hooks.example.com/a?b=%c3%a9'],
  ])('is used as the standard reads it: %s', async (url, used) => {
    const { loaded, told } = await withUrl(url);
    expect(told).toEqual([]);
    if (!loaded.ok) throw new Error('it was refused');
    expect([...loaded.configuration.desired.apps.values()][0]?.callbackUrl).toBe(used);
  });

  it.each(['HTTP://hooks.example.com/', 'http://x.localhost/', 'http://127.0.0.1.example.com/'])(
    'is refused as plain http: %s',
    async (url) => {
      expect((await withUrl(url)).told.join()).toContain('http_not_allowed');
    },
  );

  it('may be plain http on the loopback address in any spelling', async () => {
    for (const url of [
      'HTTP://LOCALHOST:1/',
      'http://127.1/',
      'http://[0:0:0:0:0:0:0:1]/',
      'http://2130706433/',
    ]) {
      expect((await withUrl(url)).told).toEqual([]);
    }
  });
});

describe('an id', () => {
  it.each([
    ['1056\u200b899', 'U+200B (zero width space)'],
    ['1056\u0660899', 'U+0660'],
    ['\uff11056899', 'U+FF11'],
    ['\u202d1056899', 'U+202D (left-to-right override)'],
  ])('names what does not belong there: %j', async (connector_id, name) => {
    const { loaded, told } = await load({ a: { app_type: 'connector', connector_id } });
    expect(loaded.ok).toBe(false);
    expect(told.join()).toContain(name);
  });
});

describe('a name', () => {
  it.each([
    ['orders ', 'U+0020 (space)'],
    [' orders', 'U+0020 (space)'],
    ['orders\u3000', 'U+3000 (ideographic space)'],
    ['\u00a0orders', 'U+00A0 (no-break space)'],
    ['orders\n', 'U+000A'],
  ])('must not begin or end with a space: %j', async (name, character) => {
    const { loaded, told } = await withNames(name);
    expect(loaded.ok).toBe(false);
    expect(told[0]).toContain(`begins or ends with ${character}`);
  });

  it('may begin or end with a space where its entry names the app by id, and is told of', async () => {
    const entry = { id: '7412345678901234567', app_type: 'normal', name: ' orders' };
    const { loaded, told } = await load({ a: entry });
    expect(loaded.ok).toBe(true);
    expect(told).toEqual([expect.stringContaining('begins or ends with U+0020 (space)')]);
  });

  it.each([
    ['orders\u200b', 'U+200B (zero width space)'],
    ['or\u00adders', 'U+00AD (soft hyphen)'],
    ['\u202eorders', 'U+202E (right-to-left override)'],
  ])('that holds what nobody sees is told of: %j', async (name, character) => {
    const { loaded, told } = await withNames(name);
    expect(loaded.ok).toBe(true);
    expect(told).toEqual([expect.stringContaining(character)]);
  });

  it.each([
    ['Caf\u00e9', 'Cafe\u0301', 'U+0301 is composed'],
    ['orders', 'Orders', 'only in case'],
    ['orders', 'orders\u200b', 'U+200B (zero width space)'],
    ['orders a', 'orders  a', 'spaces'],
    ['orders a', 'orders\u00a0a', 'U+00A0 (no-break space)'],
    ['orders', '\u043erders', 'U+043E'],
    ['\u8ba2\u5355A', '\u8ba2\u5355\uff21', 'U+FF21'],
  ])('that looks like another is told of: %j and %j', async (one, other, difference) => {
    const { loaded, told } = await withNames(one, other);
    expect(loaded.ok).toBe(true);
    const alike = told.filter((line) => line.includes('names_alike'));
    expect(alike).toHaveLength(1);
    expect(alike[0]).toContain(difference);
  });

  it.each([
    ['orders', 'orders2'],
    ['\u8ba2\u5355', '\u8ba2\u9605'],
    ['a b', 'c d'],
    ['\ud83d\udc69\u200d\ud83d\udcbb', '\u2764\ufe0f'],
  ])('that differs to the eye is not: %j and %j', async (one, other) => {
    expect((await withNames(one, other)).told).toEqual([]);
  });
});
