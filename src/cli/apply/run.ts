/** `callbackd apply [PLANFILE]`: plan, show, ask, apply; or apply a saved plan item by item. */

import { AppFailure } from '../../app/failure.ts';
import { type ApplySession, openApplySession } from '../../app/open-apply-session.ts';
import type { Grants } from '../../app/open-plan-session.ts';
import { readTextFile } from '../../app/operator-files.ts';
import { sha256 } from '../../lib/sha256.ts';
import { message } from '../../messages/message.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { Plan } from '../../model/plan.ts';
import type { Outcome } from '../../model/round.ts';
import type { PlannedRound } from '../../reconcile/plan-round.ts';
import { ANSWER_FRESH_MS } from '../command-line/answer-age.ts';
import {
  type CommandContext,
  type CommandRun,
  type Invocation,
  UsageError,
} from '../command-line/command-spec.ts';
import { type ExitName, worstExit } from '../command-line/exit-codes.ts';
import { readCommonFlags, readOutput } from '../command-line/options.ts';
import { loadOrReport } from '../diagnostics/diagnostics-text.ts';
import { formatPlan } from '../views/plan-text.ts';
import { applyUntilSettled, planWhenSettled } from './apply-until-settled.ts';
import { fitSavedPlan } from './parse-plan.ts';
import { createApplyProgress } from './progress.ts';
import { formatApplyJson, formatOutcomes } from './view.ts';

interface Work {
  readonly planned: PlannedRound;
  readonly plan: Plan;
  /** Items of a saved plan that no longer fit. */
  readonly refused: number;
}

export const run: CommandRun = async (invocation, context) => {
  const asJson = readOutput(invocation) === 'json';
  const configuration = await loadOrReport(invocation, context);
  if (configuration === undefined) return 'invalid_configuration';
  if (invocation.options['yes'] !== true && (asJson || !context.terminal.isInteractive)) {
    throw new UsageError(message('cli.nobody_to_ask'));
  }
  const isQuiet = invocation.options['quiet'] === true;
  const isLive = context.terminal.isLive && !asJson && !isQuiet && !wantsLog(invocation);
  const flags = readCommonFlags(invocation);
  const session = await openApplySession(
    isLive ? withoutCallLog(configuration) : configuration,
    context,
    flags,
  );
  try {
    const grants = readGrants(invocation);
    const agreed = await agree(configuration, { invocation, context, session, grants });
    if (agreed.how !== 'agreed') return agreed.exit;
    const { work } = agreed;
    const progress = createApplyProgress(
      work.plan.changes.length,
      { ...context.terminal, isLive },
      context.clock,
    );
    // What was agreed to stays agreed to, however many plans it takes: they have other digests.
    const agreedTo = { ...grants, subjects: new Set([...grants.subjects, ...listDeletes(work.plan)]) };
    const replan = () => prepareAnew(configuration, { invocation, context, session, grants: agreedTo });
    const deps = { session, grants, context, progress, replan };
    const { outcomes, lastPlan } = await applyInterruptibly(work, deps);
    context.terminal.print(
      asJson ? formatApplyJson(work.plan, outcomes) : formatOutcomes(outcomes, context.terminal),
    );
    tellInterruption(outcomes, context);
    return exitOf(outcomes, lastPlan, work.refused);
  } finally {
    await session.close();
  }
};

interface Planning {
  readonly invocation: Invocation;
  readonly context: CommandContext;
  readonly session: ApplySession;
  readonly grants: Grants;
}

type Agreement =
  | { readonly how: 'agreed'; readonly work: Work }
  | { readonly how: 'ended'; readonly exit: ExitName };

/** Plans, shows and asks, until the current plan is confirmed. */
async function agree(configuration: Configuration, planning: Planning): Promise<Agreement> {
  const { invocation, context } = planning;
  const { terminal, clock } = context;
  let work = await prepare(planning, configuration);
  for (;;) {
    if (readOutput(invocation) !== 'json') showPlan(work.plan, invocation, context);
    if (work.plan.changes.length === 0) return { how: 'agreed', work };
    const askedAt = clock.monotonic();
    if (!(await isConfirmed(work.plan, invocation, context))) {
      terminal.note(`${terminal.translate('cli.nothing_changed')}\n`);
      return { how: 'ended', exit: 'ok' };
    }
    if (invocation.options['yes'] === true || clock.monotonic() - askedAt < ANSWER_FRESH_MS) {
      return { how: 'agreed', work };
    }
    const next = await prepareAnew(configuration, planning);
    if (next === undefined) return { how: 'ended', exit: 'invalid_configuration' };
    const isSame = next.plan.digest === work.plan.digest;
    work = next;
    if (isSame) return { how: 'agreed', work };
    terminal.note(`${terminal.translate('cli.plan_moved')}\n`);
  }
}

