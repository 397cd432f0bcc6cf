/** The reading half of a round: list, ask, plan. Neither the observer nor the state it is given can write. */

import type { StandstillGuard, StandstillWatch } from '../lib/standstill.ts';
import { type Message, message } from '../messages/message.ts';
import type { CallContext } from '../model/calls.ts';
import type { DesiredState } from '../model/desired.ts';
import type { ObservedState } from '../model/observed.ts';
import type { Change, PlanResult } from '../model/plan.ts';
import type { Policy } from '../model/settings.ts';
import type { State } from '../model/state.ts';
import { askQuestions } from '../plan/ask-questions.ts';
import { planChanges } from '../plan/plan-changes.ts';
import type { Digest, PlanInput } from '../plan/plan-input.ts';
import type { AccountObserver, PlanBasis } from './ports.ts';

/** What is asked of a round, apart from why it began. */
export interface RoundRequest {
  readonly desired: DesiredState;
  readonly policy: Policy;
  /** The base URL the state and the plan belong to. */
  readonly endpoint: string;
  /** A person's command lists every subscription and waits for no grace period; the daemon does. */
  readonly mode: PlanInput['mode'];
  readonly grants: PlanInput['grants'];
  /** Aborted: finish the call in flight, start nothing new. */
  readonly signal: AbortSignal;
  /** Aborted: stop reading; changes that have begun are finished, no other begins. */
  readonly preempt?: AbortSignal;
  /** Aborted: a newer configuration is in force, so nothing is deleted by this one any more. */
  readonly superseded?: AbortSignal;
  /** On the monotonic clock, in milliseconds: no change begins after it. */
  readonly deadline?: number;
  /** What the operator's files say to a planned delete at the moment it is to leave; undefined lets it pass. */
  readonly mayDelete?: (change: Change) => Promise<Message | undefined>;
}

export interface PlanRoundDeps {
  readonly observer: AccountObserver;
  readonly now: () => number;
  readonly digest: Digest;
  /** Watches what may be acted on later. Absent where nothing is. */
  readonly standstill?: StandstillGuard;
}

export interface PlannedRound extends PlanResult {
  readonly observed: ObservedState;
  /** To be asked in front of each write of the plan. */
  readonly basis: PlanBasis;
}

/** Reads and plans; whoever acts on the plan ends its basis after that. Rejects with what `observer` rejects with: half a listing is never planned on. */
export async function planRound(
  deps: PlanRoundDeps,
  state: State,
  request: RoundRequest,
): Promise<PlannedRound> {
  const { signal, preempt } = request;
  const context: CallContext = {
    signal: preempt === undefined ? signal : AbortSignal.any([signal, preempt]),
  };
  // From before the listing: a reply that waited in a socket while the process stood still is as old as that.
  const basis = createPlanBasis(deps.standstill?.begin(), request);
  try {
    const listing = await deps.observer.list(context);
    const questions = askQuestions(toPlanInput(deps, state, request), listing);
    const observed = await deps.observer.answer(listing, questions, context);
    const result = planChanges(toPlanInput(deps, state, request), observed);
    return { ...result, observed, basis };
  } catch (error) {
    basis.end();
    throw error;
  }
}

function toPlanInput(deps: PlanRoundDeps, state: State, request: RoundRequest): PlanInput {
  return {
    desired: request.desired,
    state,
    policy: request.policy,
    now: deps.now(),
    mode: request.mode,
    grants: request.grants,
    digest: deps.digest,
    endpoint: request.endpoint,
  };
}

interface BasisRequest {
  /** Aborted: a newer configuration is in force. */
  readonly superseded?: AbortSignal;
  readonly mayDelete?: (change: Change) => Promise<Message | undefined>;
}

/** `standstill` was begun before the listing; absent where nothing is acted on. */
export function createPlanBasis(
  standstill: StandstillWatch | undefined,
  { superseded, mayDelete }: BasisRequest,
): PlanBasis {
  const findNewer = () => (superseded?.aborted ? message('apply.newer_configuration') : undefined);
  const findStandstill = () => {
    const found = standstill?.find();
    return found === undefined ? undefined : message('apply.stood_still', { stoodMs: found.stoodMs });
  };
  let refused: Message | undefined;
  return {
    get refused() {
      return refused;
    },
    async mayLeave(operation, change) {
      if (operation !== 'delete_app') return undefined;
      refused = findNewer() ?? findStandstill() ?? (await mayDelete?.(change));
      // Once more, because looking at the files may have taken long itself.
      refused ??= findNewer() ?? findStandstill();
      return refused;
    },
    end(isDone = false) {
      if (isDone) standstill?.succeed();
      standstill?.end();
    },
  };
}
