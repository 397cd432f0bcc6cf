/** The catalogues agree: the same ids, and each parameter that English shows is shown in Chinese. */

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

  it('have Chinese in every Chinese sentence, and a space between it and Latin', () => {
    const wrong = Object.entries(chinese).filter(
      ([, entry]) =>
        typeof entry === 'string' && /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u.test(entry),
    );
    expect(wrong).toEqual([]);
  });
});
