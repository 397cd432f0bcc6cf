/** The faults that can be injected, and the rules that pick requests for them. Plain JSON. */

import type { Operation } from '../model/calls.ts';

/** Before: the request is never processed. After: only the reply is affected. */
export type FaultMoment = 'before' | 'after';

/** How a reply quotes the API token, and the verify_token of the app that the request is about. */
export const ECHO_FORMS = ['plain', 'percent', 'base64', 'hex', 'part'] as const;
export type EchoForm = (typeof ECHO_FORMS)[number];

export type Fault =
  /** Delays the processing or the reply. */
  | { readonly kind: 'delay'; readonly ms: number; readonly when?: FaultMoment }
  /** The connection closes without a reply; the request was never processed. */
  | { readonly kind: 'drop_before' }
  /** The request was processed, its reply is lost. */
  | { readonly kind: 'drop_after' }
  /** The connection is reset. */
  | { readonly kind: 'reset'; readonly when?: FaultMoment }
  /** No reply ever comes. */
  | { readonly kind: 'hang'; readonly when?: FaultMoment }
  /** The reply is cut off after `bytes`, or half way. */
  | { readonly kind: 'truncate'; readonly bytes?: number }
  /** Another status (and code) than the true one. */
  | {
      readonly kind: 'fail';
      readonly status?: number;
      readonly code?: number;
      readonly msg?: string;
      readonly when?: FaultMoment;
      readonly headers?: Readonly<Record<string, string>>;
      /** Quotes a secret of the request in `msg`, a field of its own and the log id. */
      readonly echo?: EchoForm;
    }
  /** An HTML page, as from a proxy. */
  | { readonly kind: 'html'; readonly status?: number; readonly when?: FaultMoment; readonly echo?: EchoForm }
  /** An oversized reply. */
  | { readonly kind: 'oversize'; readonly bytes: number }
  /** The request is delivered twice, as by a proxy; the reply is that of the second delivery. */
  | { readonly kind: 'duplicate_delivery' }
  /** verify_tokens come masked, as in the vendor's examples. */
  | { readonly kind: 'mask_tokens' }
  /** `next_page_token` leads to the same page again. */
  | { readonly kind: 'repeat_token' }
  /** `has_more` is true and there is no token. */
  | { readonly kind: 'empty_token' }
  /** The next page begins with the last item of this one. */
  | { readonly kind: 'repeat_item' }
  /** An item between two pages is on neither. */
  | { readonly kind: 'skip_item' }
  /** The page lacks its last items. */
  | { readonly kind: 'hide_items'; readonly count: number }
  /** `has_more` is false although there is more. */
  | { readonly kind: 'early_end' };

export type FaultKind = Fault['kind'];

/** All given conditions must hold. */
export interface FaultMatch {
  readonly operation?: Operation | readonly Operation[];
  /** Of the app the request is about: the one it creates, or the one its path names. */
  readonly appName?: string;
  readonly appId?: string;
  /** Only the n-th request that fits the other conditions; counts from 1, per rule. */
  readonly nth?: number;
  /** Every n-th of them. */
  readonly every?: number;
}

export interface FaultRule {
  readonly match: FaultMatch;
  readonly do: Fault;
  /** How many requests it is injected into at most; unlimited when absent. */
  readonly times?: number;
}

/** Faults injected at random. */
export interface RandomFaults {
  /** 0 to 1, of all requests. */
  readonly share: number;
  /** One of these, evenly. */
  readonly faults: readonly Fault[];
  readonly operations?: readonly Operation[];
}
