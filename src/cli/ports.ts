/** What commands work with, and the types that come with it. */

import type { CommonFlags } from '../app/load-configuration.ts';
import type { ApplySession } from '../app/open-apply-session.ts';
import type { DemoStage } from '../app/open-demo-stage.ts';
import type { ConfigurationDraft, ImportSession, OpenedImport } from '../app/open-import.ts';
import type { Grants, PlanSession } from '../app/open-plan-session.ts';
import type { RecordReader } from '../app/open-record.ts';
import type { DaemonRun } from '../app/run-service.ts';
import type { ControlClient } from '../daemon/control-client.ts';
import type { Clock } from '../lib/clock.ts';
import type { Translate } from '../messages/say.ts';
import type { Configuration, ConfigurationResult } from '../model/configuration.ts';
import type { Drill } from '../model/drill.ts';
import type { AppKey } from '../model/identity.ts';
import type { Digest } from '../plan/plan-input.ts';
import type { PlannedRound } from '../reconcile/plan-round.ts';
import type { BundleReport, BundleRequest } from './bundle/inputs.ts';
import type { Finding } from './doctor/finding.ts';
import type { Terminal } from './terminal.ts';

export type { ApplySession, CommonFlags, Grants, ImportSession, Terminal };

interface SandboxHandle {
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

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
  openImport(flags: CommonFlags, draft?: ConfigurationDraft): Promise<OpenedImport>;
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
