/**
 * The one summary of an account: how many entries are in which state, the worst first. The headline of a plan, the
 * status, the page, metrics and notifications all say this one, so that they cannot disagree.
 */

import { type Message, message } from '../messages/message.ts';
import type { AppKey } from './identity.ts';
import type { Action, Change, Plan, Withheld, WithheldReason } from './plan.ts';
import type { Outcome } from './round.ts';

/** The worst first. */
export const ENTRY_STATES = [
  'failing',
  'needs_approval',
  'needs_decision',
  'deletion_scheduled',
  'settling',
  'pending',
  'paused',
  'kept',
  'in_sync',
] as const;

export type EntryState = (typeof ENTRY_STATES)[number];

/** What is true of the whole account, whatever its entries are in; the worst first. */
export type StandingState =
  | 'stopping'
  | 'stalled'
  | 'token_refused'
  | 'unreachable'
  | 'rounds_failing'
  | 'file_invalid'
  | 'file_held'
  | 'starting'
  | 'stale'
  | 'file_changed'
  | 'paused_all'
  | 'no_apps';

export interface Standing {
  readonly state: StandingState;
  readonly message: Message;
}

/** How good something is; only `ok` is shown in green. */
export type Tone = 'ok' | 'warn' | 'bad' | 'busy' | 'calm';

export const TONES: Readonly<Record<EntryState | StandingState, Tone>> = {
  failing: 'bad',
  needs_approval: 'warn',
  needs_decision: 'warn',
  deletion_scheduled: 'busy',
  settling: 'busy',
  pending: 'busy',
  paused: 'calm',
  kept: 'calm',
  in_sync: 'ok',
  stopping: 'calm',
  stalled: 'bad',
  token_refused: 'bad',
  unreachable: 'bad',
  rounds_failing: 'bad',
  file_invalid: 'bad',
  file_held: 'warn',
  starting: 'busy',
  stale: 'warn',
  file_changed: 'busy',
  paused_all: 'calm',
  no_apps: 'calm',
};

/** Changes that are due: how many of an action, and how many of those write more than the record. */
interface DueChanges {
  readonly action: Action;
  readonly count: number;
  readonly changed: number;
}

export interface Summary {
  readonly counts: Readonly<Record<EntryState, number>>;
  /** What `pending` consists of. */
  readonly due: readonly DueChanges[];
  /** What `needs_decision` consists of. */
  readonly undecided: readonly { readonly action: Action; readonly count: number }[];
  /** Kept apps that are no entry of the file any more: they keep nothing from being as the file says. */
  readonly keptOrphans: number;
}

export interface SummaryFacts {
  /** Undefined before the first. */
  readonly plan?: Pick<Plan, 'changes' | 'withheld' | 'summary'> | undefined;
  /** What became of its changes so far. */
  readonly outcomes?: Iterable<Outcome>;
  /** Keys whose pause has not ended, whether or not something is to be done for them. */
  readonly paused?: Iterable<AppKey>;
}

/** Deletes that an approval releases. */
const LIMITS: ReadonlySet<WithheldReason> = new Set([
  'deletes_per_round',
  'deletes_share',
  'deletes_per_day',
  'delete_everything',
  'suspicious_absence',
  'strays_per_day',
]);

const STANDING_HOLDS: Partial<Record<WithheldReason, EntryState>> = {
  backoff: 'failing',
  delete_grace: 'deletion_scheduled',
  settling: 'settling',
  paused: 'paused',
  paused_all: 'paused',
};

/** What an entry is in whose change is held. */
export function stateOfHold({
  action,
  reason,
  needsDecision,
}: Pick<Withheld, 'action' | 'reason' | 'needsDecision'>): EntryState {
  if (!needsDecision) return STANDING_HOLDS[reason] ?? 'kept';
  return action === 'delete' && LIMITS.has(reason) ? 'needs_approval' : 'needs_decision';
}

/** What an entry is in whose change was planned; undefined once it is done. */
export function stateOfChange(
  outcome: Pick<Outcome, 'result' | 'failure'> | undefined,
): EntryState | undefined {
  if (outcome?.result === 'applied') return undefined;
  return outcome !== undefined && isFailure(outcome) ? 'failing' : 'pending';
}

/** A change that was cut short is no failure: the next round finishes it. */
export function isFailure({ result, failure }: Pick<Outcome, 'result' | 'failure'>): boolean {
  return result === 'failed' && failure?.kind !== 'interrupted' && failure?.kind !== 'aborted';
}

