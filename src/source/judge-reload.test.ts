/** Half-written files change nothing: every cut of a save is refused, held, or harmless. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createMemoryFiles } from '../lib/file-reader.ts';
import { say } from '../messages/say.ts';
import type { Configuration } from '../model/configuration.ts';
import { judgeReload } from './judge-reload.ts';
import { createConfigurationValidator, loadConfiguration } from './load-configuration.ts';

const validator = await createConfigurationValidator();
const FILE = '/etc/callbackd/callbackd.yaml';

const BLOCK = `version: 1
reconcile:
  prune: owned
apps:
  orders:
    app_type: normal
    name: 订单回调应用
    callback_url: https://hooks.example.com/coze/orders
    events:
      - bot.published
      - bot.deleted
  partner:
    app_type: connector
    connector_id: "1056899000"
    callback_url: https://hooks.example.com/coze/partner
    protect: true
  refunds:
    app_type: normal
    name: 退款回调应用
    callback_url: https://hooks.example.com/coze/refunds
    events:
      - bot.published
      - bot.unpublished
    ignore:
      - name
    paused:
      because: migration
`;
const SETTINGS_LAST = `version: 1
apps:
  orders: {app_type: normal, name: 订单回调应用, callback_url: https://hooks.example.com/a}
  refunds: {app_type: normal, name: 退款, callback_url: https://hooks.example.com/b, events: []}
reconcile:
  adopt: never
  prune: never
`;
const edited = (text: string) =>
  text.replace('coze/orders', 'coze/v2/orders').replace('      - bot.deleted\n', '');
const prepended = (text: string) =>
  text.replace('apps:\n', 'apps:\n  first:\n    app_type: normal\n    name: first\n');

async function load(text: string): Promise<Configuration | undefined> {
  const files = createMemoryFiles(new Map([[FILE, text]]));
  const loaded = await loadConfiguration({ path: FILE, environment: {}, files, validator });
  return loaded.ok ? loaded.configuration : undefined;
}

async function mustLoad(text: string): Promise<Configuration> {
  const configuration = await load(text);
  if (configuration === undefined) throw new Error(`not valid:\n${text}`);
  return configuration;
}

/** What of `next` would reach the account at once: entries that are new or changed, and settings. */
function effects(previous: Configuration, next: Configuration): string[] {
  const changed = [...next.desired.apps.values()].filter((app) => {
    const before = previous.desired.apps.get(app.key);
    return !isDeepStrictEqual({ ...app, position: 0 }, { ...before, position: 0 });
  });
  const settings = isDeepStrictEqual(previous.settings, next.settings) ? [] : ['settings'];
  return [...changed.map((app) => app.key as string), ...settings];
}

describe('a save that is cut at any byte', () => {
  it.each([
    ['the same content', BLOCK, BLOCK],
    ['an edit of the first entry', BLOCK, edited(BLOCK)],
    ['an entry put on top', BLOCK, prepended(BLOCK)],
    ['settings after the entries', SETTINGS_LAST, SETTINGS_LAST],
    ['an edit with settings after the entries', SETTINGS_LAST, SETTINGS_LAST.replace('/a}', '/c}')],
  ])('reaches nothing of the account: %s', async (_, before, save) => {
    const previous = await mustLoad(before);
    const complete = await mustLoad(save);
    const allowed = effects(previous, complete);
    const bytes = Buffer.from(save);
    const wrong: string[] = [];
    for (let length = 0; length < bytes.length; length += 1) {
      const text = bytes.subarray(0, length).toString('utf8');
      const next = await load(text);
      if (next === undefined || judgeReload(previous, next) !== undefined) continue;
      const reached = effects(previous, next).filter((effect) => !allowed.includes(effect));
      if (reached.length > 0) wrong.push(`${length}: ${reached.join(' ')} after ${text.slice(-40)}`);
    }
    expect(wrong).toEqual([]);
  });

  it('is taken for a finished one only where an appended entry is cut at the end of a line', async () => {
    const entry =
      '  late:\n    app_type: normal\n    name: late\n    callback_url: https://hooks.example.com/late\n';
    const previous = await mustLoad(BLOCK);
    const accepted: string[] = [];
    for (let length = BLOCK.length; length < BLOCK.length + entry.length; length += 1) {
      const text = `${BLOCK}${entry}`.slice(0, length);
      const next = await load(text);
      if (next !== undefined && judgeReload(previous, next) === undefined)
        accepted.push(text.slice(BLOCK.length));
    }
    expect(accepted).toEqual(['', entry.slice(0, entry.indexOf('    callback_url'))]);
  });
});

