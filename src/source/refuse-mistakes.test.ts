/** Every mistake of the operator is one clear diagnostic at its place, and all of them are told at once. */
import { describe, expect, it } from 'vitest';
import { createMemoryFiles } from '../lib/file-reader.ts';
import { DIAGNOSTIC_CODES } from '../messages/en/diagnostic-codes.ts';
import { message } from '../messages/message.ts';
import { type Diagnostic, type DiagnosticText, sayDiagnostic } from '../model/diagnostic.ts';
import { createConfigurationValidator, loadConfiguration } from './load-configuration.ts';

const MAIN = '/etc/callbackd/callbackd.yaml';
const validator = await createConfigurationValidator();
const seenCodes = new Set<string>();
const inChinese: string[] = [];

async function diagnose(
  content: string | Uint8Array,
  more: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<readonly DiagnosticText[]> {
  const files = createMemoryFiles(new Map(Object.entries({ [MAIN]: content, ...more })));
  const loaded = await loadConfiguration({ path: MAIN, environment: { SET: 'set' }, files, validator });
  const diagnostics = loaded.ok ? loaded.warnings : loaded.diagnostics;
  for (const diagnostic of diagnostics) {
    seenCodes.add(diagnostic.code);
    const { message, hint, related } = sayDiagnostic(diagnostic, 'zh');
    inChinese.push(...[message, hint, related?.message].flatMap((text) => text ?? []));
  }
  return diagnostics.map((diagnostic) => sayDiagnostic(diagnostic));
}

/** `code line marked-text`; only for diagnostics of the main file. */
function brief(
  content: string,
  diagnostics: readonly Pick<Diagnostic, 'code' | 'position' | 'length'>[],
): string[] {
  const lines = content.replace('\uFEFF', '').split(/\r?\n/);
  return diagnostics.map(({ code, position, length }) => {
    const start = position.column - 1;
    return `${code} ${position.line} ${lines[position.line - 1]?.slice(start, start + length) ?? ''}`;
  });
}

/** What is said about a main file that stands alone. */
async function briefly(content: string | Uint8Array): Promise<string[]> {
  return brief(
    new TextDecoder().decode(typeof content === 'string' ? Buffer.from(content) : content),
    await diagnose(content),
  );
}

const entry = (fields: string) => `version: 1\napps:\n  a: {app_type: normal, name: A, ${fields}}\n`;
const config = (line: string) => `version: 1\n${line}\napps: {}\n`;

const notify = (fields: string) => config(`notify: [{${fields}}]`);

describe('text that is not a configuration at all', () => {
  it.each<[string, string | Uint8Array, string[]]>([
    ['an empty file', '', ['document_empty 1 ']],
    ['only comments', '# nothing\n\n', ['document_empty 1 #']],
    ['an explicit null', 'null\n', ['document_empty 1 n']],
    ['a list', '- version: 1\n', ['document_not_mapping 1 -']],
    ['a file of NUL bytes, as after a power cut', '\0\0\0\0', ['document_not_mapping 1 \0']],
    ['a tab for indentation', 'version: 1\napps:\n\ta: 1\n', ['yaml_tab 3 \t']],
    ['an unclosed quote', 'version: "1\n', ['yaml_syntax 2 ']],
    ['two documents', 'version: 1\n---\napps: {}\n', ['yaml_several_documents 2 ---']],
    ['a tag', config('state_dir: !include x'), ['yaml_tag 2 !include']],
    ['an alias without anchor', config('state_dir: *x'), ['yaml_alias 2 *x']],
    ['an alias of itself', config('coze: &x {auth: *x}'), ['yaml_alias 2 *x']],
    ['Latin-1', Buffer.from('version: 1\n# caf\xe9\n', 'latin1'), ['file_not_utf8 2 \uFFFD']],
    ['UTF-16', Buffer.from('version: 1\n', 'utf16le').subarray(0, 3), ['document_not_mapping 1 v']],
  ])('%s', async (_, content, expected) => {
    expect(await briefly(content)).toEqual(expected);
  });

  it('is told from text with a byte order mark or CRLF, which is fine', async () => {
    expect(await diagnose('\uFEFFversion: 1\r\napps: {}\r\n')).toEqual([]);
    expect(await briefly('\uFEFFversionn: 1\r\napps: {}\r\n')).toEqual([
      'missing_key 1 v',
      'unknown_key 1 versionn',
    ]);
  });

  it('stops an alias bomb and bottomless nesting within bounds', async () => {
    const levels = Array.from(
      { length: 20 },
      (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(9)}]`,
    );
    expect(await briefly(`l0: &l0 [x]\n${levels.join('\n')}\n`)).toContainEqual(
      expect.stringMatching(/^yaml_too_large/),
    );
    expect(await briefly(`version: ${'['.repeat(100)}${']'.repeat(100)}\n`)).toEqual([
      expect.stringMatching(/^yaml_too_large/),
    ]);
    expect(await briefly('['.repeat(100_000))).toEqual([expect.stringMatching(/^yaml_too_large/)]);
  });

  it('names the file when there is none or it is too large', async () => {
    const files = createMemoryFiles(new Map());
    const missing = await loadConfiguration({ path: 'x.yaml', environment: {}, files, validator });
    expect(missing).toMatchObject({
      ok: false,
      diagnostics: [
        {
          code: 'file_missing',
          message: message('source.file_missing', { file: 'x.yaml' }),
          position: { file: 'x.yaml' },
        },
      ],
    });
    expect(await diagnose(Buffer.alloc(17 * 1024 * 1024, 0x20))).toMatchObject([{ code: 'file_too_large' }]);
  });
});

describe('keys', () => {
  it.each([
    ['misspelt', config('recncile: {}'), 'unknown_key 2 recncile', 'Did you mean `reconcile`?'],
    ['in camel case', entry('callbackUrl: x'), 'unknown_key 3 callbackUrl', 'Did you mean `callback_url`?'],
    [
      'at the wrong place',
      config('callback_url: x'),
      'unknown_key 2 callback_url',
      '`callback_url` belongs in `apps.KEY`.',
    ],
    [
      'at the wrong level',
      config('deletes_per_day: 3'),
      'unknown_key 2 deletes_per_day',
      '`deletes_per_day` belongs in `reconcile.limits`.',
    ],
    ['unknown', config('log: {zzzzzz: 1}'), 'unknown_key 2 zzzzzz', 'Known keys: `level`, `format`.'],
    [
      'a merge',
      config('<<: {log: {}}'),
      'yaml_merge_key 2 <<',
      expect.stringContaining('alias for a whole value'),
    ],
    [
      'a number',
      'version: 1\napps:\n  7512345678901234567: {app_type: normal, name: A}\n',
      'key_not_text 3 7512345678901234567',
      'Quote it: "7512345678901234567".',
    ],
    [
      'a path',
      'version: 1\napps:\n  ../a: {app_type: normal, name: A}\n',
      'bad_key 3 ../a',
      expect.stringContaining('63'),
    ],
    [
      'too long',
      `version: 1\napps:\n  ${'k'.repeat(64)}: {app_type: normal, name: A}\n`,
      `bad_key 3 ${'k'.repeat(64)}`,
      expect.stringContaining('63'),
    ],
    [
      '__proto__',
      'version: 1\napps:\n  __proto__: {app_type: normal, name: A}\n',
      'bad_key 3 __proto__',
      expect.any(String),
    ],
    [
      'a secret',
      config('coze: {token: pat_abc}'),
      'token_in_config 2 token',
      expect.stringContaining('token_file'),
    ],
  ])('%s', async (_, content, expected, hint) => {
    const diagnostics = await diagnose(content);
    expect(brief(content, diagnostics)).toEqual([expected]);
    expect(diagnostics[0]?.hint).toEqual(hint);
    expect(JSON.stringify(diagnostics)).not.toContain('pat_abc');
  });

  it('written twice name both places', async () => {
    const [diagnostic, ...others] = await diagnose('version: 1\napps: {}\nstate_dir: /a\nstate_dir: /b\n');
    expect(others).toEqual([]);
    expect(diagnostic).toMatchObject({
      code: 'duplicate_key',
      position: { line: 4, column: 1 },
      related: { message: 'first written here', position: { line: 3, column: 1 } },
    });
  });

  it('missing are told at the thing that lacks them', async () => {
    expect(await briefly('state_dir: /x\n')).toEqual(['missing_key 1 s', 'missing_key 1 s']);
    const entries = '  a: {app_type: normal}\n  b: {app_type: connector}\n  c: {}\n';
    expect(await briefly(`version: 1\napps:\n${entries}`)).toEqual([
      'missing_key 3 a',
      'missing_key 4 b',
      'missing_key 5 c',
    ]);
  });
});

describe('values', () => {
  it.each([
    ['no value', 'version: 1\napps:\n', 'missing_value 2 apps'],
    ['version 2', 'version: 2\napps: {}\n', 'value_not_allowed 1 2'],
    ['an unquoted id', entry('id: 7512345678901234567'), 'unquoted_number 3 7512345678901234567'],
    [
      'an unquoted connector',
      'version: 1\napps: {a: {app_type: connector, connector_id: 1056899000}}\n',
      'unquoted_number 2 1056899000',
    ],
    ['an id with letters', entry('id: "75x"'), 'bad_format 3 "75x"'],
    ['a number for a name', 'version: 1\napps: {a: {app_type: normal, name: 12}}\n', 'unquoted_number 2 12'],
    ['an empty name', 'version: 1\napps: {a: {app_type: normal, name: ""}}\n', 'out_of_range 2 ""'],
    ['an app type in capitals', 'version: 1\napps: {a: {app_type: Normal}}\n', 'value_not_allowed 2 Normal'],
    ['a list for a mapping', config('log: []'), 'wrong_type 2 []'],
    ['a text for a list', entry('events: bot.published'), 'wrong_type 3 bot.published'],
    ['a text for true', entry('protect: "yes"'), 'wrong_type 3 "yes"'],
    ['an ignored field twice', entry('ignore: [name, name]'), 'value_not_allowed 3 name'],
    ['a share over 1', config('reconcile: {limits: {deletes_share: 30}}'), 'out_of_range 2 30'],
    ['no concurrency', config('coze: {concurrency: 0}'), 'out_of_range 2 0'],
    ['a duration without unit', config('coze: {timeout: "15"}'), 'bad_format 2 "15"'],
    ['a duration as a number', config('coze: {timeout: 15}'), 'unquoted_number 2 15'],
    ['a duration out of range', config('coze: {timeout: 1h}'), 'out_of_range 2 1h'],
    ['a cron expression of 4 fields', config('reconcile: {schedule: "* * * *"}'), 'bad_format 2 "* * * *"'],
    [
      'a cron expression out of range',
      config('reconcile: {schedule: "61 * * * *"}'),
      'bad_format 2 "61 * * * *"',
    ],
    ['a cron nickname', config('reconcile: {schedule: "@daily"}'), 'bad_format 2 "@daily"'],
    ['an unknown time zone', config('reconcile: {timezone: Mars/Olympus}'), 'bad_format 2 Mars/Olympus'],
    [
      'a pause until a local time',
      entry('paused: {until: "2026-12-01T00:00"}'),
      'bad_format 3 "2026-12-01T00:00"',
    ],
    ['a listen address without port', config('status: {listen: 127.0.0.1}'), 'bad_format 2 127.0.0.1'],
    ['a port too high', config('status: {listen: "127.0.0.1:70000"}'), 'bad_format 2 "127.0.0.1:70000"'],
    [
      'a base URL with a path',
      config('coze: {base_url: https://api.coze.cn/v1}'),
      'bad_format 2 https://api.coze.cn/v1',
    ],
    [
      'plain http to the API',
      config('coze: {base_url: http://api.coze.cn}'),
      'http_not_allowed 2 http://api.coze.cn',
    ],
    ['a URL without scheme', entry('callback_url: hooks.example.com/x'), 'bad_format 3 hooks.example.com/x'],
    [
      'a URL of another scheme',
      entry('callback_url: ftp://hooks.example.com'),
      'bad_format 3 ftp://hooks.example.com',
    ],
    [
      'a URL with white space',
      entry('callback_url: "https://a.example.com/ x"'),
      'bad_format 3 "https://a.example.com/ x"',
    ],
    [
      'a URL with a fragment',
      entry('callback_url: "https://a.example.com/#x"'),
      'bad_format 3 "https://a.example.com/#x"',
    ],
    [
      'a URL with a password',
      entry('callback_url: "https://u:p@a.example.com/"'),
      'token_in_config 3 "https://u:p@a.example.com/"',
    ],
    [
      'plain http to a receiver',
      entry('callback_url: "http://a.example.com/"'),
      'http_not_allowed 3 "http://a.example.com/"',
    ],
    [
      'a variable in a URL',
      entry(`callback_url: "https://\${SET}/"`),
      `variable_not_expanded 3 "https://\${SET}/"`,
    ],
    [
      'a variable in the base URL',
      config(`coze: {base_url: "https://\${SET}"}`),
      `variable_not_expanded 2 "https://\${SET}"`,
    ],
    ['a default in a variable', config(`state_dir: "\${SET:-x}"`), `bad_format 2 "\${SET:-x}"`],
    ['a receiver without a URL', notify('name: a, format: json'), 'notify_address 2 name'],
    [
      'a receiver with two URLs',
      notify('name: a, format: json, url_env: X, url_file: y'),
      'notify_address 2 url_env',
    ],
    [
      'two secrets',
      notify('name: a, format: feishu, url_env: X, secret_env: Y, secret_file: z'),
      'notify_address 2 secret_env',
    ],
    [
      'a webhook URL in the file',
      notify('name: a, format: json, url: "https://a.example.com/s"'),
      'token_in_config 2 url',
    ],
    [
      'a secret that the format does not know',
      notify('name: a, format: slack, url_env: X, secret_env: Y'),
      'field_not_for_type 2 secret_env',
    ],
    [
      'two receivers of one name',
      config('notify: [{name: a, format: json, url_env: X}, {name: a, format: json, url_env: Y}]'),
      'duplicate_notify 2 a',
    ],
    ['no name for a receiver', notify('name: O P, format: json, url_env: X'), 'bad_format 2 O P'],
    ['no kind of authentication', config('coze: {auth: {}}'), 'auth_kind 2 auth'],
    ['two kinds', config('coze: {auth: {token_file: /x, token_env: X}}'), 'auth_kind 2 auth'],
    ['a token for a variable name', config('coze: {auth: {token_env: pat_abc}}'), 'bad_format 2 pat_abc'],
    ['a token for a path', config('coze: {auth: {token_file: pat_abc}}'), 'token_in_config 2 pat_abc'],
    [
      'a longest wait below the quiet time',
      config('reconcile: {debounce: {quiet: 10s}}'),
      'debounce_order 2 debounce',
    ],
    ['a pattern of two stars', config('include: ["**/*.yaml"]'), 'bad_format 2 "**/*.yaml"'],
    ['an event in capitals', entry('events: [Bot.Published]'), 'bad_format 3 Bot.Published'],
    [
      'a name that ends like a mark',
      'version: 1\napps:\n  a: {app_type: normal, name: Orders-cb12AB0badcafe}\n',
      'marked_name 3 Orders-cb12AB0badcafe',
    ],
    ['a connector of a normal app', entry('connector_id: "1"'), 'field_not_for_type 3 connector_id'],
  ])('%s', async (_, content, expected) => {
    const diagnostics = (await diagnose(content)).filter(({ severity }) => severity === 'error');
    expect(brief(content, diagnostics)).toContain(expected);
    expect(diagnostics).toHaveLength(1);
    expect(JSON.stringify(diagnostics)).not.toMatch(/pat_abc|u:p@/);
  });

  it('counts a name in characters, not in UTF-16 units', async () => {
    expect(await diagnose(`version: 1\napps: {a: {app_type: normal, name: ${'😀'.repeat(128)}}}\n`)).toEqual(
      [],
    );
    const [diagnostic] = await diagnose(
      `version: 1\napps: {a: {app_type: normal, name: ${'订'.repeat(129)}}}\n`,
    );
    expect(diagnostic?.message).toBe('`apps.a.name` has 129 characters; at most 128 are allowed');
  });

  it('accepts http on loopback and where allow_http says so', async () => {
    expect(await diagnose(entry('callback_url: "http://127.0.0.1:8080/x"'))).toEqual([]);
    expect(await diagnose(entry('callback_url: "http://a.example.com/", allow_http: true'))).toEqual([]);
    expect(await diagnose(config('coze: {base_url: "http://[::1]:8080"}'))).toEqual([]);
    expect(
      await diagnose(config('coze: {base_url: "http://private.example.com", allow_http: true}')),
    ).toEqual([]);
  });
});

describe('entries together', () => {
  const entries = (...lines: string[]) => `version: 1\napps:\n${lines.map((line) => `  ${line}\n`).join('')}`;

  it.each([
    [
      'the same name',
      ['a: {app_type: normal, name: N}', 'b: {app_type: normal, name: N}'],
      'duplicate_identity 4 N',
      '3 N',
    ],
    [
      'the same connector',
      ['a: {app_type: connector, connector_id: "1"}', 'b: {app_type: connector, connector_id: "1"}'],
      'duplicate_identity 4 "1"',
      '3 "1"',
    ],
    [
      'the same name, one pinned',
      ['a: {app_type: normal, name: N, id: "1"}', 'b: {app_type: normal, name: N}'],
      'duplicate_identity 4 N',
      '3 N',
    ],
    [
      'the same pin',
      ['a: {app_type: normal, name: M, id: "1"}', 'b: {app_type: normal, name: N, id: "1"}'],
      'duplicate_pin 4 "1"',
      '3 "1"',
    ],
    [
      'the same former key',
      ['a: {app_type: normal, name: M, was: z}', 'b: {app_type: normal, name: N, was: z}'],
      'duplicate_was 4 z',
      '3 z',
    ],
    [
      'a former key that is still there',
      ['a: {app_type: normal, name: M}', 'b: {app_type: normal, name: N, was: a}'],
      'was_present 4 a',
      '3 a',
    ],
    ['its own former key', ['a: {app_type: normal, name: M, was: a}'], 'was_present 3 a', '3 a'],
  ])('%s', async (_, lines, expected, other) => {
    const content = entries(...lines);
    const diagnostics = await diagnose(content);
    expect(brief(content, diagnostics)).toEqual([expected]);
    const { line = 0, column = 0 } = diagnostics[0]?.related?.position ?? {};
    const place = content.split('\n')[line - 1]?.slice(column - 1) ?? '';
    expect(`${line} ${/^[\w"]+/.exec(place)}`).toBe(other);
  });

  it('may share a name when all are pinned, a name across types, and a receiver', async () => {
    expect(
      await diagnose(
        entries(
          'a: {app_type: normal, name: N, id: "1", callback_url: "https://a.example.com"}',
          'b: {app_type: normal, name: N, id: "2", callback_url: "https://a.example.com"}',
          'c: {app_type: connector, connector_id: "5", name: N}',
        ),
      ),
    ).toEqual([]);
  });

  it('in two files name both places', async () => {
    const include = '/etc/callbackd/more.yaml';
    const diagnostics = await diagnose(
      'version: 1\ninclude: [more.yaml]\napps:\n  a: {app_type: normal, name: A}\n',
      {
        [include]: 'apps:\n  a: {app_type: normal, name: B}\n',
      },
    );
    expect(diagnostics).toMatchObject([
      {
        code: 'duplicate_entry',
        position: { file: include, line: 2, column: 3 },
        related: { message: `also in ${MAIN}`, position: { file: MAIN, line: 4, column: 3 } },
      },
    ]);
  });

  it('warns of what a person may not see', async () => {
    const apps = 'a: {app_type: normal, name: orders}\n  b: {app_type: normal, name: "Orders\\u200b"}';
    expect(await diagnose(`version: 1\napps:\n  ${apps}\n`)).toMatchObject([
      { code: 'strange_character', severity: 'warning' },
      { code: 'names_alike', severity: 'warning', related: { message: 'the other one' } },
    ]);
  });

  it('warns of unknown and repeated event types, and passes them on', async () => {
    const diagnostics = await diagnose(entry('events: [bot.publishd, bot.deleted, bot.deleted]'));
    expect(diagnostics).toMatchObject([
      {
        code: 'unknown_event',
        severity: 'warning',
        hint: 'Did you mean `bot.published`?',
        position: { column: 43 },
      },
      { code: 'repeated_event', severity: 'warning', position: { column: 70 } },
    ]);
  });
});

describe('included files', () => {
  const main = 'version: 1\ninclude: [apps.d/*.yaml, one.yaml]\napps: {}\n';
  const good = 'apps: {}\n';

  it('must be there when they are named, and so must the folder of a pattern', async () => {
    const memory = createMemoryFiles(new Map([[MAIN, main]]));
    const files = { ...memory, list: async () => undefined };
    const loaded = await loadConfiguration({ path: MAIN, environment: {}, files, validator });
    expect(loaded).toMatchObject({
      ok: false,
      diagnostics: [
        { code: 'include_missing', severity: 'error', position: { line: 2, column: 11 } },
        { code: 'include_missing', severity: 'error', position: { line: 2, column: 26 } },
      ],
    });
  });

  it('may be none for a pattern, with a warning', async () => {
    const more = { '/etc/callbackd/apps.d/README': '', '/etc/callbackd/one.yaml': good };
    expect(await diagnose(main, more)).toMatchObject([{ code: 'include_empty', severity: 'warning' }]);
  });

  it('hold apps only, are never empty, and are checked like the main file', async () => {
    const diagnostics = await diagnose(main, {
      '/etc/callbackd/apps.d/a.yaml': 'version: 1\napps: {}\n',
      '/etc/callbackd/apps.d/b.yaml': '',
      '/etc/callbackd/one.yaml': 'apps: {a: {app_type: normal}}\n',
    });
    expect(
      diagnostics.map(({ code, position }) => [code, position.file.slice('/etc/callbackd/'.length)]),
    ).toEqual([
      ['unknown_key', 'apps.d/a.yaml'],
      ['document_empty', 'apps.d/b.yaml'],
      ['missing_key', 'one.yaml'],
    ]);
  });
});

it('tells all problems of all kinds at once, in the order of the file', async () => {
  const content = `version: 1
coze: {base_url: "http://api.example.com", timeout: 3}
reconcile: {debounce: {quiet: 1m}}
state_dir: \${UNSET}
apps:
  a: {app_type: normal, name: A, id: 75}
  b: {app_type: normal, name: A}
  c: {app_type: normal, name: A, events: [x.y]}
  c: {app_type: normal, name: C}
`;
  expect(await briefly(content)).toEqual([
    'unquoted_number 2 3',
    'debounce_order 3 debounce',
    `variable_unset 4 \${UNSET}`,
    'unquoted_number 6 75',
    'duplicate_identity 7 A',
    'duplicate_key 9 c',
  ]);
});

it('tells a hundred problems, errors before warnings, and counts the rest', async () => {
  const wrong = Array.from({ length: 150 }, (_, index) => `k${index}: 1\n`).join('');
  const warned = 'apps: {a: {app_type: normal, name: A, events: [x.y]}}\n';
  const diagnostics = await diagnose(`version: 1\n${warned}${wrong}`);
  expect(diagnostics).toHaveLength(101);
  expect(diagnostics.filter(({ severity }) => severity === 'warning')).toEqual([]);
  expect(diagnostics.at(-1)).toMatchObject({
    code: 'more_problems',
    message: '… and 51 more problems',
    omitted: 51,
    position: { file: MAIN },
  });
});

it('reads all files together up to 16 MiB', async () => {
  const half = `apps: {}\n${'#'.repeat(9 * 1024 * 1024)}\n`;
  const diagnostics = await diagnose('version: 1\ninclude: [a.yaml, b.yaml]\napps: {}\n', {
    '/etc/callbackd/a.yaml': half,
    '/etc/callbackd/b.yaml': half,
  });
  expect(diagnostics).toMatchObject([
    {
      code: 'file_too_large',
      message: expect.stringContaining('at most 16777216 are read, of all files together'),
      position: { file: '/etc/callbackd/b.yaml' },
    },
  ]);
});

it('has a test for every code except those that need a real file system', () => {
  const elsewhere = [
    'file_not_regular',
    'file_unreadable',
    'file_missing',
    'include_missing',
    'auth_overridden',
  ];
  const untested = Object.keys(DIAGNOSTIC_CODES)
    .map((id) => id.replace('source.code_', ''))
    .filter((code) => !seenCodes.has(code) && !elsewhere.includes(code));
  expect(untested).toEqual([]);
});

it('says each of them in Chinese, too', () => {
  expect(inChinese.filter((text) => !/\p{Script=Han}/u.test(text))).toEqual([]);
});
