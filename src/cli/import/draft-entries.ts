/** Drafts the entries of an imported configuration: one for each app that an entry can describe. */

import { type Message, message } from '../../messages/message.ts';
import {
  type AppId,
  type AppKey,
  type AppType,
  asAppKey,
  asConnectorId,
  type ConnectorId,
  compareText,
} from '../../model/identity.ts';
import type { ObservedApp } from '../../model/observed.ts';

/** Fields that an entry may do without; then they are not managed. */
export const OPTIONAL_FIELDS = ['callback_url', 'events'] as const;
export type OptionalField = (typeof OPTIONAL_FIELDS)[number];

export interface DraftEntry {
  readonly key: AppKey;
  readonly id: AppId;
  readonly appType: AppType;
  readonly name?: string;
  /** The channel's name, which no entry holds. */
  readonly channelName?: string;
  readonly connectorId?: ConnectorId;
  readonly callbackUrl?: string;
  readonly events: readonly string[];
  /** Why the entry names its app by id; absent where it need not. */
  readonly pinnedFor?: Message;
  /** Fields that no entry can hold as they are, and why. */
  readonly unmanaged: ReadonlyMap<OptionalField, string | Message>;
}

/** An app that no entry can describe. */
export interface LeftOver {
  readonly app: Pick<ObservedApp, 'id' | 'name' | 'connectorId'>;
  readonly because: string | Message;
}

export interface DraftParts {
  readonly apps: readonly ObservedApp[];
  readonly events: ReadonlyMap<AppId, readonly string[]>;
  /** Keys of apps that are owned already; they keep them. */
  readonly ownedKeys: ReadonlyMap<AppId, AppKey>;
}

export interface Draft {
  /** Sorted by key. */
  readonly entries: readonly DraftEntry[];
  /** Sorted by id. */
  readonly leftOver: readonly LeftOver[];
}

export function draftEntries({ apps, events, ownedKeys }: DraftParts): Draft {
  const judged = apps.map((app) => ({ app, because: whyLeftOver(app, ownedKeys) }));
  const kept = judged.filter(({ because }) => because === undefined).map(({ app }) => app);
  const identities = new Map<string, number>();
  for (const app of kept) identities.set(identityOf(app), (identities.get(identityOf(app)) ?? 0) + 1);
  const keyless = kept
    .filter(({ id }) => !ownedKeys.has(id))
    .map(({ id, name, connectorId }) => ({ id, name: name ?? connectorId }));
  const made = makeKeys(keyless, new Set(ownedKeys.values()));
  const entries = kept.flatMap((app) => {
    const key = ownedKeys.get(app.id) ?? made.get(app.id);
    const hasTwin = (identities.get(identityOf(app)) ?? 0) > 1;
    const pinnedFor = hasTwin ? message('cli.import_pinned') : pinForSpaces(app);
    const pin = pinnedFor === undefined ? {} : { pinnedFor };
    const rest = { events: events.get(app.id) ?? [], ...pin, unmanaged: new Map() };
    return key === undefined ? [] : [draftEntry(app, key, rest)];
  });
  return {
    entries: entries.sort((left, right) => compareText(left.key, right.key)),
    leftOver: judged.flatMap(({ app, because }) => (because === undefined ? [] : [{ app, because }])),
  };
}

function draftEntry(
  { id, appType, name, connectorId, callbackUrl }: ObservedApp,
  key: AppKey,
  rest: Pick<DraftEntry, 'events' | 'pinnedFor' | 'unmanaged'>,
): DraftEntry {
  const url = callbackUrl === undefined ? {} : { callbackUrl };
  if (appType === 'connector') {
    const channel = name === undefined ? {} : { channelName: name };
    const connector = connectorId === undefined ? {} : { connectorId: asConnectorId(connectorId) };
    return { key, id, appType, ...connector, ...channel, ...url, ...rest };
  }
  return { key, id, appType: 'normal', ...(name === undefined ? {} : { name }), ...url, ...rest };
}

function whyLeftOver(
  { id, appType, name, mark, connectorId }: ObservedApp,
  ownedKeys: DraftParts['ownedKeys'],
): Message | undefined {
  if (mark !== undefined && !ownedKeys.has(id)) return message('cli.import_marked');
  if (appType === 'normal') return name === undefined ? message('cli.import_no_name') : undefined;
  if (appType === 'connector')
    return connectorId === undefined ? message('cli.import_no_connector') : undefined;
  return message('cli.import_unknown_type', { type: JSON.stringify(appType) });
}

/** The configuration takes white space around a name only from an entry that names its app by id. */
function pinForSpaces({ appType, name = '' }: ObservedApp): Message | undefined {
  return appType === 'normal' && name.trim() !== name ? message('cli.import_pinned_space') : undefined;
}

function identityOf({ appType, name, connectorId }: ObservedApp): string {
  return JSON.stringify([appType, appType === 'connector' ? connectorId : name]);
}

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
 * Keys for apps that have none: unique, valid in a configuration, and the same at every run. `taken` holds
 * keys that are in use. Apps of equal names all get the end of their id, so that none is "the first".
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
