/** G10 and G11 as rounds go by: once the trouble is over, rounds must soon find nothing left to do, and stay there. */

import type { RoundReport } from '../model/round.ts';
import { findUnfinished } from './judge-end.ts';
import { timeOf, type World } from './world.ts';

/** Rounds in a row without anything to do, before a world counts as converged. */
const QUIET_ROUNDS = 3;

/** Failures that concern the whole account, after which a round may leave out the rest. */
const CONCERNS_ALL: readonly string[] = ['auth', 'budget', 'paused_by_platform', 'disk'];

/** G9: a failing entry leaves every other its turn. */
export function checkIsolation(world: World, { outcomes }: RoundReport): void {
  const skipped = outcomes.find(({ result }) => result === 'skipped');
  const isAccountWide = outcomes.some(({ failure }) => CONCERNS_ALL.includes(failure?.kind ?? ''));
  // A backoff that could not be recorded stops the round as well, though its change failed for another reason.
  const isDiskFull = skipped?.skippedBecause?.startsWith('the state could not be written') ?? false;
  const isLate = skipped?.skippedBecause === 'the deadline of the round passed';
  if (skipped === undefined || isAccountWide || isDiskFull || isLate) return;
  world.scene.violate('G9', `${skipped.change.key} was skipped: ${skipped.skippedBecause}`);
}

/** After the trouble, counts the rounds in which nothing was left to do. */
export function noteRound(world: World, report: RoundReport): void {
  const { plan, result, outcomes, failure } = report;
  world.log.push(JSON.stringify(report));
  world.options.trace?.(`${timeOf(world)} round ${report.round}: ${result} ${describeRound(report)}`);
  if (plan !== undefined) world.lastPlan = plan;
  if (world.clock.monotonic() < world.story.troubleEndsAt || world.store === undefined) return;
  const isHeld = approveHeldFile(world);
  const isQuiet =
    !isHeld &&
    plan !== undefined &&
    plan.changes.length === 0 &&
    failure === undefined &&
    outcomes.length === 0;
  if (!isQuiet || findUnfinished(world.scene, world.store.state, plan).length > 0) {
    world.quiet = 0;
    world.quietFrom = undefined;
    world.busyAt = world.clock.monotonic();
    return;
  }
  world.quietFrom ??= world.network.exchanges.length;
  world.quiet += 1;
  if (world.quiet >= QUIET_ROUNDS) world.isFinished = true;
}

/** The operator looks at a file that was held for a person's word, finds it whole, and approves it. */
function approveHeldFile({ control }: World): boolean {
  const problem = control?.status().configuration.problem;
  const subject = problem?.release?.split(' ').at(-1);
  if (problem?.kind !== 'held' || subject === undefined) return false;
  void control?.approve(subject, 'the operator');
  return true;
}

/** What keeps the world from having converged, in words. */
export function explainUnfinished(world: World): string {
  const last = world.lastPlan;
  if (world.store === undefined || last === undefined) return 'no round was planned';
  return (
    findUnfinished(world.scene, world.store.state, last).join('; ') || 'rounds still find something to do'
  );
}

function describeRound({ plan, outcomes, failure }: RoundReport): string {
  const withheld = plan?.withheld.map((held) => `${held.key ?? held.id}:${held.reason}`) ?? [];
  const done = outcomes.map(
    ({ change, result, failure: why }) => `${change.action} ${change.key} ${result} ${why?.message ?? ''}`,
  );
  return [...done, ...withheld, failure?.message ?? ''].join(', ');
}