describe('a reload', () => {
  async function judge(before: string, after: string): Promise<string | undefined> {
    const hold = judgeReload(await mustLoad(before), await mustLoad(after));
    return hold && say(hold.reason);
  }
  const entries = (...names: string[]) =>
    `version: 1\napps:\n${names.map((name) => `  ${name}: {app_type: normal, name: ${name}}\n`).join('')}`;

  it('is held when more than half of the entries are gone at once', async () => {
    expect(await judge(entries('a', 'b', 'c'), entries('c'))).toBe('2 of 3 entries are gone at once');
  });

  it.each([
    ['half of the entries are removed', entries('a', 'b', 'c', 'd'), entries('a', 'b')],
    ['the only entry is removed', entries('a'), 'version: 1\napps: {}\n'],
    ['an entry in the middle is removed', entries('a', 'b', 'c'), entries('a', 'c')],
    ['the last entry is removed', entries('a', 'b', 'c'), entries('a', 'b')],
    ['entries are added and edited', BLOCK, `${edited(prepended(BLOCK))}# done\n`],
    ['the last line is edited', BLOCK, BLOCK.replace('because: migration', 'because: moving')],
    [
      'the last entry is renamed',
      entries('a', 'b'),
      `${entries('a')}  c: {app_type: normal, name: c, was: b}\n`,
    ],
    ['a closing comment is removed', `${BLOCK}# end\n`, BLOCK],
    ['a file that never ended in a line break is edited', entries('a').trimEnd(), entries('b').trimEnd()],
    ['line ends become CRLF', BLOCK, BLOCK.replaceAll('\n', '\r\n')],
  ])('goes through when %s', async (_, before, after) => {
    expect(await judge(before, after)).toBeUndefined();
  });

  it.each([
    ['its last line break is gone', BLOCK, BLOCK.trimEnd(), 'it ends in the middle of a line'],
    [
      'the last entry loses its last lines',
      BLOCK,
      BLOCK.slice(0, BLOCK.indexOf('    paused:')),
      'it ends within the entry refunds',
    ],
    [
      'settings at the end are gone',
      SETTINGS_LAST,
      SETTINGS_LAST.slice(0, SETTINGS_LAST.indexOf('  prune')),
      'settings at its end are gone',
    ],
    [
      'the last entries are gone and the one before was changed',
      entries('a', 'b', 'c', 'd'),
      entries('a', 'b', 'c').replace('name: c', 'name: c2'),
      'entries after c are gone, which itself was changed',
    ],
    [
      'the last entry is gone and nothing would delay the delete',
      `${entries('a', 'b', 'c')}`.replace('apps', 'reconcile: {delete_grace: 0s}\napps'),
      `${entries('a', 'b')}`.replace('apps', 'reconcile: {delete_grace: 0s}\napps'),
      'it is the beginning of what it was, and delete_grace is too short to wait for the rest',
    ],
  ])('is held when %s', async (_, before, after, reason) => {
    expect(await judge(before, after)).toBe(`${FILE} looks cut short: ${reason}`);
  });
});

describe('an included file that is gone', () => {
  const MAIN = (grace: string, include = '[apps.d/*.yaml]') =>
    `version: 1\nreconcile: {delete_grace: ${grace}}\ninclude: ${include}\napps:\n  ${APP('main')}\n`;
  const APP = (key: string) => `${key}: {app_type: normal, name: ${key}}`;
  const PART = '/etc/callbackd/apps.d/a.yaml';
  const OTHER = '/etc/callbackd/apps.d/b.yaml';

  async function open(texts: Record<string, string>): Promise<Configuration> {
    const files = createMemoryFiles(new Map(Object.entries(texts)));
    const loaded = await loadConfiguration({ path: FILE, environment: {}, files, validator });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics));
    return loaded.configuration;
  }
  const whole = { [PART]: `apps:\n  ${APP('a')}\n`, [OTHER]: `apps:\n  ${APP('b')}\n  ${APP('c')}\n` };
  const without = { [OTHER]: whole[OTHER] ?? '' };
  const judgeLoss = async (before: string, after: Record<string, string>) =>
    judgeReload(await open({ [FILE]: before, ...whole }), await open(after));

  it('is waited for where no grace period would', async () => {
    const hold = await judgeLoss(MAIN('0s'), { [FILE]: MAIN('0s'), ...without });
    expect(hold && say(hold.reason)).toBe(
      `${PART} is gone with its entries, and \`delete_grace\` is too short to wait for it`,
    );
  });

  it('is taken as it is where the grace period waits, and where it is no longer asked for or its entries moved', async () => {
    expect(await judgeLoss(MAIN('10m'), { [FILE]: MAIN('10m'), ...without })).toBeUndefined();
    const named = MAIN('0s', '[apps.d/b.yaml]');
    expect(await judgeLoss(MAIN('0s'), { [FILE]: named, ...without })).toBeUndefined();
    const moved = { [OTHER]: `${whole[OTHER]}  ${APP('a')}\n` };
    expect(await judgeLoss(MAIN('0s'), { [FILE]: MAIN('0s'), ...moved })).toBeUndefined();
  });
});
