/** The observed state: what a complete listing of the account showed. There is no type for half a listing. */

import type { AppId } from './identity.ts';
import { type Mark, parseMarkedName } from './mark.ts';
import type { Secret } from './secret.ts';

export interface ObservedApp {
  readonly id: AppId;
  /** `normal`, `connector`, or a type this version does not know; such an app is never touched. */
  readonly appType: string;
  /** Without its mark. */
  readonly name?: string;
  /** Present while the name of a normal app carries one. */
  readonly mark?: Mark;
  readonly connectorId?: string;
  /** Absent until somebody sets it. An empty string on the wire is read as absent. */
  readonly callbackUrl?: string;
  readonly verifyToken: Secret;
}

/** The app with its base name as its name and its mark beside it. Only normal apps carry marks. */
export function readMark(app: ObservedApp): ObservedApp {
  if (app.appType !== 'normal' || app.name === undefined) return app;
  const marked = parseMarkedName(app.name);
  return marked === undefined ? app : { ...app, name: marked.base, mark: marked.mark };
}

/** What a walk to the proven end of the listing found. */
export interface Listing {
  /** Sorted by id. No id twice. */
  readonly apps: readonly ObservedApp[];
  readonly pages: number;
  /** Milliseconds since the epoch, before the first and after the last page. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/**
 * How far the listing can be trusted. `complete`: one pass reached the proven end. `confirmed`: a second
 * complete pass right after it held the same ids. `disagrees`: the second pass held other ids.
 */
export type Evidence = 'complete' | 'confirmed' | 'disagrees';

/** Whether listing the events of an id says that the app is there; `unknown` where the probe cannot tell. */
export type ProbeResult = 'present' | 'absent' | 'unknown';

export interface ObservedState {
  readonly apps: ReadonlyMap<AppId, ObservedApp>;
  readonly evidence: Evidence;
  /** Subscribed event types, sorted, of the apps whose subscriptions were listed in this round. */
  readonly events: ReadonlyMap<AppId, readonly string[]>;
  /** Answers to existence probes made in this round. */
  readonly probes: ReadonlyMap<AppId, ProbeResult>;
  /**
   * Milliseconds since the epoch at which the first pass of the round began: what was so by then, every pass
   * shows.
   */
  readonly listedAt: number;
}

/** What the planner wants to know beyond the listing before it decides. */
export interface Questions {
  /** Subscriptions to list. Sorted. */
  readonly eventsOf: readonly AppId[];
  /** Owned apps that the listing does not show. Sorted. */
  readonly probe: readonly AppId[];
  /** Whether a second complete pass is wanted (deletes, settling a create). */
  readonly confirmListing: boolean;
}
