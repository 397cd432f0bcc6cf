/**
 * The operator's files: the configuration, edited while the world runs, and the API token. Remembers every
 * version, because the promises depend on what the file said when.
 */

import type { FileReader, ReadResult } from '../lib/file-reader.ts';
import type { Entry, FileEdit, Rules } from './scenario.ts';
import { CONFIG_PATH, TOKEN_PATH, writeConfiguration } from './write-configuration.ts';

type FileCondition = 'good' | 'syntax' | 'empty' | 'half' | 'absent';

export interface Operator {
  edit(edit: FileEdit): void;
  setToken(token: string): void;
  readonly files: FileReader;
  /** The entries of the file when it is valid. */
  readonly entries: ReadonlyMap<string, Entry>;
  readonly condition: FileCondition;
  /** Since when the file is invalid; undefined while it is valid. */
  readonly brokenSince: number | undefined;
  /** When the entry was removed; undefined while it is there, or if it never was. */
  goneSince(key: string): number | undefined;
  /** When the entry was added; undefined while it is not there. */
  appearedAt(key: string): number | undefined;
  /** Every entry that ever was in the file, in its last version. */
  readonly remembered: ReadonlyMap<string, Entry>;
  /** Calls back after each edit, until the returned function is called. */
  watch(onChange: () => void): () => void;
}

interface OperatorState {
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
  const current: OperatorState = {
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
      change(current, edit);
      current.revision += 1;
      for (const watcher of watchers) watcher();
    },
    setToken(next) {
      current.token = next;
      current.revision += 1;
    },
    files: createFiles(current, rules),
    entries: current.entries,
    remembered: current.remembered,
    get condition() {
      return current.condition;
    },
    get brokenSince() {
      return current.brokenSince;
    },
    goneSince: (key) => current.gone.get(key),
    appearedAt: (key) => current.appeared.get(key),
    watch(onChange) {
      watchers.add(onChange);
      return () => watchers.delete(onChange);
    },
  };
}

/** An edit of a missing entry changes nothing, so that shrunk scenarios keep their later edits. */
function change(current: OperatorState, edit: FileEdit): void {
  switch (edit.do) {
    case 'add':
      put(current, edit.entry);
      return;
    case 'remove':
      drop(current, edit.key);
      return;
    case 'change': {
      const entry = current.entries.get(edit.key);
      if (entry !== undefined) put(current, { ...entry, ...edit.to });
      return;
    }
    case 'rename': {
      const entry = current.entries.get(edit.key);
      if (entry === undefined || current.entries.has(edit.to)) return;
      const { was: _, ...rest } = entry;
      drop(current, edit.key);
      put(current, { ...rest, key: edit.to, ...(edit.saysWas ? { was: edit.key } : {}) });
      return;
    }
    case 'break':
      current.condition = edit.how;
      current.brokenSince ??= current.now();
      return;
    case 'repair':
      current.condition = 'good';
      current.brokenSince = undefined;
      return;
    case 'restore':
      for (const entry of [...current.remembered.values()]) {
        if (!current.entries.has(entry.key)) put(current, entry);
      }
  }
}

/** Entries that validation would refuse are not written: identities, pins and former keys are unique. */
function put(current: OperatorState, entry: Entry): void {
  const others = [...current.entries.values()].filter((other) => other.key !== entry.key);
  if (others.some((other) => areInConflict(entry, other))) return;
  if (!current.entries.has(entry.key)) current.appeared.set(entry.key, current.now());
  current.entries.set(entry.key, entry);
  current.remembered.set(entry.key, entry);
  current.gone.delete(entry.key);
}

function areInConflict(entry: Entry, other: Entry): boolean {
  const arePinned = entry.id !== undefined && other.id !== undefined;
  if (arePinned && entry.id === other.id) return true;
  if (other.was === entry.key || entry.was === other.key) return true;
  if (entry.was !== undefined && entry.was === other.was) return true;
  if (arePinned || entry.appType !== other.appType) return false;
  return entry.appType === 'connector' ? other.connectorId === entry.connectorId : other.name === entry.name;
}

function drop(current: OperatorState, key: string): void {
  if (!current.entries.delete(key)) return;
  current.gone.set(key, current.now());
  current.appeared.delete(key);
}

function createFiles(current: OperatorState, rules: Rules): FileReader {
  const textOf = (path: string): string | undefined => {
    if (path === TOKEN_PATH) return `${current.token}\n`;
    if (path !== CONFIG_PATH) return undefined;
    const text = writeConfiguration(rules, [...current.entries.values()]);
    switch (current.condition) {
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
      const stamp = `${path}:${current.revision}`;
      return { realPath: path, stamp, node: path, bytes: encode(text).length, mode: 0o600, changedAt: 0 };
    },
  };
}
