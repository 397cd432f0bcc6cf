/**
 * G11 and G10: once trouble is over, everything that can converge does, and then nothing more is written. It compares
 * the operator's file with the account's own books; the plan only explains what a person has to decide.
 */

import { say } from '../messages/say.ts';
import type { ManagedField } from '../model/desired.ts';
import type { Plan, Withheld, WithheldReason } from '../model/plan.ts';
import type { State } from '../model/state.ts';
import { isSameUrl } from '../plan/compare-url.ts';
import type { AppView } from '../sandbox/console-edits.ts';
import { identityOf, idsMadeByUs, isHiding, type Scene } from './scene.ts';
import type { Entry } from './story.ts';

/** These pass by themselves, so they are no excuse. */
const PASSING: readonly WithheldReason[] = [
  'delete_grace',
  'settling',
  'backoff',
  'contested',
  'listing_disagrees',
  'paused',
  'paused_all',
];

/** Everything that is not as it should be, one sentence each; empty when the world has converged. */
export function findUnfinished(scene: Scene, state: State, plan: Plan): readonly string[] {
  const held = new Map(plan.withheld.map((withheld) => [withheld.key as string | null, withheld]));
  const problems: string[] = [];
  for (const withheld of plan.withheld) {
    const problem = judgeHold(scene, withheld);
    if (problem !== undefined) problems.push(problem);
  }
  const apps = new Map(scene.sandbox.apps().map((app) => [app.id, app]));
  for (const entry of scene.operator.entries.values()) {
    if (held.has(entry.key)) continue;
    const id = [...state.apps.values()].find((app) => app.key === entry.key)?.id;
    const app = id === undefined ? undefined : apps.get(id);
    problems.push(...findDifferences(entry, app));
  }
  for (const owned of state.apps.values()) {
    if (!scene.operator.entries.has(owned.key) && !held.has(owned.key)) {
      problems.push(`${owned.key} (${owned.id}) is gone from the file and still owned`);
    }
    if (owned.replaces !== undefined && !held.has(owned.key)) {
      problems.push(`${owned.key} still has to delete ${owned.replaces}`);
    }
  }
  if (scene.story.rules.deliversTokens) problems.push(...findUndelivered(scene, state, held));
  for (const intent of state.intents.values()) {
    if (!held.has(intent.key)) problems.push(`the create of ${intent.key} is still open`);
  }
  return problems;
}

/** Receivers find the token of every app of ours, and none of an app that is gone. */
function findUndelivered(
  scene: Scene,
  state: State,
  held: ReadonlyMap<string | null, Withheld>,
): readonly string[] {
  const tokens = scene.deliveredTokens();
  const owned = [...state.apps.values()];
  const missing = owned
    .filter(({ key, id }) => !held.has(key) && tokens.get(key) !== scene.sandbox.verifyTokenOf(id)?.reveal())
    .map(({ key, id }) => `the sink does not hold the verify_token of ${key} (${id})`);
  // A file that the disk would not give up stays behind with a warning.
  if (scene.story.incidents.some(({ kind }) => kind === 'disk')) return missing;
  const keys = new Set<string>(owned.map(({ key }) => key));
  const left = [...tokens.keys()].filter((key) => !keys.has(key));
  return [...missing, ...left.map((key) => `the sink still holds the verify_token of ${key}`)];
}

function judgeHold(scene: Scene, withheld: Withheld): string | undefined {
  const { reason, key, id, message } = withheld;
  const name = `${key ?? id} is held (${reason}): ${say(message)}`;
  if (reason === 'paused' && scene.operator.entries.get(key ?? '')?.isPaused === true) return undefined;
  // Whoever says that one reversal is one too many wants no drift put right without a word.
  if (reason === 'contested' && scene.story.rules.contested?.reversals === 1) return undefined;
  if (PASSING.includes(reason)) return name;
  if (reason === 'unowned_match' || reason === 'ambiguous') {
    const ours = isHiding(scene) ? scene.everBound() : idsMadeByUs(scene.creates);
    const lost = withheld.candidates.filter((candidate) => ours.has(candidate));
    return lost.length > 0 && !wasForgotten(scene, lost)
      ? `${name}; ${lost.join(' ')} is our own`
      : undefined;
  }
  return undefined;
}

/** An app that was deleted from the file's point of view and then kept alive by a late reply is a stranger now. */
function wasForgotten(scene: Scene, ids: readonly string[]): boolean {
  return ids.every((id) => scene.released().has(id));
}

function findDifferences(entry: Entry, app: AppView | undefined): readonly string[] {
  if (app === undefined) return [`${entry.key} has no app`];
  const problems: string[] = [];
  const differs = (field: string, wanted: unknown, is: unknown) =>
    problems.push(
      `${entry.key} (${app.id}): ${field} is ${JSON.stringify(is)}, wanted ${JSON.stringify(wanted)}`,
    );
  const wanted = { app_type: entry.appType, name: entry.name, connector_id: entry.connectorId };
  const is = { app_type: app.appType, name: app.name, connector_id: app.connectorId };
  const manages = (field: ManagedField) => entry.ignore?.includes(field) !== true;
  const isRenamed = entry.appType === app.appType && entry.appType === 'normal' && !manages('name');
  if (identityOf(wanted) !== identityOf(is) && !isRenamed)
    differs('identity', identityOf(wanted), identityOf(is));
  if (entry.callbackUrl !== undefined && manages('callback_url')) {
    const isSame = app.callbackUrl !== undefined && isSameUrl(entry.callbackUrl, app.callbackUrl);
    if (!isSame) differs('callback_url', entry.callbackUrl, app.callbackUrl);
  }
  if (entry.events !== undefined && manages('events')) {
    if ([...entry.events].sort().join() !== app.events.join()) differs('events', entry.events, app.events);
  }
  return problems;
}
