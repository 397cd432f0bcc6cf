/** What the composition root provides for notifications. */

import type { Message } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import type { Secret } from '../model/secret.ts';
import type { NoticeKind } from '../model/settings.ts';

/** The receiver's URL and signing secret, read for each notification so that both can be rotated. */
export type ReadAddress = () => Promise<Address>;

export interface Address {
  readonly url: Secret;
  readonly secret?: Secret;
}

/** There is no usable address. The message names the file or variable, never its content. */
export class AddressError extends Error {
  override readonly name = 'AddressError' as const;
  readonly problem: Message;

  constructor(problem: Message) {
    super(say(problem));
    this.problem = problem;
  }
}

/** The result of a delivery. Holds no URL. */
export type Delivery =
  | {
      readonly type: 'sent';
      readonly receiver: string;
      readonly kind: NoticeKind;
      readonly durationMs: number;
    }
  | {
      readonly type: 'failed';
      readonly receiver: string;
      readonly kind: NoticeKind;
      readonly detail: Message;
      readonly againInMs: number;
    }
  | { readonly type: 'dropped'; readonly receiver: string; readonly kind: NoticeKind };
