/** The active fault rules, and which faults a request gets. */

import type { Operation } from '../model/calls.ts';
import type { Fault, FaultMatch, FaultRule, RandomFaults } from './faults.ts';

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
