/**
 * `callbackd delete ID`: deletes one app that is not ours, under the rules of every delete. Beside a running daemon, which
 * holds the state, it only reads; the daemon deletes the app in its next round.
 */

import type { ApplySession } from '../../app/open-apply-session.ts';
import type { Grants, PlanSession } from '../../app/open-plan-session.ts';
import { sha256 } from '../../lib/sha256.ts';
import { type Message, message } from '../../messages/message.ts';
import { type AppId, asAppId } from '../../model/identity.ts';
import type { Plan } from '../../model/plan.ts';
import { deleteGrant } from '../../plan/plan-context.ts';
import { keepItems } from '../../plan/refit-plan.ts';
import type { PlannedRound } from '../../reconcile/plan-round.ts';
import { formatApplyJson, formatOutcomes } from '../apply/view.ts';
import { ANSWER_FRESH_MS } from '../command-line/answer-age.ts';
import { askDaemon, exitOfAnswer } from '../command-line/ask-daemon.ts';
import {
  type CommandContext,
  type CommandRun,
  type Invocation,
  UsageError,
} from '../command-line/command-spec.ts';
import type { ExitName } from '../command-line/exit-codes.ts';
import { openSession } from '../command-line/open-session.ts';
import { readOutput } from '../command-line/options.ts';
import { loadOrReport } from '../diagnostics/diagnostics-text.ts';
import { formatPlan } from '../views/plan-text.ts';

const ID = /^\d{1,32}$/;

export const run: CommandRun = async (invocation, context) => {
  const [text = ''] = invocation.args;
  if (!ID.test(text)) throw new UsageError(message('cli.delete_no_id', { given: JSON.stringify(text) }));
  const configuration = await loadOrReport(invocation, context);
  if (configuration === undefined) return 'invalid_configuration';
  const isAsked = invocation.options['yes'] !== true;
  if (isAsked && (readOutput(invocation) === 'json' || !context.terminal.isInteractive)) {
    throw new UsageError(message('cli.nobody_to_ask'));
  }
  const id = asAppId(text);
  const session = await openSession(configuration, invocation, context);
  try {
    return await deleteApp(id, session, { invocation, context });
  } finally {
    await session.close();
  }
};

async function deleteApp(
  id: AppId,
  session: ApplySession | PlanSession,
  call: { readonly invocation: Invocation; readonly context: CommandContext },
): Promise<ExitName> {
  const { invocation, context } = call;
  const { terminal, signals, clock } = context;
  const { options } = invocation;
  const grants: Grants = {
    allowDeletes: options['allowDeletes'] === true,
    subjects: new Set([deleteGrant(id)]),
  };
  const asJson = readOutput(invocation) === 'json';
  let agreedTo: string | undefined;
  for (;;) {
    const planned = await session.plan(grants, signals.interrupted);
    const owner = session.ownerOf(id);
    if (owner !== undefined) return refuse(message('cli.delete_owned', { id, key: owner }), context);
    const plan = keepItems(planned.plan, (item) => item.key === null && item.id === id, sha256);
    const [held] = plan.withheld;
    if (plan.changes.length === 0 && held === undefined) return refuse(explain(id, planned), context);
    const isAgreed = held !== undefined || options['yes'] === true || agreedTo === plan.digest;
    if (agreedTo !== undefined && !isAgreed) terminal.note(`${terminal.translate('cli.plan_moved')}\n`);
    if (!asJson && agreedTo !== plan.digest) {
      terminal.print(formatPlan(plan, 'text', { ...terminal, full: false }));
    }
    const askedAt = clock.monotonic();
    if (!isAgreed && !(await terminal.confirm(terminal.translate('cli.delete_confirm', { id })))) {
      terminal.note(`${terminal.translate('cli.nothing_changed')}\n`);
      return 'ok';
    }
    // An answer that came late is to a plan of the past: it holds when the plan of now is the same.
    const isFresh = isAgreed || clock.monotonic() - askedAt < ANSWER_FRESH_MS;
    if (isFresh && held === undefined && !('apply' in session)) return handOver(id, call);
    if (isFresh) return applyDelete(plan, { session, planned, asJson }, context);
    agreedTo = plan.digest;
  }
}

/** Has the daemon delete the app in its next round. */
async function handOver(
  id: AppId,
  { invocation, context }: { readonly invocation: Invocation; readonly context: CommandContext },
): Promise<ExitName> {
  const ask = { instead: [], ask: (client, by) => client.approve(deleteGrant(id), by) } satisfies Parameters<
    typeof askDaemon
  >[1];
  return exitOfAnswer(await askDaemon(invocation, ask, context));
}

async function applyDelete(
  plan: Plan,
  work: {
    readonly session: ApplySession | PlanSession;
    readonly planned: PlannedRound;
    readonly asJson: boolean;
  },
  { terminal, signals }: CommandContext,
): Promise<ExitName> {
  const { session, planned, asJson } = work;
  const isDue = plan.changes.length > 0 && 'apply' in session;
  const outcomes = isDue ? await session.apply(planned, plan, { signal: signals.interrupted }) : [];
  if (asJson) terminal.print(formatApplyJson(plan, outcomes));
  else terminal.print(formatOutcomes(outcomes, terminal));
  const { refused } = planned.basis;
  if (refused !== undefined)
    terminal.note(`${terminal.translate('cli.error', { problem: terminal.translate(refused) })}\n`);
  if (outcomes.some(({ failure }) => failure?.kind === 'auth')) return 'credentials_refused';
  if (outcomes.some(({ result }) => result !== 'applied')) return 'failed';
  return plan.withheld.some((item) => item.needsDecision) ? 'held' : 'ok';
}

function explain(id: AppId, { observed }: PlannedRound): Message {
  return observed.apps.has(id)
    ? message('cli.delete_spoken_for', { id })
    : message('cli.delete_unknown', { id });
}

function refuse(problem: Message, { terminal }: CommandContext): ExitName {
  terminal.note(`${terminal.translate('cli.error', { problem: terminal.translate(problem) })}\n`);
  return 'failed';
}
