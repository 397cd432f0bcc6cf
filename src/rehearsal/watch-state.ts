/**
 * G5: no crash, power cut or full disk loses an app id or leaves a state that cannot be read. It keeps its own books of
 * what was committed and acknowledged, and holds every restart against them.
 */

import { isDeepStrictEqual } from 'node:util';
import { emptyState, foldStateChange, type State, type StateChange } from '../model/state.ts';
import type { StateStore } from '../record/open-state-store.ts';
import type { Life } from './life.ts';
import type { Exchange } from './network.ts';
import { identityAsked, identityOf, identityOfApp, isHiding, type Scene } from './scene.ts';

interface Entry {
  readonly change: StateChange;
  isAcknowledged: boolean;
}

export interface StateWatch {
  /** Writes down what goes through the journal of a process. */
  follow(store: StateStore, life: Life, scene: Scene): StateStore;
  /** To be called when a process has opened the state. */
  checkOpened(scene: Scene, state: State): void;
  /** Ids whose binding was acknowledged at some time. */
  readonly bound: ReadonlySet<string>;
  /** Ids that were released on purpose: forgotten, or deleted. */
  readonly released: ReadonlySet<string>;
}

export function createStateWatch(): StateWatch {
  let books: Entry[] = [];
  const released = new Set<string>();
  const bound = new Set<string>();
  return {
    released,
    bound,
    follow(store, life, scene) {
      return {
        state: store.state,
        recoveredBytes: store.recoveredBytes,
        close: () => store.close(),
        async recover() {
          const { serial } = store.state;
          await store.recover();
          if (books.length > serial) compare(scene, store.state);
        },
        async commit(committed) {
          if (!life.isAlive()) return new Promise(() => {});
          const changes = [committed].flat();
          const entries = changes.map((change) => ({ change, isAcknowledged: false }));
          books.push(...entries);
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

  function compare(scene: Scene, state: State): void {
    const { serial } = state;
    const lost = books.slice(serial).filter((entry) => entry.isAcknowledged);
    if (serial > books.length) {
      scene.violate('G5', `the state is at serial ${serial}, but only ${books.length} changes were made`);
      return;
    }
    if (lost.length > 0) {
      scene.violate(
        'G5',
        `${lost.length} acknowledged changes are gone, the first is ${lost[0]?.change.type}`,
      );
    }
    books = books.slice(0, serial);
    const expected = emptyState(state.lineage, state.endpoint);
    for (const { change } of books) foldStateChange(expected, change);
    if (!isDeepStrictEqual(expected, { ...state })) {
      scene.violate('G5', `the state at serial ${serial} is not what was committed`);
    }
    for (const problem of findLostApps(scene, state, released)) scene.violate('G5', problem);
  }
}

/** Every app we asked for and that is there must be owned, or its create must still be open. */
function findLostApps(scene: Scene, state: State, released: ReadonlySet<string>): readonly string[] {
  const alive = new Map(scene.sandbox.apps().map((app) => [app.id, identityOfApp(app)]));
  const owned = new Set(
    [...state.apps.values()].flatMap((app) => [app.id, app.replaces ?? app.id] as string[]),
  );
  const awaited = [...state.intents.values()];
  return scene.creates.flatMap((exchange) => {
    const id = lastMadeBy(exchange);
    if (id === undefined || !alive.has(id) || owned.has(id) || released.has(id)) return [];
    const identity = identityAsked(exchange);
    // Nobody can recognise an app that was never recorded once it is hidden, or once somebody gave it another name.
    const isDisguised = isHiding(scene) || alive.get(id) !== identity;
    if (isDisguised && !scene.everBound().has(id)) return [];
    const isAwaited = awaited.some(
      (intent) =>
        identityOf({ app_type: intent.appType, name: intent.name, connector_id: intent.connectorId }) ===
          identity && !intent.lookAlikes.some((known) => known === id),
    );
    return isAwaited
      ? []
      : [`app ${id} ("${identity}", request ${exchange.ordinal}) is neither owned nor awaited`];
  });
}

function lastMadeBy(exchange: Exchange): string | undefined {
  return exchange.created.at(-1);
}
