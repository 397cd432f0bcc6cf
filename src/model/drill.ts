/** A fault drill of an operator's file: its runs and their results. */

import type { Message } from '../messages/message.ts';
import type { Withheld } from './plan.ts';
import type { Violation } from './promise.ts';

/** What a drill starts from. */
export interface DrillSetup {
  readonly entries: number;
  /** Apps in the account at the start. */
  readonly found: number;
  /** Where the drill deviates from the file, and what it assumes. */
  readonly assumptions: readonly Message[];
}

/** One simulated run. Times are virtual milliseconds. */
export interface DrillRun {
  readonly seed: number;
  readonly violation: Violation | undefined;
  readonly calls: number;
  readonly crashes: number;
  readonly rounds: number;
  /** Faults, crashes and edits of the fault plan. */
  readonly incidents: number;
  readonly virtualMs: number;
  /** From the end of the faults until nothing was left to do; undefined if that never happened. */
  readonly recoveryMs: number | undefined;
  /** What was withheld at the end. */
  readonly withheld: readonly Withheld[];
}

/** The run without faults: the baseline cost of the file. */
export interface FaultFreeRun extends DrillRun {
  /** Calls of a round with nothing to do. */
  readonly callsPerQuietRound: number;
  /** The longest time between two rounds of the schedule. */
  readonly periodMs: number;
}

/** One run with its trace, shrunk if it broke a promise. */
export interface ReplayedRun {
  readonly violation: Violation | undefined;
  /** The size of the scenario, and before it was shrunk. */
  readonly size: { readonly incidents: number; readonly found: number; readonly entries: number };
  readonly sizeAtFirst: { readonly incidents: number; readonly found: number; readonly entries: number };
  /** One line per event. */
  readonly trace: readonly string[];
}

export interface Drill {
  readonly subject: DrillSetup;
  /** Call first: its totals scale the fault plans of the other runs. */
  faultFree(): Promise<FaultFreeRun>;
  run(seed: number): Promise<DrillRun>;
  replay(seed: number): Promise<ReplayedRun>;
}
