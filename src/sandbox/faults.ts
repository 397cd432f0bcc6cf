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

export interface FaultSubject {
  readonly operation: Operation;
  readonly appId: string;
  /** Called only when a rule matches on it. */
  readonly appName: () => string | undefined;
}

interface RuleCount {
  readonly rule: FaultRule;
  /** Requests that matched the conditions. */
  seen: number;
  struck: number;
}

export interface FaultScript {
  /** Appends rules. */
  add(...rules: readonly FaultRule[]): void;
  /** Removes all rules and random faults. */
  clear(): void;
  /** Sets the random faults; undefined turns them off. */
  setRandom(faults: RandomFaults | undefined): void;
  /** Every rule with its counts, in order. */
  report(): readonly { readonly rule: FaultRule; readonly seen: number; readonly struck: number }[];
  pick(subject: FaultSubject): readonly Fault[];
}

const NONE: readonly Fault[] = [];

/** The active fault rules, and which faults a request gets. */
export function createFaultScript(random: () => number): FaultScript {
  let counts: RuleCount[] = [];
  let randomFaults: RandomFaults | undefined;
  return {
    add(...rules) {
      counts.push(...rules.map((rule) => ({ rule, seen: 0, struck: 0 })));
    },
    clear() {
      counts = [];
      randomFaults = undefined;
    },
    setRandom(faults) {
      randomFaults = faults;
    },
    report: () => counts.map((count) => ({ ...count })),
    pick(subject) {
      if (counts.length === 0 && randomFaults === undefined) return NONE;
      const faults = counts.filter((count) => applies(count, subject)).map((count) => count.rule.do);
      if (randomFaults !== undefined) faults.push(...pickAtRandom(randomFaults, subject.operation, random));
      return faults;
    },
  };
}

function applies(count: RuleCount, subject: FaultSubject): boolean {
  const { match, times } = count.rule;
  if (!matches(match, subject)) return false;
  count.seen += 1;
  if (match.nth !== undefined && count.seen !== match.nth) return false;
  if (match.every !== undefined && count.seen % match.every !== 0) return false;
  if (times !== undefined && count.struck >= times) return false;
  count.struck += 1;
  return true;
}

function matches(match: FaultMatch, { operation, appId, appName }: FaultSubject): boolean {
  if (match.operation !== undefined && ![match.operation].flat().includes(operation)) return false;
  if (match.appId !== undefined && match.appId !== appId) return false;
  return match.appName === undefined || match.appName === appName();
}

function pickAtRandom(
  { share, faults, operations }: RandomFaults,
  operation: Operation,
  random: () => number,
): readonly Fault[] {
  if (operations !== undefined && !operations.includes(operation)) return NONE;
  if (random() >= share) return NONE;
  const fault = faults[Math.floor(random() * faults.length)];
  return fault === undefined ? NONE : [fault];
}
