/**
 * How a step can fail, and what that means for its entry and the round. Decided by kind, never by message.
 */

import { type Message, message, verbatim } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import { type FailureKind, PlatformError } from '../model/calls.ts';
import type { Outcome } from '../model/round.ts';

/** A step failed on our side of the network. `message` is in English, `problem` can be translated. */
class StepError extends Error {
  readonly problem: Message;

  constructor(problem: Message, cause?: unknown) {
    super(say(problem), cause === undefined ? undefined : { cause });
    this.problem = problem;
  }
}

/** The journal could not make a change durable. */
export class CommitError extends StepError {
  override readonly name = 'CommitError' as const;

  constructor(cause: unknown) {
    super(message('apply.state_not_written', { why: messageOf(cause) }), cause);
  }
}

/** The verify_token could not be handed to the sink. */
export class DeliveryError extends StepError {
  override readonly name = 'DeliveryError' as const;

  constructor(cause: unknown) {
    super(message('apply.token_not_delivered', { why: messageOf(cause) }), cause);
  }
}

/** The receiver failed its preflight, and the policy says not to set its URL then. */
export class ReceiverError extends StepError {
  override readonly name = 'ReceiverError' as const;
}

/** The round stopped between two steps of a change that had begun. */
export class InterruptedError extends StepError {
  override readonly name = 'InterruptedError' as const;
}

/** The platform refused the real name of a new app. */
export class NameTakenError extends PlatformError {
  override readonly name = 'NameTakenError';

  constructor(refusal: PlatformError, problem: Message) {
    super({ ...refusal.details, message: problem }, refusal);
  }
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

/**
 * Whether a write that failed with this error may have been processed. An unexpected error counts as such.
 */
export function mayHaveBeenProcessed(error: unknown): boolean {
  return !(error instanceof PlatformError && SURELY_NOT_PROCESSED.includes(error.details.kind));
}

/**
 * Whether a create that ended in this error may have made an app. The writer promises that `transient` is
 * never one of those: it has settled that the request did not arrive.
 */
export function mayHaveCreated(error: unknown): boolean {
  const isTransient = error instanceof PlatformError && error.details.kind === 'transient';
  return !isTransient && mayHaveBeenProcessed(error);
}

/** Whether the platform refused the request as wrong; then it did not process it. */
export function isInvalid(error: unknown): error is PlatformError {
  return error instanceof PlatformError && error.details.kind === 'invalid';
}

export interface Verdict {
  readonly failure: NonNullable<Outcome['failure']>;
  /** Why the round cannot continue; undefined when only this entry is concerned. */
  readonly stopsRound?: Message;
  /** Why a gate stopped the write. */
  readonly refused?: Message;
  readonly backsOff: boolean;
  readonly retryAfterMs?: number;
}

/** Classifies an error thrown by a step. */
export function judgeFailure(error: unknown): Verdict {
  if (error instanceof PlatformError) {
    const { details } = error;
    return {
      failure: details,
      ...(STOPS_THE_ROUND.includes(details.kind) ? { stopsRound: details.message } : {}),
      ...(details.refused === undefined ? {} : { stopsRound: details.refused, refused: details.refused }),
      backsOff: !NO_BACKOFF.includes(details.kind),
      ...(details.retryAfterMs === undefined ? {} : { retryAfterMs: details.retryAfterMs }),
    };
  }
  const failed = (kind: 'disk' | 'interrupted' | 'receiver' | 'internal', backsOff: boolean): Verdict => ({
    failure: { kind, message: messageOf(error) },
    backsOff,
  });
  if (error instanceof CommitError) return failed('disk', false);
  if (error instanceof InterruptedError) return failed('interrupted', false);
  if (error instanceof DeliveryError) return failed('disk', true);
  if (error instanceof ReceiverError) return failed('receiver', true);
  return failed('internal', true);
}

export function messageOf(error: unknown): Message {
  if (error instanceof StepError) return error.problem;
  return verbatim(error instanceof Error ? error.message : String(error));
}
