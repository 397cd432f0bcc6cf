/**
 * Applies one change, step by step. A failure ends this change only, unless it concerns the whole account:
 * then it stops the round.
 */

import { type Message, message } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import type { PlatformError } from '../model/calls.ts';
import { assertNever } from '../model/invariant.ts';
import type { Step } from '../model/plan.ts';
import type { Outcome } from '../model/round.ts';
import type { Backoff, StateChange } from '../model/state.ts';
import type { ApplyRound, ChangeRun } from './apply-round.ts';
import {
  InterruptedError,
  isInvalid,
  judgeFailure,
  messageOf,
  NameTakenError,
  type Verdict,
} from './failures.ts';
import { runStep, withdrawToken } from './run-step.ts';
import { updateApp } from './write-fields.ts';

/** Runs the steps starting at `run.next`. Never rejects. */
export async function applyChange(run: ChangeRun, round: ApplyRound): Promise<Outcome> {
  try {
    for (const step of run.change.steps.slice(run.next)) {
      const stopped = round.stop.beforeStep();
      if (stopped !== undefined) throw new InterruptedError(explainStop(step, stopped));
      await runStep(step, run, round);
      run.next += 1;
    }
    await round.commit(closeChange(run, round));
    return endChange(run, round, 'applied');
  } catch (error) {
    return failChange(await finishName(error, run, round), run, round);
  }
}

/** The outcome of a change of which nothing was sent. */
export function skipChange(run: ChangeRun, round: ApplyRound, why: Message): Outcome {
  return { ...endChange(run, round, 'skipped'), skippedBecause: why };
}

/** What remains to be recorded when every step is done. */
function closeChange(run: ChangeRun, round: ApplyRound): readonly StateChange[] {
  const { key, protect, reason } = run.change;
  // With its name alone the app is not finished, and what failed before stays to be waited for.
  if (key === null || reason === 'marked_name') return [];
  const { state } = round.deps.journal;
  const app = state.apps.get(key);
  const isFinished = app !== undefined && app.id === run.id;
  const patch = {
    ...(isFinished && app.activating ? { activating: false } : {}),
    ...(isFinished && app.protect !== protect ? { protect } : {}),
  };
  return [
    ...(Object.keys(patch).length === 0 ? [] : [{ type: 'app_changed', key, patch } as const]),
    ...(state.backoffs.has(key) ? [{ type: 'backoff_cleared', key } as const] : []),
  ];
}

/** The outcome of a change that ended in an error; remembers how long its entry is left alone. */
export async function failChange(error: unknown, run: ChangeRun, round: ApplyRound): Promise<Outcome> {
  const verdict = judgeFailure(error);
  if (verdict.stopsRound !== undefined) round.stop.raise(verdict.stopsRound);
  // Held before its first write, so it counts as skipped.
  if (verdict.refused !== undefined && run.next === 0) return skipChange(run, round, verdict.refused);
  try {
    const isTaken = error instanceof NameTakenError;
    if (isTaken || (verdict.backsOff && run.change.reason !== 'marked_name')) {
      await round.commit(backOff(verdict, run, round, isTaken));
    }
  } catch (commitError) {
    run.warnings.push(judgeFailure(commitError).failure.message);
  }
  return { ...endChange(run, round, 'failed'), failure: verdict.failure };
}

function backOff(
  verdict: Verdict,
  run: ChangeRun,
  round: ApplyRound,
  isTaken: boolean,
): readonly StateChange[] {
  const { key, entryDigest } = run.change;
  if (key === null) return [];
  const backoff = nextBackoff(round.deps.journal.state.backoffs.get(key), {
    at: round.deps.clock.now(),
    entryDigest,
    reason: say(verdict.failure.message),
    ...(verdict.retryAfterMs === undefined ? {} : { retryAfterMs: verdict.retryAfterMs }),
  });
  const because = isTaken ? ({ because: 'name_taken' } as const) : {};
  return [{ type: 'backoff_set', key, backoff: { ...backoff, ...because } }];
}

function endChange(run: ChangeRun, round: ApplyRound, result: Outcome['result']): Outcome {
  const { change, calls, warnings, startedAt, id } = run;
  const isNew = id !== null && id !== change.id;
  return {
    change,
    result,
    calls,
    warnings,
    ...(isNew ? { id } : {}),
    startedAt,
    endedAt: round.deps.clock.now(),
  };
}

