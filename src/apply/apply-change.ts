/**
 * Applies one change, step by step. A failure ends this change only, unless it concerns the whole account:
 * then it stops the round.
 */

import { type Message, message } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import { assertNever } from '../model/invariant.ts';
import type { Step } from '../model/plan.ts';
import type { Outcome } from '../model/round.ts';
import type { StateChange } from '../model/state.ts';
import type { ApplyRound, ChangeRun } from './apply-round.ts';
import { InterruptedError, judgeFailure, NameTakenError, type Verdict } from './failures.ts';
import { finishName } from './finish-name.ts';
import { nextBackoff } from './next-backoff.ts';
import { runStep } from './run-step.ts';

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
