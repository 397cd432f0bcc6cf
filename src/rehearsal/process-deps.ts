/** What a simulated process is made from. Types only. */

import type { DaemonControl } from '../daemon/daemon-control.ts';
import type { DaemonSignal } from '../daemon/ports.ts';
import type { Disk } from '../lib/disk.ts';
import type { Transport } from '../lib/http-transport.ts';
import type { ReceiverVerdict } from '../model/plan.ts';
import type { RoundReport } from '../model/round.ts';
import type { StateStore } from '../record/open-state-store.ts';
import type { ProcessTable } from '../record/state-lock.ts';
import type { ShapeValidator } from '../source/validate-shape.ts';
import type { Life } from './life.ts';
import type { Operator } from './operator.ts';
import type { Chance } from './random.ts';
import type { Sabotage } from './sabotage.ts';

/** What every process has, whether it may write or not. */
export interface AccountDeps {
  readonly life: Life;
  readonly transport: Transport;
  readonly operator: Operator;
  readonly chance: Chance;
  readonly sabotage: Sabotage;
  /** One line of the event log. */
  readonly log: (line: string) => void;
}

export interface ProcessDeps extends AccountDeps {
  readonly disk: Disk;
  readonly validator: ShapeValidator;
  readonly deliversTokens: boolean;
  readonly checkReceiver: (url: string) => ReceiverVerdict;
  readonly signals: AsyncIterable<DaemonSignal>;
  readonly processes: ProcessTable;
  readonly onOpened: (store: StateStore) => void;
  /** Watches what goes through the journal. */
  readonly follow: (journal: StateStore) => StateStore;
  readonly onControl: (control: DaemonControl) => void;
  readonly onRoundBegan: () => void;
  /** `wasStopped`: the round was told to stop before it ended. */
  readonly onRoundEnded: (report: RoundReport, wasStopped: boolean) => void;
}
