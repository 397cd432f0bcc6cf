/**
 * The entries of all files, whether valid or not, so that the rules across entries tell every problem at
 * once.
 */

import type { App } from './config-types.ts';
import type { Mark } from './mark.ts';
import type { YamlFile } from './parse-yaml.ts';

export interface Entry {
  readonly key: string;
  readonly file: YamlFile;
  /** Fields as they were written, each checked for its type where it is read. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export function readEntries(files: readonly YamlFile[]): readonly Entry[] {
  return files.flatMap((file) => {
    const apps = isMapping(file.value) ? file.value['apps'] : undefined;
    if (!isMapping(apps)) return [];
    return Object.entries(apps).map(([key, fields]) => ({
      key,
      file,
      fields: isMapping(fields) ? fields : {},
    }));
  });
}

/** The field, when it is a text. */
export function textOf(entry: Entry, field: keyof App): string | undefined {
  const value = entry.fields[field];
  return typeof value === 'string' ? value : undefined;
}

/** The field, when it is a list; items that are no texts are left out, with their places. */
export function textsOf(
  entry: Entry,
  field: keyof App,
): readonly { readonly text: string; readonly index: number }[] {
  const value = entry.fields[field];
  if (!Array.isArray(value)) return [];
  return value.flatMap((text: unknown, index) => (typeof text === 'string' ? [{ text, index }] : []));
}

/** Where the key of the entry stands. */
export function markOfKey(entry: Entry): Mark {
  return entry.file.locate.key(['apps', entry.key]);
}

/** Where the value of a field, or of an item in it, stands. */
export function markOfField(entry: Entry, field: keyof App, index?: number): Mark {
  const pointer = ['apps', entry.key, field, ...(index === undefined ? [] : [index])];
  return entry.file.locate.value(pointer).mark;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
