/**
 * Token files on a real file system: that is where stamps, permissions and replacements are what they are.
 */

import { chmod, mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostFiles } from '../lib/file-reader.ts';
import { say } from '../messages/say.ts';
import { CredentialsError } from '../model/credentials.ts';
import { createTokenFile, createTokenFromEnvironment } from './token-file.ts';

let folder: string;
let file: string;
let warnings: string[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'callbackd-token-'));
  file = path.join(folder, 'token');
  warnings = [];
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const open = () =>
  createTokenFile({ path: file, files: hostFiles, onWarning: (warning) => warnings.push(say(warning)) });

async function refusal(promise: Promise<unknown>): Promise<CredentialsError> {
  const error = await promise.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CredentialsError);
  return error as CredentialsError;
}

describe('a token file', () => {
  it('gives the token without the newline, byte order mark and spaces that editors leave', async () => {
    await writeFile(file, '\uFEFF pat_one \r\n', { mode: 0o600 });
    expect((await open().current()).reveal()).toBe('pat_one');
    expect(warnings).toEqual([]);
  });

  it('is read again when it was replaced or rewritten, and only then', async () => {
    await writeFile(file, 'pat_one', { mode: 0o600 });
    const tokens = open();
    const first = await tokens.current();
    expect(await tokens.current()).toBe(first);
    await writeFile(`${file}.new`, 'pat_two', { mode: 0o600 });
    await rename(`${file}.new`, file);
    expect((await tokens.current()).reveal()).toBe('pat_two');
    await writeFile(file, 'pat_six');
    expect((await tokens.current()).reveal()).toBe('pat_six');
  });

  it('is read again after a refusal, even where every stamp is the same', async () => {
    await writeFile(file, 'pat_one', { mode: 0o600 });
    const frozen = {
      ...hostFiles,
      identify: async () => ({ ...(await hostFiles.identify(file)), stamp: 'same' }),
    };
    const tokens = createTokenFile({
      path: file,
      files: frozen as typeof hostFiles,
      onWarning: () => undefined,
    });
    const first = await tokens.current();
    expect(await tokens.renew(first)).toBe(false);
    await writeFile(file, 'pat_two');
    expect((await tokens.current()).reveal()).toBe('pat_one');
    expect(await tokens.renew(first)).toBe(true);
    expect((await tokens.current()).reveal()).toBe('pat_two');
  });

  it('warns once per change when others may read it', async () => {
    await writeFile(file, 'pat_one');
    await chmod(file, 0o640);
    const tokens = open();
    await tokens.current();
    await tokens.current();
    expect(warnings).toEqual([`the token file ${file} is readable by other users: run chmod 600 on it`]);
  });

  it('follows a file that comes and goes', async () => {
    const tokens = open();
    expect((await refusal(tokens.current())).problem).toBe('missing');
    await writeFile(file, 'pat_one', { mode: 0o600 });
    expect((await tokens.current()).reveal()).toBe('pat_one');
    await rm(file);
    expect((await refusal(tokens.current())).message).toBe(`the token file ${file} does not exist`);
  });

  it.each([
    { content: '', problem: 'empty', reason: 'nothing in it' },
    { content: ' \n\n', problem: 'empty', reason: 'only white space' },
    { content: 'Bearer pat_x', problem: 'unreadable', reason: 'the header instead of the token' },
    { content: 'pat_x\npat_y', problem: 'unreadable', reason: 'two lines' },
    { content: 'pat_\u0000x', problem: 'unreadable', reason: 'a control character' },
    { content: 'a'.repeat(70_000), problem: 'unreadable', reason: 'too long for any token' },
  ])('refuses a file with $reason and never shows what is in it', async ({ content, problem }) => {
    await writeFile(file, content, { mode: 0o600 });
    const error = await refusal(open().current());
    expect(error.problem).toBe(problem);
    expect(JSON.stringify([error.message, error.advice, String(error.cause)])).not.toContain('pat_');
  });

  it('refuses a directory', async () => {
    await mkdir(file);
    expect((await refusal(open().current())).message).toBe(`the token file ${file} is a directory`);
  });

  it('notices a rewrite of equal length that put the modification time back', async () => {
    await writeFile(file, 'pat_one', { mode: 0o600 });
    await utimes(file, 1_000, 1_000);
    const tokens = open();
    await tokens.current();
    await writeFile(file, 'pat_two');
    await utimes(file, 1_000, 1_000);
    expect((await tokens.current()).reveal()).toBe('pat_two');
  });
});

describe('a token from the environment', () => {
  it.each([undefined, '', '  '])('counts %j as unset', async (value) => {
    const error = await refusal(createTokenFromEnvironment('COZE_API_TOKEN', value).current());
    expect(error.problem).toBe('unset');
    expect(error.message).toBe('the environment variable COZE_API_TOKEN is not set');
  });

  it('stays refused, because it cannot change', async () => {
    const tokens = createTokenFromEnvironment('COZE_API_TOKEN', 'pat_one');
    expect(await tokens.renew(await tokens.current())).toBe(false);
  });
});
