/** The catalogues agree: the same ids, and each parameter that English shows is shown in Chinese. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENGLISH } from './en.ts';
import { CHINESE } from './zh.ts';

type Entry = string | ((params: object) => string);
const english: Readonly<Record<string, Entry>> = ENGLISH as unknown as Readonly<Record<string, Entry>>;
const chinese: Readonly<Record<string, Entry>> = CHINESE as unknown as Readonly<Record<string, Entry>>;

/** The names of the parameters that an entry reads. A value is a list, which also prints as a text. */
function readBy(entry: Entry | undefined): string[] {
  const names = new Set<string>();
  const params = new Proxy(
    {},
    {
      get: (_, name) => {
        names.add(String(name));
        return [{ key: 'k', id: 'i', to: 't', agoMs: 1, toString: () => 'x' }];
      },
    },
  );
  if (typeof entry === 'function') entry(params);
  return [...names].sort();
}

/** Everything that may say a sentence: the sources without the catalogues and the tests. */
function readCode(): string {
  const root = path.resolve(import.meta.dirname, '..');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !/^messages\/(en|zh)/.test(name))
    .map((name) => readFileSync(path.join(root, name), 'utf8'))
    .join('\n');
}

describe('the catalogues', () => {
  it('have the same ids', () => {
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
  });

  it('show the same parameters', () => {
    const missing = Object.entries(english).flatMap(([id, entry]) => {
      const shown = new Set(readBy(chinese[id]));
      return readBy(entry)
        .filter((name) => !shown.has(name))
        .map((name) => `${id}: ${name}`);
    });
    expect(missing).toEqual([]);
  });

  it('have no sentence that no code says', () => {
    const code = readCode();
    const quoted = new Set([...code.matchAll(/['"]([a-z]+(?:[._][\w-]+)*)['"]/g)].map(([, id]) => id));
    // Titles, explanations and releases of holds are found by the reason: `plan.${reason}_title`.
    // `page.result_${result}`: an id that is put together, with any word in each gap.
    const built = [...code.matchAll(/`([a-z]+\.[\w.]*(?:\$\{[^`{}]*(?:\{[^{}]*\})*[^`{}]*\}[\w.]*)+)`/g)]
      .map(([, text = '']) => text.replace(/\$\{[^}]*\}+/g, '\0'))
      .filter((text) => /^[a-z]+\.[\w.]{2,}\0|^(help|summary)\.|^plan\.\0_\w/.test(text))
      .map((text) => new RegExp(`^${text.replaceAll('.', '\\.').replaceAll('\0', '[\\w-]+')}$`));
    const unsaid = Object.keys(english).filter(
      (id) => !quoted.has(id) && !built.some((pattern) => pattern.test(id)),
    );
    expect(unsaid).toEqual([]);
  });

  it('have Chinese in every Chinese sentence, and a space between it and Latin', () => {
    const wrong = Object.entries(chinese).filter(
      ([, entry]) =>
        typeof entry === 'string' && /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u.test(entry),
    );
    expect(wrong).toEqual([]);
  });
});
