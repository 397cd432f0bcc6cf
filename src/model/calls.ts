/**
 * A request to the platform as logs and history describe it, and how it can fail. Wire formats stay in
 * `platform/`.
 */

import type { Message } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import type { AppId, AppKey } from './identity.ts';

export type Operation =
  | 'list_apps'
  | 'create_app'
  | 'update_app'
  | 'delete_app'
  | 'list_events'
  | 'subscribe_events'
  | 'unsubscribe_events'
  | 'exchange_token';

/**
 * Why a request failed, by what callbackd does about it (design, rules of applying). `unknown_outcome`: a
 * write that may or may not have been processed. `aborted`: we stopped before it was sent. `budget`: the
 * daily call budget is used up, nothing was sent.
 */
export type FailureKind =
  | 'transient'
  | 'rate_limited'
  | 'auth'
  | 'permission'
  | 'invalid'
  | 'not_found'
  | 'paused_by_platform'
  | 'unknown_outcome'
  | 'bad_response'
  | 'budget'
  | 'aborted';

/** One attempt of one request, as logs and history tell it. Holds no secret and no body. */
export interface CallReport {
  readonly operation: Operation;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The path without the query. */
  readonly path: string;
  /** Absent when no response arrived. */
  readonly status?: number;
  readonly code?: number;
  readonly msg?: string;
  readonly logid?: string;
  /** Milliseconds since the epoch at which the request was sent. */
  readonly at: number;
  readonly durationMs: number;
  /** Counts from 1. */
  readonly attempt: number;
  readonly failure?: FailureKind;
}

/** Passed along with a request: how to stop it, on whose behalf it is sent, and who observes it. */
export interface CallContext {
  readonly signal: AbortSignal;
  readonly appKey?: AppKey;
  readonly appId?: AppId;
  /**
   * Asked directly before each attempt of a write leaves: why it must not any more; undefined lets it pass.
   */
  readonly mayLeave?: (write: Operation) => Promise<Message | undefined>;
  /** Called once for every attempt, beside the process-wide log. */
  readonly report?: (call: CallReport) => void;
}

export interface FailureDetails {
  readonly kind: FailureKind;
  readonly operation: Operation;
  /** What happened, in one sentence for the operator. */
  readonly message: Message;
  /** What the operator should do, where there is something to do. */
  readonly advice?: Message;
  readonly status?: number;
  readonly code?: number;
  readonly msg?: string;
  readonly logid?: string;
  readonly attempts: number;
  readonly retryAfterMs?: number;
  /**
   * Kind `aborted` only: what the plan rested on does not hold any more, so the rest of it must not be sent.
   */
  readonly refused?: Message;
}

/** A request that failed permanently, after the retries that were safe. */
export class PlatformError extends Error {
  override readonly name: string = 'PlatformError';
  readonly details: FailureDetails;

  constructor(details: FailureDetails, cause?: unknown) {
    super(say(details.message), cause === undefined ? undefined : { cause });
    this.details = details;
  }
}
