/**
 * Holds the fault rules and picks what befalls a request. In goes what is known about the request, out comes the list
 * of faults in rule order; it changes nothing but its own counters.
 */

import type { Operation } from '../model/calls.ts';
import type { Fault, FaultMatch, FaultRule, RandomFaults } from './fault-rules.ts';

export interface FaultSubject {
  readonly operation: Operation;
  readonly appId: string;
  /** Asked only when a rule wants to know. */
  readonly appName: () => string | undefined;
}

interface RuleCount {
  readonly rule: FaultRule;
  /** Requests that fitted the rule's conditions. */
  seen: number;
  struck: number;
}

export interface FaultScript {
  /** Adds rules behind the ones that are there. */
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

export function createFaultScript(random: () => number): FaultScript {
  let counts: RuleCount[] = [];
  let byChance: RandomFaults | undefined;
  return {
    add(...rules) {
      counts.push(...rules.map((rule) => ({ rule, seen: 0, struck: 0 })));
    },
    clear() {
      counts = [];
      byChance = undefined;
    },
    setRandom(faults) {
      byChance = faults;
    },
    report: () => counts.map((count) => ({ ...count })),
    pick(subject) {
      if (counts.length === 0 && byChance === undefined) return NONE;
      const faults = counts.filter((count) => strikes(count, subject)).map((count) => count.rule.do);
      if (byChance !== undefined) faults.push(...pickByChance(byChance, subject.operation, random));
      return faults;
    },
  };
}

function strikes(count: RuleCount, subject: FaultSubject): boolean {
  const { match, times } = count.rule;
  if (!fits(match, subject)) return false;
  count.seen += 1;
  if (match.nth !== undefined && count.seen !== match.nth) return false;
  if (match.every !== undefined && count.seen % match.every !== 0) return false;
  if (times !== undefined && count.struck >= times) return false;
  count.struck += 1;
  return true;
}

function fits(match: FaultMatch, { operation, appId, appName }: FaultSubject): boolean {
  if (match.operation !== undefined && ![match.operation].flat().includes(operation)) return false;
  if (match.appId !== undefined && match.appId !== appId) return false;
  return match.appName === undefined || match.appName === appName();
}

function pickByChance(
  { share, faults, operations }: RandomFaults,
  operation: Operation,
  random: () => number,
): readonly Fault[] {
  if (operations !== undefined && !operations.includes(operation)) return NONE;
  if (random() >= share) return NONE;
  const fault = faults[Math.floor(random() * faults.length)];
  return fault === undefined ? NONE : [fault];
}
