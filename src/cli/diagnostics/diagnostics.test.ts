/**
 * Diagnostics in all renderings: frames that point right under wide characters, stable JSON, annotations, no
 * secrets.
 */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { maskSecrets } from '../../documents/mask-secrets.ts';
import { verbatim } from '../../messages/message.ts';
import { createTranslator } from '../../messages/say.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { renderDiagnostics } from './diagnostics-text.ts';

const FILE = 'callbackd.yaml';

function diagnostic(
  line: number,
  column: number,
  length: number,
  more: Partial<Diagnostic> = {},
): Diagnostic {
  return {
    code: 'unknown_key',
    severity: 'error',
    message: verbatim('it is wrong'),
    position: { file: FILE, line, column },
    length,
    ...more,
  };
}

function render(
  text: string,
  diagnostics: readonly Diagnostic[],
  format = 'text',
  width = 80,
  color = false,
): string {
  return renderDiagnostics(diagnostics, format, {
    terminal: { color, width, translate: createTranslator('en') },
    readSource: (file) => (file === FILE ? text : undefined),
  });
}

describe('problems that are not shown', () => {
  const all = [
    diagnostic(1, 1, 1),
    diagnostic(1, 1, 1, { message: verbatim('… and 41 more problems'), omitted: 41 }),
  ];

  it('are counted on a separate line, which is not a problem itself', () => {
    expect(render('', all)).toBe(
      'callbackd.yaml:1:1: error: it is wrong [unknown_key]\n\n… and 41 more problems\n\n1 error',
    );
  });

  it('are a number beside the others in JSON', () => {
    expect(JSON.parse(render('', all, 'json'))).toMatchObject({ errors: 1, omitted: 41, diagnostics: [{}] });
  });
});

describe('the text form', () => {
  it('shows each problem with its line, a caret, its hint and its other place', () => {
    const text = 'version: 1\napps:\n  a: {}\n  a: {}\n';
    const duplicate = diagnostic(4, 3, 1, {
      code: 'duplicate_key',
      hint: verbatim('Rename one.'),
      related: { message: verbatim('first written here'), position: { file: FILE, line: 3, column: 3 } },
    });
    expect(render(text, [duplicate, diagnostic(2, 1, 4, { severity: 'warning' })])).toBe(`\
callbackd.yaml:4:3: error: it is wrong [duplicate_key]
  4 |   a: {}
    |   ^
callbackd.yaml:3:3: note: first written here
  3 |   a: {}
    |   ^
  = Rename one.

callbackd.yaml:2:1: warning: it is wrong [unknown_key]
  2 | apps:
    | ^^^^

1 error and 1 warning`);
  });

  it('puts the caret under the right columns after and under wide characters', () => {
    const text = '  name: 订单 # 回调\n';
    const frame = render(text, [diagnostic(1, 9, 2), diagnostic(1, 14, 2)]).split('\n');
    expect(frame.slice(1, 3)).toEqual(['  1 |   name: 订单 # 回调', '    |         ^^^^']);
    expect(frame.slice(5, 7)).toEqual(['  1 |   name: 订单 # 回调', '    |                ^^^^']);
  });

  it('cuts long lines around the marked part to the width of the terminal', () => {
    const text = `a: ${'x'.repeat(100)}BAD${'订'.repeat(100)}\n`;
    const [, line = '', carets = ''] = render(text, [diagnostic(1, 104, 3)], 'text', 60).split('\n');
    expect(line).toMatch(/^ {2}1 \| …x+BAD订+…$/);
    expect(
      Array.from(line).reduce((width, character) => width + (character === '订' ? 2 : 1), 0),
    ).toBeLessThanOrEqual(60);
    expect(carets.indexOf('^^^')).toBe(line.indexOf('BAD'));
    expect(carets.trimEnd()).toHaveLength(line.indexOf('BAD') + 3);
  });

  it('shows control characters of a hostile file as escapes, with the caret still in its place', () => {
    const text = 'a: 1, \u001b[2Jx: 2';
    const [head, line = '', carets = ''] = render(text, [
      diagnostic(1, 7, 5, {
        message: verbatim('`\u001b[2Jx` is not known'),
        hint: verbatim('not \u202eevil'),
      }),
    ]).split('\n');
    expect(head).toContain('`\\u001b[2Jx` is not known');
    expect(line).toContain('a: 1, \\u001b[2Jx: 2');
    expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('\\u001b[2Jx');
    expect(render(text, [diagnostic(1, 7, 5, { hint: verbatim('not \u202eevil') })])).toContain(
      'not \\u202eevil',
    );
    expect(render(text, [diagnostic(1, 7, 5, { message: verbatim('no \u001b[2J') })], 'github')).toContain(
      'no \\u001b[2J',
    );
  });

  it('shows nothing of a file that is too large to be read', () => {
    const shown = render('\u0000ELF', [diagnostic(1, 1, 1, { code: 'file_too_large' })]);
    expect(shown).not.toContain('ELF');
  });

  it('names a flag or a variable alone, and shows no frame where there is no file', () => {
    const position = { file: '$COZE_API_BASE', line: 1, column: 1 };
    expect(render('', [diagnostic(1, 1, 1, { position })])).toBe(
      '$COZE_API_BASE: error: it is wrong [unknown_key]\n\n1 error',
    );
    expect(render('', [diagnostic(1, 1, 1, { position: { file: 'gone', line: 1, column: 1 } })])).toBe(
      'gone:1:1: error: it is wrong [unknown_key]\n\n1 error',
    );
  });

  it('is coloured on request only', () => {
    expect(render('a: 1\n', [diagnostic(1, 1, 1)], 'text', 80, true)).toContain('\u001b[31merror\u001b[39m');
    expect(render('a: 1\n', [diagnostic(1, 1, 1)])).not.toContain('\u001b');
  });

  it('points at a line of a file with a byte order mark, CRLF and tabs', () => {
    expect(
      render('\uFEFFa: 1\r\n\tb: 2\r\n', [diagnostic(2, 2, 1)])
        .split('\n')
        .slice(1, 3),
    ).toEqual(['  2 |     b: 2', '    |     ^']);
  });
});

