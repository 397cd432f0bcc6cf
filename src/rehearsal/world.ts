/** The parts and the running totals of a simulated world. */

import type { DaemonControl } from '../daemon/daemon-control.ts';
import type { VirtualClock } from '../lib/virtual-clock.ts';
import type { Plan } from '../model/plan.ts';
import type { Violation } from '../model/promise.ts';
import type { StateStore } from '../record/open-state-store.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { ShapeValidator } from '../source/validate-shape.ts';
import type { CheckContext } from './check-context.ts';
import type { StateChecker } from './check-state.ts';
import type { Mutations } from './mutations.ts';
import type { Network } from './network.ts';
import type { Operator } from './operator.ts';
import type { HostClocks, ProcessInstance, Signals } from './process-instance.ts';
import type { Rng } from './random.ts';
import type { FileEdit, PlannedFault, PlannedPause, Scenario } from './scenario.ts';
import type { SimulatedDisk } from './simulated-disk.ts';

export interface WorldOptions {
  /** Of the configuration schema; shared by all worlds. */
  readonly validator: ShapeValidator;
  readonly mutations?: Mutations;
  /** Receives one line per event. */
  readonly trace?: (line: string) => void;
}

export interface World {
  readonly scenario: Scenario;
  readonly options: WorldOptions;
  readonly clock: VirtualClock;
  readonly rng: Rng;
  readonly sandbox: Sandbox;
  readonly disk: SimulatedDisk;
  readonly operator: Operator;
  readonly network: Network;
  readonly stateChecker: StateChecker;
  readonly checkContext: CheckContext;
  readonly tokens: string[];
  readonly log: string[];
  readonly violations: Violation[];
  /** Receivers whose URL contains one of these refuse the challenge. */
  readonly refusing: Set<string>;
  readonly roundsOf: Map<ProcessInstance, number>;
  readonly endsOf: Map<ProcessInstance, number>;
  readonly host: HostClocks;
  /** Suspensions of the daemon that begin when the next message reaches it. */
  readonly pausesDue: PlannedPause[];
  /** One-time faults that have already occurred. */
  readonly spent: Set<PlannedFault>;
  /** Edits to come, one whenever a listing begins. */
  restlessEdits: readonly FileEdit[];
  /** The request that takes long for that reason. */
  slowListing: number | undefined;
  /** Deletes of apps that the daemons have sent. */
  deletesSent: number;
  /** Processes beside the daemon. */
  readonly others: Set<ProcessInstance>;
  instance: ProcessInstance | undefined;
  store: StateStore | undefined;
  signals: Signals | undefined;
  control: DaemonControl | undefined;
  onInstanceEnded: () => void;
  steps: number;
  starts: number;
  rounds: number;
  diskOperations: number;
  /** The plan of the last round that had one. */
  lastPlan: Plan | undefined;
  /** Consecutive rounds without anything to do after the faults. */
  quiet: number;
  /** The number of requests when those rounds began. */
  quietFrom: number | undefined;
  /** When the last round with something to do ended, after the faults. */
  busyAt: number | undefined;
  requestsAtFaultsEnd: number;
  isFinished: boolean;
}

/** Virtual seconds since the start of the world, for the trace. */
export function timeOf(world: World): string {
  return (world.clock.monotonic() / 1000).toFixed(3).padStart(9);
}
