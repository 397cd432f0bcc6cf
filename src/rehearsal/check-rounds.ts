/**
 * G9, G10 and G11 round by round: a failing entry delays no other; once faults end, everything that can
 * converge does, and then nothing more is written.
 */

import { type Message, message } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import type { ManagedField } from '../model/desired.ts';
import { parseMarkedName } from '../model/mark.ts';
import type { Plan, Withheld, WithheldReason } from '../model/plan.ts';
import type { RoundReport } from '../model/round.ts';
import type { State } from '../model/state.ts';
import { isSameUrl } from '../plan/compare-url.ts';
import type { AppView } from '../sandbox/console-edits.ts';
import { type CheckContext, hidesApps, identityOf, idsMadeByUs } from './check-context.ts';
import { findStraysLeft } from './check-marks.ts';
import { isMarked } from './network.ts';
import type { Entry } from './scenario.ts';
import { timeOf, type World } from './world.ts';

/** Consecutive rounds without anything to do until a world counts as converged. */
const QUIET_ROUNDS = 3;

/** Failures of the whole account, after which a round may skip the rest. */
const CONCERNS_ALL: readonly string[] = ['auth', 'budget', 'paused_by_platform', 'disk'];

/** The plan does not hold any more, or is too old: the rest is planned again. */
const ROUND_ENDS: readonly string[] = [
  'apply.deadline_passed',
  'apply.newer_configuration',
  'apply.stood_still',
  'apply.files_invalid',
  'apply.files_held',
  'apply.files_policy',
  'apply.files_name_it',
];

/** G9: no change is skipped because another one failed. */
export function checkIsolation(world: World, { outcomes }: RoundReport): void {
  const skipped = outcomes.find(({ result }) => result === 'skipped');
  const why = skipped?.skippedBecause;
  const isAccountWide = outcomes.some(({ failure }) => CONCERNS_ALL.includes(failure?.kind ?? ''));
  // A backoff that cannot be recorded also stops the round, though its change failed for another reason.
  const isDiskFull = why?.id === 'apply.state_not_written';
  const isEnded = ROUND_ENDS.includes(why?.id ?? '');
  if (skipped === undefined || isAccountWide || isDiskFull || isEnded) return;
  world.checkContext.violate(
    'G9',
    message('rehearsal.skipped', { key: String(skipped.change.key), because: why ?? '' }),
  );
}

/** Call after each round. After the faults, counts consecutive rounds without anything to do. */
export function recordRound(world: World, report: RoundReport): void {
  const { plan, result, outcomes, failure } = report;
  world.log.push(JSON.stringify(report));
  world.options.trace?.(`${timeOf(world)} round ${report.round}: ${result} ${describeRound(report)}`);
  if (plan !== undefined) world.lastPlan = plan;
  if (world.clock.monotonic() < world.scenario.faultsEndAt || world.store === undefined) return;
  const isHeld = approveHeldFile(world);
  const isQuiet =
    !isHeld &&
    plan !== undefined &&
    plan.changes.length === 0 &&
    failure === undefined &&
    outcomes.length === 0;
  if (!isQuiet || findUnfinished(world.checkContext, world.store.state, plan).length > 0) {
    world.quiet = 0;
    world.quietFrom = undefined;
    world.busyAt = world.clock.monotonic();
    return;
  }
  world.quietFrom ??= world.network.exchanges.length;
  world.quiet += 1;
  if (world.quiet >= QUIET_ROUNDS) world.isFinished = true;
}

/** The operator approves a file that was held for confirmation. */
function approveHeldFile({ control }: World): boolean {
  const problem = control?.status().configuration.problem;
  const subject = problem?.release?.split(' ').at(-1);
  if (problem?.kind !== 'held' || subject === undefined) return false;
  void control?.approve(subject, 'the operator');
  return true;
}

/** Why the world has not converged. */
export function explainUnfinished(world: World): Message {
  const last = world.lastPlan;
  if (world.store === undefined || last === undefined) return message('rehearsal.nothing_planned');
  const problems = findUnfinished(world.checkContext, world.store.state, last);
  return problems.length === 0
    ? message('rehearsal.never_quiet')
    : message('rehearsal.unfinished', { problems });
}

function describeRound({ plan, outcomes, failure }: RoundReport): string {
  const withheld = plan?.withheld.map((held) => `${held.key ?? held.id}:${held.reason}`) ?? [];
  const done = outcomes.map(
    ({ change, result, failure: why }) =>
      `${change.action} ${change.key} ${result} ${why === undefined ? '' : say(why.message)}`,
  );
  return [...done, ...withheld, failure === undefined ? '' : say(failure.message)].join(', ');
}

/** These end by themselves, so they do not excuse an entry that has not converged. */
const PASSING: readonly WithheldReason[] = [
  'another_writer',
  'delete_grace',
  'settling',
  'backoff',
  'contested',
  'listing_disagrees',
  'paused',
  'paused_all',
];