export function summariseEntries({ plan, outcomes = [], paused = [] }: SummaryFacts): Summary {
  const open = new Map<string, Item>();
  const ended = new Map<Change, Outcome>();
  let done = 0;
  const note = (item: Item) => {
    const known = open.get(item.subject);
    if (known === undefined || isWorse(item.state, known.state)) open.set(item.subject, item);
  };
  for (const item of plan?.withheld ?? []) note({ ...itemOf(item), state: stateOfHold(item) });
  for (const outcome of outcomes) {
    const { change } = outcome;
    ended.set(change, outcome);
    const state = stateOfChange(outcome);
    if (state !== undefined) note({ ...itemOf(change), state, change });
    else if (change.action !== 'delete' && change.action !== 'forget') done += 1;
  }
  for (const change of plan?.changes ?? []) {
    if (!ended.has(change)) note({ ...itemOf(change), state: 'pending', change });
  }
  return countStates([...open.values()], {
    inSync: (plan?.summary.unchanged ?? 0) + done,
    paused: [...paused].filter((key) => !open.has(key)).length,
  });
}

interface Item {
  readonly subject: string;
  readonly action: Action;
  readonly state: EntryState;
  readonly change?: Change;
}

function itemOf({ key, id, action }: Change | Withheld): Omit<Item, 'state'> {
  return { subject: key ?? `id ${id}`, action };
}

function isWorse(one: EntryState, other: EntryState): boolean {
  return ENTRY_STATES.indexOf(one) < ENTRY_STATES.indexOf(other);
}

function countStates(
  items: readonly Item[],
  rest: { readonly inSync: number; readonly paused: number },
): Summary {
  const counts = Object.fromEntries(ENTRY_STATES.map((state) => [state, 0])) as Record<EntryState, number>;
  const due = new Map<Action, { action: Action; count: number; changed: number }>();
  const undecided = new Map<Action, number>();
  let keptOrphans = 0;
  for (const { state, action, change } of items) {
    counts[state] += 1;
    if (state === 'needs_decision') undecided.set(action, (undecided.get(action) ?? 0) + 1);
    if (state === 'kept' && action === 'delete') keptOrphans += 1;
    if (state !== 'pending' || change === undefined) continue;
    const known = due.get(action) ?? { action, count: 0, changed: 0 };
    known.count += 1;
    if (isWrite(change)) known.changed += 1;
    due.set(action, known);
  }
  counts.paused += rest.paused;
  counts.in_sync += Math.max(0, rest.inSync - rest.paused);
  return {
    counts,
    due: ACTIONS.flatMap((action) => due.get(action) ?? []),
    undecided: ACTIONS.map((action) => ({ action, count: undecided.get(action) ?? 0 })).filter(
      ({ count }) => count > 0,
    ),
    keptOrphans,
  };
}

const ACTIONS: readonly Action[] = ['create', 'update', 'replace', 'delete', 'adopt', 'rebind', 'forget'];
const WRITES: ReadonlySet<string> = new Set([
  'update_app',
  'subscribe',
  'unsubscribe',
  'delete_app',
  'create_app',
]);

/** Whether the account changes by it, and not only the record of which app belongs to which entry. */
function isWrite({ steps }: Change): boolean {
  return steps.some((step) => WRITES.has(step.do));
}

/** The states that some entry is in, the worst first; an app kept after its entry went is none. */
export function listStates({ counts, keptOrphans }: Summary): readonly EntryState[] {
  return ENTRY_STATES.filter((state) => counts[state] > (state === 'kept' ? keptOrphans : 0));
}

/** The worst of what is true. */
export function toneOf(summary: Summary, standings: readonly Standing[]): Tone {
  const states = [...standings.map(({ state }) => state), ...listStates(summary)];
  const tones = new Set(states.map((state) => TONES[state]));
  return (['bad', 'warn', 'busy', 'calm'] as const).find((tone) => tones.has(tone)) ?? 'ok';
}

/** `4 failing · 5 deletes need approval · 1 paused · 41 in sync`. */
export function describeSummary(summary: Summary, standings: readonly Standing[] = []): Message {
  const parts = [
    ...standings.map((standing) => standing.message),
    ...describeParts(summary).map(({ text }) => text),
  ];
  return message('summary.line', { parts });
}

export interface SummaryPart {
  readonly state: EntryState;
  readonly text: Message;
}

/** The parts of the line that count entries, the worst first. */
export function describeParts({ counts, due, undecided }: Summary): readonly SummaryPart[] {
  return ENTRY_STATES.filter((state) => counts[state] > 0).flatMap((state): readonly SummaryPart[] => {
    if (state === 'needs_decision') {
      return undecided.map(({ action, count }) => ({
        state,
        text: message('summary.needs_decision', { count, action: message(`page.action_${action}`) }),
      }));
    }
    if (state !== 'pending') return [{ state, text: message(`summary.${state}`, { count: counts[state] }) }];
    return due.map((part) => ({ state, text: describeDue(part) }));
  });
}

/** An adopted or rebound app may be changed as well, which its action does not say. */
function describeDue({ action, count, changed }: DueChanges): Message {
  const isQuiet = action === 'adopt' || action === 'rebind';
  return message('summary.due', {
    count,
    changed: isQuiet ? changed : 0,
    action: message(`page.action_${action}`),
  });
}
