/** Deletes an app. The delete counts before it is sent, so that the daily limit survives a crash. */

import { message } from '../messages/message.ts';
import type { AppId } from '../model/identity.ts';
import type { StateChange } from '../model/state.ts';
import type { ApplyRound, ChangeRun } from './apply-round.ts';
import { InterruptedError, mayHaveBeenProcessed } from './failures.ts';

export async function deleteApp(id: AppId, run: ChangeRun, round: ApplyRound): Promise<void> {
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
