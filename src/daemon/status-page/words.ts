/** What the status page says, as one shape for every language. Words only: nothing here decides what is shown. */

import type { Action, WithheldReason } from '../../model/plan.ts';
import type { RoundResult, Trigger } from '../../model/round.ts';
import type { AppCondition } from '../app-rows.ts';
import type { DaemonCondition } from '../describe-status.ts';

export type Language = 'en' | 'zh';

/** The overall state, told by facts. */
interface Headlines {
  inSync(apps: number): string;
  empty: string;
  held(decisions: number): string;
  failing(rounds: number): string;
  starting: string;
  stalled(seconds: number): string;
  stopping: string;
  brokenFile: string;
  heldFile: string;
  paused: string;
}

export interface Words {
  readonly tag: string;
  readonly title: string;
  readonly headlines: Headlines;
  readonly daemonConditions: Readonly<Record<DaemonCondition, string>>;
  readonly conditions: Readonly<Record<AppCondition, string>>;
  readonly reasons: Readonly<Record<WithheldReason, string>>;
  /** How to release each: `%1`, `%2` are the commands and settings of the planner's own sentence, KEY the entry. Null: that sentence. */
  readonly releases: Readonly<Record<WithheldReason, string>> | null;
  readonly actions: Readonly<Record<Action, string>>;
  readonly results: Readonly<Record<RoundResult, string>>;
  readonly triggers: Readonly<Record<Trigger, string>>;
  readonly facts: {
    readonly nextRound: string;
    readonly running: (round: number) => string;
    readonly lastRound: string;
    readonly callsToday: string;
    readonly ofBudget: (budget: number) => string;
    readonly configuration: string;
    readonly loaded: string;
    readonly lastGood: string;
    readonly apps: string;
    readonly inSync: string;
    readonly none: string;
    readonly needsRestart: string;
  };
  readonly attention: {
    readonly configuration: string;
    readonly configurationNote: string;
    readonly decisions: string;
    readonly standing: string;
    readonly failed: string;
    readonly release: string;
    readonly since: string;
    readonly paused: string;
    readonly resume: string;
    readonly by: string;
    readonly more: (count: number) => string;
  };
  readonly flight: {
    readonly intents: string;
    readonly intentsNote: string;
    readonly openedAt: string;
    readonly settlesAt: string;
    readonly condemned: string;
    readonly condemnedNote: string;
    readonly deletedAt: string;
  };
  readonly apps: {
    readonly title: string;
    readonly search: string;
    readonly searchHint: string;
    readonly filter: string;
    readonly all: string;
    readonly attention: string;
    readonly moving: string;
    readonly quiet: string;
    readonly inSync: string;
    readonly apply: string;
    readonly shown: (shown: number, all: number) => string;
    readonly nothing: string;
    readonly columns: {
      readonly condition: string;
      readonly key: string;
      readonly type: string;
      readonly name: string;
      readonly url: string;
      readonly since: string;
      readonly lastChange: string;
      readonly logid: string;
    };
    readonly types: Readonly<Record<string, string>>;
    readonly unmanaged: string;
  };
  readonly rounds: {
    readonly title: string;
    readonly nothing: string;
    readonly duration: string;
    readonly latency: string;
    readonly latencyKey: string;
    readonly median: string;
    readonly p95: string;
    readonly changes: string;
    readonly failures: string;
    readonly calls: string;
    readonly asTable: string;
    readonly round: string;
    readonly began: string;
    readonly because: string;
    readonly result: string;
    readonly summary: (rounds: number, failed: number, changes: number) => string;
    readonly legend: { readonly ok: string; readonly held: string; readonly failed: string };
  };
  readonly story: {
    readonly back: string;
    readonly unknown: (key: string) => string;
    readonly verdict: string;
    readonly sides: string;
    readonly field: string;
    readonly inFile: string;
    readonly lastApplied: string;
    readonly inAccount: string;
    readonly decision: string;
    readonly history: string;
    readonly noHistory: string;
    readonly notInFile: string;
    readonly ownsNothing: string;
    readonly owns: string;
    readonly file: string;
    readonly record: string;
    readonly notRead: string;
    readonly account: string;
    readonly accountAbsent: string;
    readonly operation: string;
    readonly response: string;
    readonly attempt: string;
    readonly took: string;
    readonly note: string;
    readonly backoff: string;
    readonly loses: string;
  };
  readonly live: {
    readonly on: string;
    readonly off: string;
    readonly asOf: string;
    readonly copy: string;
    readonly copied: string;
  };
  readonly footer: {
    readonly times: (zone: string) => string;
    readonly hostZone: string;
    readonly readOnly: string;
  };
  readonly notFound: string;
}
