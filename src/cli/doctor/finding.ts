/** One result of `callbackd doctor`. Holds no secret. */

import type { Message } from '../../messages/message.ts';
import type { ExitName } from '../command-line/exit-codes.ts';

export interface Finding {
  /** What was looked at, such as `token`. Stable: scripts select by it. */
  readonly check:
    | 'node'
    | 'configuration'
    | 'token'
    | 'account'
    | 'clock'
    | 'network'
    | 'receiver'
    | 'notify'
    | 'state'
    | 'disk'
    | 'lock'
    | 'daemon'
    | 'systemd'
    | 'safety';
  readonly level: 'ok' | 'warning' | 'error';
  readonly message: Message;
  /** What to do; absent where nothing is wrong. */
  readonly cure?: Message;
  /** The exit that an error stands for; `failed` when absent. */
  readonly exit?: ExitName;
}
