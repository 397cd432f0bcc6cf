/** What the tour plays on: an emulated account, a folder, and callbackd started as a process of its own. */

export interface AccountView {
  readonly id: string;
  readonly name: string | undefined;
  readonly callbackUrl: string | undefined;
  readonly events: readonly string[];
}

export interface ChildRun {
  readonly pid: number;
  /** Called with each whole line the child prints on stdout, from now on. */
  onLine(listener: (line: string) => void): void;
  stop(): void;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

export interface DemoStage {
  /** The emulated platform's base URL. */
  readonly url: string;
  readonly folder: string;
  receiverUrl(name: string): string;
  /** The account as it really is. */
  apps(): readonly AccountView[];
  /** Somebody changes an app in the console. */
  setUrlByHand(id: string, callbackUrl: string): void;
  /** The logids the platform gave out so far. */
  logids(): readonly string[];
  write(name: string, text: string): Promise<void>;
  read(name: string): Promise<string>;
  /** Starts `callbackd` with these words as a process of its own, in the folder. */
  start(words: readonly string[]): ChildRun;
  close(): Promise<void>;
}
