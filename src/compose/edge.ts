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
  /** The running Node and the script it runs, for starting callbackd again as a child. */
  readonly nodePath: string;
  readonly scriptPath: string;
  readonly signals: Signals;
}
