/** The desired state: what the YAML asks for, after validation. */

import type { AppId, AppKey, AppType, ConnectorId } from './identity.ts';

/** Where a thing stands in a file the operator edits. Line and column count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The fields callbackd keeps in line; `ignore:` takes them by these names. */
export type ManagedField = 'name' | 'callback_url' | 'events';

/** A request of the operator to leave an entry (or everything) alone for a while. */
export interface Pause {
  /** Milliseconds since the epoch; absent means until somebody resumes it. */
  readonly until?: number;
  readonly because?: string;
  readonly by?: string;
}

/** One entry of `apps:`. An absent optional field is not managed. */
export interface DesiredApp {
  readonly key: AppKey;
  readonly appType: AppType;
  /** Present for every normal app; for a connector app only where the operator wrote it. */
  readonly name?: string;
  /** Present exactly for connector apps. */
  readonly connectorId?: ConnectorId;
  readonly callbackUrl?: string;
  /** The exact set, sorted, without repeats. */
  readonly events?: readonly string[];
  readonly protect: boolean;
  readonly replace: 'allow' | 'withhold';
  readonly was?: AppKey;
  /** A pin: adopt exactly this app. */
  readonly id?: AppId;
  readonly ignore: readonly ManagedField[];
  /** Unmanaged apps that look like this one and are not to be told. Sorted; absent: none. */
  readonly acceptDuplicates?: readonly AppId[];
  readonly paused?: Pause;
  readonly position: SourcePosition;
}

export interface DesiredState {
  /** In the order of `compareText` on the key. */
  readonly apps: ReadonlyMap<AppKey, DesiredApp>;
  /** Content hash of everything in the files that bears on planning; equal inputs give equal digests. */
  readonly digest: string;
}