/** What has not converged; empty when everything has. */
function findUnfinished(context: CheckContext, state: State, plan: Plan): readonly Message[] {
  // A duplicate is told, and holds nothing of the entry that it looks like.
  const holding = plan.withheld.filter(({ reason }) => reason !== 'duplicate');
  const held = new Map(holding.map((withheld) => [withheld.key as string | null, withheld]));
  const problems: Message[] = [];
  for (const withheld of plan.withheld) {
    const problem = checkHold(context, withheld);
    if (problem !== undefined) problems.push(problem);
  }
  const apps = new Map(context.sandbox.apps().map((app) => [app.id, app]));
  for (const entry of context.operator.entries.values()) {
    if (held.has(entry.key)) continue;
    const id = [...state.apps.values()].find((app) => app.key === entry.key)?.id;
    const app = id === undefined ? undefined : apps.get(id);
    problems.push(...findDifferences(entry, app));
  }
  for (const owned of state.apps.values()) {
    if (!context.operator.entries.has(owned.key) && !held.has(owned.key)) {
      problems.push(message('rehearsal.still_owned', { key: owned.key, id: owned.id }));
    }
    if (owned.replaces !== undefined && !held.has(owned.key)) {
      problems.push(message('rehearsal.still_to_delete', { key: owned.key, id: owned.replaces }));
    }
  }
  problems.push(...findStraysLeft(context, state, plan));
  if (context.scenario.rules.deliversTokens) problems.push(...findUndelivered(context, state, held));
  for (const intent of state.intents.values()) {
    if (!held.has(intent.key)) problems.push(message('rehearsal.create_open', { key: intent.key }));
  }
  return problems;
}

/** The sink holds the token of every owned app, and no other. */
function findUndelivered(
  context: CheckContext,
  state: State,
  held: ReadonlyMap<string | null, Withheld>,
): readonly Message[] {
  const tokens = context.deliveredTokens();
  const owned = [...state.apps.values()];
  const missing = owned
    .filter(
      ({ key, id }) => !held.has(key) && tokens.get(key) !== context.sandbox.verifyTokenOf(id)?.reveal(),
    )
    .map(({ key, id }) => message('rehearsal.token_missing', { key, id }));
  // A file that the disk failed to remove stays behind with a warning.
  if (context.scenario.faultPlan.some(({ kind }) => kind === 'disk')) return missing;
  const keys = new Set<string>(owned.map(({ key }) => key));
  const left = [...tokens.keys()].filter((key) => !keys.has(key));
  return [...missing, ...left.map((key) => message('rehearsal.token_left', { key }))];
}

function checkHold(context: CheckContext, withheld: Withheld): Message | undefined {
  const { reason, key, id, message: why } = withheld;
  const problem = message('rehearsal.still_held', { subject: String(key ?? id), reason, why });
  if (reason === 'paused' && context.operator.entries.get(key ?? '')?.isPaused === true) return undefined;
  // With a limit of one reversal, no drift is corrected without approval.
  if (reason === 'contested' && context.scenario.rules.contested?.reversals === 1) return undefined;
  if (PASSING.includes(reason)) return problem;
  if (reason === 'unowned_match' || reason === 'ambiguous') {
    // Where the platform refused a marked name the plain one was sent, and without a mark a person decides.
    // The same where it cut the mark.
    const proven = context.creates.filter(
      ({ asked }) => asked?.app_type === 'connector' || (isMarked(asked) && keepsMarks(context)),
    );
    const ours = hidesApps(context) ? context.everBound() : idsMadeByUs(proven);
    const lost = withheld.candidates.filter((candidate) => ours.has(candidate));
    return lost.length > 0 && !wereReleased(context, lost)
      ? message('rehearsal.own_app_held', { held: problem, ids: lost })
      : undefined;
  }
  return undefined;
}

function keepsMarks({ scenario }: CheckContext): boolean {
  return scenario.switches.longNames !== 'cut';
}

/** An app that was released and then survived because of a late reply is no longer ours. */
function wereReleased(context: CheckContext, ids: readonly string[]): boolean {
  return ids.every((id) => context.released().has(id));
}

function findDifferences(entry: Entry, app: AppView | undefined): readonly Message[] {
  if (app === undefined) return [message('rehearsal.no_app', { key: entry.key })];
  const problems: Message[] = [];
  const differs = (field: string, wanted: unknown, is: unknown) =>
    problems.push(
      message('rehearsal.field_differs', {
        ...{ key: entry.key, id: app.id, field },
        ...{ is: JSON.stringify(is), wanted: JSON.stringify(wanted) },
      }),
    );
  const wanted = { app_type: entry.appType, name: entry.name, connector_id: entry.connectorId };
  const is = { app_type: app.appType, name: app.name, connector_id: app.connectorId };
  const manages = (field: ManagedField) => entry.ignore?.includes(field) !== true;
  const isRenamed = entry.appType === app.appType && entry.appType === 'normal' && !manages('name');
  if (identityOf(wanted) !== identityOf(is) && !isRenamed)
    differs('identity', identityOf(wanted), identityOf(is));
  if (app.appType === 'normal' && parseMarkedName(app.name ?? '') !== undefined) {
    differs('name', entry.name, app.name);
  }
  if (entry.callbackUrl !== undefined && manages('callback_url')) {
    const isSame = app.callbackUrl !== undefined && isSameUrl(entry.callbackUrl, app.callbackUrl);
    if (!isSame) differs('callback_url', entry.callbackUrl, app.callbackUrl);
  }
  if (entry.events !== undefined && manages('events')) {
    if ([...entry.events].sort().join() !== app.events.join()) differs('events', entry.events, app.events);
  }
  return problems;
}
