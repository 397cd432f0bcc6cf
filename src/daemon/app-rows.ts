/**
 * The list of apps with the condition of each, derived from configuration, state, plan and outcomes. Pure.
 */

import { say } from '../messages/say.ts';
import type { DesiredApp, DesiredState } from '../model/desired.ts';
import type { AppKey } from '../model/identity.ts';
import type { Action, Change, Withheld, WithheldReason } from '../model/plan.ts';
import type { Outcome } from '../model/round.ts';
import { maskQueries } from '../model/secret-shapes.ts';
import type { OwnedApp, State } from '../model/state.ts';
import { ENTRY_STATES, type EntryState, stateOfChange, stateOfHold } from '../model/summary.ts';
import type { AccountView } from './account-view.ts';

/** `unknown`: not read yet. */
export type AppCondition = EntryState | 'unknown';

/** The worst first; apps are listed in this order. */
export const APP_CONDITIONS: readonly AppCondition[] = [
  ...ENTRY_STATES.filter((state) => state !== 'in_sync'),
  'unknown',
  'in_sync',
];

export interface AppRow {
  /** Null for an unmanaged app under `prune: all`. */
  readonly key: string | null;
  readonly id: string | null;
  readonly appType: string;
  readonly connectorId: string | null;
  readonly name: string | null;
  readonly callbackUrl: string | null;
  readonly condition: AppCondition;
  /** Why it is withheld, if it is. */
  readonly reason: WithheldReason | null;
  /** Why it failed or backs off; null where it does neither. */
  readonly failure: string | null;
  /** The pending action; null if there is none, or if `reason` says why it is held. */
  readonly action: Action | null;
}

/** In the order of `APP_CONDITIONS`, then by key. */
export function listApps({ desired, state, view }: AppSides, now: number): readonly AppRow[] {
  const decided = indexDecisions(view);
  const keys = new Set<AppKey | null>([...desired.apps.keys(), ...state.apps.keys(), ...decided.keys()]);
  keys.delete(null);
  const rows = [...keys].flatMap((key) => {
    if (key === null) return [];
    const row = rowOf(key, { desired, state, view, now }, decided.get(key) ?? []);
    return row === undefined ? [] : [row];
  });
  const unmanaged = (decided.get(null) ?? []).map((decision) => unmanagedRow(decision, view));
  return [...rows, ...unmanaged].sort(compareRows);
}

type Decision = Change | Withheld;

function indexDecisions({ plan }: AccountView): ReadonlyMap<AppKey | null, readonly Decision[]> {
  const index = new Map<AppKey | null, Decision[]>();
  for (const decision of [...(plan?.withheld ?? []), ...(plan?.changes ?? [])]) {
    const known = index.get(decision.key);
    if (known === undefined) index.set(decision.key, [decision]);
    else known.push(decision);
  }
  return index;
}

export interface AppSides {
  readonly desired: DesiredState;
  readonly state: State;
  readonly view: AccountView;
}

interface Sides extends AppSides {
  readonly now: number;
}

type Judgement = Pick<AppRow, 'condition' | 'reason' | 'failure' | 'action'>;

function rowOf(key: AppKey, sides: Sides, decisions: readonly Decision[]): AppRow | undefined {
  const { desired, state } = sides;
  const entry = desired.apps.get(key);
  const owned = state.apps.get(key);
  const judgement = judge(key, sides, decisions);
  if (judgement === undefined) return undefined;
  return {
    key,
    id: owned?.id ?? decisions[0]?.id ?? null,
    ...describe(entry, owned, decisions[0]),
    ...judgement,
  };
}

function describe(
  entry: DesiredApp | undefined,
  owned: OwnedApp | undefined,
  decision: Decision | undefined,
): Pick<AppRow, 'appType' | 'connectorId' | 'name' | 'callbackUrl'> {
  const callbackUrl = entry?.callbackUrl ?? owned?.applied.callbackUrl;
  return {
    appType: entry?.appType ?? owned?.appType ?? decision?.appType ?? '',
    connectorId: entry?.connectorId ?? owned?.connectorId ?? null,
    name: entry?.name ?? owned?.name ?? decision?.name ?? null,
    callbackUrl: callbackUrl === undefined ? null : maskQueries(callbackUrl),
  };
}

/** Undefined when nothing is left to tell, as of an app that has just been deleted. */
function judge(
  key: AppKey,
  { desired, state, view, now }: Sides,
  decisions: readonly Decision[],
): Judgement | undefined {
  const open = decisions
    .map((decision) => judgeDecision(decision, view.outcomes))
    .filter((one) => one !== undefined);
  const [worst] = open.sort(compareConditions);
  if (worst !== undefined) {
    const backoff = worst.reason === 'backoff' ? state.backoffs.get(key)?.reason : undefined;
    return backoff === undefined ? worst : { ...worst, failure: backoff };
  }
  if (state.intents.has(key)) return { ...plain('settling'), reason: 'settling' };
  const entry = desired.apps.get(key);
  const pauses = [entry?.paused, state.pauses.get(key)];
  if (pauses.some((pause) => pause !== undefined && (pause.until ?? Number.POSITIVE_INFINITY) > now)) {
    return { ...plain('paused'), reason: 'paused' };
  }
  if (entry === undefined) return state.apps.has(key) ? plain('pending') : undefined;
  if (view.plan === undefined) return plain('unknown');
  return plain(state.apps.has(key) ? 'in_sync' : 'pending');
}

function judgeDecision(decision: Decision, outcomes: ReadonlyMap<Change, Outcome>): Judgement | undefined {
  if ('needsDecision' in decision) {
    const { reason } = decision;
    return { ...plain(stateOfHold(decision)), reason };
  }
  const outcome = outcomes.get(decision);
  const state = stateOfChange(outcome);
  if (state === undefined) return undefined;
  if (state === 'failing') {
    const failure = outcome?.failure;
    return { ...plain(state), failure: failure === undefined ? null : say(failure.message) };
  }
  return { ...plain(state), action: decision.action };
}

function plain(condition: AppCondition): Judgement {
  return { condition, reason: null, failure: null, action: null };
}

function unmanagedRow(decision: Decision, { outcomes }: AccountView): AppRow {
  const { id, name, appType } = decision;
  const judgement = judgeDecision(decision, outcomes) ?? plain('in_sync');
  return { key: null, id, appType: appType ?? '', connectorId: null, name, callbackUrl: null, ...judgement };
}

function compareConditions(left: Judgement, right: Judgement): number {
  return APP_CONDITIONS.indexOf(left.condition) - APP_CONDITIONS.indexOf(right.condition);
}

function compareRows(left: AppRow, right: AppRow): number {
  const [one, two] = [left.key ?? left.id ?? '', right.key ?? right.id ?? ''];
  return compareConditions(left, right) || (one < two ? -1 : one > two ? 1 : 0);
}
