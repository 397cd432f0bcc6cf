/** The report of a drill, and the trace of one run, as text or as JSON. */

import { printable } from '../../lib/printable.ts';
import { formatDuration } from '../../messages/format-duration.ts';
import { say, type Translate } from '../../messages/say.ts';
import type { ReplayedRun } from '../../model/drill.ts';
import type { Withheld } from '../../model/plan.ts';
import type { Violation } from '../../model/promise.ts';
import { alignColumns, createPaint, section, type View } from '../views/layout.ts';
import type { DrillReport } from './collect-runs.ts';

interface DrillView extends View {
  /** The command that was called, without `--runs` and `--seed`. */
  readonly command: string;
}

const HELD_MAX = 20;
const VIOLATIONS_MAX = 10;
const DAY_MS = 24 * 60 * 60 * 1000;

export function formatRehearsal(report: DrillReport, view: DrillView): string {
  const { translate } = view;
  const paint = createPaint(view.color);
  const { subject, violations, worstRecovery: worst, faultFree } = report;
  const rows = [
    [
      translate('cli.drill_entries'),
      translate('cli.drill_subject', { entries: subject.entries, found: subject.found }),
    ],
    [translate('cli.drill_runs'), describeRuns(report, translate)],
    [
      translate('cli.drill_trouble'),
      translate('cli.drill_incidents', { incidents: report.incidents, crashes: report.crashes }),
    ],
    [
      translate('cli.drill_work'),
      translate('cli.drill_calls', {
        calls: report.calls,
        rounds: report.rounds,
        days: (report.virtualMs / DAY_MS).toFixed(1),
      }),
    ],
    [
      translate('cli.drill_undisturbed'),
      faultFree.ms === undefined
        ? translate('cli.drill_never')
        : translate('cli.drill_calm', { after: formatDuration(faultFree.ms), calls: faultFree.calls }),
    ],
    [
      translate('cli.drill_recovery'),
      worst === undefined
        ? ''
        : translate('cli.drill_worst', { worst: formatDuration(worst.ms), seed: worst.seed }),
    ],
  ].filter(([, text]) => text !== '');
  const verdict =
    violations.length === 0
      ? paint.green(translate('cli.drill_held'))
      : paint.red(translate('cli.drill_broken', { count: violations.length }));
  return `${[
    ...alignColumns(rows),
    '',
    verdict,
    ...formatViolations(report, view),
    ...formatHeld(report, translate),
    ...titled(
      translate('cli.drill_pitfalls'),
      report.pitfalls.map((pitfall) => translate(pitfall)),
    ),
    ...titled(
      translate('cli.drill_assumptions'),
      subject.assumptions.map((assumption) => translate(assumption)),
    ),
  ].join('\n')}\n`;
}

function describeRuns({ seeds, end }: DrillReport, translate: Translate): string {
  const { from, count } = seeds;
  const range = count === 0 ? '' : translate('cli.drill_seeds', { from, to: from + count - 1 });
  const why = end === 'runs' ? '' : translate(`cli.drill_end_${end}`);
  return `${count}${range}${why}`;
}

function formatViolations({ violations }: DrillReport, { command, translate }: DrillView): string[] {
  const lines = violations
    .slice(0, VIOLATIONS_MAX)
    .flatMap(({ seed, violation: { promise, message } }) => [
      `  ${translate('cli.drill_violation', { promise, seed, message: printable(translate(message)) })}`,
      `    ${translate('cli.drill_replay', { command: `${command} --seed ${seed}` })}`,
    ]);
  if (violations.length > VIOLATIONS_MAX)
    lines.push(`  ${translate('cli.more', { count: violations.length - VIOLATIONS_MAX })}`);
  return violations.length === 0 ? [] : [...lines, `  ${translate('cli.drill_report')}`];
}

function formatHeld({ held, heldAfterFaults, seeds }: DrillReport, translate: Translate): string[] {
  const undisturbed = held
    .slice(0, HELD_MAX)
    .flatMap(({ action, key, id, reason, message, release }) => [
      `${action} ${key ?? id} (${reason}): ${printable(translate(message))}`,
      `  ${translate('cli.drill_release', { release })}`,
    ]);
  if (held.length > HELD_MAX)
    undisturbed.push(translate('cli.drill_more_held', { count: held.length - HELD_MAX }));
  const troubled = heldAfterFaults.map(({ reason, runs, seed }) =>
    translate('cli.drill_reason', { reason, runs, all: seeds.count, seed }),
  );
  return [
    ...titled(translate('cli.drill_held_calm'), undisturbed),
    ...titled(translate('cli.drill_held_after'), troubled),
  ];
}

function titled(title: string, lines: readonly string[]): string[] {
  return section(
    title,
    lines.map((line) => `  ${line}`),
  );
}

export function formatReplay(
  seed: number,
  { violation, size, sizeAtFirst, trace }: ReplayedRun,
  { color, translate }: View,
): string {
  const paint = createPaint(color);
  const end =
    violation === undefined
      ? [paint.green(translate('cli.seed_held', { seed }))]
      : [
          translate('cli.drill_shrunk', {
            incidents: size.incidents,
            incidentsAtFirst: sizeAtFirst.incidents,
            entries: size.entries,
            entriesAtFirst: sizeAtFirst.entries,
          }),
          paint.red(
            translate('cli.drill_seed_breaks', {
              seed,
              promise: violation.promise,
              message: printable(translate(violation.message)),
            }),
          ),
        ];
  return `${[...trace.map(printable), '', ...end].join('\n')}\n`;
}

export function formatRehearsalJson(report: DrillReport): string {
  const { subject, seeds, end, worstRecovery: worst, faultFree } = report;
  return toText({
    format_version: 1,
    entries: subject.entries,
    account_apps: subject.found,
    first_seed: seeds.from,
    runs: seeds.count,
    ended_by: end,
    calls: report.calls,
    rounds: report.rounds,
    crashes: report.crashes,
    incidents: report.incidents,
    virtual_ms: report.virtualMs,
    worst_recovery: worst === undefined ? null : { ms: worst.ms, seed: worst.seed },
    undisturbed: {
      calls: faultFree.calls,
      in_line_after_ms: faultFree.ms ?? null,
      calls_per_round: faultFree.callsPerRound,
    },
    violations: report.violations.map(({ seed, violation }) => toViolation(seed, violation)),
    held: report.held.map(toHeld),
    held_after_trouble: report.heldAfterFaults,
    findings: report.pitfalls.map((pitfall) => say(pitfall)),
    assumptions: subject.assumptions.map((it) => say(it)),
  });
}

export function formatReplayJson(seed: number, { violation, size, trace }: ReplayedRun): string {
  return toText({
    format_version: 1,
    seed,
    violation: violation === undefined ? null : toViolation(seed, violation),
    story: { incidents: size.incidents, entries: size.entries, account_apps: size.found },
    trace,
  });
}

function toViolation(seed: number, { promise, at, message }: Violation) {
  return { promise, seed, at_ms: at, message: say(message) };
}

function toHeld({ action, key, id, reason, needsDecision, message, release }: Withheld) {
  return {
    ...{ action, key, id, reason },
    needs_decision: needsDecision,
    message: say(message),
    release: say(release),
  };
}

function toText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
