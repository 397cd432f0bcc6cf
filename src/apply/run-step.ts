/** One step of one change, executed literally. Errors are thrown unclassified. */

import { message } from '../messages/message.ts';
import type { AppId } from '../model/identity.ts';
import { assertNever, InternalError } from '../model/invariant.ts';
import { markName, tagOf } from '../model/mark.ts';
import type { Step } from '../model/plan.ts';
import type { CreateIntent, StateChange } from '../model/state.ts';
import type { ApplyRound, ChangeRun } from './apply-round.ts';
import { type Bookkeeping, bookkeep, describeApp } from './bind-app.ts';
import {
  DeliveryError,
  InterruptedError,
  isInvalid,
  mayHaveBeenProcessed,
  mayHaveCreated,
  messageOf,
  ReceiverError,
} from './failures.ts';
import type { CreatedApp } from './ports.ts';
import { updateApp, writeEvents } from './write-fields.ts';

export async function runStep(step: Step, run: ChangeRun, round: ApplyRound): Promise<void> {
  switch (step.do) {
    case 'create_app':
      return createApp(step, run, round);
    case 'bind':
    case 'unbind':
      return runBookkeeping(step, run, round);
    case 'deliver_token':
      return deliverToken(step, run, round);
    case 'promote_token':
      return promoteToken(run, round);
    case 'retire_token':
      return retireToken(run, round);
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
  if (step.do === 'unbind') {
    // A receiver keeps the file of a replaced app until there is a new one.
    if (run.change.action !== 'replace') await withdrawToken(run, round);
  } else round.turnTo(step.id, run);
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

async function deliverToken(
  { as }: Extract<Step, { readonly do: 'deliver_token' }>,
  run: ChangeRun,
  round: ApplyRound,
): Promise<void> {
  const { change, token } = run;
  const { sink } = round.deps;
  if (change.key === null) throw new InternalError('a token cannot be delivered without a key');
  if (sink === undefined) {
    run.warnings.push(message('apply.token_sink_missing'));
    return;
  }
  if (token === undefined) throw new InternalError(`the verify_token of ${idOf(run)} was not observed`);
  const tokenFingerprint = await sink.deliver(change.key, token, as).catch((error: unknown) => {
    throw new DeliveryError(error);
  });
  await round.commit({ type: 'app_changed', key: change.key, patch: { tokenFingerprint } });
}

/** From here on a receiver that reads the file of the key again expects the new app. */
async function promoteToken({ change }: ChangeRun, round: ApplyRound): Promise<void> {
  const { journal, sink, clock } = round.deps;
  const owned = change.key === null ? undefined : journal.state.apps.get(change.key);
  if (owned?.rotation === undefined) throw new InternalError(`${change.key} has no token to promote`);
  const { key, rotation, tokenFingerprint } = owned;
  if (sink !== undefined && tokenFingerprint !== undefined) {
    await sink.promote(key, tokenFingerprint).catch((error: unknown) => {
      throw new DeliveryError(error);
    });
  }
  const patch = { rotation: { ...rotation, switchedAt: clock.now() } };
  await round.commit({ type: 'app_changed', key, patch });
}

/** The end of a rotation: nobody signs with the previous token any more. */
async function retireToken({ change }: ChangeRun, round: ApplyRound): Promise<void> {
  const { key } = change;
  if (key === null) throw new InternalError('a token cannot be retired without a key');
  await round.deps.sink?.retire(key).catch((error: unknown) => {
    throw new DeliveryError(error);
  });
  await round.commit({ type: 'app_changed', key, patch: { rotation: null } });
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

type CreateStep = Extract<Step, { readonly do: 'create_app' }>;

/**
 * Creates an app: durable intent, POST, binding. An unknown outcome leaves the intent open; nothing is sent
 * twice.
 */
async function createApp(step: CreateStep, run: ChangeRun, round: ApplyRound): Promise<void> {
  const { change } = run;
  if (change.key === null) throw new InternalError('an app cannot be created without a key');
  // A channel takes one app, so there a rotation deletes and releases the old one first.
  const isGone = change.steps[0]?.do === 'delete_app';
  const replaces =
    change.action === 'replace' && change.id !== null && !isGone ? { replaces: change.id } : {};
  const rotation = round.deps.journal.state.apps.get(change.key)?.rotation;
  const intent: CreateIntent = {
    key: change.key,
    appType: step.appType,
    ...(step.name === undefined ? {} : { name: step.name }),
    ...(step.connectorId === undefined ? {} : { connectorId: step.connectorId }),
    ...(step.lookAlikes.length === 0 ? {} : { lookAlikes: step.lookAlikes }),
    openedAt: round.deps.clock.now(),
    ...replaces,
    ...(change.protect ? { protect: true } : {}),
  };
  const { created, isMarked, isRefused } = await postOnce(intent, step, run, round);
  run.id = created.id;
  run.token = created.verifyToken;
  if (!isMarked && step.name !== undefined) {
    run.isNamed = true;
    run.nameLeft = undefined;
  }
  const app = describeApp(change, created.id, {
    how: 'created',
    boundAt: round.deps.clock.now(),
    applied: isMarked || step.name === undefined ? {} : { name: step.name },
    activating: true,
    ...replaces,
    ...(change.reason === 'rotation' && rotation !== undefined ? { rotation } : {}),
  });
  await round.commit([
    { type: 'app_bound', app },
    ...(isRefused ? [{ type: 'marks_refused' } as const] : []),
  ]);
}

interface Posted {
  readonly created: CreatedApp;
  readonly isMarked: boolean;
  /** The platform refused the marked name and took the plain one, and no listing ever showed a mark. */
  readonly isRefused: boolean;
}

/** Sends the marked name where the plan wants it; the plain one where that was surely not processed. */
async function postOnce(
  intent: CreateIntent,
  step: CreateStep,
  run: ChangeRun,
  round: ApplyRound,
): Promise<Posted> {
  if (step.mark === undefined) {
    return { created: await post(intent, run, round), isMarked: false, isRefused: false };
  }
  try {
    const created = await post({ ...intent, nonce: round.deps.nonce() }, run, round);
    return { created, isMarked: true, isRefused: false };
  } catch (error) {
    if (step.mark === 'required' || !isInvalid(error)) throw error;
  }
  const created = await post(intent, run, round);
  return { created, isMarked: false, isRefused: !round.deps.journal.state.marks.shown };
}

/** The intent, with its nonce, is durable before anything leaves. */
async function post(intent: CreateIntent, run: ChangeRun, round: ApplyRound): Promise<CreatedApp> {
  const { key, appType, name, connectorId, nonce } = intent;
  const { clock, journal, writer } = round.deps;
  await round.commit({ type: 'intent_opened', intent });
  const stopped = round.stop.beforeStep();
  if (stopped !== undefined) {
    await round.commit({ type: 'intent_closed', key });
    throw new InterruptedError(message('apply.stopped_before_create', { why: stopped }));
  }
  const tag = tagOf(journal.state.lineage);
  const sent = name === undefined || nonce === undefined ? name : markName(name, { tag, nonce });
  const app = {
    appType,
    ...(sent === undefined ? {} : { name: sent }),
    ...(connectorId === undefined ? {} : { connectorId }),
  };
  try {
    return await writer.createApp(app, round.contextOf(run));
  } catch (error) {
    const ended = { type: 'intent_ended', key, at: clock.now() } as const;
    await round.commit(mayHaveCreated(error) ? ended : { type: 'intent_closed', key });
    throw error;
  }
}

/** Deletes an app. The delete counts before it is sent, so that the daily limit survives a crash. */
async function deleteApp(id: AppId, run: ChangeRun, round: ApplyRound): Promise<void> {
  const { key, reason } = run.change;
  const { journal, writer, clock } = round.deps;
  const at = clock.now();
  const deletion = { key, id, at, ...(reason === 'stray' ? { stray: true as const } : {}) };
  const refused: StateChange = { type: 'delete_refused', ...deletion };
  await round.commit({ type: 'delete_begun', ...deletion });
  const stopped = round.stop.beforeStep();
  if (stopped !== undefined) {
    await round.commit(refused);
    throw new InterruptedError(message('apply.stopped_before_delete', { why: stopped }));
  }
  try {
    await writer.deleteApp(id, round.contextOf(run));
  } catch (error) {
    if (!mayHaveBeenProcessed(error)) await round.commit(refused);
    throw error;
  }
  const owner = key === null ? undefined : journal.state.apps.get(key);
  // The app that an entry owns is released by the next step, which records the delete too.
  if (owner?.id === id) return;
  const deleted: StateChange = { type: 'app_unbound', key, id, deletedAt: clock.now() };
  const isReplaced = owner?.replaces === id;
  const replaced: StateChange[] = isReplaced
    ? [{ type: 'app_changed', key: owner.key, patch: { replaces: null } }]
    : [];
  await round.commit([...replaced, deleted]);
}
