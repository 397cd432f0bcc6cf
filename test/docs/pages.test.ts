/** The pages hold together: links lead somewhere, examples are valid, tables say what the code says. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/catalogue.ts';
import { EXIT_CODES } from '../../src/cli/command-line/exit-codes.ts';
import { hostFiles } from '../../src/lib/file-reader.ts';
import { loadConfiguration } from '../../src/source/load-configuration.ts';
import { parsePage, ROOT, readPage, readPages } from './pages.ts';

const pages = readPages();
const byName = new Map(pages.map((page) => [page.name, page]));

describe.each(pages.map((page) => [page.name, page] as const))('%s', (name, page) => {
  it('has only links that lead to a file and a heading that exist', () => {
    const dead = page.links.filter(({ target }) => !leadsSomewhere(name, target));
    expect(dead.map(({ target, line }) => `${name}:${line}: ${target}`)).toEqual([]);
  });
});

const examples = pages.flatMap(({ name, blocks }) =>
  blocks
    .filter(
      ({ language, marker, text }) =>
        // What a page writes to a file is loaded by the commands that follow: test/process/pages.test.ts.
        language === 'yaml' && marker === '' && /^version:/m.test(text),
    )
    .map(({ text, line }) => ({ name, line, text })),
);

it.each(examples)('$name:$line shows a configuration that the loader takes', async ({ name, text }) => {
  const read = async () => ({ ok: true as const, bytes: Buffer.from(text) });
  const loaded = await loadConfiguration({
    path: path.join(ROOT, name),
    environment: { CREDENTIALS_DIRECTORY: '/run/credentials' },
    files: { ...hostFiles, read },
  });
  expect(loaded.ok ? loaded.warnings : loaded.diagnostics).toEqual([]);
});

describe('what the pages tell to run', () => {
  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    const told = pages.flatMap(({ name, text }) =>
      [...text.matchAll(/npm run (?:--\S+ )?([a-z0-9:-]+)/g)].map(([, script = '']) => ({ name, script })),
    );
    expect(told.length).toBeGreaterThan(3);
    expect(told.filter(({ script }) => !Object.hasOwn(scripts, script))).toEqual([]);
  });
});

describe('the index of the documentation', () => {
  it('leads to every page below docs/', () => {
    const listed = (index: string) =>
      byName.get(index)?.links.map(({ target }) => path.posix.join(path.posix.dirname(index), target)) ?? [];
    const known = new Set([
      'docs/README.md',
      ...listed('docs/README.md'),
      ...listed('docs/decisions/README.md'),
    ]);
    expect(pages.map(({ name }) => name).filter((n) => n.startsWith('docs/') && !known.has(n))).toEqual([]);
  });
});

describe('the README', () => {
  const english = readPage('README.md');
  const chinese = readPage('README.zh-CN.md');

  it('has the exit codes of the program, in their words', () => {
    const rows = [...english.text.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, code, meaning]) => ({
      code: Number(code),
      meaning,
    }));
    expect(rows).toEqual(Object.values(EXIT_CODES));
  });

  it.each([english, chinese])('lists every command that there is, and no other: $name', ({ text }) => {
    const rows = text.match(/^\| `[a-z`,、 ]+ \|/gm) ?? [];
    const listed = rows.flatMap((row) => row.match(/[a-z]+/g) ?? []);
    expect(listed.sort()).toEqual(COMMANDS.map(({ name }) => name).sort());
  });

  it('has the same links, exit codes and words of the program in Chinese', () => {
    const factsOf = (page: typeof english) => ({
      links: page.links
        .map(({ target }) => target.replace('.zh-CN.md', '.md'))
        .filter((target) => !/^README/.test(target))
        .sort(),
      codes: [...page.text.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => code),
      variables: [...new Set(page.text.match(/\b(?:COZE|CALLBACKD)_[A-Z_]+/g))].sort(),
      permissions: page.text.match(/listApiApp [A-Za-z ]+/g),
    });
    expect(factsOf(chinese)).toEqual(factsOf(english));
  });
});

describe('the Chinese pages', () => {
  const translated = pages.filter(({ name }) => name.endsWith('.zh-CN.md'));
  const pairs = translated.map((chinese) => ({
    name: chinese.name,
    chinese,
    english: readPage(chinese.name.replace('.zh-CN.md', '.md')),
  }));

  it('are those that a newcomer and an operator need', () => {
    expect(translated.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'README.zh-CN.md',
        'docs/getting-started.zh-CN.md',
        'docs/operations.zh-CN.md',
      ]),
    );
  });

  it.each(pairs)('$name has the sections of the English page, in the same order', ({ chinese, english }) => {
    expect(chinese.headings.map(([level]) => level)).toEqual(english.headings.map(([level]) => level));
  });

  it.each(pairs)(
    '$name has its commands and examples; only comments are translated',
    ({ chinese, english }) => {
      const codeOf = (page: typeof english) =>
        page.blocks.map(({ language, marker, text }) => [
          language,
          marker,
          text.replaceAll(/(^| +)# .*$/gm, ''),
        ]);
      expect(codeOf(chinese)).toEqual(codeOf(english));
    },
  );

  it.each(pairs)('$name has as many rows in its tables', ({ chinese, english }) => {
    const rowsOf = ({ text }: typeof english) => text.match(/^\|.*\|$/gm)?.length;
    expect(rowsOf(chinese)).toEqual(rowsOf(english));
  });

  it.each(pairs)('$name leads to the English page, and that one back', ({ chinese, english }) => {
    const isLinked = (from: typeof english, to: typeof english) =>
      from.links.some(({ target }) => target === path.posix.basename(to.name));
    expect([isLinked(chinese, english), isLinked(english, chinese)]).toEqual([true, true]);
  });

  it.each(pairs)('$name leads to a Chinese page wherever there is one', ({ chinese }) => {
    const toEnglish = chinese.links.filter(({ target }) => {
      const file = target.split('#')[0] ?? '';
      const sibling = path.posix.join(path.posix.dirname(chinese.name), file.replace(/\.md$/, '.zh-CN.md'));
      return (
        file.endsWith('.md') && !file.includes('zh-CN') && byName.has(sibling) && !isOriginal(file, chinese)
      );
    });
    expect(toEnglish).toEqual([]);
  });
});

describe('the changelog', () => {
  it('has a place for what is not released yet', () => {
    expect(readPage('CHANGELOG.md').headings[1]).toEqual([2, 'Unreleased']);
  });
});

describe('the reader of pages', () => {
  it('sees headings, blocks and links, and leaves code alone', () => {
    const page = parsePage(
      'x.md',
      '# A `b`: c\n[d](e.md#f) `[g](h)`\n```sh run\n# not a heading\n[i](j)\n```\n',
    );
    expect(page.headings).toEqual([[1, 'A `b`: c']]);
    expect([...page.anchors]).toEqual(['a-b-c']);
    expect(page.blocks).toEqual([
      { language: 'sh', marker: 'run', line: 3, text: '# not a heading\n[i](j)\n' },
    ]);
    expect(page.links).toEqual([{ target: 'e.md#f', line: 2 }]);
  });

  it('refuses a block without an end', () => {
    expect(() => parsePage('x.md', '```sh\n')).toThrow('x.md:1');
  });
});

function isOriginal(file: string, { name }: { readonly name: string }): boolean {
  return path.posix.basename(name) === file.replace(/\.md$/, '.zh-CN.md');
}

/** Links into the web are not followed: tests talk to loopback only. */
function leadsSomewhere(from: string, target: string): boolean {
  if (/^https?:/.test(target)) return true;
  const [file = '', anchor] = target.split('#');
  const name = file === '' ? from : path.posix.join(path.posix.dirname(from), file);
  if (!existsSync(path.join(ROOT, name))) return false;
  return anchor === undefined || byName.get(name)?.anchors.has(anchor) === true;
}
