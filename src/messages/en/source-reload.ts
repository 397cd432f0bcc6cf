/** Why files that changed are not taken over without approval. */

interface File {
  readonly file: string;
}
interface Key {
  readonly key: string;
}

export const SOURCE_RELOAD = {
  'source.file_gone': ({ file }: File) =>
    `${file} is gone with its entries, and \`delete_grace\` is too short to wait for it`,
  'source.entries_gone': ({ lost, total }: { readonly lost: number; readonly total: number }) =>
    `${lost} of ${total} entries are gone at once`,
  'source.cut_short': ({ file, reason }: File & { readonly reason: string }) =>
    `${file} looks cut short: ${reason}`,
  'source.cut_in_line': 'it ends in the middle of a line',
  'source.cut_in_entry': ({ key }: Key) => `it ends within the entry ${key}`,
  'source.cut_settings': 'settings at its end are gone',
  'source.cut_in_grace':
    'it is the beginning of what it was, and delete_grace is too short to wait for the rest',
  'source.cut_after': ({ key }: Key) => `entries after ${key} are gone, which itself was changed`,
} as const;
