/** What a world is made of while its story runs. Types only. */

import type { DaemonControl } from '../daemon/daemon-control.ts';
import type { VirtualClock } from '../lib/virtual-clock.ts';
import type { Plan } from '../model/plan.ts';
import type { Violation } from '../model/promise.ts';
import type { StateStore } from '../record/open-state-store.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { ShapeValidator } from '../source/validate-shape.ts';
import type { Life } from './life.ts';
import type { Network } from './network.ts';
import type { Operator } from './operator.ts';
import type { Chance } from './random.ts';
import type { Sabotage } from './sabotage.ts';
import type { Scene } from './scene.ts';
import type { Signals } from './signals.ts';
import type { SimulatedDisk } from './simulated-disk.ts';
import type { Story } from './story.ts';
import type { StateWatch } from './watch-state.ts';

export interface WorldOptions {
  /** Of the configuration schema; one is enough for any number of worlds. */
  readonly validator: ShapeValidator;
  readonly sabotage?: Sabotage;
  /** Told what happens, one line each. */
  readonly trace?: (line: string) => void;
}

/** What a world is made of while it runs. */
export interface World {
  readonly story: Story;
  readonly options: WorldOptions;
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly sandbox: Sandbox;
  readonly disk: SimulatedDisk;
  readonly operator: Operator;
  readonly network: Network;
  readonly stateWatch: StateWatch;
  readonly scene: Scene;
  readonly tokens: string[];
  readonly log: string[];
  readonly violations: Violation[];
  /** Parts of the URLs whose receivers refuse the challenge. */
  readonly refusing: Set<string>;
  readonly roundsOf: Map<Life, number>;
  readonly endsOf: Map<Life, number>;
  /** Processes beside the daemon. */
  readonly others: Set<Life>;
  life: Life | undefined;
  store: StateStore | undefined;
  signals: Signals | undefined;
  control: DaemonControl | undefined;
  onLifeEnded: () => void;
  steps: number;
  lives: number;
  rounds: number;
  diskOperations: number;
  /** The plan of the latest round that made one. */
  lastPlan: Plan | undefined;
  /** Rounds in a row in which nothing was left to do, after the trouble. */
  quiet: number;
  /** After how many requests the rounds in a row without anything to do began. */
  quietFrom: number | undefined;
  /** When the last round ended, after the trouble, that had something to do. */
  busyAt: number | undefined;
  requestsAtPeace: number;
  isFinished: boolean;
}

/** Virtual time since the world began, in seconds, for the trace. */
export function timeOf(world: World): string {
  return (world.clock.monotonic() / 1000).toFixed(3).padStart(9);
}
