/**
 * G2, G3, G4 and G8, as far as deletes go: only what is owned, only on two listings that agree, only after the grace
 * period, never beyond the limits, and never on the word of a file that is broken.
 */

import type { OwnedApp, State } from '../model/state.ts';
import type { Exchange } from './network.ts';
import { idIn, isDelete, type Scene } from './scene.ts';
import type { Rules } from './story.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A delete is counted durably a moment before it is sent. */
const COUNTED_BEFORE_MS = 30_000;

/** Reading the file, and the round that is under way when it changes. */
const READING_MS = 5_000;
const DEBOUNCE_MS = 5_000;
const TIMEOUT_MS = 15_000;

/** How long the daemon may act on the file as it was: the debounce, and a request that is slow and sent again. */
function noticedMs({ debounce, timeoutMs }: Rules): number {
  const resent = timeoutMs > TIMEOUT_MS ? 4 * timeoutMs : 0;
  return (debounce?.maxWaitMs ?? DEBOUNCE_MS) + READING_MS + resent;
}

/** To be called when a request leaves. */
export function watchDelete(scene: Scene, exchange: Exchange): void {
  const state = scene.state();
  if (!isDelete(exchange) || state === undefined) return;
  const id = idIn(exchange);
  const name = `request ${exchange.ordinal} deletes ${id}`;
  const owner = [...state.apps.values()].find((app) => app.id === id || app.replaces === id);
  if (owner === undefined && scene.story.rules.prune !== 'all') {
    scene.violate('G2', `${name}, which is not owned`);
  }
  if (owner !== undefined) checkOrphan(scene, owner, { id, name });
  checkListings(scene, exchange, { id, name });
  checkLimits(scene, exchange, { id, name });
  checkFile(scene, exchange, name);
  checkProtection(scene, state, { id, name });
}

interface Deletion {
  readonly id: string;
  readonly name: string;
}

function checkOrphan(scene: Scene, owner: OwnedApp, { id, name }: Deletion): void {
  const isReplaced = owner.replaces === id;
  if (isReplaced) return;
  const { operator, story } = scene;
  const gone = operator.goneSince(owner.key);
  if (operator.entries.has(owner.key)) {
    const appeared = operator.appearedAt(owner.key) ?? 0;
    if (scene.now() - appeared > noticedMs(story.rules))
      scene.violate('G3', `${name}, whose entry is in the file`);
    return;
  }
  if (gone === undefined) {
    scene.violate('G3', `${name}, whose entry was never in the file`);
    return;
  }
  const passed = scene.now() - gone;
  if (passed < story.rules.deleteGraceMs) {
    scene.violate(
      'G3',
      `${name} ${passed} ms after its entry went; the grace is ${story.rules.deleteGraceMs}`,
    );
  }
}

function checkListings(scene: Scene, exchange: Exchange, { id, name }: Deletion): void {
  const from = scene.roundStartedAt(exchange.life);
  if (from === undefined) {
    scene.violate('G3', `${name} outside of a round`);
    return;
  }
  const [first, second] = scene.passes
    .of(exchange.life)
    .filter((pass) => pass.startedAt >= from)
    .slice(-2);
  if (first === undefined || second === undefined) {
    scene.violate('G3', `${name} without two complete listings in its round`);
    return;
  }
  const agrees =
    first.apps.size === second.apps.size && [...first.apps.keys()].every((app) => second.apps.has(app));
  if (!agrees) {
    scene.violate('G3', `${name} although two listings disagree`);
    return;
  }
  if (!second.apps.has(id)) scene.violate('G3', `${name}, which is not on the listing`);
}

function checkLimits(scene: Scene, exchange: Exchange, { name }: Deletion): void {
  const { rules } = scene.story;
  const now = scene.now();
  const since = (from: number) => {
    const sent = scene.exchanges.filter((other) => isDelete(other) && other.trouble !== 'not_sent');
    return new Set(sent.filter((other) => other.sentAt >= from).map(idIn)).size;
  };
  const perRound = since(scene.roundStartedAt(exchange.life) ?? now);
  if (perRound > rules.deletesPerRound) {
    scene.violate('G4', `${name}: ${perRound} deletes in a round; the limit is ${rules.deletesPerRound}`);
  }
  const perDay = since(now - DAY_MS + COUNTED_BEFORE_MS);
  if (perDay > rules.deletesPerDay) {
    scene.violate('G4', `${name}: ${perDay} deletes in a day; the limit is ${rules.deletesPerDay}`);
  }
}

function checkFile(scene: Scene, exchange: Exchange, name: string): void {
  const { brokenSince, condition } = scene.operator;
  const roundStartedAt = scene.roundStartedAt(exchange.life) ?? scene.now();
  if (brokenSince !== undefined && brokenSince + noticedMs(scene.story.rules) < roundStartedAt) {
    scene.violate('G8', `${name} while the file is broken (${condition})`);
  }
}

function checkProtection(scene: Scene, state: State, { id, name }: Deletion): void {
  const owner = [...state.apps.values()].find((app) => app.id === id);
  const remembered = owner === undefined ? undefined : scene.operator.remembered.get(owner.key);
  if (remembered?.protect === true && owner?.replaces !== id)
    scene.violate('G2', `${name}, which is protected`);
}
