/**
 * Somebody who reads a page with terminals open, and types its commands in order into a real shell: knows the folder, the exports
 * so far, and the last output. The sandbox listens where the system gives it a port, and the paths of a host lie below the
 * reader's own folder, so any number of readers can be at work.
 */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { readMarker } from '../docs/blocks.ts';
import { type Page, ROOT } from '../docs/pages.ts';
import { findCalls } from '../docs/shell-calls.ts';
import { makeFolder, startProcess, type WhenFinished } from './run-callbackd.ts';

type Block = Page['blocks'][number];

/** Where the pages say that the sandbox listens. */
const SANDBOX = 'http://127.0.0.1:9650';
/** Where the pages say that things lie on a host. */
const HOST_FOLDERS = ['/etc/callbackd', '/run/callbackd', '/var/lib/callbackd', '/var/lib/private'];
const BLOCK_TIMEOUT_MS = 50_000;
const READY: Readonly<Record<string, RegExp>> = { sandbox: /listens on (\S+)/, run: /daemon started/ };

export function createReader(page: string, whenFinished: WhenFinished) {
  const folder = makeFolder(whenFinished);
  const bin = path.join(folder, '.reader');
  mkdirSync(bin);
  symlinkSync(path.join(ROOT, 'dist', 'main.js'), path.join(bin, 'callbackd'));
  const remembered = path.join(bin, 'exports');
  writeFileSync(remembered, '');
  // A refusal is then a failure of the command, so that no block passes on an error page.
  writeFileSync(path.join(folder, '.curlrc'), 'fail-with-body\n');
  const places = new Map(HOST_FOLDERS.map((host) => [host, path.join(folder, host)]));
  const environment = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: folder, LANG: 'C.UTF-8' };
  let output = '';
  let position = 0;

  const toReal = (text: string) =>
    [...places].reduce((all, [told, real]) => all.replaceAll(told, real), text);
  const toTold = (text: string) =>
    [...places].reduce((all, [told, real]) => all.replaceAll(real, told), text);
  const start = (command: string, argument: readonly string[]) =>
    startProcess(command, argument, { cwd: folder, environment }, whenFinished);

  async function stay({ text }: Block): Promise<void> {
    const [[name = '', ...words] = []] = findCalls(text);
    const line = `callbackd ${[name, ...words].join(' ')}${name === 'sandbox' ? ' --port 0' : ''}`;
    const running = start('bash', ['-c', `. ${remembered}; exec ${toReal(line)}`]);
    const ready = READY[name] ?? /^/;
    await running.waitFor(ready);
    if (name === 'sandbox') places.set(SANDBOX, ready.exec(running.output())?.[1] ?? '');
  }

  async function run(block: Block, exit: number, answer: string | undefined): Promise<void> {
    const script = path.join(bin, 'script');
    writeFileSync(
      script,
      `exec 2>&1\n. ${remembered}\ntrap 'export -p > ${remembered}' EXIT\nset -e\n${toReal(block.text)}`,
    );
    // script(1) gives the commands a terminal, where callbackd asks before it applies.
    const typed = `printf '%s\\n' '${answer}' | script -qec 'bash ${script}' /dev/null`;
    const running = answer === undefined ? start('bash', [script]) : start('bash', ['-c', typed]);
    const limit = AbortSignal.timeout(BLOCK_TIMEOUT_MS);
    limit.addEventListener('abort', () => running.child.kill('SIGKILL'));
    const { code } = await running.finished;
    output = toTold(running.output()).replaceAll('\r', '');
    position = 0;
    const shown = code === exit ? '' : output;
    expect({ at: `${page}:${block.line}`, exit: code, shown }).toEqual({
      at: `${page}:${block.line}`,
      exit,
      shown: '',
    });
  }

  /** Each line stands in the output, in this order. `...` stands for anything. */
  function compare(block: Block): void {
    for (const line of block.text.trim().split('\n')) {
      const found = patternOf(line).exec(output.slice(position));
      expect([`${page}:${block.line}`, found === null ? output : line]).toEqual([
        `${page}:${block.line}`,
        line,
      ]);
      position += (found?.index ?? 0) + (found?.[0].length ?? 0);
    }
  }

  function write(name: string, text: string): void {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, toReal(text), { mode: 0o600 });
  }

  return {
    write,
    async follow(block: Block): Promise<void> {
      if (block.language === 'sh') {
        const how = readMarker(page, block);
        if (how.kind === 'background') await stay(block);
        else if (how.kind === 'run') await run(block, how.exit, how.answer);
        output = how.kind === 'run' ? output : '';
      } else if (/^(yaml|csv)$/.test(block.language) && block.marker !== '') write(block.marker, block.text);
      else if (block.language === 'text' && output !== '') compare(block);
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
