/** `callbackd apply [PLANFILE]`: plan, show, ask, apply; or a saved plan, item by item. */

import type { Configuration } from '../../model/configuration.ts';
import type { Plan } from '../../model/plan.ts';
import type { Outcome } from '../../model/round.ts';
import type { PlannedRound } from '../../reconcile/plan-round.ts';
import { type CommandRun, type Invocation, UsageError } from '../command-line/command-spec.ts';
import { type ExitName, worstExit } from '../command-line/exit-codes.ts';
import { readCommonFlags, readOutput } from '../command-line/options.ts';
import { loadOrReport } from '../diagnostics/report-diagnostics.ts';
import type { ApplySession, Grants, Toolbox } from '../ports.ts';
import { formatPlan } from '../views/plan-text.ts';
import { applyUntilSettled } from './apply-until-settled.ts';
import { createApplyProgress } from './progress.ts';
import { fitSavedPlan } from './saved-plan.ts';
import { formatApplyJson, formatOutcomes } from './view.ts';

interface Work {
  readonly planned: PlannedRound;
  readonly plan: Plan;
  /** Items of a saved plan that no longer fit. */
  readonly refused: number;
}

export const run: CommandRun = async (invocation, toolbox) => {
  const asJson = readOutput(invocation) === 'json';
  const configuration = await loadOrReport(invocation, toolbox);
  if (configuration === undefined) return 'invalid_configuration';
  if (invocation.options['yes'] !== true && (asJson || !toolbox.terminal.isInteractive)) {
    throw new UsageError('there is nobody to ask here: add --yes to apply without asking');
  }
  const isQuiet = invocation.options['quiet'] === true;
  const isLive = toolbox.terminal.isLive && !asJson && !isQuiet && !wantsLog(invocation);
  const session = await toolbox.openApplySession(isLive ? withoutCallLog(configuration) : configuration);
  try {
    const grants = readGrants(invocation);
    const work = await prepare(invocation, toolbox, session, grants);
    if (!asJson) showPlan(work.plan, invocation, toolbox);
    if (work.plan.changes.length > 0 && !(await isConfirmed(work.plan, invocation, toolbox))) {
      toolbox.terminal.note('Nothing was changed.\n');
      return 'ok';
    }
    const progress = createApplyProgress(
      work.plan.changes.length,
      { note: toolbox.terminal.note, isLive },
      toolbox.clock,
    );
    const { outcomes, lastPlan } = await applyInterruptibly(work, { session, grants, toolbox, progress });
    toolbox.terminal.print(
      asJson ? formatApplyJson(work.plan, outcomes) : formatOutcomes(outcomes, toolbox.terminal),
    );
    tellInterruption(outcomes, toolbox);
    return exitOf(outcomes, lastPlan, work.refused);
  } finally {
    await session.close();
  }
};

/** Says at once that a first Ctrl-C was heard: what is in flight may take a while to end. */
async function applyInterruptibly(
  work: Work,
  deps: Parameters<typeof applyUntilSettled>[1],
): ReturnType<typeof applyUntilSettled> {
  const { progress, toolbox } = deps;
  const hear = () =>
    progress.say('Interrupted: finishing what is in flight. Press Ctrl-C again to stop at once.');
  toolbox.interrupted.addEventListener('abort', hear, { once: true });
  try {
    return await applyUntilSettled(work, deps);
  } finally {
    toolbox.interrupted.removeEventListener('abort', hear);
    progress.end();
  }
}

function tellInterruption(outcomes: readonly Outcome[], { interrupted, terminal }: Toolbox): void {
  if (!interrupted.aborted) return;
  const done = outcomes.filter(({ result }) => result === 'applied').length;
  const left = outcomes.length - done;
  terminal.note(
    left === 0
      ? 'Interrupted, but everything was done by then.\n'
      : `Interrupted: ${done} done and recorded, ${left} left. Nothing is lost: run the same command again to go on.\n`,
  );
}

/** Who asks for log lines gets them; else the live line stands in for the one of each call. */
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
  { args }: Invocation,
  toolbox: Toolbox,
  session: ApplySession,
  grants: Grants,
): Promise<Work> {
  const [file] = args;
  const saved = file === undefined ? undefined : await toolbox.readFile(file);
  const planned = await session.plan(grants, toolbox.interrupted);
  if (file === undefined || saved === undefined) return { planned, plan: planned.plan, refused: 0 };
  const { clock, digest } = toolbox;
  const { plan, refused, message } = fitSavedPlan(saved, planned.plan, { now: clock.now(), digest, file });
  toolbox.terminal.note(message);
  return { planned, plan, refused };
}

function showPlan(plan: Plan, { options }: Invocation, { terminal }: Toolbox): void {
  const view = { color: terminal.color, width: terminal.width, full: options['full'] === true };
  terminal.print(formatPlan(plan, 'text', view));
}

async function isConfirmed(plan: Plan, { options }: Invocation, { terminal }: Toolbox): Promise<boolean> {
  if (options['yes'] === true) return true;
  const count = plan.changes.length;
  return terminal.confirm(`Apply ${count === 1 ? 'this change' : `these ${count} changes`}? Type yes: `);
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
