/** What the changes of one applied plan share: collaborators, observed tokens, and the stop. */

import type { Message } from '../messages/message.ts';
import type { CallContext, CallReport, Operation } from '../model/calls.ts';
import type { AppId } from '../model/identity.ts';
import type { Change } from '../model/plan.ts';
import type { Outcome } from '../model/round.ts';
import type { Secret } from '../model/secret.ts';
import type { StateChanges } from '../model/state.ts';
import { CommitError } from './failures.ts';
import type { AppWriter, Journal, ReceiverCheck, TokenSink } from './ports.ts';
import type { PlanBasis, RoundStop } from './round-stop.ts';

export interface ApplyDeps {
  readonly writer: AppWriter;
  readonly journal: Journal;
  readonly receivers: ReceiverCheck;
  readonly sink?: TokenSink;
  readonly clock: { now(): number; monotonic(): number };
  /** 8 random hex digits, for the mark of one create. */
  readonly nonce: () => string;
  /** How many changes may be under way at once. */
  readonly concurrency: number;
  /** Called as soon as a change has ended, in the order in which they end. */
  readonly onOutcome?: (outcome: Outcome) => void;
}

/** One change while it is being executed. */
export interface ChangeRun {
  readonly change: Change;
  readonly startedAt: number;
  readonly calls: CallReport[];
  readonly warnings: Message[];
  /** Index of the step to be done next. */
  next: number;
  /** The app that the steps are about; null until a create has been answered. */
  id: AppId | null;
  token: Secret | undefined;
  /** The real name that a marked app must still be given. */
  nameLeft: string | undefined;
  /** Whether the app was created under its real name. */
  isNamed: boolean;
  /** What the app is subscribed to, as far as we know. */
  events: readonly string[];
}

export interface ApplyRound {
  readonly deps: ApplyDeps;
  readonly stop: RoundStop;
  /** Resolves when the changes are durable. Otherwise stops the round and rejects with a `CommitError`. */
  commit(changes: StateChanges): Promise<void>;
  begin(change: Change): ChangeRun;
  /** Makes `id` the app that the change is about. */
  turnTo(id: AppId, run: ChangeRun): void;
  contextOf(run: ChangeRun): CallContext;
}

/** Prepares the execution of one plan. `tokens` are the verify_tokens of the observed apps. */
export function createApplyRound(
  deps: ApplyDeps,
  tokens: ReadonlyMap<AppId, Secret>,
  options: { readonly stop: RoundStop; readonly signal: AbortSignal; readonly basis?: PlanBasis | undefined },
): ApplyRound {
  const { stop, signal, basis } = options;
  return {
    deps,
    stop,
    async commit(changes) {
      if (Array.isArray(changes) && changes.length === 0) return;
      try {
        await deps.journal.commit(changes);
      } catch (error) {
        const failed = new CommitError(error);
        stop.raise(failed.problem);
        throw failed;
      }
    },
    begin: (change) => {
      const id = change.action === 'replace' ? null : change.id;
      const events = change.fields.find((field) => field.path === 'events')?.before;
      return {
        change,
        startedAt: deps.clock.now(),
        calls: [],
        warnings: [],
        next: 0,
        id,
        token: id === null ? undefined : tokens.get(id),
        nameLeft: findNameLeft(change),
        isNamed: false,
        events: Array.isArray(events) ? events : [],
      };
    },
    turnTo(id, run) {
      run.id = id;
      run.token = tokens.get(id);
    },
    contextOf: (run) => ({
      signal,
      ...(run.change.key === null ? {} : { appKey: run.change.key }),
      ...(run.id === null ? {} : { appId: run.id }),
      ...(basis === undefined
        ? {}
        : { mayLeave: (operation: Operation) => basis.mayLeave(operation, run.change) }),
      report: (call) => run.calls.push(call),
    }),
  };
}

/** Only a normal app that is still to be made, or that carries a mark, has no name before its change. */
function findNameLeft({ appType, fields }: Change): string | undefined {
  const field = fields.find(({ path }) => path === 'name');
  if (appType !== 'normal' || field === undefined || field.before !== null) return undefined;
  return typeof field.after === 'string' ? field.after : undefined;
}
