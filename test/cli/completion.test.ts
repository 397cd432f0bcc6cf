/** Shell completion: the bash script runs in a real bash; those of zsh and fish are held to the command specifications. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/catalogue.ts';
import { makeFolder, runCallbackd } from '../builders/run-callbackd.ts';

const MAIN = path.resolve(import.meta.dirname, '../../dist/main.js');

async function scriptOf(shell: string): Promise<string> {
  const { code, stdout } = await runCallbackd(['completion', shell], { cwd: makeFolder() });
  expect(code).toBe(0);
  return stdout;
}

describe('in bash', () => {
  it.each([
    [['pl'], ['plan']],
    [['plan', '--det'], ['--detailed-exitcode']],
    [
      ['plan', '-o', ''],
      ['text', 'json', 'markdown'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [
      ['why', ''],
      ['orders', '订单-2'],
    ],
    [['history', '--app', 'or'], ['orders']],
    [['plan', '--config', 'call'], ['callbackd.yaml']],
    [['sandbox', ''], []],
  ])('%j is completed to %j', async (words, expected) => {
    const cwd = makeFolder();
    const entry = 'app_type: normal, name';
    writeFileSync(
      path.join(cwd, 'callbackd.yaml'),
      `version: 1\napps:\n  orders: {${entry}: a}\n  订单-2: {${entry}: b}\n`,
    );
    mkdirSync(path.join(cwd, 'bin'));
    symlinkSync(MAIN, path.join(cwd, 'bin', 'callbackd'));
    writeFileSync(path.join(cwd, 'script'), await scriptOf('bash'));
    const call = `source ./script; COMP_WORDS=(callbackd "$@"); COMP_CWORD=$#; _callbackd; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const nodeFolder = path.dirname(process.execPath);
    const stdout = execFileSync('bash', ['-c', call, 'bash', ...words], {
      cwd,
      encoding: 'utf8',
      env: { PATH: `${cwd}/bin:${nodeFolder}:/usr/bin:/bin`, HOME: cwd, LANG: 'C.UTF-8' },
    });
    expect(stdout.split('\n').filter((line) => line !== '')).toEqual(expected);
  });
});

it.each(['bash', 'zsh', 'fish'])('the script for %s holds every command with every flag', async (shell) => {
  const script = await scriptOf(shell);
  const missing = COMMANDS.flatMap(({ name, options }) => {
    const flags = options.map(({ flags: text }) => /--([\w-]+)/.exec(text)?.[1] ?? '');
    return [name, ...flags].filter((word) => !script.includes(word));
  });
  expect(missing).toEqual([]);
});

it('refuses to guess the shell', async () => {
  expect(await runCallbackd(['completion'], { cwd: makeFolder() })).toMatchObject({ code: 64 });
});
