/** `callbackd rehearse`: the operator's own file in worlds full of trouble, or one of them told line by line. */

import type { Configuration } from '../../model/configuration.ts';
import type { Drill } from '../../model/drill.ts';
import { type CommandRun, type Invocation, UsageError } from '../command-line/command-spec.ts';
import type { ExitName } from '../command-line/exit-codes.ts';
import { readOutput } from '../command-line/options.ts';
import { loadOrReport, reportDiagnostics } from '../diagnostics/report-diagnostics.ts';
import type { Toolbox } from '../ports.ts';
import { collectRuns, type DrillEnd, type RunCollection } from './collect-runs.ts';
import { createRunProgress } from './progress.ts';
import { formatRehearsal, formatRehearsalJson, formatRetold, formatRetoldJson } from './view.ts';

/** Without `--runs` a drill takes about this long. */
const PATIENCE_MS = 25_000;
const RUNS_MAX = 1_000_000;
const FIRST_SEED = 1;

export const run: CommandRun = async (invocation, toolbox) => {
  const seed = readCount(invocation, 'seed', [0, Number.MAX_SAFE_INTEGER]);
  const runs = readCount(invocation, 'runs', [1, RUNS_MAX]);
  if (seed !== undefined && runs !== undefined) {
    throw new UsageError('--seed replays one run, so it does not go together with --runs');
  }
  const configuration = await loadOrReport(invocation, toolbox);
  if (configuration === undefined) return 'invalid_configuration';
  const account = await loadAccount(invocation, toolbox);
  if (account === 'invalid') return 'invalid_configuration';
  const drill = await toolbox.openDrill(configuration, account);
  return seed === undefined
    ? rehearse(drill, runs, { configuration, invocation, toolbox })
    : retell(drill, seed, { invocation, toolbox });
};

function readCount(
  { options }: Invocation,
  name: string,
  [least, most]: readonly [number, number],
): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  const count = /^\d+$/.test(String(text)) ? Number(text) : Number.NaN;
  if (!(count >= least && count <= most)) {
    throw new UsageError(
      `--${name} takes a whole number from ${least} to ${most}, not ${JSON.stringify(text)}`,
    );
  }
  return count;
}

async function loadAccount(
  { options }: Invocation,
  toolbox: Toolbox,
): Promise<Configuration | 'invalid' | undefined> {
  const file = options['account'];
  if (typeof file !== 'string') return undefined;
  const loaded = await toolbox.loadConfiguration({ config: file });
  if (loaded.ok) return loaded.configuration;
  toolbox.terminal.note(reportDiagnostics(loaded.diagnostics, 'text', toolbox));
  return 'invalid';
}

interface Stage {
  readonly invocation: Invocation;
  readonly toolbox: Toolbox;
}

async function rehearse(
  drill: Drill,
  wanted: number | undefined,
  { configuration, invocation, toolbox }: Stage & { readonly configuration: Configuration },
): Promise<ExitName> {
  const { terminal, clock } = toolbox;
  const startedAt = clock.now();
  const progress = createRunProgress(wanted, {
    note: terminal.note,
    isLive: terminal.isLive,
    isQuiet: invocation.options['quiet'] === true,
  });
  progress.say(`Rehearsing ${drill.subject.entries} entries. Nothing leaves this process.`);
  const calm = await drill.calm();
  const collection = collectRuns(configuration, { subject: drill.subject, calm, from: FIRST_SEED });
  const isOver = () => wanted === undefined && clock.now() - startedAt >= PATIENCE_MS;
  const end = await collect(drill, collection, { wanted, isOver, progress, toolbox });
  progress.end();
  const report = collection.report(end);
  terminal.print(
    readOutput(invocation) === 'json'
      ? formatRehearsalJson(report)
      : formatRehearsal(report, { color: terminal.color, command: describeCommand(invocation) }),
  );
  return report.violations.length > 0 || end === 'interrupted' ? 'failed' : 'ok';
}

interface Collecting {
  readonly wanted: number | undefined;
  readonly isOver: () => boolean;
  readonly progress: ReturnType<typeof createRunProgress>;
  readonly toolbox: Toolbox;
}

/** At least one run is made, however long the first one took. */
async function collect(
  drill: Drill,
  collection: RunCollection,
  { wanted = RUNS_MAX, isOver, progress, toolbox }: Collecting,
): Promise<DrillEnd> {
  for (let seed = FIRST_SEED; collection.runs < wanted; seed += 1) {
    if (toolbox.interrupted.aborted) return 'interrupted';
    if (collection.runs > 0 && isOver()) return 'time';
    const run = await drill.run(seed);
    collection.add(run);
    progress.show(run, collection);
  }
  return 'runs';
}

async function retell(drill: Drill, seed: number, { invocation, toolbox }: Stage): Promise<ExitName> {
  const retold = await drill.retell(seed);
  const { terminal } = toolbox;
  terminal.print(
    readOutput(invocation) === 'json'
      ? formatRetoldJson(seed, retold)
      : formatRetold(seed, retold, terminal.color),
  );
  return retold.violation === undefined ? 'ok' : 'failed';
}

function describeCommand({ options }: Invocation): string {
  const files = (['config', 'account'] as const).flatMap((name) =>
    typeof options[name] === 'string' ? [`--${name} ${options[name]}`] : [],
  );
  return ['callbackd rehearse', ...files].join(' ');
}
