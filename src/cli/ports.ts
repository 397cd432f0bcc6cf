/** What commands need from the rest of the house; `compose.ts` hands the real things in. Commands never print by themselves. */

import type { ControlClient } from '../daemon/control-client.ts';
import type { Clock } from '../lib/clock.ts';
import type { Translate } from '../messages/say.ts';
import type { Configuration, ConfigurationResult } from '../model/configuration.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Drill } from '../model/drill.ts';
import type { HistoryEntry } from '../model/history.ts';
import type { AppId, AppKey } from '../model/identity.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import type { Outcome } from '../model/round.ts';
import type { LogLevel } from '../model/settings.ts';
import type { State } from '../model/state.ts';
import type { Digest } from '../plan/plan-input.ts';
import type { PlannedRound } from '../reconcile/plan-round.ts';
import type { ExitName } from './command-line/exit-codes.ts';
import type { DemoStage } from './demo/stage.ts';
import type { Finding } from './doctor/finding.ts';

/** Where people read. Results go to `print`, everything else to `note`. */
export interface Terminal {
  print(text: string): void;
  note(text: string): void;
  readonly isInteractive: boolean;
  /** Whether somebody watches what `note` writes, so that a line may be rewritten in place. */
  readonly isLive: boolean;
  readonly color: boolean;
  /** Columns of the terminal; 100 where there is none. */
  readonly width: number;
  /** Asks a yes/no question; only `yes` (or `y`) counts as yes. */
  confirm(question: string): Promise<boolean>;
  /** Asks for a line. */
  ask(question: string): Promise<string>;
  /** Asks for a line that nobody shall see. */
  askHidden(question: string): Promise<string>;
  /** All of standard input. */
  readInput(): Promise<string>;
}

/** Flags that more than one command takes, as they stood on the command line. */
export interface CommonFlags {
  readonly config?: string;
  readonly stateDir?: string;
  readonly baseUrl?: string;
  readonly logLevel?: LogLevel;
  readonly controlSocket?: string;
}

export interface Grants {
  readonly allowDeletes: boolean;
  readonly subjects: ReadonlySet<string>;
}

/** Reads the account and plans; cannot write, by type. */
export interface PlanSession {
  plan(grants: Grants, signal: AbortSignal): Promise<PlannedRound>;
  close(): Promise<void>;
}

/** Holds the state lock and may write. */
export interface ApplySession extends PlanSession {
  /** Remembers what the planner noted and applies `plan`, which may be a part of `planned.plan`. */
  apply(
    planned: PlannedRound,
    plan: Plan,
    options: {
      readonly signal: AbortSignal;
      /** Told of each change as it ends. */
      readonly onOutcome?: (outcome: Outcome) => void;
    },
  ): Promise<readonly Outcome[]>;
  /** How long to wait until an unknown create can be settled, in milliseconds; absent when none is open. */
  settlesInMs(): number | undefined;
}

/** What was recorded, read without the lock. */
export interface RecordReader {
  readonly state: State;
  /** The newest first. */
  history(options: { readonly key?: AppKey; readonly limit: number }): Promise<readonly HistoryEntry[]>;
}

/** A configuration that is not written yet, and where it will be. */
export interface ConfigurationDraft {
  readonly file: string;
  readonly text: string;
}

/** The account to be imported, and the way from printed YAML back into a configuration. */
export interface ImportSession {
  readonly endpoint: string;
  readonly stateDir: string;
  /** A complete listing with all subscriptions, and the keys of what is owned already. */
  read(onProgress: (done: number, total: number) => void): Promise<{
    readonly apps: readonly ObservedApp[];
    readonly events: ReadonlyMap<AppId, readonly string[]>;
    readonly ownedKeys: ReadonlyMap<AppId, AppKey>;
  }>;
  parse(text: string): Promise<ConfigurationResult>;
  openApply(text: string): Promise<ApplySession>;
}

export interface BundleRequest {
  /** Where the archive goes; named after the instant when absent. */
  readonly file?: string;
  /** Whether the account is read in full, for a plan. */
  readonly plan: boolean;
  /** Neither the account nor a receiver is contacted. */
  readonly offline: boolean;
}

/** What was packed; `manifest` is in the archive, too, and described by schema/bundle.schema.json. */
export interface BundleReport {
  readonly file: string;
  readonly bytes: number;
  readonly manifest: {
    readonly files: readonly { readonly name: string; readonly masked: number }[];
    readonly missing: readonly { readonly name: string; readonly because: string }[];
    readonly not_looked_for: readonly { readonly name: string; readonly because: string }[];
  };
}

interface SandboxHandle {
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

export type DaemonRun =
  | { readonly how: 'ended'; readonly exit: ExitName }
  | { readonly how: 'refused'; readonly diagnostics: readonly Diagnostic[] };

export interface Toolbox {
  readonly terminal: Terminal;
  /** Puts messages into the words of the person's language. */
  readonly translate: Translate;
  readonly version: string;
  readonly clock: Clock;
  readonly digest: Digest;
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly interrupted: AbortSignal;
  loadConfiguration(flags: CommonFlags): Promise<ConfigurationResult>;
  /** The text of a file the configuration was read from, for code frames; undefined when unreadable. */
  readSource(file: string): string | undefined;
  openPlanSession(configuration: Configuration): Promise<PlanSession>;
  openApplySession(configuration: Configuration): Promise<ApplySession>;
  /** Lasts until it is told to stop; `refused` when there is no configuration to start with. */
  runDaemon(flags: CommonFlags): Promise<DaemonRun>;
  startSandbox(options: { readonly port: number; readonly fleet: string }): Promise<SandboxHandle>;
  /** Settings come from `draft`, else from the file that `flags` name, else from flags and defaults. */
  openImport(
    flags: CommonFlags,
    draft?: ConfigurationDraft,
  ): Promise<
    | { readonly ok: true; readonly session: ImportSession }
    | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }
  >;
  /** Looks at everything callbackd depends on; writes nothing. */
  examine(flags: CommonFlags, options: { readonly offline: boolean }): Promise<readonly Finding[]>;
  /** Packs a support archive with every secret masked. Changes nothing else. */
  writeBundle(flags: CommonFlags, request: BundleRequest): Promise<BundleReport>;
  openRecord(configuration: Configuration): Promise<RecordReader>;
  /** One look at the account, with the subscriptions of this entry, and what the daemon would decide. */
  inspectEntry(configuration: Configuration, key: AppKey): Promise<PlannedRound>;
  /**
   * The way to the running daemon. That nobody listens is told by its first call. `answerWithinMs`: how long an answer is waited
   * for that is not a round's; 30 s where it is left out.
   */
  openControl(flags: CommonFlags, answerWithinMs?: number): Promise<ControlClient>;
  /** Who asks, by the name the operating system knows. */
  userName(): string;
  /** A fault drill of the configuration; `account` is another one that stands for what the account holds. */
  openDrill(configuration: Configuration, account?: Configuration): Promise<Drill>;
  openDemoStage(): Promise<DemoStage>;
  readFile(path: string): Promise<string>;
  writeFile(path: string, text: string): Promise<void>;
  /** Fails where there is a file already. */
  createFile(path: string, text: string, mode: number): Promise<void>;
  removeFile(path: string): Promise<void>;
  fileExists(path: string): Promise<boolean>;
  /** Whether `COZE_API_TOKEN` is set. */
  hasTokenVariable(): boolean;
  readSchema(name: string): Promise<string>;
}
