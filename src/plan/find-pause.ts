/** Finds the pause that lies on a key, and the backoff. It says what holds, not what would have been done. */

import type { DesiredApp, Pause } from '../model/desired.ts';
import type { AppKey } from '../model/identity.ts';
import type { StateChange } from '../model/state.ts';
import { fingerprintEntry } from './fingerprint.ts';
import { formatDuration } from './format-duration.ts';
import type { PlanInput } from './plan-input.ts';
import type { Hold } from './proposal.ts';

/** A pause of everything beats a pause of one entry. `key` is null for an unmanaged app. */
export function findPause(input: PlanInput, key: AppKey | null): Hold | undefined {
  const { policy, state, desired, now } = input;
  const all = { reason: 'paused_all', what: 'Everything is paused' } as const;
  if (isRunning(state.pausedAll, now)) return describe(state.pausedAll, all);
  if (isRunning(policy.paused, now))
    return describe(policy.paused, { ...all, release: 'remove `reconcile.paused`' });
  if (key === null) return undefined;
  const one = { reason: 'paused', what: 'This entry is paused' } as const;
  const [inFile, byCommand] = [desired.apps.get(key)?.paused, state.pauses.get(key)];
  if (isRunning(byCommand, now)) return describe(byCommand, one);
  if (!isRunning(inFile, now)) return undefined;
  return describe(inFile, { ...one, release: `remove \`paused:\` from the entry ${key}` });
}

/** The backoff of an entry that failed; an edit of the entry ends it, and a person does not wait for it. */
export function findBackoff(
  input: PlanInput,
  key: AppKey | null,
  entry: DesiredApp | undefined,
): Hold | undefined {
  const backoff = key === null ? undefined : input.state.backoffs.get(key);
  if (backoff === undefined || input.mode === 'person' || input.now >= backoff.until) return undefined;
  if (backoff.entryDigest !== digestOf(input, entry)) return undefined;
  const times = backoff.failures === 1 ? 'once' : `${backoff.failures} times in a row`;
  return {
    reason: 'backoff',
    message: `It failed ${times}: ${backoff.reason} The next attempt is in ${formatDuration(backoff.until - input.now)}.`,
    until: backoff.until,
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

function isRunning(pause: Pause | undefined, now: number): pause is Pause {
  return pause !== undefined && (pause.until === undefined || now < pause.until);
}

function describe(
  pause: Pause,
  {
    reason,
    what,
    release,
  }: { readonly reason: 'paused' | 'paused_all'; readonly what: string; readonly release?: string },
): Hold {
  const by = pause.by === undefined ? '' : ` by ${pause.by}`;
  const because = pause.because === undefined ? '' : `: ${pause.because}`;
  const message = `${what}${by}${because}.`;
  return { reason, message, until: pause.until, ...(release === undefined ? {} : { release }) };
}
