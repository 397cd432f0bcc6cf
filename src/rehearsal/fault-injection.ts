/** Schedules the faults of a scenario, and injects those that count disk operations or steps. */

import type { DiskOperation } from '../lib/disk.ts';
import { assertNever } from '../model/invariant.ts';
import { markName } from '../model/mark.ts';
import type { CallbackAnswer, CallbackMessage } from '../sandbox/protocol.ts';
import { editFile, setClock } from './interruptions.ts';
import { runPlanBeside, runSecondDaemon } from './other-processes.ts';
import type { ConsoleEdit, PlannedFault } from './scenario.ts';
import type { DiskFault } from './simulated-disk.ts';
import type { World } from './world.ts';

/**
 * Schedules a fault by time. Those by request, disk operation or step are looked up when that number is
 * reached.
 */
export function scheduleFault(world: World, fault: PlannedFault): void {
  const { clock } = world;
  switch (fault.kind) {
    case 'network':
    case 'platform':
    case 'listing':
    case 'late_create':
    case 'disk':
    case 'crash':
    case 'pause':
    case 'amid_deletes':
      return;
    case 'clock':
      clock.after(fault.at, () => setClock(world, fault.byMs));
      return;
    case 'restless':
      clock.after(fault.at, () => {
        world.restlessEdits = fault.edits;
      });
      return;
    case 'rival':
      clock.after(fault.at, () => editInConsole(world, fault.edit));
      return;
    case 'other_writer':
      clock.after(fault.at, () => createElsewhere(world, fault));
      return;
    case 'file':
      clock.after(fault.at, () => editFile(world, fault.edit));
      return;
    case 'token':
      clock.after(fault.at, () => expireToken(world, fault.forMs));
      return;
    case 'stop':
      clock.after(fault.at, () => {
        const { signals } = world;
        world.instance?.arrive(() => signals?.send('stop'));
      });
      return;
    case 'receiver':
      clock.after(fault.at, () => world.refusing.add(refusedBy(fault)));
      clock.after(fault.at + fault.forMs, () => world.refusing.delete(refusedBy(fault)));
      return;
    case 'plan':
      clock.after(fault.at, () => void runPlanBeside(world));
      return;
    case 'second':
      clock.after(fault.at, () => void runSecondDaemon(world));
      return;
    default:
      assertNever(fault);
  }
}

/** Ends the running process if the fault plan has a crash at this step. */
export function crashAtStep(world: World): void {
  const crash = world.scenario.faultPlan.find((it) => it.kind === 'crash' && it.step === world.steps);
  if (crash?.kind !== 'crash' || world.instance === undefined) return;
  world.options.trace?.(`${world.clock.monotonic()} crash (${crash.how}) at step ${world.steps}`);
  world.instance.end();
  if (crash.how === 'power') cutPower(world);
  world.onInstanceEnded();
}

function cutPower({ disk, rng, host, clock }: World): void {
  disk.cutPower(rng);
  host.boots += 1;
  host.bootedAt = clock.monotonic();
}

/** Counts the disk operation and tells whether it fails. */
export function faultOfDisk(world: World, operation: DiskOperation, path: string): DiskFault | undefined {
  if (operation === 'read' || operation === 'stat' || operation === 'list') return undefined;
  world.diskOperations += 1;
  if (world.clock.monotonic() > world.scenario.faultsEndAt) return undefined;
  const now = world.diskOperations;
  const planned = world.scenario.faultPlan.find(
    (it) => it.kind === 'disk' && it.operation <= now && now < it.operation + it.times,
  );
  if (planned?.kind !== 'disk') return undefined;
  world.options.trace?.(`${world.clock.monotonic()} the disk: ${planned.fault} on ${operation} ${path}`);
  return planned.fault;
}

/** Answers the challenge unless a fault makes the receiver refuse it. */
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

function refusedBy({ url, key }: Extract<PlannedFault, { kind: 'receiver' }>): string {
  return url ?? `/${key}/`;
}

/** From here on the file is valid and every receiver answers. */
export function endFaults(world: World): void {
  world.refusing.clear();
  world.restlessEdits = [];
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

function editInConsole(world: World, edit: ConsoleEdit): void {
  const { sandbox } = world;
  world.options.trace?.(`${world.clock.monotonic()} a rival: ${JSON.stringify(edit)}`);
  const edits = sandbox.console();
  if (edit.do === 'create') {
    edits.create(edit.app);
    return;
  }
  const apps = sandbox.apps();
  const app = apps[edit.which % Math.max(1, apps.length)];
  if (app === undefined) return;
  switch (edit.do) {
    case 'rename':
      edits.rename(app.id, edit.name);
      return;
    case 'set_url':
      edits.setUrl(app.id, edit.url);
      return;
    case 'clear_url':
      edits.setUrl(app.id, undefined);
      return;
    case 'subscribe':
      edits.subscribe(app.id, [edit.event]);
      return;
    case 'unsubscribe':
      edits.unsubscribe(app.id, [edit.event]);
      return;
    case 'remove':
      edits.remove(app.id);
      return;
    default:
      assertNever(edit);
  }
}

/** The tag in the marks of the other lineage. A world's own tag is the same in one of 65,536 cases. */
export const OTHER_TAG = '0dd5';

function createElsewhere(world: World, fault: Extract<PlannedFault, { kind: 'other_writer' }>): void {
  const { name, nonce, finishedMs, url } = fault;
  const edits = world.sandbox.console();
  const id = edits.create({ appType: 'normal', name: markName(name, { tag: OTHER_TAG, nonce }) });
  world.options.trace?.(`${world.clock.monotonic()} another lineage creates ${id} for ${name}`);
  if (finishedMs === undefined) return;
  world.clock.after(finishedMs, () => {
    if (!world.sandbox.apps().some((app) => app.id === id)) return;
    edits.rename(id, name);
    if (url !== undefined) edits.setUrl(id, url);
  });
}
