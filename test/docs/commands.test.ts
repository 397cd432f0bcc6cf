/**
 * The commands that the pages show. Those that can run on loopback are run by test/process/pages.test.ts; the others carry one
 * of a few reasons. All of them are at least shell, and every call of callbackd, also in running text, is one it would take.
 */
import { execFileSync } from 'node:child_process';
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../src/cli/run-command-line.ts';
import { createTranslator } from '../../src/messages/say.ts';
import { commandBlocks, ELSEWHERE, readMarker } from './blocks.ts';
import { readPages } from './pages.ts';
import { findCalls } from './shell-calls.ts';

const pages = readPages();
const blocks = pages.flatMap((page) =>
  commandBlocks(page).map((block) => ({ name: page.name, ...block, how: readMarker(page.name, block) })),
);

describe('the command blocks of the pages', () => {
  it.each(blocks)('$name:$line is shell', ({ text }) => {
    execFileSync('bash', ['-n'], { input: text, stdio: ['pipe', 'pipe', 'pipe'] });
  });

  it.each(blocks.filter(({ text }) => findCalls(text).length > 0))(
    '$name:$line calls callbackd as it can be called',
    ({ text }) => {
      expect(findCalls(text).flatMap(complaintsAbout)).toEqual([]);
    },
  );

  it('are run, all but a few, and those for one of the known reasons', () => {
    const original = blocks.filter(({ name }) => !name.endsWith('.zh-CN.md'));
    const reasons = original.flatMap(({ how }) => (how.kind === 'elsewhere' ? [how.reason] : []));
    const counted = Object.keys(ELSEWHERE).map((reason) => [
      reason,
      reasons.filter((one) => one === reason).length,
    ]);
    // A block more here is a block less that is proven: raise a number only when nothing else helps.
    expect(Object.fromEntries(counted)).toEqual({ checkout: 9, systemd: 4, container: 1, platform: 1 });
  });
});

describe('callbackd in running text', () => {
  const spans = pages.flatMap(({ name, text }) =>
    [...withoutBlocks(text).matchAll(/`((?:npx )?callbackd [^`]+)`/g)].map(([, call = '']) => ({
      name,
      call: call.replaceAll(String.raw`\|`, '|'),
    })),
  );
  const definite = spans.filter(({ call }) => !/[[<|…]|\.\.\./.test(call));

  it('is called as it can be called', () => {
    expect(definite.length).toBeGreaterThan(60);
    const wrong = definite.flatMap(({ name, call }) =>
      findCalls(call)
        .flatMap(complaintsAbout)
        // A command may be named without what it needs.
        .filter((complaint) => !/^callbackd [a-z]+: error: missing required argument/.test(complaint))
        .map((complaint) => `${name}: ${complaint}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the reader of shell', () => {
  it.each([
    ['callbackd plan -q # look', [['plan', '-q']]],
    ['TOKEN=$(cat "a b") callbackd plan \\\n  --full | less', [['plan', '--full']]],
    [
      "callbackd pause a --because 'for; me' && callbackd status >x 2>&1",
      [['pause', 'a', '--because', 'for; me'], ['status']],
    ],
    ['source <(callbackd completion bash)', [['completion', 'bash']]],
    ['docker exec callbackd callbackd plan\njournalctl -u callbackd -o cat', [['plan']]],
    ["cat >> x <<'YAML'\ncallbackd nonsense\nYAML\ncallbackd plan", [['plan']]],
  ])('finds the calls in %j', (script, calls) => {
    expect(findCalls(script)).toEqual(calls);
  });

  it.each([
    [['plann'], /unknown command/],
    [['plan', '--ful'], /unknown option/],
    [['plan', '-o', 'xml'], /Allowed choices/],
    [['plan', 'a'], /too many arguments/],
  ])('sees that %j is wrong', (words, complaint) => {
    expect(complaintsAbout(words).join()).toMatch(complaint);
  });
});

describe('a command block that says how it is run', () => {
  it.each([
    ['sh', '', { kind: 'run', exit: 0 }],
    ['sh', 'exit=3', { kind: 'run', exit: 3 }],
    ['sh', 'answer=yes', { kind: 'run', exit: 0, answer: 'yes' }],
    ['sh', 'background', { kind: 'background' }],
    ['sh', 'elsewhere=systemd', { kind: 'elsewhere', reason: 'systemd' }],
  ])('is known: %s %s', (language, marker, how) => {
    expect(readMarker('x.md', { language, marker, text: '', line: 1 })).toEqual(how);
  });

  it.each([
    ['sh', 'elsewhere=lazy'],
    ['sh', 'skip'],
    ['console', ''],
    ['bash', ''],
  ])('is refused: %s %s', (language, marker) => {
    expect(() => readMarker('x.md', { language, marker, text: '', line: 7 })).toThrow('x.md:7');
  });
});

function complaintsAbout(words: readonly string[]): readonly string[] {
  const said: string[] = [];
  const terminal = {
    print: () => {},
    note: (text: string) => void said.push(text),
    translate: createTranslator('en'),
  };
  const asked =
    words[0] === 'help' ? [...words.slice(1).filter((word) => word !== 'COMMAND'), '--help'] : words;
  try {
    parseCommandLine(asked, { terminal, version: '0.0.0' });
    return [];
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? [] : [`callbackd ${words.join(' ')}: ${said.join(' ').trim()}`];
  }
}

function withoutBlocks(text: string): string {
  return text.replaceAll(/^ {0,3}```[\s\S]*?^ {0,3}```$/gm, '');
}