function explainStop(step: Step, why: Message): Message {
  switch (step.do) {
    case 'create_app':
      return message('apply.stopped_before_create', { why });
    case 'bind':
    case 'unbind':
      return message('apply.stopped_before_binding', { why });
    case 'deliver_token':
    case 'promote_token':
    case 'retire_token':
      return message('apply.stopped_before_delivery', { why });
    case 'check_receiver':
      return message('apply.stopped_before_receiver', { why });
    case 'update_app':
      return message('apply.stopped_before_update', { why });
    case 'subscribe':
    case 'unsubscribe':
      return message('apply.stopped_before_subscriptions', { why });
    case 'delete_app':
      return message('apply.stopped_before_delete', { why });
    default:
      return assertNever(step);
  }
}

/** Failures after which another request may well succeed; after others the next round sets the name. */
const LEAVES_TIME = ['invalid', 'receiver', 'disk', 'internal'];

/**
 * Call it with what ended the change. Returns what the change failed with in the end: the same, or a
 * `NameTakenError` where the platform refused the name. Never rejects.
 */
async function finishName(error: unknown, run: ChangeRun, round: ApplyRound): Promise<unknown> {
  const { nameLeft: name, id } = run;
  if (name === undefined || id === null || run.change.key === null) return error;
  if (isNameAlone(run) && isInvalid(error)) return giveUp(error, run, round);
  const { failure, stopsRound } = judgeFailure(error);
  if (!LEAVES_TIME.includes(failure.kind) || stopsRound !== undefined) return error;
  if (round.stop.beforeStep() !== undefined) return error;
  try {
    await updateApp({ do: 'update_app', name }, id, run, round);
    return error;
  } catch (refusal) {
    if (isInvalid(refusal)) return giveUp(refusal, run, round);
    run.warnings.push(message('apply.name_not_set', { why: messageOf(refusal) }));
    return error;
  }
}

/** Whether the step that failed sent the name and nothing else. */
function isNameAlone({ change, next }: ChangeRun): boolean {
  const step = change.steps[next];
  return step?.do === 'update_app' && step.callbackUrl === undefined;
}

/**
 * An app that cannot have its name is of no use: it is let go, and goes as a stray. One that replaces another
 * is kept, because its record holds the id of the old one; so is what no entry stands for.
 */
async function giveUp(refusal: PlatformError, run: ChangeRun, round: ApplyRound): Promise<unknown> {
  const { change, id } = run;
  const { key, name, entryDigest } = change;
  const owned = key === null ? undefined : round.deps.journal.state.apps.get(key);
  if (key === null || id === null || owned?.id !== id || entryDigest === '') return refusal;
  try {
    if (owned.replaces === undefined) {
      await withdrawToken(run, round);
      await round.commit({ type: 'app_unbound', key, id, leavesStray: true });
    }
    return new NameTakenError(refusal, message('apply.name_taken', { name: String(name), id }));
  } catch (error) {
    return error;
  }
}

/**
 * As long as the default settle time, so that an unknown create is not settled later because of its backoff.
 */
const BACKOFF_FIRST_MS = 10_000;
/**
 * Up to an hour, so that an entry whose receiver was repaired converges by itself.
 */
const BACKOFF_MAX_MS = 3_600_000;

/** The next backoff. A failure of another version of the entry does not count. Instants in milliseconds. */
export function nextBackoff(
  previous: Backoff | undefined,
  failed: {
    readonly at: number;
    readonly entryDigest: string;
    readonly reason: string;
    readonly retryAfterMs?: number;
  },
): Backoff {
  const isRepeat = previous !== undefined && previous.entryDigest === failed.entryDigest;
  const failures = (isRepeat ? previous.failures : 0) + 1;
  const exponential = Math.min(BACKOFF_FIRST_MS * 2 ** (failures - 1), BACKOFF_MAX_MS);
  const waitMs = Math.max(exponential, Math.min(failed.retryAfterMs ?? 0, BACKOFF_MAX_MS));
  return { failures, until: failed.at + waitMs, entryDigest: failed.entryDigest, reason: failed.reason };
}
