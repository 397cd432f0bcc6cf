/**
 * Creates an app: durable intent, POST, binding. An unknown outcome leaves the intent open; nothing is sent
 * twice.
 */

import { message } from '../messages/message.ts';
import { InternalError } from '../model/invariant.ts';
import type { Step } from '../model/plan.ts';
import type { CreateIntent } from '../model/state.ts';
import type { ApplyRound, ChangeRun } from './apply-round.ts';
import { describeApp } from './bind-app.ts';
import { InterruptedError, mayHaveCreated } from './failures.ts';
import type { CreatedApp, NewApp } from './ports.ts';

type CreateStep = Extract<Step, { readonly do: 'create_app' }>;

export async function createApp(step: CreateStep, run: ChangeRun, round: ApplyRound): Promise<void> {
  const { change } = run;
  const { key } = change;
  const { clock } = round.deps;
  if (key === null) throw new InternalError('an app cannot be created without a key');
  const app: NewApp = {
    appType: step.appType,
    ...(step.name === undefined ? {} : { name: step.name }),
    ...(step.connectorId === undefined ? {} : { connectorId: step.connectorId }),
  };
  const replaces = change.action === 'replace' && change.id !== null ? { replaces: change.id } : {};
  const intent: CreateIntent = {
    key,
    ...app,
    lookAlikes: step.lookAlikes,
    openedAt: clock.now(),
    ...replaces,
    ...(change.protect ? { protect: true } : {}),
  };
  await round.commit({ type: 'intent_opened', intent });
  const created = await post(app, run, round, intent);
  run.id = created.id;
  run.token = created.verifyToken;
  const bound = describeApp(change, created.id, {
    how: 'created',
    boundAt: clock.now(),
    applied: step.name === undefined ? {} : { name: step.name },
    activating: true,
    ...replaces,
  });
  await round.commit({ type: 'app_bound', app: bound });
}

async function post(
  app: NewApp,
  run: ChangeRun,
  round: ApplyRound,
  { key }: CreateIntent,
): Promise<CreatedApp> {
  const stopped = round.stop.beforeStep();
  if (stopped !== undefined) {
    await round.commit({ type: 'intent_closed', key });
    throw new InterruptedError(message('apply.stopped_before_create', { why: stopped }));
  }
  try {
    return await round.deps.writer.createApp(app, round.contextOf(run));
  } catch (error) {
    const ended = { type: 'intent_ended', key, at: round.deps.clock.now() } as const;
    await round.commit(mayHaveCreated(error) ? ended : { type: 'intent_closed', key });
    throw error;
  }
}
