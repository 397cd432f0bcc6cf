/**
 * What a program of callbackd knows about its process. Created once, by main.ts, and passed on as a
 * parameter.
 */

import { userInfo } from 'node:os';
import { type Clock, systemClock } from '../lib/clock.ts';
import { readPackageFile } from '../lib/package-file.ts';
import type { Language } from '../messages/say.ts';
import { createSecretGate, type SecretGate } from '../platform/secret-gate.ts';

export interface Signals {
  /** Aborted by the first SIGINT or SIGTERM; the second one ends the process. */
  readonly interrupted: AbortSignal;
  onHangup(listener: () => void): void;
}

/** What only main.ts can see, as plain values. */
export interface ProcessView {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly pid: number;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Why what was written to `stdout` did not all get there; undefined where it did, or its reader went away. */
  outputFailure(): Promise<NodeJS.ErrnoException | undefined>;
  /** The words that start callbackd again as a child: Node and its script, or the single executable. */
  readonly program: readonly [string, ...string[]];
  readonly signals: Signals;
  readonly runtime: {
    /** Of Node and what it is built of, by name. */
    readonly versions: Readonly<Record<string, string | undefined>>;
    /** As `linux x64`. */
    readonly platform: string;
    /** Flags that Node itself was started with. */
    readonly flags: readonly string[];
    /** Undefined where users have no numbers. */
    readonly uid: number | undefined;
  };
}

export interface Context extends ProcessView {
  readonly clock: Clock;
  /** A number in [0, 1): pauses between attempts, the lineage of a new state. */
  readonly random: () => number;
  readonly version: string;
  /**
   * What every text of a reply passes; one for the process, since what one part learns another must not show.
   */
  readonly gate: SecretGate;
  /** In which people read; logs and documents are English always. */
  readonly language: Language;
}

export function createContext(view: ProcessView): Context {
  const gate = createSecretGate();
  return { ...view, clock: systemClock, random: Math.random, version: readVersion(), gate, language: 'en' };
}

function readVersion(): string {
  const { version } = JSON.parse(readPackageFile('package.json')) as { readonly version: string };
  return version;
}

/** Who runs this process. In a container it may be a number that no name belongs to. */
export function readUserName({ runtime }: Context): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${runtime.uid ?? 'unknown'}`;
  }
}
