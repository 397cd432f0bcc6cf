/**
 * docs/getting-started.md does what it says: its blocks are run in order against a real sandbox, in a real shell. `sh run`
 * is run and must end with 0, or with `exit=N`; `sh background` is started and stays; `yaml NAME` is written to that file;
 * each line of a `text` block must stand in the output before it, where `...` stands for anything.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder, startCallbackd } from '../builders/run-callbackd.ts';
import { ROOT, readPage } from '../docs/pages.ts';

type Block = ReturnType<typeof readPage>['blocks'][number];

/** Where the page says that the sandbox listens. */
const SANDBOX = 'http://127.0.0.1:9650';
const BLOCK_TIMEOUT_MS = 30_000;
const READY: Readonly<Record<string, RegExp>> = { sandbox: /answers on (\S+)/, run: /daemon started/ };

const { blocks } = readPage('docs/getting-started.md');

it('every command of the first hour works as the page says', { timeout: 120_000 }, async () => {
  const reader = createReader();
  for (const block of blocks) await reader.follow(block);
  expect(reader.followed()).toBeGreaterThan(20);
});

/** Somebody who reads the page with two terminals: knows the folder, the exports so far and the last output. */
function createReader() {
  const folder = makeFolder();
  const bin = path.join(folder, '.bin');
  mkdirSync(bin);
  symlinkSync(path.join(ROOT, 'dist', 'main.js'), path.join(bin, 'callbackd'));
  const environment = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: folder };
  const exported: Record<string, string> = {};
  let sandbox = SANDBOX;
  let output = '';
  let count = 0;

  async function runInBackground(block: Block): Promise<void> {
    const [, ...words] = block.text.trim().split(' ');
    const elsewhere = words[0] === 'sandbox' ? ['--port', '0'] : [];
    const running = startCallbackd([...words, ...elsewhere], { cwd: folder, environment: exported });
    const ready = READY[words[0] ?? ''] ?? /./;
    await running.waitFor(ready);
    sandbox = words[0] === 'sandbox' ? (ready.exec(running.output())?.[1] ?? '') : sandbox;
  }

  async function run(block: Block): Promise<void> {
    const script = block.text.replaceAll(SANDBOX, sandbox);
    for (const [, line = ''] of script.matchAll(/^export (.*)$/gm))
      for (const pair of line.split(' ')) exported[pair.split('=')[0] ?? ''] = pair.split('=')[1] ?? '';
    const ended = await runShell(script, { cwd: folder, env: { ...environment, ...exported } });
    const expected = Number(/exit=(\d+)/.exec(block.marker)?.[1] ?? 0);
    expect([block.line, ended.code, ended.output]).toEqual([block.line, expected, expect.any(String)]);
    output = ended.output.replaceAll(sandbox, SANDBOX);
  }

  return {
    followed: () => count,
    async follow(block: Block): Promise<void> {
      count += 1;
      if (block.marker === 'background') await runInBackground(block);
      else if (block.marker.startsWith('run')) await run(block);
      else if (block.language === 'yaml')
        writeFileSync(path.join(folder, block.marker), block.text.replaceAll(SANDBOX, sandbox));
      else if (block.language === 'text')
        for (const line of block.text.trim().split('\n')) expect(output).toMatch(patternOf(line));
    },
  };
}

/** A line of the page as a pattern: any run of spaces is as good as another, `...` is anything on that line. */
function patternOf(line: string): RegExp {
  const parts = line.trim().split(/\s*\.\.\.\s*/);
  return new RegExp(
    parts
      .map((part) =>
        part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/\s+/g, String.raw`\s+`),
      )
      .join('.*'),
  );
}

function runShell(
  script: string,
  options: { cwd: string; env: Record<string, string> },
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    execFile(
      '/bin/sh',
      ['-c', `exec 2>&1\n${script}`],
      { ...options, timeout: BLOCK_TIMEOUT_MS },
      (error, output) => {
        const code = error === null ? 0 : error.code;
        if (typeof code === 'number') resolve({ code, output });
        else reject(new Error(`the shell did not end by itself: ${output}`, { cause: error }));
      },
    );
  });
}
