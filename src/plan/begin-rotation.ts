/** Whether a person's wish for a new verify_token can be followed, and what is recorded of it. Pure. */

import { type Message, message } from '../messages/message.ts';
import type { DesiredApp } from '../model/desired.ts';
import type { AppKey } from '../model/identity.ts';
import type { OwnedApp, Rotation, State, StateChange } from '../model/state.ts';

export type RotationBegun =
  /** `changes` is empty where one is under way already: it is continued. */
  | { readonly ok: true; readonly owned: OwnedApp; readonly changes: readonly StateChange[] }
  | { readonly ok: false; readonly problem: Message };

export function beginRotation(
  key: AppKey,
  { state, entry }: { readonly state: State; readonly entry: DesiredApp | undefined },
  wish: Rotation,
): RotationBegun {
  const owned = state.apps.get(key);
  if (entry === undefined) return refuse(message('control.unknown_key', { key, near: undefined }));
  if (owned === undefined) return refuse(message('plan.rotation_not_owned', { key }));
  if (owned.rotation !== undefined) return { ok: true, owned, changes: [] };
  if (entry.id !== undefined) return refuse(message('plan.rotation_pinned'));
  if (owned.replaces !== undefined || state.intents.has(key)) {
    return refuse(message('plan.rotation_unfinished', { key }));
  }
  return { ok: true, owned, changes: [{ type: 'app_changed', key, patch: { rotation: wish } }] };
}

/** What a rotation does, before it begins: an overlap with everything twice, or a gap. */
export function describeRotation(owned: OwnedApp, overlapMs: number): Message {
  const { key, id } = owned;
  return owned.appType === 'connector'
    ? message('plan.rotation_with_gap', { key, id })
    : message('plan.rotation_with_overlap', { key, id, overlapMs });
}

function refuse(problem: Message): RotationBegun {
  return { ok: false, problem };
}