/** The apps that the plan deletes, as an approval names them. */
function listDeletes({ changes }: Plan): readonly string[] {
  return changes.flatMap(({ action, id }) => (action === 'delete' && id !== null ? [id] : []));
}

/** Reads the files again and plans; undefined after it was told what is wrong with them. */
async function prepareAnew(configuration: Configuration, planning: Planning): Promise<Work | undefined> {
  const again = await loadOrReport(planning.invocation, planning.context);
  if (again === undefined) return undefined;
  const [from, to] = [configuration.settings, again.settings];
  if (from.platform.baseUrl !== to.platform.baseUrl || from.stateDir !== to.stateDir) {
    throw new AppFailure('failed', message('cli.account_moved'), []);
  }
  return prepare(planning, again);
}

/** Acknowledges a first Ctrl-C at once: requests in flight may take a while. */
async function applyInterruptibly(
  work: Work,
  deps: Parameters<typeof applyUntilSettled>[1],
): ReturnType<typeof applyUntilSettled> {
  const { progress, context } = deps;
  const { interrupted } = context.signals;
  const hear = () => progress.say(context.terminal.translate('cli.interrupted_finishing'));
  interrupted.addEventListener('abort', hear, { once: true });
  try {
    return await applyUntilSettled(work, deps);
  } finally {
    interrupted.removeEventListener('abort', hear);
    progress.end();
  }
}

function tellInterruption(outcomes: readonly Outcome[], { signals, terminal }: CommandContext): void {
  if (!signals.interrupted.aborted) return;
  const done = outcomes.filter(({ result }) => result === 'applied').length;
  const left = outcomes.length - done;
  const { translate } = terminal;
  const sentence =
    left === 0 ? translate('cli.interrupted_late') : translate('cli.interrupted_after', { done, left });
  terminal.note(`${sentence}\n`);
}

/** Whether somebody asked for log lines; else the live line replaces the one of each call. */
function wantsLog(invocation: Invocation): boolean {
  const { logLevel } = readCommonFlags(invocation);
  return logLevel === 'info' || logLevel === 'debug' || logLevel === 'trace';
}

function withoutCallLog(configuration: Configuration): Configuration {
  const { settings } = configuration;
  const level = settings.log.level === 'info' ? 'warn' : settings.log.level;
  return { ...configuration, settings: { ...settings, log: { ...settings.log, level } } };
}

function readGrants({ options }: Invocation): Grants {
  const approved = options['approve'];
  return {
    allowDeletes: options['allowDeletes'] === true,
    subjects: new Set(typeof approved === 'string' ? [approved] : []),
  };
}

/** The plan to apply: a fresh one, or what still fits of a saved one. */
async function prepare(
  { invocation, context, session, grants }: Planning,
  made: Configuration,
): Promise<Work> {
  const [file] = invocation.args;
  const saved = file === undefined ? undefined : await readTextFile(file, context);
  const onThese = {
    ...session,
    plan: (asked: Grants, signal: AbortSignal) => session.plan(asked, signal, made),
  };
  const planned = await planWhenSettled({ session: onThese, grants, context });
  if (file === undefined || saved === undefined) return { planned, plan: planned.plan, refused: 0 };
  const { plan, refused, problems } = fitSavedPlan(saved, planned.plan, {
    now: planned.plan.createdAt,
    digest: sha256,
    file,
  });
  for (const problem of problems) context.terminal.note(`${context.terminal.translate(problem)}\n`);
  return { planned, plan, refused };
}

function showPlan(plan: Plan, { options }: Invocation, { terminal }: CommandContext): void {
  terminal.print(formatPlan(plan, 'text', { ...terminal, full: options['full'] === true }));
}

async function isConfirmed(
  plan: Plan,
  { options }: Invocation,
  { terminal }: CommandContext,
): Promise<boolean> {
  if (options['yes'] === true) return true;
  return terminal.confirm(terminal.translate('cli.apply_confirm', { count: plan.changes.length }));
}

function exitOf(outcomes: readonly Outcome[], lastPlan: Plan, refused: number): ExitName {
  const failed = refused > 0 || outcomes.some((outcome) => outcome.result !== 'applied');
  const refusedCredentials = outcomes.some((outcome) => outcome.failure?.kind === 'auth');
  const held = lastPlan.withheld.some((item) => item.needsDecision);
  return worstExit([
    ...(refusedCredentials ? ['credentials_refused' as const] : []),
    ...(failed ? ['failed' as const] : []),
    ...(held ? ['held' as const] : []),
  ]);
}
