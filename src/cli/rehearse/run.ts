/** `callbackd rehearse`: the operator's own file against injected faults, or one such run line by line. */

import { loadConfiguration } from '../../app/load-configuration.ts';
import { openRehearsal } from '../../app/open-rehearsal.ts';
import { printable } from '../../lib/printable.ts';
import { message } from '../../messages/message.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { Drill, DrillRun } from '../../model/drill.ts';
import {
  type CommandContext,
  type CommandRun,
  type Invocation,
  UsageError,
} from '../command-line/command-spec.ts';
import type { ExitName } from '../command-line/exit-codes.ts';
import { readOutput } from '../command-line/options.ts';
import { loadOrReport, reportDiagnostics } from '../diagnostics/diagnostics-text.ts';
import type { Terminal } from '../terminal.ts';
import { REWIND } from '../views/layout.ts';
import { collectRuns, type DrillEnd, type RunCollection } from './collect-runs.ts';
import { formatRehearsal, formatRehearsalJson, formatReplay, formatReplayJson } from './view.ts';

/** Without `--runs` a drill takes about this long. */
const PATIENCE_MS = 25_000;
const RUNS_MAX = 1_000_000;
const FIRST_SEED = 1;

export const run: CommandRun = (invocation, context) =>
  runDrill(invocation, context, (configuration, account) => openRehearsal(configuration, account, context));

/** `open`: makes the drill of a configuration; the second one stands for what the account holds. */
export async function runDrill(
  invocation: Invocation,
  context: CommandContext,
  open: (configuration: Configuration, account: Configuration | undefined) => Promise<Drill>,
): Promise<ExitName> {
  const seed = readCount(invocation, 'seed', [0, Number.MAX_SAFE_INTEGER]);
  const runs = readCount(invocation, 'runs', [1, RUNS_MAX]);
  if (seed !== undefined && runs !== undefined) {
    throw new UsageError(message('cli.drill_one_run'));
  }
  const configuration = await loadOrReport(invocation, context);
  if (configuration === undefined) return 'invalid_configuration';
  const account = await loadAccount(invocation, context);
  if (account === 'invalid') return 'invalid_configuration';
  const drill = await open(configuration, account);
  return seed === undefined
    ? rehearse(drill, runs, { configuration, invocation, context })
    : replay(drill, seed, { invocation, context });
}

function readCount(
  { options }: Invocation,
  name: string,
  [least, most]: readonly [number, number],
): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  const count = /^\d+$/.test(String(text)) ? Number(text) : Number.NaN;
  if (!(count >= least && count <= most)) {
    const given = JSON.stringify(text);
    throw new UsageError(message('cli.whole_number', { flag: `--${name}`, least, most, given }));
  }
  return count;
}

async function loadAccount(
  { options }: Invocation,
  context: CommandContext,
): Promise<Configuration | 'invalid' | undefined> {
  const file = options['account'];
  if (typeof file !== 'string') return undefined;
  const loaded = await loadConfiguration({ config: file }, context);
  if (loaded.ok) return loaded.configuration;
  context.terminal.note(reportDiagnostics(loaded.diagnostics, 'text', context));
  return 'invalid';
}

interface Stage {
  readonly invocation: Invocation;
  readonly context: CommandContext;
}

async function rehearse(
  drill: Drill,
  wanted: number | undefined,
  { configuration, invocation, context }: Stage & { readonly configuration: Configuration },
): Promise<ExitName> {
  const { terminal, clock } = context;
  const startedAt = clock.now();
  const progress = createRunProgress(wanted, {
    ...terminal,
    isQuiet: invocation.options['quiet'] === true,
  });
  progress.say(terminal.translate('cli.drill_begins', { count: drill.subject.entries }));
  const faultFree = await drill.faultFree();
  const collection = collectRuns(configuration, { subject: drill.subject, faultFree, from: FIRST_SEED });
  const isOver = () => wanted === undefined && clock.now() - startedAt >= PATIENCE_MS;
  const end = await collect(drill, collection, { wanted, isOver, progress, context });
  progress.end();
  const report = collection.report(end);
  terminal.print(
    readOutput(invocation) === 'json'
      ? formatRehearsalJson(report)
      : formatRehearsal(report, { ...terminal, command: describeCommand(invocation) }),
  );
  return report.violations.length > 0 || end === 'interrupted' ? 'failed' : 'ok';
}

interface Collecting {
  readonly wanted: number | undefined;
  readonly isOver: () => boolean;
  readonly progress: ReturnType<typeof createRunProgress>;
  readonly context: CommandContext;
}

/** At least one run is made, however long the first one took. */
async function collect(
  drill: Drill,
  collection: RunCollection,
  { wanted = RUNS_MAX, isOver, progress, context }: Collecting,
): Promise<DrillEnd> {
  for (let seed = FIRST_SEED; collection.runs < wanted; seed += 1) {
    if (context.signals.interrupted.aborted) return 'interrupted';
    if (collection.runs > 0 && isOver()) return 'time';
    const run = await drill.run(seed);
    collection.add(run);
    progress.show(run, collection);
  }
  return 'runs';
}

async function replay(drill: Drill, seed: number, { invocation, context }: Stage): Promise<ExitName> {
  const replayed = await drill.replay(seed);
  const { terminal } = context;
  terminal.print(
    readOutput(invocation) === 'json'
      ? formatReplayJson(seed, replayed)
      : formatReplay(seed, replayed, terminal),
  );
  return replayed.violation === undefined ? 'ok' : 'failed';
}

function describeCommand({ options }: Invocation): string {
  const files = (['config', 'account'] as const).flatMap((name) =>
    typeof options[name] === 'string' ? [`--${name} ${options[name]}`] : [],
  );
  return ['callbackd rehearse', ...files].join(' ');
}

export interface RunProgress {
  say(text: string): void;
  show(run: DrillRun, all: RunCollection): void;
  end(): void;
}

const EVERY = 100;

/** How far a drill got: one line rewritten in place on a terminal, else a line every hundred runs. */
export function createRunProgress(
  wanted: number | undefined,
  {
    note,
    isLive,
    isQuiet,
    translate,
  }: Pick<Terminal, 'note' | 'isLive' | 'translate'> & { readonly isQuiet: boolean },
): RunProgress {
  const of = wanted === undefined ? '' : `/${wanted}`;
  const isShown = isLive && !isQuiet;
  return {
    say(text) {
      if (!isQuiet) note(`${text}\n`);
    },
    show({ seed, violation }, { runs, violations }) {
      const broken =
        violations.length === 0 ? '' : translate('cli.runs_broken', { count: violations.length });
      if (violation !== undefined) {
        const { promise } = violation;
        const line = translate('cli.seed_breaks', {
          seed,
          promise,
          message: printable(translate(violation.message)),
        });
        note(isShown ? `${REWIND}${line}\n` : `${line}\n`);
      }
      if (isShown) note(`${REWIND}${translate('cli.run_number', { number: `${runs}${of}` })}${broken}`);
      else if (!isQuiet && runs % EVERY === 0)
        note(`${translate('cli.runs_made', { count: `${runs}${of}` })}${broken}\n`);
    },
    end() {
      if (isShown) note(REWIND);
    },
  };
}
