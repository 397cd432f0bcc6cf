/**
 * Creates an app: durable intent, POST, binding. An unknown outcome leaves the intent open; nothing is sent
 * twice.
 */

import { message } from '../messages/message.ts';
import { InternalError } from '../model/invariant.ts';
import { markName, tagOf } from '../model/mark.ts';
import type { Step } from '../model/plan.ts';
import type { CreateIntent } from '../model/state.ts';
import type { ApplyRound, ChangeRun } from './apply-round.ts';
import { describeApp } from './bind-app.ts';
import { InterruptedError, isInvalid, mayHaveCreated } from './failures.ts';
import type { CreatedApp } from './ports.ts';

type CreateStep = Extract<Step, { readonly do: 'create_app' }>;

export async function createApp(step: CreateStep, run: ChangeRun, round: ApplyRound): Promise<void> {
  const { change } = run;
  if (change.key === null) throw new InternalError('an app cannot be created without a key');
  const replaces = change.action === 'replace' && change.id !== null ? { replaces: change.id } : {};
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
