/** What befalls a world, apart from the wire: the disk, crashes, rivals, edits, tokens, receivers and other processes. */

import type { DiskOperation } from '../lib/disk.ts';
import { assertNever } from '../model/invariant.ts';
import type { CallbackAnswer, CallbackMessage } from '../sandbox/protocol.ts';
import { runPlanBeside, runSecondDaemon } from './other-processes.ts';
import type { DiskFault } from './simulated-disk.ts';
import type { Incident, RivalDeed } from './story.ts';
import type { World } from './world.ts';

/** Sets the incident on the clock; those that count requests, disk operations or steps are found when their turn comes. */
export function befall(world: World, incident: Incident): void {
  const { clock } = world;
  switch (incident.kind) {
    case 'network':
    case 'platform':
    case 'listing':
    case 'disk':
    case 'crash':
      return;
    case 'rival':
      clock.after(incident.at, () => doDeed(world, incident.deed));
      return;
    case 'file':
      clock.after(incident.at, () => {
        world.options.trace?.(`${clock.monotonic()} the operator: ${JSON.stringify(incident.edit)}`);
        world.operator.edit(incident.edit);
      });
      return;
    case 'token':
      clock.after(incident.at, () => expireToken(world, incident.forMs));
      return;
    case 'stop':
      clock.after(incident.at, () => world.signals?.send('stop'));
      return;
    case 'receiver':
      clock.after(incident.at, () => world.refusing.add(refusedBy(incident)));
      clock.after(incident.at + incident.forMs, () => world.refusing.delete(refusedBy(incident)));
      return;
    case 'plan':
      clock.after(incident.at, () => void runPlanBeside(world));
      return;
    case 'second':
      clock.after(incident.at, () => void runSecondDaemon(world));
      return;
    default:
      assertNever(incident);
  }
}

/** Ends the life whose step this is, if the story says so. */
export function crashAtStep(world: World): void {
  const crash = world.story.incidents.find((it) => it.kind === 'crash' && it.step === world.steps);
  if (crash?.kind !== 'crash' || world.life === undefined) return;
  world.options.trace?.(`${world.clock.monotonic()} crash (${crash.how}) at step ${world.steps}`);
  world.life.end();
  if (crash.how === 'power') world.disk.cutPower(world.chance);
  world.onLifeEnded();
}

/** Whether the disk operation about to be done fails. Counts it. */
export function faultOfDisk(world: World, operation: DiskOperation, path: string): DiskFault | undefined {
  if (operation === 'read' || operation === 'stat' || operation === 'list') return undefined;
  world.diskOperations += 1;
  if (world.clock.monotonic() > world.story.troubleEndsAt) return undefined;
  const now = world.diskOperations;
  const fault = world.story.incidents.find(
    (it) => it.kind === 'disk' && it.operation <= now && now < it.operation + it.times,
  );
  if (fault?.kind !== 'disk') return undefined;
  world.options.trace?.(`${world.clock.monotonic()} the disk: ${fault.fault} on ${operation} ${path}`);
  return fault.fault;
}

/** A receiver answers the challenge, unless the story says that it refuses. */
export function answerCallback(
  { url, body }: CallbackMessage,
  refusing: ReadonlySet<string>,
): CallbackAnswer {
  if (isRefused(url, refusing)) {
    return { kind: 'answered', status: 500, body: '' };
  }
  const { event } = JSON.parse(body) as { readonly event?: { readonly challenge?: string } };
  return { kind: 'answered', status: 200, body: JSON.stringify({ challenge: event?.challenge }) };
}

export function isRefused(url: string, refusing: ReadonlySet<string>): boolean {
  return [...refusing].some((part) => url.includes(part));
}

function refusedBy({ url, key }: Extract<Incident, { kind: 'receiver' }>): string {
  return url ?? `/${key}/`;
}

/** The trouble ends: the file is whole, the token is valid, every receiver answers. */
export function endTrouble(world: World): void {
  world.refusing.clear();
  if (world.operator.condition !== 'good') world.operator.edit({ do: 'repair' });
}

function expireToken(world: World, forMs: number): void {
  const { clock, sandbox, tokens, operator } = world;
  const next = `pat_number_${tokens.length + 1}_of_this_world`;
  const old = tokens.at(-1);
  if (old !== undefined) sandbox.access.revoke(old);
  tokens.push(next);
  sandbox.access.grant({ token: next, account: 'main' });
  clock.after(forMs, () => operator.setToken(next));
}

function doDeed(world: World, deed: RivalDeed): void {
  const { sandbox } = world;
  world.options.trace?.(`${world.clock.monotonic()} a rival: ${JSON.stringify(deed)}`);
  const hand = sandbox.console();
  if (deed.do === 'create') {
    hand.create(deed.app);
    return;
  }
  const apps = sandbox.apps();
  const app = apps[deed.which % Math.max(1, apps.length)];
  if (app === undefined) return;
  switch (deed.do) {
    case 'rename':
      hand.rename(app.id, deed.name);
      return;
    case 'set_url':
      hand.setUrl(app.id, deed.url);
      return;
    case 'clear_url':
      hand.setUrl(app.id, undefined);
      return;
    case 'subscribe':
      hand.subscribe(app.id, [deed.event]);
      return;
    case 'unsubscribe':
      hand.unsubscribe(app.id, [deed.event]);
      return;
    case 'remove':
      hand.remove(app.id);
      return;
    default:
      assertNever(deed);
  }
}
