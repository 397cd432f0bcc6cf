/**
 * G1: never two creates for one entry without a complete listing that proves the first does not exist. Each create is
 * held against every earlier one for the same name or channel, and each new app against the account's own books.
 */

import type { Exchange } from './network.ts';
import {
  identityAsked,
  identityOf,
  idsMadeByUs,
  isHiding,
  isKnownToBeMade,
  readCode,
  type Scene,
} from './scene.ts';

/** To be called when a request leaves. */
export function watchCreate(scene: Scene, exchange: Exchange): void {
  if (exchange.asked === undefined) return;
  const identity = identityAsked(exchange);
  for (const earlier of scene.creates) {
    if (earlier === exchange || earlier.trouble === 'not_sent') continue;
    if (identityAsked(earlier) !== identity || wasSurelyRefused(earlier)) continue;
    const problem = findMissingProof(scene, earlier, exchange);
    if (problem !== undefined) {
      const which = `request ${exchange.ordinal} creates "${identity}" again after request ${earlier.ordinal}`;
      scene.violate('G1', `${which}: ${problem}`);
    }
  }
}

/** To be called when a request was processed, whatever became of its reply. */
export function watchTwins(scene: Scene, exchange: Exchange): void {
  if (exchange.created.length === 0) return;
  const made = exchange.created.at(-1);
  const identity = identityAsked(exchange);
  const others = scene.creates.filter((other) => other !== exchange);
  const ours = isHiding(scene) ? scene.everBound() : idsMadeByUs(others);
  const intent = [...(scene.state()?.intents.values() ?? [])].find(
    (open) =>
      identityOf({ app_type: open.appType, name: open.name, connector_id: open.connectorId }) === identity,
  );
  for (const app of scene.sandbox.apps()) {
    const isAlike =
      identityOf({ app_type: app.appType, name: app.name, connector_id: app.connectorId }) === identity;
    if (app.id === made || !ours.has(app.id) || !isAlike) continue;
    const owner = [...(scene.state()?.apps.values() ?? [])].find((owned) => owned.id === app.id);
    const belongsToAnother = owner !== undefined && intent !== undefined && owner.key !== intent.key;
    if (!belongsToAnother) {
      scene.violate('G1', `request ${exchange.ordinal} made ${made}, a twin of ${app.id} ("${identity}")`);
    }
  }
}

/** The client was told no in a way that leaves no doubt, and indeed nothing was made. */
function wasSurelyRefused({ end, created }: Exchange): boolean {
  if (end?.reply === undefined || created.length > 0) return false;
  const code = readCode(end.reply.body);
  return end.reply.status < 500 && code !== undefined && code !== 0 && code !== 5000;
}

function findMissingProof(scene: Scene, earlier: Exchange, exchange: Exchange): string | undefined {
  const endedAt = earlier.end?.at ?? scene.endedAt(earlier.life);
  if (endedAt === undefined) return 'the first is still under way';
  const isKnown = isKnownToBeMade(earlier);
  const from = endedAt + (isKnown ? 0 : scene.story.rules.settleMs);
  const passes = scene.passes.latest.filter((pass) => pass.startedAt >= from);
  if (passes.length < (isKnown ? 1 : 2)) {
    return `only ${passes.length} complete listings since ${isKnown ? 'it ended' : 'its settle time was over'}`;
  }
  const state = scene.state();
  const owned = new Set([...(state?.apps.values() ?? [])].map((app) => app.id as string));
  const identity = identityAsked(exchange);
  for (const pass of passes.slice(-2)) {
    for (const id of earlier.created) {
      const listed = pass.apps.get(id);
      if (listed !== undefined && identityOf(listed) === identity && !owned.has(id)) {
        return `a listing showed its app ${id}`;
      }
    }
  }
  return undefined;
}
