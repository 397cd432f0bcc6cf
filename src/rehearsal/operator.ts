/**
 * The operator's files: the configuration, edited while the world runs, and the API token. It remembers what they said
 * when, because promises are held against what the operator had asked for.
 */

import type { FileReader, ReadResult } from '../lib/file-reader.ts';
import type { Entry, FileEdit, Rules } from './story.ts';
import { CONFIG_PATH, TOKEN_PATH, writeConfiguration } from './write-configuration.ts';

/** How the configuration file stands. */
type FileCondition = 'good' | 'syntax' | 'empty' | 'half' | 'absent';

export interface Operator {
  edit(edit: FileEdit): void;
  setToken(token: string): void;
  readonly files: FileReader;
  /** What the file would say if it were whole. */
  readonly entries: ReadonlyMap<string, Entry>;
  readonly condition: FileCondition;
  /** When the file last stopped being readable; undefined while it is good. */
  readonly brokenSince: number | undefined;
  /** When the entry of that key left the file; undefined while it is there, or if it never was. */
  goneSince(key: string): number | undefined;
  /** When the entry of that key came into the file; undefined while it is not there. */
  appearedAt(key: string): number | undefined;
  /** Every key that ever was in the file, with its latest entry. */
  readonly remembered: ReadonlyMap<string, Entry>;
  /** Calls back after each edit, until the returned function is called. */
  watch(onChange: () => void): () => void;
}

interface Desk {
  readonly now: () => number;
  readonly entries: Map<string, Entry>;
  readonly remembered: Map<string, Entry>;
  readonly gone: Map<string, number>;
  readonly appeared: Map<string, number>;
  condition: FileCondition;
  brokenSince: number | undefined;
  token: string;
  revision: number;
}

export function createOperator(
  rules: Rules,
  entries: readonly Entry[],
  { now, token }: { readonly now: () => number; readonly token: string },
): Operator {
  const watchers = new Set<() => void>();
  const byKey = entries.map((entry) => [entry.key, entry] as const);
  const desk: Desk = {
    now,
    entries: new Map(byKey),
    remembered: new Map(byKey),
    gone: new Map(),
    appeared: new Map(entries.map((entry) => [entry.key, now()])),
    condition: 'good',
    brokenSince: undefined,
    token,
    revision: 0,
  };
  return {
    edit(edit) {
      change(desk, edit);
      desk.revision += 1;
      for (const watcher of watchers) watcher();
    },
    setToken(next) {
      desk.token = next;
      desk.revision += 1;
    },
    files: createFiles(desk, rules),
    entries: desk.entries,
    remembered: desk.remembered,
    get condition() {
      return desk.condition;
    },
    get brokenSince() {
      return desk.brokenSince;
    },
    goneSince: (key) => desk.gone.get(key),
    appearedAt: (key) => desk.appeared.get(key),
    watch(onChange) {
      watchers.add(onChange);
      return () => watchers.delete(onChange);
    },
  };
}

/** An edit of an entry that is not there changes nothing: smaller stories keep their later edits. */
function change(desk: Desk, edit: FileEdit): void {
  switch (edit.do) {
    case 'add':
      put(desk, edit.entry);
      return;
    case 'remove':
      drop(desk, edit.key);
      return;
    case 'change': {
      const entry = desk.entries.get(edit.key);
      if (entry !== undefined) put(desk, { ...entry, ...edit.to });
      return;
    }
    case 'rename': {
      const entry = desk.entries.get(edit.key);
      if (entry === undefined || desk.entries.has(edit.to)) return;
      const { was: _, ...rest } = entry;
      drop(desk, edit.key);
      put(desk, { ...rest, key: edit.to, ...(edit.saysWas ? { was: edit.key } : {}) });
      return;
    }
    case 'break':
      desk.condition = edit.how;
      desk.brokenSince ??= desk.now();
      return;
    case 'repair':
      desk.condition = 'good';
      desk.brokenSince = undefined;
  }
}

/** What the validation would refuse is not written: identities, pins and former keys are unique among the entries. */
function put(desk: Desk, entry: Entry): void {
  const others = [...desk.entries.values()].filter((other) => other.key !== entry.key);
  if (others.some((other) => areInConflict(entry, other))) return;
  if (!desk.entries.has(entry.key)) desk.appeared.set(entry.key, desk.now());
  desk.entries.set(entry.key, entry);
  desk.remembered.set(entry.key, entry);
  desk.gone.delete(entry.key);
}

function areInConflict(entry: Entry, other: Entry): boolean {
  const arePinned = entry.id !== undefined && other.id !== undefined;
  if (arePinned && entry.id === other.id) return true;
  if (other.was === entry.key || entry.was === other.key) return true;
  if (entry.was !== undefined && entry.was === other.was) return true;
  if (arePinned || entry.appType !== other.appType) return false;
  return entry.appType === 'connector' ? other.connectorId === entry.connectorId : other.name === entry.name;
}

function drop(desk: Desk, key: string): void {
  if (!desk.entries.delete(key)) return;
  desk.gone.set(key, desk.now());
  desk.appeared.delete(key);
}

function createFiles(desk: Desk, rules: Rules): FileReader {
  const textOf = (path: string): string | undefined => {
    if (path === TOKEN_PATH) return `${desk.token}\n`;
    if (path !== CONFIG_PATH) return undefined;
    const text = writeConfiguration(rules, [...desk.entries.values()]);
    switch (desk.condition) {
      case 'good':
        return text;
      case 'syntax':
        return `${text}  broken: [\n`;
      case 'empty':
        return '';
      case 'half':
        return text.slice(0, Math.max(text.indexOf('state_dir'), 20));
      case 'absent':
        return undefined;
    }
  };
  const encode = (text: string) => new TextEncoder().encode(text);
  return {
    async read(path): Promise<ReadResult> {
      const text = textOf(path);
      if (text === undefined) return { ok: false, failure: { reason: 'missing' } };
      return { ok: true, bytes: encode(text) };
    },
    list: async () => undefined,
    async identify(path) {
      const text = textOf(path);
      if (text === undefined) return undefined;
      const stamp = `${path}:${desk.revision}`;
      return { realPath: path, stamp, node: path, bytes: encode(text).length, mode: 0o600, changedAt: 0 };
    },
  };
}
