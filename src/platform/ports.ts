/**
 * What the platform client needs from outside, and what it offers. The offered half satisfies the `AppLister`
 * of observe/ and the `AppWriter` of apply/ by structure; neither folder is known here.
 */
import type { Message } from '../messages/message.ts';
import type { CallContext, CallReport, Operation } from '../model/calls.ts';
import type { AppId, AppType, ConnectorId } from '../model/identity.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { Secret } from '../model/secret.ts';

/** Where the API token comes from. */
export interface TokenProvider {
  /** The token to use now. Throws CredentialsError when there is none. */
  current(): Promise<Secret>;
  /**
   * The platform refused `refused`. Looks for another token at the source; true when `current` now gives a
   * different one. Throws CredentialsError when there is none.
   */
  renew(refused: Secret): Promise<boolean>;
}

/** Counts requests per day. Implemented by `createCallBudget`; the caller persists it. */
export interface CallBudget {
  /**
   * Counts one request about to be sent. False: the day's budget is used up and the request must not be sent.
   */
  spend(): Promise<boolean>;
}

/** A write that has its turn, a token and its place in the budget, and is about to leave. */
interface PendingWrite {
  readonly operation: Operation;
  readonly context: CallContext;
}

/**
 * May this still be sent? A plan is right when it is made; it is carried out seconds or minutes later. Asked
 * in front of every attempt of every write, so that nothing is sent on what has ceased to hold.
 */
export interface WriteGate {
  /** Why the write must not leave; undefined lets it pass. */
  allow(write: PendingWrite): Promise<Message | undefined>;
}

/** Called for every attempt of every request, with the reason it was made. */
export type OnCall = (report: CallReport, context: CallContext) => void;

export interface AppPage {
  readonly items: readonly ObservedApp[];
  readonly hasMore: boolean;
  /** Empty where the reply held none. */
  readonly nextPageToken: string;
}

export interface EventPage {
  readonly eventTypes: readonly string[];
  readonly hasMore: boolean;
  readonly nextPageToken: string;
}

export interface CreatedApp {
  readonly id: AppId;
  readonly verifyToken: Secret;
}

/** The seven operations. Each throws PlatformError when it failed permanently. */
export interface Platform {
  /** One page of up to 50 apps; `''` asks for the first. */
  listApps(pageToken: string, context: CallContext): Promise<AppPage>;
  /** One page of the event types an app is subscribed to. */
  listEvents(id: AppId, pageToken: string, context: CallContext): Promise<EventPage>;
  /** A create that may have been processed throws kind `unknown_outcome` and is never repeated. */
  createApp(app: NewApp, context: CallContext): Promise<CreatedApp>;
  updateApp(id: AppId, fields: AppFields, context: CallContext): Promise<void>;
  deleteApp(id: AppId, context: CallContext): Promise<'deleted' | 'already_gone'>;
  subscribeEvents(id: AppId, eventTypes: readonly string[], context: CallContext): Promise<void>;
  unsubscribeEvents(id: AppId, eventTypes: readonly string[], context: CallContext): Promise<void>;
}

export interface NewApp {
  readonly appType: AppType;
  readonly name?: string;
  readonly connectorId?: ConnectorId;
}

export interface AppFields {
  readonly name?: string;
  readonly callbackUrl?: string;
}
