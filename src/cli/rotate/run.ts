/**
 * `callbackd rotate KEY`: a new app with a new verify_token for an entry. Beside a running daemon, the daemon does it; without
 * one this process does it all, and waits for the end of the overlap. Run again, it continues where it was interrupted.
 */

import { readUserName } from '../../app/context.ts';
import type { ApplySession } from '../../app/open-apply-session.ts';
import { parseDuration } from '../../lib/duration.ts';
import { nearestWord } from '../../lib/nearest-word.ts';
import { sha256 } from '../../lib/sha256.ts';
import { type Message, message } from '../../messages/message.ts';
import type { Configuration } from '../../model/configuration.ts';
import { type AppKey, asAppKey } from '../../model/identity.ts';
import type { Plan } from '../../model/plan.ts';
import type { Outcome } from '../../model/round.ts';
import { describeRotation } from '../../plan/begin-rotation.ts';
import { keepItems } from '../../plan/refit-plan.ts';
import { planWhenSettled } from '../apply/apply-until-settled.ts';
import { formatOutcomes } from '../apply/view.ts';
import { askDaemon, exitOfAnswer } from '../command-line/ask-daemon.ts';
import {
  type CommandContext,
  type CommandRun,
  type Invocation,
  UsageError,
} from '../command-line/command-spec.ts';
import type { ExitName } from '../command-line/exit-codes.ts';
import { openSession } from '../command-line/open-session.ts';
import { loadOrReport } from '../diagnostics/diagnostics-text.ts';
import { formatPlan } from '../views/plan-text.ts';

/** Each pass does a step further; a rotation takes three, and a lost reply one more. */
const PASSES_MAX = 12;

export const run: CommandRun = async (invocation, context) => {
  const key = asAppKey(invocation.args[0] ?? '');
  const overlapMs = readOverlap(invocation);
  const configuration = await loadOrReport(invocation, context);
  if (configuration === undefined) return 'invalid_configuration';
  if (invocation.options['yes'] !== true && !context.terminal.isInteractive) {
    throw new UsageError(message('cli.nobody_to_ask'));
  }
  if (!configuration.desired.apps.has(key)) return refuse(explainKey(key, configuration), context);
  const session = await openSession(configuration, invocation, context);
  try {
    const owned = session.owned(key);
    if (owned === undefined) return refuse(message('plan.rotation_not_owned', { key }), context);
    const { terminal } = context;
    terminal.print(
      `${terminal.translate(describeRotation(owned, owned.rotation?.overlapMs ?? overlapMs))}\n`,
    );
    if (configuration.settings.tokenSinkDir === undefined) {
      terminal.note(`${terminal.translate('cli.rotate_without_sink')}\n`);
    }
    if (!(await isConfirmed(key, invocation, context))) {
      terminal.note(`${terminal.translate('cli.nothing_changed')}\n`);
      return 'ok';
    }
    if (!('rotate' in session)) return await handOver(key, overlapMs, { invocation, context });
    const begun = await session.rotate(key, { by: readUserName(context), overlapMs });
    return begun === undefined ? await carryOut(key, session, context) : refuse(begun, context);
  } finally {
    await session.close();
  }
};

function readOverlap({ options }: Invocation): number {
  const text = String(options['overlap']);
  const overlapMs = parseDuration(text);
  if (overlapMs === undefined)
    throw new UsageError(message('cli.rotate_overlap', { given: JSON.stringify(text) }));
  return overlapMs;
}

async function isConfirmed(
  key: AppKey,
  { options }: Invocation,
  { terminal }: CommandContext,
): Promise<boolean> {
  if (options['yes'] === true) return true;
  return terminal.confirm(terminal.translate('cli.rotate_confirm', { key }));
}

async function handOver(
  key: AppKey,
  overlapMs: number,
  { invocation, context }: { readonly invocation: Invocation; readonly context: CommandContext },
): Promise<ExitName> {
  const ask = {
    instead: [],
    ask: (client, by) => client.rotate(key, overlapMs, by),
  } satisfies Parameters<typeof askDaemon>[1];
  return exitOfAnswer(await askDaemon(invocation, ask, context));
}

/** Plans and applies what concerns the key until nothing is left to do, and waits for the overlap in between. */
async function carryOut(key: AppKey, session: ApplySession, context: CommandContext): Promise<ExitName> {
  const { terminal, signals, clock } = context;
  const grants = { allowDeletes: false, subjects: new Set<string>() };
  for (let pass = 1; pass <= PASSES_MAX; pass += 1) {
    const planned = await planWhenSettled({ session, grants, context });
    const plan = keepItems(planned.plan, (item) => item.key === key, sha256);
    if (plan.changes.length > 0) terminal.print(formatPlan(plan, 'text', { ...terminal, full: true }));
    const outcomes = await session.apply(planned, plan, { signal: signals.interrupted });
    if (outcomes.length > 0) terminal.print(formatOutcomes(outcomes, terminal));
    if (outcomes.some(isFailure)) return exitOfFailure(outcomes);
    if (session.owned(key)?.rotation === undefined) return 'ok';
    const waitMs = plan.changes.length > 0 ? 0 : readWait(plan);
    if (waitMs === undefined) return tellHeld(plan, context);
    if (signals.interrupted.aborted) return leave(context);
    if (waitMs === 0) continue;
    terminal.note(`${terminal.translate('cli.rotate_waits', { waitMs })}\n`);
    await clock.sleep(waitMs, signals.interrupted).catch(() => {});
    if (signals.interrupted.aborted) return leave(context);
  }
  return leave(context);
}

/** A create whose reply was lost is found or made again by the next pass. */
function isFailure({ result, failure }: Outcome): boolean {
  return result !== 'applied' && failure?.kind !== 'unknown_outcome';
}

function exitOfFailure(outcomes: readonly Outcome[]): ExitName {
  return outcomes.some(({ failure }) => failure?.kind === 'auth') ? 'credentials_refused' : 'failed';
}

/** Undefined where something else than the overlap keeps it. */
function readWait({ withheld, createdAt }: Plan): number | undefined {
  const [held] = withheld;
  if (held === undefined) return 0;
  return held.reason === 'overlap' && held.until !== undefined
    ? Math.max(0, held.until - createdAt)
    : undefined;
}

function tellHeld(plan: Plan, { terminal }: CommandContext): ExitName {
  terminal.print(formatPlan(plan, 'text', { ...terminal, full: true }));
  return 'held';
}

function leave({ terminal }: CommandContext): ExitName {
  terminal.note(`${terminal.translate('cli.rotate_left')}\n`);
  return 'failed';
}

function explainKey(key: AppKey, { desired }: Configuration): Message {
  const nearest = nearestWord(key, [...desired.apps.keys()]);
  return nearest === undefined
    ? message('control.unknown_key', { key, near: undefined })
    : message('cli.rotate_unknown_key', { key, nearest });
}

function refuse(problem: Message, { terminal }: CommandContext): ExitName {
  terminal.note(`${terminal.translate('cli.error', { problem: terminal.translate(problem) })}\n`);
  return 'failed';
}
