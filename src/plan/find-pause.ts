/** The pause or the backoff that holds a key. */

import { message, recorded } from '../messages/message.ts';
import type { DesiredApp, Pause } from '../model/desired.ts';
import type { AppKey } from '../model/identity.ts';
import { isRunning } from '../model/pauses.ts';
import type { StateChange } from '../model/state.ts';
import { fingerprintEntry } from './fingerprint.ts';
import type { PlanInput } from './plan-input.ts';
import type { Hold } from './proposal.ts';

/** A pause of everything beats a pause of one entry. `key` is null for an unmanaged app. */
export function findPause(input: PlanInput, key: AppKey | null): Hold | undefined {
  const { policy, state, desired, now } = input;
  if (isRunning(state.pausedAll, now)) return holdAll(state.pausedAll);
  if (isRunning(policy.paused, now)) {
    return { ...holdAll(policy.paused), release: message('plan.release_pause_all') };
  }
  if (key === null) return undefined;
  const [inFile, byCommand] = [desired.apps.get(key)?.paused, state.pauses.get(key)];
  if (isRunning(byCommand, now)) return holdOne(byCommand);
  if (!isRunning(inFile, now)) return undefined;
  return { ...holdOne(inFile), release: message('plan.release_pause', { key }) };
}

/**
 * The backoff of an entry that failed; an edit of the entry ends it, and it does not apply to a person's
 * command.
 */
export function findBackoff(
  input: PlanInput,
  key: AppKey | null,
  entry: DesiredApp | undefined,
): Hold | undefined {
  const backoff = key === null ? undefined : input.state.backoffs.get(key);
  if (backoff === undefined || input.mode === 'person' || input.now >= backoff.until) return undefined;
  if (backoff.entryDigest !== digestOf(input, entry)) return undefined;
  const { failures, reason, until, because } = backoff;
  const nextInMs = until - input.now;
  return {
    reason: because ?? 'backoff',
    message: message('plan.failed_before', { failures, reason: recorded(reason), nextInMs }),
    until,
  };
}

/** Pauses that ended and backoffs whose entry was edited: nothing needs them any more. */
export function clearEndedHolds(input: PlanInput): StateChange[] {
  const { state, desired, now } = input;
  const changes: StateChange[] = [];
  if (state.pausedAll !== undefined && !isRunning(state.pausedAll, now)) {
    changes.push({ type: 'resumed', key: null });
  }
  for (const [key, pause] of state.pauses) {
    if (!isRunning(pause, now)) changes.push({ type: 'resumed', key });
  }
  for (const [key, backoff] of state.backoffs) {
    const entry = desired.apps.get(key);
    const isStale = entry === undefined && !state.apps.has(key) && !state.intents.has(key);
    if (isStale || backoff.entryDigest !== digestOf(input, entry)) {
      changes.push({ type: 'backoff_cleared', key });
    }
  }
  return changes;
}

function digestOf(input: PlanInput, entry: DesiredApp | undefined): string {
  return entry === undefined ? '' : fingerprintEntry(entry, input.digest);
}

function holdAll({ by, because, until }: Pause): Hold {
  return { reason: 'paused_all', message: message('plan.paused_everything', { by, because }), until };
}

function holdOne({ by, because, until }: Pause): Hold {
  return { reason: 'paused', message: message('plan.paused_entry', { by, because }), until };
}
