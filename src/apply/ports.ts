/**
 * What applying needs: the platform's writes, the receivers, the journal and the token sink.
 */

import type { CallContext } from '../model/calls.ts';
import type { AppId, AppKey, AppType, ConnectorId } from '../model/identity.ts';
import type { ReceiverVerdict } from '../model/plan.ts';
import type { Secret } from '../model/secret.ts';
import type { State, StateChanges } from '../model/state.ts';

interface NewApp {
  readonly appType: AppType;
  readonly name?: string;
  readonly connectorId?: ConnectorId;
}

export interface CreatedApp {
  readonly id: AppId;
  readonly verifyToken: Secret;
}

/**
 * The writes of the platform. Every method throws `PlatformError`; retries, where they are safe, are behind
 * it. `context.signal` stops what was not sent yet (kind `aborted`); a request in flight is finished.
 */
export interface AppWriter {
  /**
   * Kind `unknown_outcome` when the app may have been created; any other kind means that it surely was not.
   */
  createApp(app: NewApp, context: CallContext): Promise<CreatedApp>;
  updateApp(
    id: AppId,
    fields: { readonly name?: string; readonly callbackUrl?: string },
    context: CallContext,
  ): Promise<void>;
  deleteApp(id: AppId, context: CallContext): Promise<'deleted' | 'already_gone'>;
  subscribeEvents(id: AppId, eventTypes: readonly string[], context: CallContext): Promise<void>;
  unsubscribeEvents(id: AppId, eventTypes: readonly string[], context: CallContext): Promise<void>;
}

/** Challenges a receiver as the platform would. Resolves with a verdict; a refusal is not an error. */
export interface ReceiverCheck {
  check(url: string, context: CallContext): Promise<ReceiverVerdict>;
}

/**
 * The recorded state. `commit` resolves when the changes are durable; those of one call become durable
 * together or not at all. It rejects when that cannot be known, and from then on nothing may be written to
 * the platform.
 */
export interface Journal {
  readonly state: State;
  commit(changes: StateChanges): Promise<void>;
}

/** Where receivers find the verify_token of their app. */
export interface TokenSink {
  /** Resolves with a keyed fingerprint once the token is durable. Refuses what looks like a mask. */
  deliver(key: AppKey, token: Secret, as?: 'next'): Promise<string>;
  /** Makes the next token, which has this fingerprint, the one of the key. May be repeated after a crash. */
  promote(key: AppKey, fingerprint: string): Promise<void>;
  /** Removes the previous token. Absence is fine. */
  retire(key: AppKey): Promise<void>;
  /** Removes all that a key has. Absence is fine. */
  remove(key: AppKey): Promise<void>;
}
