/**
 * G5: no crash, power cut or full disk loses an app id or leaves an unreadable state. Keeps its own log of
 * committed and acknowledged changes and compares every restart with it.
 */

import { isDeepStrictEqual } from 'node:util';
import { type Message, message } from '../messages/message.ts';
import { foldStateChange } from '../model/fold-state.ts';
import { parseMarkedName } from '../model/mark.ts';
import { emptyState, type State, type StateChange } from '../model/state.ts';
import type { StateStore } from '../record/open-state-store.ts';
import {
  type CheckContext,
  hidesApps,
  identityAsked,
  identityOf,
  identityOfApp,
  isKnownToBeMade,
} from './check-context.ts';
import { checkAdoption } from './check-marks.ts';
import type { Exchange } from './network.ts';
import type { ProcessInstance } from './process-instance.ts';

interface Recorded {
  readonly change: StateChange;
  isAcknowledged: boolean;
}

export interface StateChecker {
  /** Records what goes through the journal of a process. */
  follow(store: StateStore, instance: ProcessInstance, context: CheckContext): StateStore;
  /** Call when a process has opened the state. */
  checkOpened(context: CheckContext, state: State): void;
  /** Ids whose binding was ever acknowledged. */
  readonly bound: ReadonlySet<string>;
  /** Ids that were forgotten or deleted on purpose. */
  readonly released: ReadonlySet<string>;
}

export function createStateChecker(): StateChecker {
  let committed: Recorded[] = [];
  const released = new Set<string>();
  const bound = new Set<string>();
  return {
    released,
    bound,
    follow(store, instance, context) {
      return {
        state: store.state,
        recoveredBytes: store.recoveredBytes,
        findFailure: () => store.findFailure(),
        close: () => store.close(),
        async recover() {
          const { serial } = store.state;
          await store.recover();
          if (committed.length > serial) compare(context, store.state);
        },
        async commit(given) {
          if (!instance.isAlive()) return new Promise(() => {});
          const changes = [given].flat();
          for (const change of changes) checkAdoption(context, store.state, change);
          const entries = changes.map((change) => ({ change, isAcknowledged: false }));
          committed.push(...entries);
          await store.commit(changes);
          for (const entry of entries) entry.isAcknowledged = true;
          for (const change of changes) {
            if (change.type === 'app_unbound') released.add(change.id);
            if (change.type === 'app_bound') bound.add(change.app.id);
          }
        },
      };
    },
    checkOpened: compare,
  };

  function compare(context: CheckContext, state: State): void {
    const { serial } = state;
    const lost = committed.slice(serial).filter((entry) => entry.isAcknowledged);
    if (serial > committed.length) {
      context.violate('G5', message('rehearsal.serial_ahead', { serial, changes: committed.length }));
      return;
    }
    if (lost.length > 0) {
      context.violate(
        'G5',
        message('rehearsal.changes_lost', { changes: lost.length, first: lost[0]?.change.type ?? '' }),
      );
    }
    committed = committed.slice(0, serial);
    const expected = emptyState(state.lineage, state.endpoint);
    for (const { change } of committed) foldStateChange(expected, change);
    if (!isDeepStrictEqual(expected, { ...state })) {
      context.violate('G5', message('rehearsal.state_differs', { serial }));
    }
    for (const problem of findLostApps(context, state, released)) context.violate('G5', problem);
  }
}

/** Every existing app that we created must be owned, or its intent must still be open. */
function findLostApps(
  context: CheckContext,
  state: State,
  released: ReadonlySet<string>,
): readonly Message[] {
  const alive = new Map(context.sandbox.apps().map((app) => [app.id, identityOfApp(app)]));
  const owned = new Set(
    [...state.apps.values()].flatMap((app) => [app.id, app.replaces ?? app.id] as string[]),
  );
  const awaited = [...state.intents.values()];
  return context.creates.flatMap((exchange) => {
    const id = lastMadeBy(exchange);
    if (id === undefined || !alive.has(id) || owned.has(id) || released.has(id)) return [];
    const identity = identityAsked(exchange);
    // An app that was never recorded cannot be recognised while it is hidden or after it was renamed.
    const isDisguised = hidesApps(context) || alive.get(id) !== identity;
    if (isDisguised && !context.everBound().has(id)) return [];
    const name = parseMarkedName(exchange.asked?.name ?? '');
    // Made after it was given up: it is deleted as a stray.
    if (name !== undefined && !isKnownToBeMade(exchange)) return [];
    const isAwaited = awaited.some(
      (intent) =>
        identityOf({ app_type: intent.appType, name: intent.name, connector_id: intent.connectorId }) ===
          identity && !(intent.lookAlikes ?? []).some((known) => known === id),
    );
    return isAwaited ? [] : [message('rehearsal.app_lost', { id, identity, request: exchange.ordinal })];
  });
}

function lastMadeBy(exchange: Exchange): string | undefined {
  return exchange.created.at(-1);
}
