/**
 * Why the recorded state cannot be used: another process holds it, its files are damaged or foreign, or a
 * write failed.
 */

import { DiskError } from '../lib/disk.ts';
import { type Message, message } from '../messages/message.ts';
import { say } from '../messages/say.ts';

/** Another process holds the state directory. Exit 5. */
export class StateLockedError extends Error {
  override readonly name = 'StateLockedError' as const;
  readonly pid: number;
  /** The holder's machine or container. */
  readonly host: string;
  /** The lock file, for the case that the holder is known to be gone but cannot be judged from here. */
  readonly file: string;

  readonly explanation: Message;

  constructor(
    holder: { readonly pid: number; readonly host: string; readonly file: string },
    advice?: Message,
  ) {
    const problem = message('state.locked', { pid: holder.pid, host: holder.host });
    const explanation =
      advice === undefined ? problem : message('state.locked_with_advice', { problem, advice });
    super(say(explanation));
    this.explanation = explanation;
    this.pid = holder.pid;
    this.host = holder.host;
    this.file = holder.file;
  }
}

/**
 * `damaged`: not what callbackd wrote. `missing`: a file is gone while its companions are there. `foreign`:
 * it belongs to another account endpoint. `newer`: written by a later version.
 */
export type RefusalReason = 'damaged' | 'missing' | 'foreign' | 'newer';

/**
 * A refused file of the state directory. Nothing was changed; it is never read as "nothing exists". Exit 1.
 */
export class StateRefusedError extends Error {
  override readonly name = 'StateRefusedError' as const;
  readonly file: string;
  readonly reason: RefusalReason;
  /** What is wrong, without the file's name. */
  readonly problem: Message;
  /** What the operator can do. */
  readonly advice: Message;
  /** What is wrong with which file. */
  readonly explanation: Message;

  constructor(refusal: {
    readonly file: string;
    readonly reason: RefusalReason;
    readonly problem: Message;
    readonly advice: Message;
  }) {
    const { file, problem, advice } = refusal;
    const explanation = message('state.refused_file', { file, problem });
    super(say(message('state.refused', { problem: explanation, advice })));
    this.explanation = explanation;
    this.file = refusal.file;
    this.reason = refusal.reason;
    this.problem = refusal.problem;
    this.advice = refusal.advice;
  }
}

/**
 * An earlier write of the state failed, so nothing more is recorded until it is opened again: a sync that
 * succeeds after one that failed proves nothing. `cause` is that first failure, whose path and code this
 * carries on.
 */
export class StatePoisonedError extends DiskError {
  constructor(cause: unknown) {
    const { path, code } = cause instanceof DiskError ? cause : { path: 'the state', code: 'closed' };
    super('write', path, code, cause);
  }
}
