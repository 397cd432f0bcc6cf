/** Drafts the entries of an imported configuration: one for each app that an entry can describe. */

import { type Message, message } from '../../messages/message.ts';
import {
  type AppId,
  type AppKey,
  type AppType,
  asConnectorId,
  type ConnectorId,
  compareText,
} from '../../model/identity.ts';
import type { ObservedApp } from '../../model/observed.ts';
import { makeKeys } from './make-keys.ts';

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
