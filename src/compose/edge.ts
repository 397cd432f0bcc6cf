/** What main.ts knows of the process, as plain values. */

export interface Signals {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly interrupted: AbortSignal;
  onHangup(listener: () => void): void;
}

export interface Edge {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly pid: number;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** The words that start callbackd again as a child: Node and its script, or the single executable. */
  readonly program: readonly [string, ...string[]];
  readonly signals: Signals;
}
