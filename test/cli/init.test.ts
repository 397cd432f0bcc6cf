/** `callbackd init` on a real terminal and from flags: what it writes is what the loader takes, and holds no secret. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasPrograms } from '../builders/has-programs.ts';
import { makeFolder, type Running, runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld } from '../builders/sandbox-world.ts';

/** Types each answer as its question appears. */
async function answer(running: Running, dialogue: readonly (readonly [string, string])[]): Promise<void> {
  for (const [question, typed] of dialogue) {
    await running.waitFor(question);
    running.child.stdin?.write(typed);
  }
}

const read = (cwd: string, name: string) => readFileSync(path.join(cwd, name), 'utf8');
const modeOf = (cwd: string, name: string) => statSync(path.join(cwd, name)).mode & 0o777;

describe.runIf(hasPrograms('script'))('on a terminal (needs script)', () => {
  it('asks, keeps the token out of sight and out of the YAML, and writes down what is there', async () => {
    const world = await openSandboxWorld();
    const { started, cwd } = world;
    for (const name of ['订单', '告警']) started.sandbox.console().create({ name });
    const terminal = startCallbackd(['init'], { cwd, environment: { LANG: 'C.UTF-8' }, onTerminal: true });
    await answer(terminal, [
      ['Platform: 1', 'what?\r'],
      ['Try again', ''],
      ['[1]: ', `${started.url}\r`],
      ['API token, or "env"', '\r'],
      ['Paste the token', `${started.token}\r`],
      ['State directory', '\r'],
      ['[Y/n]', '\r'],
    ]);
    const { code, stdout } = await terminal.finished;
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Wrote callbackd.yaml with 2 apps'),
    });
    expect(stdout).not.toContain(started.token);
    expect(readdirSync(cwd).sort()).toEqual(['callbackd.schema.json', 'callbackd.yaml', 'coze_token']);
    expect(modeOf(cwd, 'coze_token')).toBe(0o600);
    expect(modeOf(cwd, 'callbackd.yaml')).toBe(0o644);
    const yaml = read(cwd, 'callbackd.yaml');
    expect(yaml).toMatch(/^# yaml-language-server: \$schema=\.\/callbackd\.schema\.json\n/);
    expect(yaml).not.toContain(started.token);
    expect(yaml.match(/^ {4}app_type:/gm)).toHaveLength(2);
    const plan = await runCallbackd(['plan', '-q', '-o', 'json'], { cwd });
    expect(JSON.parse(plan.stdout).summary).toMatchObject({ adopt: 2, create: 0, update: 0, withheld: 0 });
  });

  it.each([
    ['Ctrl-C', 'pat_typed\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('writes nothing when the person leaves with %s', async (_, keys) => {
    const cwd = makeFolder();
    const terminal = startCallbackd(['init'], { cwd, onTerminal: true });
    await answer(terminal, [
      ['Platform: 1', '2\r'],
      ['API token, or "env"', '\r'],
      ['Paste the token', keys],
    ]);
    const { code, stdout } = await terminal.finished;
    expect({ code, stdout }).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('error: interrupted'),
    });
    expect(stdout).not.toContain('pat_typed');
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('from flags', () => {
  it('takes defaults where nobody can be asked, and what it writes is valid', async () => {
    const cwd = makeFolder();
    const { code, stdout } = await runCallbackd(['init'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('export COZE_API_TOKEN=...');
    expect(read(cwd, 'callbackd.yaml')).toContain('base_url: https://api.coze.cn\n');
    expect(await runCallbackd(['validate'], { cwd })).toMatchObject({ code: 0, stderr: '' });
    // The example in comments is valid, too.
    const yaml = read(cwd, 'callbackd.yaml')
      .replace('apps: {}\n', '')
      .replaceAll(/^# (?=apps:| )/gm, '');
    writeFileSync(path.join(cwd, 'uncommented.yaml'), yaml);
    const validated = await runCallbackd(['validate', '-c', 'uncommented.yaml'], { cwd });
    expect(validated).toMatchObject({ code: 0, stdout: expect.stringContaining('1 app') });
  });

  it('never overwrites: neither the file, nor a token, nor a schema', async () => {
    const cwd = makeFolder();
    writeFileSync(path.join(cwd, 'callbackd.yaml'), 'mine');
    const refused = await runCallbackd(['init', '--yes'], { cwd });
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('callbackd.yaml already exists'),
    });
    expect(read(cwd, 'callbackd.yaml')).toBe('mine');
    writeFileSync(path.join(cwd, 'coze_token'), 'old');
    writeFileSync(path.join(cwd, 'callbackd.schema.json'), 'old');
    const words = ['init', '-c', 'b.yaml', '--token-file', 'coze_token'];
    expect(await runCallbackd([...words, '--token-stdin'], { cwd, input: 'pat_new\n' })).toMatchObject({
      code: 1,
    });
    expect(await runCallbackd(words, { cwd })).toMatchObject({ code: 0 });
    expect([read(cwd, 'coze_token'), read(cwd, 'callbackd.schema.json')]).toEqual(['old', 'old']);
  });

  it('imports with a token from standard input, into another folder', async () => {
    const { started, cwd } = await openSandboxWorld();
    started.sandbox.console().create({ name: '订单' });
    mkdirSync(path.join(cwd, 'conf'));
    const words = [
      'init',
      '-c',
      'conf/x.yaml',
      '--base-url',
      started.url,
      '--token-file',
      'token',
      '--token-stdin',
      '--import',
    ];
    const { code, stdout } = await runCallbackd(words, { cwd, input: `${started.token}\n` });
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('callbackd plan -q -c conf/x.yaml'),
    });
    expect(modeOf(cwd, 'conf/token')).toBe(0o600);
    const plan = await runCallbackd(['plan', '-q', '-o', 'json', '-c', 'conf/x.yaml'], { cwd });
    expect(JSON.parse(plan.stdout).summary).toMatchObject({ adopt: 1, create: 0, unmanaged: 0 });
  });

  it('leaves nothing behind when the token is refused, the URL is no URL, or there is no token to read', async () => {
    const { started, cwd } = await openSandboxWorld();
    const words = ['init', '--base-url', started.url, '--token-file', 'token', '--import'];
    const refused = await runCallbackd([...words, '--token-stdin'], { cwd, input: 'pat_wrong' });
    expect(refused).toMatchObject({ code: 6, stdout: '' });
    expect(await runCallbackd(words, { cwd })).toMatchObject({ code: 6 });
    const noUrl = await runCallbackd(['init', '--base-url', 'nonsense'], { cwd });
    expect(noUrl).toMatchObject({ code: 3, stderr: expect.stringContaining('Nothing was written.') });
    expect(await runCallbackd(['init', '--token-stdin'], { cwd })).toMatchObject({ code: 64 });
    expect(readdirSync(cwd)).toEqual([]);
    expect(existsSync(path.join(cwd, 'token'))).toBe(false);
  });
});
