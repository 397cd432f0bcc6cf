/** Shell completion in real shells: the engine of fish, and prompts of bash and zsh at which Tab is pressed. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/catalogue.ts';
import { hasPrograms } from '../builders/has-programs.ts';
import { makeFolder, runCallbackd, startProcess } from '../builders/run-callbackd.ts';

const MAIN = path.resolve(import.meta.dirname, '../../dist/main.js');

async function scriptOf(shell: string): Promise<string> {
  const { code, stdout } = await runCallbackd(['completion', shell], { cwd: makeFolder() });
  expect(code).toBe(0);
  return stdout;
}

describe('in bash', () => {
  it.each([
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
    [['sandbox', ''], []],
  ])('%j is completed to %j', async (words, expected) => {
    const { cwd, environment } = await openShellFolder('bash');
    const call = `source ./script; COMP_WORDS=(callbackd "$@"); COMP_CWORD=$#; _callbackd; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const stdout = execFileSync('bash', ['-c', call, 'bash', ...words], {
      cwd,
      encoding: 'utf8',
      env: { ...environment, HOME: cwd },
    });
    expect(stdout.split('\n').filter((line) => line !== '')).toEqual(expected);
  });
});

/** A folder with a configuration of two entries, one of a single other entry, the scripts, and callbackd on the PATH. */
async function openShellFolder(shell: string): Promise<{ cwd: string; environment: Record<string, string> }> {
  const cwd = makeFolder();
  const entry = 'app_type: normal, name';
  const write = (name: string, text: string) => writeFileSync(path.join(cwd, name), text);
  write('callbackd.yaml', `version: 1\napps:\n  orders: {${entry}: a}\n  订单-2: {${entry}: b}\n`);
  write('other.yaml', `version: 1\napps:\n  elsewhere: {${entry}: a}\n`);
  mkdirSync(path.join(cwd, 'bin'));
  symlinkSync(MAIN, path.join(cwd, 'bin', 'callbackd'));
  write('script', await scriptOf(shell));
  const nodeFolder = path.dirname(process.execPath);
  const PATH = `${cwd}/bin:${nodeFolder}:/usr/bin:/bin`;
  return { cwd, environment: { PATH, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TERM: 'xterm' } };
}

describe.runIf(hasPrograms('fish'))('in fish (needs fish)', () => {
  it('completes commands, flags, values and keys', async () => {
    const { cwd, environment } = await openShellFolder('fish');
    const lines = {
      'callbackd pl': ['plan'],
      'callbackd plan --det': ['--detailed-exitcode'],
      'callbackd plan -o ': ['json', 'markdown', 'text'],
      'callbackd completion ': ['bash', 'fish', 'zsh'],
      'callbackd why ': ['orders', '订单-2'],
      'callbackd why -c other.yaml ': ['elsewhere'],
      'callbackd history --app or': ['orders'],
      'callbackd plan --config call': ['callbackd.yaml'],
      'callbackd help dem': ['demo'],
    };
    const asked = Object.keys(lines).map((line) => `complete -C '${line}'; echo ==`);
    const output = execFileSync('fish', ['--no-config', '-c', `source script; ${asked.join('; ')}`], {
      cwd,
      encoding: 'utf8',
      env: { ...environment, HOME: cwd },
    });
    const answers = output.split('==\n').slice(0, -1);
    const words = answers.map((text) =>
      text
        .split('\n')
        .flatMap((row) => row.split('\t')[0] || [])
        .sort(),
    );
    expect(Object.fromEntries(Object.keys(lines).map((line, index) => [line, words[index]]))).toEqual(lines);
  });
});

describe.runIf(hasPrograms('script', 'zsh'))('at a prompt (needs script and zsh)', () => {
  const shells: readonly (readonly [string, string, string])[] = [
    ['bash', 'bash --norc --noprofile -i', 'source ./script'],
    ['zsh', 'zsh -f -i', 'autoload -U compinit; compinit -D; source ./script'],
  ];
  it.each(shells)('%s completes what is typed when Tab is pressed', async (shell, command, load) => {
    const { cwd, environment } = await openShellFolder(shell);
    const running = startProcess('script', ['-qefc', command, '/dev/null'], {
      cwd,
      environment,
      input: null,
    });
    const type = (text: string) => running.child.stdin?.write(text);
    type(`PS1='ready''> '; ${load}\r`);
    await running.waitFor('ready> ');
    const lines: readonly (readonly [string, RegExp])[] = [
      ['callbackd pl\t', /callbackd plan/],
      ['--det\t', /--detailed-exitcode/],
      ['-o mark\t', /-o markdown/],
      ['--config oth\t', /--config other\.yaml/],
      ['\u0015callbackd why or\t', /why orders/],
      ['\u0015callbackd why -c other.yaml el\t', /other\.yaml elsewhere/],
      ['\u0015callbackd history --app 订\t', /--app 订单-2/],
    ];
    for (const [typed, shown] of lines) {
      type(typed);
      await running.waitFor(shown);
    }
    type('\u0015exit 0\r');
    expect((await running.finished).code).toBe(0);
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
