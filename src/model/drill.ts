/** A fault drill of an operator's file: one run of it, and what it found. Types only. */

import type { Message } from '../messages/message.ts';
import type { Withheld } from './plan.ts';
import type { Violation } from './promise.ts';

/** What a drill starts from: the file, and what it takes for granted. */
export interface DrillSubject {
  readonly entries: number;
  /** Apps that are in the account at first. */
  readonly found: number;
  /** What the drill does otherwise than the file says, or takes for granted; one sentence each. */
  readonly assumptions: readonly Message[];
}

/** One world from its beginning to its end. Times are virtual milliseconds. */
export interface DrillRun {
  readonly seed: number;
  readonly violation: Violation | undefined;
  readonly calls: number;
  readonly crashes: number;
  readonly rounds: number;
  /** Faults, crashes and edits that the story holds. */
  readonly incidents: number;
  readonly virtualMs: number;
  /** From the end of the trouble until nothing was left to do; undefined when that never came. */
  readonly recoveryMs: number | undefined;
  /** What was withheld in the end. */
  readonly withheld: readonly Withheld[];
}

/** The run in which nothing goes wrong: what the file comes to by itself. */
export interface CalmRun extends DrillRun {
  /** What a round costs once there is nothing to do. */
  readonly callsPerQuietRound: number;
  /** How far apart rounds are, as the schedule says. */
  readonly periodMs: number;
}

/** One run told again. */
export interface RetoldRun {
  readonly violation: Violation | undefined;
  /** How many incidents, apps and entries the story has, and how many it had before it was made small. */
  readonly size: { readonly incidents: number; readonly found: number; readonly entries: number };
  readonly sizeAtFirst: { readonly incidents: number; readonly found: number; readonly entries: number };
  /** What happened, one line each. */
  readonly trace: readonly string[];
}

export interface Drill {
  readonly subject: DrillSubject;
  /** Must come before the others: how much happens in it says where trouble can strike. */
  calm(): Promise<CalmRun>;
  run(seed: number): Promise<DrillRun>;
  retell(seed: number): Promise<RetoldRun>;
}
