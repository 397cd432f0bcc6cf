/** What a dry run needs: it reads and plans, and has no write access. */

import { sha256 } from '../lib/sha256.ts';
import { message } from '../messages/message.ts';
import type { Configuration } from '../model/configuration.ts';
import type { DesiredState } from '../model/desired.ts';
import type { AppId, AppKey } from '../model/identity.ts';
import type { MutableState, OwnedApp, State } from '../model/state.ts';
import { checkReceivers } from '../reconcile/check-receivers.ts';
import { type PlannedRound, planRound } from '../reconcile/plan-round.ts';
import type { AccountObserver } from '../reconcile/ports.ts';
import { fillMaskedUrls } from '../record/recorded-state.ts';
import { openWithClosers } from './closers.ts';
import type { Context } from './context.ts';
import { AppFailure } from './failure.ts';
import { openReceivers } from './open-account.ts';
import { openReader } from './open-reader.ts';
import { readStateFrom } from './read-state-from.ts';

export interface Grants {
  readonly allowDeletes: boolean;
  /** Keys and digests that a person approved. */
  readonly subjects: ReadonlySet<string>;
}

export function findOwner({ apps }: State, id: AppId): AppKey | undefined {
  return [...apps.values()].find((app) => app.id === id || app.replaces === id)?.key;
}

/** Reads the account and plans; cannot write, by type. */
export interface PlanSession {
  plan(grants: Grants, signal: AbortSignal): Promise<PlannedRound>;
  /** The key that owns an app, also one that a replacement still has to delete. */
  ownerOf(id: AppId): AppKey | undefined;
  owned(key: AppKey): OwnedApp | undefined;
  close(): Promise<void>;
}

export interface PlanSource {
  /** Where the daemon's state is read instead of one's own: the URL of its status server, or a file. */
  readonly stateFrom?: string | undefined;
  /** A plan without a state is a failure. */
  readonly requiresState?: boolean;
}

export function openPlanSession(
  { settings, desired }: Configuration,
  context: Context,
  { stateFrom, requiresState = false }: PlanSource = {},
): Promise<PlanSession> {
  const { policy, platform } = settings;
  return openWithClosers(async (closers) => {
    const elsewhere = stateFrom === undefined ? undefined : await readStateFrom(stateFrom, settings, context);
    const reader = await openReader(settings, context, { closers, elsewhere });
    const { state, clock } = reader;
    if (requiresState && state.lineage === '') {
      const problem = message('app.no_state', { dir: settings.stateDir });
      throw new AppFailure('failed', problem, [message('app.no_state_advice')]);
    }
    const observer =
      elsewhere === undefined ? reader.observer : fillingMasked(reader.observer, elsewhere, desired);
    const receivers = openReceivers(settings, context);
    const deps = { observer, now: () => clock.now(), digest: sha256 };
    const endpoint = platform.baseUrl;
    return {
      async plan(grants, signal) {
        const request = { desired, policy, endpoint, mode: 'person' as const, grants, signal };
        const planned = await planRound(deps, state, request);
        return { ...planned, plan: await checkReceivers(planned.plan, receivers, { signal }) };
      },
      ownerOf: (id) => findOwner(state, id),
      owned: (key) => state.apps.get(key),
    } satisfies Omit<PlanSession, 'close'>;
  });
}

/** A daemon masks what its URLs carry; what is listed here tells which they were, before anything is planned. */
function fillingMasked(
  observer: AccountObserver,
  state: MutableState,
  desired: DesiredState,
): AccountObserver {
  return {
    async list(callContext) {
      const listing = await observer.list(callContext);
      fillMaskedUrls(state, { apps: listing.apps, entries: desired.apps });
      return listing;
    },
    answer: (...asked) => observer.answer(...asked),
  };
}
