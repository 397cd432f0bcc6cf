/** What was found when the state was opened, as log lines. */

import type { State } from '../model/state.ts';
import type { EventLog } from './event-log.ts';

export interface OpenedState {
  readonly stateDir: string;
  readonly state: State;
  /** Bytes of an unfinished record that recovery dropped; 0 after a clean end. */
  readonly recoveredBytes: number;
}

export function logOpenedState(log: EventLog, { stateDir, state, recoveredBytes }: OpenedState): void {
  const { lineage, serial, apps, intents } = state;
  log.write('state_opened', { stateDir, lineage, serial, apps: apps.size, intents: intents.size });
  if (recoveredBytes > 0) log.write('state_recovered', { stateDir, droppedBytes: recoveredBytes });
}
