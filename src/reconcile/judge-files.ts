/** Whether a planned delete may still leave, by what the operator's files say at that moment. Pure. */

import { type Message, message } from '../messages/message.ts';
import type { Configuration, FilesNow } from '../model/configuration.ts';
import type { DesiredApp } from '../model/desired.ts';
import type { AppId } from '../model/identity.ts';
import type { Change } from '../model/plan.ts';

/** Why a valid configuration needs approval before it takes over. */
export type JudgeReload = (
  previous: Configuration,
  next: Configuration,
) => { readonly reason: Message } | undefined;

/** Why the delete must not leave; undefined lets it pass. `made`: what the plan was made from. */
export function judgeFiles(
  change: Change,
  {
    made,
    now,
    judge,
  }: { readonly made: Configuration; readonly now: FilesNow; readonly judge?: JudgeReload },
): Message | undefined {
  if (now.are === 'the_same') return undefined;
  if (now.are === 'invalid') return message('apply.files_invalid');
  const next = now.configuration;
  if (judge?.(made, next) !== undefined) return message('apply.files_held');
  const [policy, nextPolicy] = [made.settings.policy, next.settings.policy];
  if (JSON.stringify(policy) !== JSON.stringify(nextPolicy)) return message('apply.files_policy');
  const entry = change.key === null ? undefined : made.desired.apps.get(change.key);
  const claims =
    entry === undefined
      ? namesAgain(change, made, next)
      : !isSameEntry(entry, next.desired.apps.get(entry.key));
  return claims ? message('apply.files_name_it', { who: change.key ?? change.id ?? '' }) : undefined;
}

/**
 * Whether the files could want the app after all. Any new entry could: it may be the renamed one, which only the
 * planner can tell.
 */
function namesAgain(change: Change, made: Configuration, next: Configuration): boolean {
  const ids = new Set<AppId>();
  for (const step of change.steps) if (step.do === 'delete_app') ids.add(step.id);
  for (const entry of next.desired.apps.values()) {
    const before = made.desired.apps.get(entry.key);
    if (before === undefined || before.was !== entry.was || before.id !== entry.id) return true;
    if (entry.id !== undefined && ids.has(entry.id)) return true;
    if (!isSameIdentity(before, entry)) return true;
  }
  return false;
}

function isSameIdentity(left: DesiredApp, right: DesiredApp): boolean {
  return left.appType === right.appType && left.connectorId === right.connectorId && left.name === right.name;
}

function isSameEntry(left: DesiredApp, right: DesiredApp | undefined): boolean {
  if (right === undefined) return false;
  return JSON.stringify({ ...left, position: 0 }) === JSON.stringify({ ...right, position: 0 });
}
