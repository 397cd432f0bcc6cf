/** A secret in the wrong place of the configuration is refused or ignored, and shown by nothing that tells of it. */

import { describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../../src/cli/diagnostics/diagnostics-text.ts';
import { frameLines } from '../../src/daemon/status-page/render-attention.ts';
import { createMemoryFiles } from '../../src/lib/file-reader.ts';
import { SERIALIZERS } from '../../src/log/fields.ts';
import { verbatim } from '../../src/messages/message.ts';
import { createTranslator } from '../../src/messages/say.ts';
import { createConfigurationValidator, loadConfiguration } from '../../src/source/load-configuration.ts';

const MAIN = '/etc/callbackd/callbackd.yaml';
const validator = await createConfigurationValidator();

/** Everything that can be shown of the problems of a file, whichever they are. */
async function showProblems(text: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const texts = new Map(Object.entries({ [MAIN]: text, ...more }));
  const loaded = await loadConfiguration({
    path: MAIN,
    environment: {},
    files: createMemoryFiles(texts),
    validator,
  });
  const diagnostics = loaded.ok ? loaded.warnings : loaded.diagnostics;
  const surface = {
    terminal: { color: false, width: 400, translate: createTranslator('en') },
    readSource: (file: string) => texts.get(file),
  };
  const everyLine = text.split('\n').map((_, index) => ({
    ...({ code: 'bad_format', severity: 'error', message: verbatim(''), length: 1 } as const),
    position: { file: MAIN, line: index + 1, column: 1 },
  }));
  return [
    ...['text', 'json', 'github'].map((format) => renderDiagnostics(diagnostics, format, surface)),
    // The frame of any other problem beside the secret.
    renderDiagnostics(everyLine, 'text', surface),
    ...[...diagnostics, ...everyLine].map((one) =>
      JSON.stringify(frameLines(texts.get(one.position.file) ?? '', one)),
    ),
    JSON.stringify(SERIALIZERS['problems']?.(diagnostics)),
  ].join('\n');
}

/** No shape gives them away; only their place does. */
const PLAIN = ['hunter two', 'letmein-please', 'Zz9.x', '4711471147114711'];
const KEYS = ['SECRET-0123456789abcdef0123456789abcdef', 'czs_Qm3zT8rWx1Kp7LdV0aYb5NcJh2Ge9Uf4', ...PLAIN];

const BELOW_PRIVATE_KEYS: Readonly<Record<string, (secret: string) => string>> = {
  'auth as a text': (secret) => `coze: {auth: ${secret}}`,
  'auth as a text in a block': (secret) => `coze:\n  auth: ${secret}`,
  'auth on the next line': (secret) => `coze:\n  auth:\n    ${secret}`,
  'auth as a list': (secret) => `coze:\n  auth:\n  - ${secret}`,
  'auth as a folded text': (secret) => `coze:\n  auth: >\n    one\n    ${secret}`,
  'auth at the top': (secret) => `auth: ${secret}`,
  'auth in capitals': (secret) => `coze:\n  AUTH: ${secret}`,
  'auth with a tag': (secret) => `coze:\n  !!str auth: ${secret}`,
  'auth as an explicit key': (secret) => `coze:\n  ? auth\n  : ${secret}`,
  'auth with an escape': (secret) => `coze:\n  "\\x61uth": ${secret}`,
  'auth over several lines of a flow': (secret) => `coze: {auth: {token_env:\n    ${secret}\n  }}`,
  'auth in a flow after others': (secret) => `coze: {timeout: 15s, 'auth' : {"pat": "${secret}"}}`,
  'the variable of a token': (secret) => `coze:\n  auth:\n    token_env: ${secret}`,
  'the file of a token': (secret) => `coze:\n  auth:\n    token_file: ${secret}`,
  'a key of its own below auth': (secret) => `coze:\n  auth:\n    pat: ${secret}`,
  'a comment below auth': (secret) => `coze:\n  auth:\n    # ${secret}\n    pat: 1`,
  'a field of jwt': (secret) => `coze:\n  auth:\n    jwt: ${secret}`,
  'a private key': (secret) => `coze:\n  auth:\n    jwt:\n      private_key: |\n        ${secret}`,
  'a webhook': (secret) =>
    `notify:\n  - {name: ops, format: slack, url: "https://hooks.example.com/${secret}"}`,
  'a webhook in a block': (secret) =>
    `notify:\n- name: ops\n  format: slack\n  url: https://hooks.example.com/${secret}`,
  'the variable of a webhook': (secret) =>
    `notify:\n  - name: ops\n    format: feishu\n    url_env: ${secret}`,
  'the file of a webhook': (secret) =>
    `notify:\n  - name: ops\n    format: feishu\n    url_file: /etc/w\n    secret_env: ${secret}`,
  'notify as a text': (secret) => `notify: ${secret}`,
  'a token at the top': (secret) => `token: ${secret}`,
  'a token of an entry': (secret) =>
    `apps:\n  orders:\n    app_type: normal\n    name: n\n    verify_token: ${secret}`,
  'the folder of tokens': (secret) => `token_sink: ${secret}`,
  'a token by another name': (secret) =>
    `apps:\n  orders: {app_type: normal, name: n, my-token-2: "${secret}", id: x}`,
  'a list of tokens': (secret) => `tokens:\n- ${secret}\n- x`,
};
/** Where only the shape can tell. */
const ELSEWHERE: Readonly<Record<string, (secret: string) => string>> = {
  'coze as a text': (secret) => `coze: ${secret}`,
  'a key of another name': (secret) => `coze:\n  pat: ${secret}`,
  'a key itself': (secret) => `coze: {${secret}: 1}`,
  'a comment': (secret) => `apps: {a: 1} # ${secret}`,
  'the state folder': (secret) => `state_dir: [${secret}]`,
  'a key that is written twice': (secret) => `apps: {"${secret}": {}, "${secret}": {}}`,
  'an alias': (secret) => `apps: *${secret}`,
  'a tag': (secret) => `apps: !${secret} {}`,
  'text after a block': (secret) => `apps: |x${secret}\n  a`,
  'a stray text': (secret) => `apps: {}\n"a" "${secret}"`,
  'an event type': (secret) => `apps: {a: {app_type: normal, name: n, events: ["${secret}!"]}}`,
  'a base URL': (secret) => `coze: {base_url: "https://${secret}@api.example.com"}`,
  'a pattern': (secret) => `include: ["**/${secret}"]`,
  'a file to include': (secret) => `include: ["${secret}"]`,
};

const shows = (shown: string, secret: string) =>
  shown.includes(secret) || shown.includes(secret.slice(-12).padStart(12, '\0'));

describe('a secret in the configuration', () => {
  for (const [place, write] of Object.entries(BELOW_PRIVATE_KEYS)) {
    it.each(KEYS)(`is not shown, whatever it looks like, as ${place}: %s`, async (secret) => {
      const shown = await showProblems(
        `version: 1\n${write(secret)}\n${place.includes('entry') ? '' : 'state_dir: 1\n'}`,
      );
      expect(shown).not.toContain(secret);
      expect(shows(shown, secret)).toBe(false);
    });
  }

  for (const [place, write] of Object.entries(ELSEWHERE)) {
    it.each(KEYS.slice(0, 2))(`is not shown when it looks like one, as ${place}: %s`, async (secret) => {
      const shown = await showProblems(`version: 1\n${write(secret)}\nsettle: 1\n`);
      expect(shown).not.toContain(secret.slice(8, 30));
    });
  }

  it.each(KEYS.slice(0, 2))('is refused as the name of a file or a variable: %s', async (secret) => {
    const variable = secret.replaceAll('-', '_').toUpperCase();
    for (const place of [
      `token_file: ${secret}`,
      `token_file: keys/${secret}.txt`,
      `token_env: ${variable}`,
    ]) {
      const shown = await showProblems(`version: 1\ncoze: {auth: {${place}}}\napps: {}\n`);
      expect(shown).toContain('token_in_config');
    }
    const notify = `[{name: a, format: slack, url_env: ${variable}}, {name: b, format: slack, url_file: ${secret}}]`;
    const shown = await showProblems(`version: 1\nnotify: ${notify}\napps: {}\n`);
    expect(shown.match(/"code": "token_in_config"/g)).toHaveLength(2);
  });

  it.each([
    '/run/credentials/coze_token',
    'keys/production-callback-token-2026.txt',
    `\${CREDENTIALS_DIRECTORY}/coze_token`,
  ])('is not seen in an ordinary name: %s', async (file) => {
    const shown = await showProblems(`version: 1\ncoze: {auth: {token_file: "${file}"}}\napps: {}\n`);
    expect(shown).not.toContain('token_in_config');
  });
});

describe('a file that is none of ours', () => {
  const FOREIGN = [
    'credentials of the account\nhunter two\n',
    'hunter two',
    'login: hunter two\n',
    '- hunter two\n',
    'hunter two: {a: 1}\n',
    'hunter two: 1\nhunter two: 2\n',
    '? [hunter two]\n: 1\n',
    'a: "hunter two\n',
    'a: *hunter two\n',
    'a: !hunter two\n',
    '-----BEGIN PRIVATE KEY-----\nhunter two\n',
    'machine h login l password hunter two\n',
    '"hunter two" "b"\n',
    'a: |hunter two\n',
  ];

  it.each(FOREIGN)('is not shown when it is included: %j', async (text) => {
    const main = 'version: 1\ninclude: [notes.txt]\napps: {}\n';
    const shown = await showProblems(main, { '/etc/callbackd/notes.txt': text });
    expect(shown).toContain('/etc/callbackd/notes.txt:');
    expect(shown).not.toContain('hunter');
  });

  it.each(FOREIGN)('is not shown when it is taken for the configuration: %j', async (text) => {
    const texts = new Map([[MAIN, text]]);
    const loaded = await loadConfiguration({
      path: MAIN,
      environment: {},
      files: createMemoryFiles(texts),
      validator,
    });
    if (loaded.ok) throw new Error('it was taken for valid');
    const surface = {
      terminal: { color: false, width: 400, translate: createTranslator('en') },
      readSource: () => text,
    };
    const shown = ['text', 'json', 'github'].map((format) =>
      renderDiagnostics(loaded.diagnostics, format, surface),
    );
    expect(shown.join('\n')).not.toContain('hunter');
  });
});
