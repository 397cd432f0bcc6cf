/** What notifications need from the rest of the house; compose hands the real things in. */

import type { Secret } from '../model/secret.ts';
import type { NoticeKind } from '../model/settings.ts';

/** Where a receiver is, and what signs messages to it. Asked for at each message, so that both can be rotated. */
export type ReadAddress = () => Promise<Address>;

export interface Address {
  readonly url: Secret;
  readonly secret?: Secret;
}

/** There is no usable address. The message names the file or the variable, never what it holds. */
export class AddressError extends Error {
  override readonly name = 'AddressError' as const;
}

/** What became of a message. Holds no URL. */
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
      readonly detail: string;
      readonly againInMs: number;
    }
  | { readonly type: 'dropped'; readonly receiver: string; readonly kind: NoticeKind };
