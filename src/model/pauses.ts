/** Every pause that has not ended: of everything or of one entry, set in the file or by a command. */

import type { DesiredState, Pause } from './desired.ts';
import type { AppKey } from './identity.ts';
import type { State } from './state.ts';

export interface ActivePause {
  /** Null: everything. */
  readonly key: AppKey | null;
  readonly pause: Pause;
  readonly from: 'file' | 'command';
}

export interface PauseSources {
  readonly state: Pick<State, 'pausedAll' | 'pauses'>;
  readonly desired: DesiredState;
  /** `reconcile.paused`. */
  readonly all: Pause | undefined;
}

/** Those of everything first, then by key. */
export function listPauses({ state, desired, all }: PauseSources, now: number): readonly ActivePause[] {
  const pauses: ActivePause[] = [];
  const add = (key: AppKey | null, pause: Pause | undefined, from: ActivePause['from']): void => {
    if (isRunning(pause, now)) pauses.push({ key, pause, from });
  };
  add(null, state.pausedAll, 'command');
  add(null, all, 'file');
  const keys = new Set([...state.pauses.keys(), ...desired.apps.keys()]);
  for (const key of [...keys].sort()) {
    add(key, state.pauses.get(key), 'command');
    add(key, desired.apps.get(key)?.paused, 'file');
  }
  return pauses;
}

export function isRunning(pause: Pause | undefined, now: number): pause is Pause {
  return pause !== undefined && (pause.until === undefined || now < pause.until);
}
