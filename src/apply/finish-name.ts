/** Gives an app its real name when its change ends early, so that no marked name stays. */

import { message } from '../messages/message.ts';
import type { PlatformError } from '../model/calls.ts';
import type { ApplyRound, ChangeRun } from './apply-round.ts';
import { isInvalid, judgeFailure, messageOf, NameTakenError } from './failures.ts';
import { withdrawToken } from './run-step.ts';
import { updateApp } from './write-fields.ts';

/** Failures after which another request may well succeed; after others the next round sets the name. */
const LEAVES_TIME = ['invalid', 'receiver', 'disk', 'internal'];

/**
 * Call it with what ended the change. Returns what the change failed with in the end: the same, or a
 * `NameTakenError` where the platform refused the name. Never rejects.
 */
export async function finishName(error: unknown, run: ChangeRun, round: ApplyRound): Promise<unknown> {
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
