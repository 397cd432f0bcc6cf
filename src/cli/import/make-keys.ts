/**
 * Keys for apps that have none: unique, valid in a configuration, and the same at every run. Letters of every
 * script stay as they are, so that an operator recognises the app.
 */

import { type AppId, type AppKey, asAppKey } from '../../model/identity.ts';

export interface Keyless {
  readonly id: AppId;
  /** What the key should remind of; undefined where nothing is known. */
  readonly name: string | undefined;
}

/** The schema allows 63 characters; the rest is for the end that tells equal names apart. */
const STEM_CHARACTERS_MAX = 40;
/** The first digits of neighbouring ids are equal. */
const ID_DIGITS = 6;

/**
 * `taken` holds keys that are in use. Apps of equal names all get the end of their id, so that none is "the
 * first".
 */
export function makeKeys(apps: readonly Keyless[], taken: ReadonlySet<string>): ReadonlyMap<AppId, AppKey> {
  const stems = new Map(apps.map(({ id, name }) => [id, makeStem(name)]));
  const counts = new Map<string, number>();
  for (const stem of stems.values()) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  const used = new Set(taken);
  const keys = new Map<AppId, AppKey>();
  for (const [id, stem] of stems) {
    const candidates = [
      stem,
      `${stem || 'app'}-${id.slice(-ID_DIGITS)}`,
      `${stem || 'app'}-${id.slice(-20)}`,
    ];
    const isPlain = stem !== '' && counts.get(stem) === 1;
    const key = candidates.slice(isPlain ? 0 : 1).find((candidate) => !used.has(candidate)) ?? `app-${id}`;
    used.add(key);
    keys.set(id, asAppKey(key));
  }
  return keys;
}

/** Empty where the name has no letter or digit. */
function makeStem(name = ''): string {
  const dashed = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}._-]+/gu, '-')
    .replace(/^[^\p{L}\p{N}]+/u, '');
  return Array.from(dashed)
    .slice(0, STEM_CHARACTERS_MAX)
    .join('')
    .replace(/[-._]+$/, '');
}
