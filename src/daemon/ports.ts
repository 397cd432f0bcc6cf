/** What the daemon needs from other folders; `app/` passes the implementations. */

import type { Message } from '../messages/message.ts';
import type { Configuration, ConfigurationResult, FilesNow } from '../model/configuration.ts';
import type { Change } from '../model/plan.ts';
import type { RoundReport, Trigger } from '../model/round.ts';
import type { State, StateChanges } from '../model/state.ts';

export type { Configuration, ConfigurationResult };

/** Why a valid configuration needs approval, for example because most entries are gone. */
export interface Hold {
  readonly reason: Message;
}

/** Whether `next` may replace `previous` without approval; undefined when it may. */
export type JudgeReload = (previous: Configuration, next: Configuration) => Hold | undefined;

/** The operator's files. */
export interface Configurations {
  /** Reads and checks the files. Rejects only for a bug; unreadable files are diagnostics. */
  load(): Promise<ConfigurationResult>;
  /** Whether the files still say what `made` was made from. Looks once a second at most; rejects only for a bug. */
  look(made: Configuration): Promise<FilesNow>;
  /** Stores a configuration durably as the last good one. */
  keep(configuration: Configuration): Promise<void>;
  /** Absent: every valid configuration is accepted. */
  readonly judge?: JudgeReload;
  /**
   * Reports settled changes of the files until the signal aborts, then resolves. A rejection means that
   * watching ended; the daemon starts it again.
   */
  watch(listener: WatchListener, signal: AbortSignal): Promise<void>;
}

/** How the log is written. */
export interface LogStanding {
  /** Lines that could not be written since the start. */
  readonly linesLost: number;
  /** Why nothing can be written at this moment. */
  readonly problem: string | undefined;
}

interface WatchListener {
  onChange(): void;
  /** File system events are lost; the files are polled every second instead. */
  onError(error: Error): void;
  /** Files whose mount still shows what the host replaced. Called when the list differs, which is empty at first. */
  onDetached(files: readonly string[]): void;
}

export interface RoundRequest {
  /** Counts from 1 in this process. */
  readonly round: number;
  readonly triggers: readonly Trigger[];
  readonly configuration: Configuration;
  /** Aborted: finish the call in flight, start nothing new. */
  readonly signal: AbortSignal;
  /** Aborted: a newer configuration is active. Changes that have begun are finished, no other begins. */
  readonly preempt: AbortSignal;
  /** Aborted: a newer configuration is in force. No further delete leaves, whatever else continues. */
  readonly superseded: AbortSignal;
  /** What the files say to a planned delete at the moment it is to leave; undefined lets it pass. */
  readonly mayDelete: (change: Change) => Promise<Message | undefined>;
  /** On the monotonic clock, in milliseconds: no change begins after it. */
  readonly deadline: number;
  /**
   * To be called on progress: a call sent or answered, a change done. A round without progress is aborted.
   */
  readonly onProgress: () => void;
}

/** One pass of the pipeline. May reject: the daemon survives it. */
export interface Rounds {
  run(request: RoundRequest): Promise<RoundReport>;
}

/** The recorded state; a change is durable when `commit` resolves. */
export interface DecisionJournal {
  readonly state: State;
  commit(changes: StateChanges): Promise<void>;
}

/** The service manager. No method rejects. */
export interface Notifier {
  /** The watchdog interval in milliseconds; undefined without a watchdog. */
  readonly watchdogMs: number | undefined;
  ready(status: string): Promise<void>;
  status(status: string): Promise<void>;
  reloading(): Promise<void>;
  alive(): Promise<void>;
  stopping(status: string): Promise<void>;
}

/** How many requests were sent on the current UTC day, and how many may be. */
export interface CallsToday {
  readonly day: string;
  readonly count: number;
  /** Absent where there is no budget. */
  readonly perDay?: number;
}

/** What the process edge makes of SIGHUP (`reload`), SIGTERM and SIGINT (`stop`). */
export type DaemonSignal = 'reload' | 'stop';
