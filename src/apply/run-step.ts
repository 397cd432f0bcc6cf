/** One step of one change, executed literally. Errors are thrown unclassified. */

import { message } from '../messages/message.ts';
import type { AppId } from '../model/identity.ts';
import { assertNever, InternalError } from '../model/invariant.ts';
import type { Step } from '../model/plan.ts';
import type { ApplyRound, ChangeRun } from './apply-round.ts';
import { type Bookkeeping, bookkeep } from './bind-app.ts';
import { createApp } from './create-app.ts';
import { deleteApp } from './delete-app.ts';
import { DeliveryError, messageOf, ReceiverError } from './failures.ts';
import { updateApp, writeEvents } from './write-fields.ts';

export async function runStep(step: Step, run: ChangeRun, round: ApplyRound): Promise<void> {
  switch (step.do) {
    case 'create_app':
      return createApp(step, run, round);
    case 'bind':
    case 'unbind':
      return runBookkeeping(step, run, round);
    case 'deliver_token':
      return deliverToken(run, round);
    case 'check_receiver':
      return checkReceiver(step, run, round);
    case 'update_app':
      return updateApp(step, idOf(run), run, round);
    case 'subscribe':
    case 'unsubscribe':
      return writeEvents(step, idOf(run), run, round);
    case 'delete_app':
      return deleteApp(step.id, run, round);
    default:
      return assertNever(step);
  }
}

async function runBookkeeping(step: Bookkeeping, run: ChangeRun, round: ApplyRound): Promise<void> {
  const { journal, clock } = round.deps;
  if (step.do === 'unbind') await withdrawToken(run, round);
  else round.turnTo(step.id, run);
  await round.commit(bookkeep(step, run.change, { state: journal.state, now: clock.now() }));
}

/**
 * Takes the verify_token of a key out of the sink before the key is released, because no later step would
 * remove it. A failing sink causes a warning and does not stop the change.
 */
export async function withdrawToken(run: ChangeRun, round: ApplyRound): Promise<void> {
  const { change } = run;
  const key = change.action === 'rebind' ? change.from : change.key;
  if (key === undefined || key === null) return;
  try {
    await round.deps.sink?.remove(key);
  } catch (error) {
    run.warnings.push(message('apply.token_left_behind', { key, why: messageOf(error) }));
  }
}

async function deliverToken(run: ChangeRun, round: ApplyRound): Promise<void> {
  const { change, token } = run;
  const { sink } = round.deps;
  if (change.key === null) throw new InternalError('a token cannot be delivered without a key');
  if (sink === undefined) {
    run.warnings.push(message('apply.token_sink_missing'));
    return;
  }
  if (token === undefined) throw new InternalError(`the verify_token of ${idOf(run)} was not observed`);
  const tokenFingerprint = await sink.deliver(change.key, token).catch((error: unknown) => {
    throw new DeliveryError(error);
  });
  await round.commit({ type: 'app_changed', key: change.key, patch: { tokenFingerprint } });
}

async function checkReceiver(
  step: Extract<Step, { readonly do: 'check_receiver' }>,
  run: ChangeRun,
  round: ApplyRound,
): Promise<void> {
  const verdict = await round.deps.receivers.check(step.url, round.contextOf(run));
  if (verdict.ok) return;
  const problem = message('apply.receiver_failed', {
    url: step.url,
    stage: verdict.stage,
    why: verdict.message,
  });
  if (step.mode === 'block') throw new ReceiverError(problem);
  run.warnings.push(problem);
}

function idOf(run: ChangeRun): AppId {
  if (run.id === null) throw new InternalError(`the change of ${run.change.key} has no app to act on`);
  return run.id;
}
