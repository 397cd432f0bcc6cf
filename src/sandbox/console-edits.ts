/**
 * Edits of an account in the web console: no request, permission or challenge. They populate an account and
 * simulate drift. The API's rules are not checked.
 */

import type { AppType } from '../model/identity.ts';
import type { Account, StoredApp } from './account.ts';

export interface ConsoleApp {
  /** To copy an existing account; otherwise the platform assigns one. */
  readonly id?: string;
  readonly appType?: AppType;
  readonly name?: string;
  readonly connectorId?: string;
  readonly callbackUrl?: string;
  readonly events?: readonly string[];
}

/** An app without its verify_token. */
export interface AppView {
  readonly id: string;
  readonly appType: AppType;
  readonly name: string | undefined;
  readonly connectorId: string | undefined;
  readonly callbackUrl: string | undefined;
  /** Sorted. */
  readonly events: readonly string[];
  readonly createdAt: number;
}

export interface ConsoleEdits {
  /** Creates an app and returns its id. */
  create(app: ConsoleApp): string;
  rename(id: string, name: string): void;
  /** `undefined` clears the URL. */
  setUrl(id: string, callbackUrl: string | undefined): void;
  remove(id: string): void;
  subscribe(id: string, eventTypes: readonly string[]): void;
  unsubscribe(id: string, eventTypes: readonly string[]): void;
}

/** Thrown for an edit of an app that does not exist. */
export class UnknownAppError extends Error {
  override readonly name = 'UnknownAppError' as const;
}

export function createConsoleEdits(account: Account): ConsoleEdits {
  const find = (id: string): StoredApp => {
    const app = account.find(id);
    if (app === undefined) throw new UnknownAppError(`account ${account.name} has no app ${id}`);
    return app;
  };
  return {
    create({ id, appType = 'normal', name, connectorId, callbackUrl, events = [] }) {
      const app = account.create({ id, appType, name, connectorId });
      app.callbackUrl = callbackUrl;
      account.subscribe(app, events);
      return app.id;
    },
    rename: (id, name) => account.update(find(id), { name }),
    setUrl: (id, callbackUrl) => account.update(find(id), { callbackUrl: callbackUrl ?? null }),
    remove: (id) => account.remove(find(id)),
    subscribe: (id, eventTypes) => account.subscribe(find(id), eventTypes),
    unsubscribe: (id, eventTypes) => account.unsubscribe(find(id), eventTypes),
  };
}

export function viewApp(app: StoredApp): AppView {
  const { id, appType, name, connectorId, callbackUrl, createdAt } = app;
  return { id, appType, name, connectorId, callbackUrl, events: [...app.events].sort(), createdAt };
}
