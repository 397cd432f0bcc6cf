/**
 * A proposal: one wanted change, and its hold, if any. Each becomes one line of the plan.
 */

import type { Message } from '../messages/message.ts';
import type { DesiredApp } from '../model/desired.ts';
import type { AppId, AppKey } from '../model/identity.ts';
import type { ObservedApp } from '../model/observed.ts';
import type {
  Action,
  Change,
  ChangeReason,
  FieldChange,
  Step,
  Withheld,
  WithheldReason,
} from '../model/plan.ts';
import type { OwnedApp, StateChange } from '../model/state.ts';
import { fingerprintEntry, fingerprintObserved } from './fingerprint.ts';
import { isKnownType } from './identify-app.ts';
import { isApproved, type MatchContext, type PlanContext } from './plan-context.ts';
import { isApprovable, needsDecision } from './reasons.ts';

export interface Hold {
  readonly reason: WithheldReason;
  readonly message: Message;
  /** Instead of the usual release for the reason. */
  readonly release?: Message;
  readonly candidates?: readonly AppId[];
  readonly until?: number | undefined;
}

export interface Proposal {
  readonly change: Change;
  readonly hold?: Hold | undefined;
  /** Whose app it deletes, if any: such a proposal passes the delete guards. */
  readonly deletes: 'nothing' | 'orphan' | 'replaced' | 'unmanaged' | 'stray';
}

/** The result of a rule for one entry, orphan or open create. */
export interface Decision {
  readonly proposals: readonly Proposal[];
  readonly remember: readonly StateChange[];
}

export const NO_DECISION: Decision = { proposals: [], remember: [] };

export interface ChangeParts {
  readonly action: Action;
  readonly reason: ChangeReason;
  readonly key: AppKey | null;
  readonly id: AppId | null;
  readonly entry?: DesiredApp | undefined;
  readonly app?: ObservedApp | undefined;
  readonly owned?: OwnedApp | undefined;
  readonly from?: AppKey | undefined;
  readonly fields?: readonly FieldChange[];
  readonly steps?: readonly Step[];
  readonly destroys?: readonly Message[];
}

/**
 * Fills in what a change says about its subject: the entry first, then what the account shows, then the
 * record.
 */
export function makeChange(context: PlanContext, parts: ChangeParts): Change {
  const { entry, app, owned, from, fields = [], steps = [], destroys = [] } = parts;
  const { digest } = context.input;
  const shownType = app !== undefined && isKnownType(app.appType) ? app.appType : undefined;
  return {
    action: parts.action,
    key: parts.key,
    id: parts.id,
    appType: entry?.appType ?? shownType ?? owned?.appType ?? 'normal',
    name: entry?.name ?? app?.name ?? owned?.name ?? null,
    connectorId:
      entry?.connectorId ?? (app?.connectorId as Change['connectorId']) ?? owned?.connectorId ?? null,
    reason: parts.reason,
    ...(from === undefined ? {} : { from }),
    ...{ fields, steps, destroys },
    protect: entry?.protect ?? owned?.protect ?? false,
    entryDigest: entry === undefined ? '' : fingerprintEntry(entry, digest),
    observedDigest:
      app === undefined ? '' : fingerprintObserved(app, context.observed.events.get(app.id), digest),
    ...(entry === undefined ? {} : { position: entry.position }),
  };
}

/** The hold, unless a person released exactly this change and its reason can be released by approval. */
export function holdUnlessApproved(context: MatchContext, subject: string, hold: Hold): Hold | undefined {
  return isApprovable(hold.reason) && isApproved(context, subject) ? undefined : hold;
}

/** What a person names to approve a change: its key, or the id of an unmanaged app. */
export function subjectOf(change: { readonly key: AppKey | null; readonly id: AppId | null }): string {
  return String(change.key ?? change.id);
}

/** Its usual release names the digest of the plan, which is only known once all of the plan is. */
export type UnreleasedChange = Omit<Withheld, 'release'> & { readonly release: Message | undefined };

export function makeWithheld(change: Change, hold: Hold): UnreleasedChange {
  const { action, key, id, appType, name, fields, position } = change;
  const { reason, message, until } = hold;
  return {
    ...{ action, key, id, appType, name, reason, message, fields },
    needsDecision: needsDecision(reason),
    release: hold.release,
    candidates: [...(hold.candidates ?? [])].sort(),
    ...(until === undefined ? {} : { until }),
    ...(position === undefined ? {} : { position }),
  };
}