describe('the github form', () => {
  it('is one annotation per problem, escaped as the runner wants it', () => {
    const hint = verbatim('Use 100%.\nReally.');
    const related = { message: verbatim('other'), position: { file: 'x,y:z.yaml', line: 1, column: 2 } };
    const position = { file: 'a,b:c.yaml', line: 4, column: 3 };
    expect(
      render(
        '',
        [diagnostic(4, 3, 5, { hint, related, position }), diagnostic(1, 1, 1, { severity: 'warning' })],
        'github',
      ),
    ).toBe(
      '::error file=a%2Cb%3Ac.yaml,line=4,col=3,endColumn=8,title=unknown_key::it is wrong%0Aother: x,y:z.yaml:1:2%0AUse 100%25.%0AReally.\n' +
        '::warning file=callbackd.yaml,line=1,col=1,endColumn=2,title=unknown_key::it is wrong',
    );
  });
});

describe('the json form', () => {
  it('keeps to schema/diagnostics.schema.json', () => {
    const schema = JSON.parse(
      readFileSync(new URL('../../../schema/diagnostics.schema.json', import.meta.url), 'utf8'),
    );
    const related = { message: verbatim('other'), position: { file: FILE, line: 1, column: 2 } };
    const validate = new Ajv({ strict: false }).compile(schema);
    for (const diagnostics of [
      [],
      [diagnostic(1, 1, 1), diagnostic(4, 3, 5, { hint: verbatim('h'), related, severity: 'warning' })],
    ]) {
      const document = JSON.parse(render('', diagnostics, 'json'));
      expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
      expect(document).toMatchObject({
        valid: diagnostics.length === 0,
        errors: Math.min(1, diagnostics.length),
      });
    }
  });
});

describe('secrets in a file', () => {
  const SECRET = 'S3cr3tValue';

  it.each([
    ['a token key', [`token: ${SECRET}`]],
    ['a quoted key', [`"api_token": "${SECRET}"`]],
    ['a key in a list', [`- password: ${SECRET}`]],
    ['a flow mapping', [`coze: {auth: {token: ${SECRET}}}`]],
    ['a flow mapping with quotes', [`coze: {"client_secret": "a,${SECRET}", b: 1}`]],
    ['a block scalar', ['verify_token: |', `  ${SECRET}`, '', `  ${SECRET}`]],
    ['a value on the next line', ['token:', `    ${SECRET}`]],
    [
      'a private key',
      ['x: |', '  -----BEGIN PRIVATE KEY-----', `  ${SECRET}`, '  -----END PRIVATE KEY-----'],
    ],
    ['a personal token anywhere', [`timeout: pat_${SECRET}`]],
    ['a service token in a list', [`[sat_${SECRET}, 1]`]],
    ['an OAuth token in a comment', [`# czs_${SECRET}`]],
    ['a password in a URL', [`callback_url: https://user:${SECRET}@hooks.example.com/`]],
  ])('are starred out of frames: %s', (_, lines) => {
    const text = [...lines, 'next: line'].join('\n');
    const frames = render(
      text,
      lines.map((__, index) => diagnostic(index + 1, 1, 3)),
    );
    expect(frames).not.toContain(SECRET);
    expect(maskSecrets(text.split('\n')).at(-1)).toBe('next: line');
  });

  it('hide the names of their places too, since a token may stand there; other values are shown', () => {
    const lines = ['private_key_file: /etc/key.pem', 'key_id: abc', 'name: 订单 token 回调'];
    expect(maskSecrets(lines)).toEqual(lines);
    expect(maskSecrets(['token_file: /run/token', 'token_sink: {dir: /run/tokens}', 'token_env: X'])).toEqual(
      ['token_file: ***', 'token_sink: ***', 'token_env: ***'],
    );
  });

  it('leave the caret within a line that masking shortened', () => {
    const text = `coze: {token: ${'x'.repeat(60)}, b: 1}\n`;
    const [, line = '', carets = ''] = render(text, [diagnostic(1, 77, 1)]).split('\n');
    expect(line).toBe('  1 | coze: {token: ***, b: 1}');
    expect(carets).toBe(`    | ${' '.repeat(24)}^`);
  });
});
