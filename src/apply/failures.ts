/**
 * What can go wrong with a step, and what that means for its entry and for the round. It reads kinds only, never the
 * text of a message.
 */

import { type FailureKind, PlatformError } from '../model/calls.ts';
import type { Outcome } from '../model/round.ts';

/** The journal could not make a change durable. */
export class CommitError extends Error {
  override readonly name = 'CommitError' as const;

  constructor(cause: unknown) {
    super(`the state could not be written: ${messageOf(cause)}`, { cause });
  }
}

/** The verify_token could not be handed to the sink. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError' as const;

  constructor(cause: unknown) {
    super(`the verify_token could not be delivered: ${messageOf(cause)}`, { cause });
  }
}

/** The receiver failed its preflight, and the policy says not to set its URL then. */
export class ReceiverError extends Error {
  override readonly name = 'ReceiverError' as const;
}

/** The round stopped between two steps of a change that had begun. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError' as const;
}

/** Kinds after which the platform surely did not process a write. */
const SURELY_NOT_PROCESSED: readonly FailureKind[] = [
  'rate_limited',
  'auth',
  'permission',
  'invalid',
  'not_found',
  'paused_by_platform',
  'budget',
  'aborted',
];

/** Kinds that concern the whole account, so that every other change would fail alike. */
const STOPS_THE_ROUND: readonly FailureKind[] = ['auth', 'budget', 'paused_by_platform'];

/** Kinds that are not the entry's fault: it is tried again as soon as a round can. */
const NO_BACKOFF: readonly FailureKind[] = ['auth', 'budget', 'aborted'];

/** Whether a write that ended in this error may have been processed all the same. An unforeseen error counts as such. */
export function mayHaveBeenProcessed(error: unknown): boolean {
  return !(error instanceof PlatformError && SURELY_NOT_PROCESSED.includes(error.details.kind));
}

/**
 * Whether a create that ended in this error may have made an app. The writer promises that `transient` is never one of
 * those: it has settled that the request did not arrive.
 */
export function mayHaveCreated(error: unknown): boolean {
  const isTransient = error instanceof PlatformError && error.details.kind === 'transient';
  return !isTransient && mayHaveBeenProcessed(error);
}

export interface Verdict {
  readonly failure: NonNullable<Outcome['failure']>;
  /** Why the round cannot go on; undefined when only this entry is concerned. */
  readonly stopsRound?: string;
  readonly backsOff: boolean;
  readonly retryAfterMs?: number;
}

/** Judges what a step threw. */
export function judgeFailure(error: unknown): Verdict {
  if (error instanceof PlatformError) {
    const { details } = error;
    return {
      failure: details,
      ...(STOPS_THE_ROUND.includes(details.kind) ? { stopsRound: details.message } : {}),
      backsOff: !NO_BACKOFF.includes(details.kind),
      ...(details.retryAfterMs === undefined ? {} : { retryAfterMs: details.retryAfterMs }),
    };
  }
  const message = messageOf(error);
  if (error instanceof CommitError) return { failure: { kind: 'disk', message }, backsOff: false };
  if (error instanceof InterruptedError)
    return { failure: { kind: 'interrupted', message }, backsOff: false };
  if (error instanceof DeliveryError) return { failure: { kind: 'disk', message }, backsOff: true };
  if (error instanceof ReceiverError) return { failure: { kind: 'receiver', message }, backsOff: true };
  return { failure: { kind: 'internal', message }, backsOff: true };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
