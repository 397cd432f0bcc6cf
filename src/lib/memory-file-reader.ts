/** Files that exist only in memory, for content that is already at hand. */

import type { DirectoryEntry, FileReader } from './file-reader.ts';

/** Every folder exists, for an empty one leaves no text behind. `texts` may change between calls. */
export function createMemoryFiles(texts: ReadonlyMap<string, string | Uint8Array>): FileReader {
  return {
    async read(path, maxBytes) {
      const content = texts.get(path);
      if (content === undefined) return { ok: false, failure: { reason: 'missing' } };
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      if (bytes.length > maxBytes)
        return { ok: false, failure: { reason: 'too_large', bytes: bytes.length } };
      return { ok: true, bytes };
    },
    async list(directory) {
      const prefix = directory === '.' ? '' : `${directory}/`;
      const entries = new Map<string, DirectoryEntry>();
      for (const path of texts.keys()) {
        if (!path.startsWith(prefix)) continue;
        const [name = '', ...rest] = path.slice(prefix.length).split('/');
        entries.set(name, { name, isDirectory: rest.length > 0 });
      }
      return [...entries.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
    },
    async identify(path) {
      const content = texts.get(path);
      if (content === undefined) return undefined;
      const stamp = `${path} ${content.length}`;
      return { realPath: path, stamp, node: path, bytes: content.length, mode: 0o644, changedAt: 0 };
    },
  };
}
