/** The report of a drill, and one run told again, as text or as JSON. */

import { printable } from '../../lib/printable.ts';
import { formatDuration } from '../../messages/format-duration.ts';
import { say } from '../../messages/say.ts';
import type { RetoldRun } from '../../model/drill.ts';
import type { Withheld } from '../../model/plan.ts';
import type { Violation } from '../../model/promise.ts';
import { alignColumns, createPaint } from '../views/layout.ts';
import type { DrillReport } from './collect-runs.ts';

interface View {
  readonly color: boolean;
  /** The command that was called, without `--runs` and `--seed`. */
  readonly command: string;
}

const HELD_MAX = 20;
const VIOLATIONS_MAX = 10;
const DAY_MS = 24 * 60 * 60 * 1000;

export function formatRehearsal(report: DrillReport, { color, command }: View): string {
  const paint = createPaint(color);
  const { subject, violations, worstRecovery: worst, calm } = report;
  const rows = [
    ['entries', `${subject.entries}, and ${subject.found} apps in the account at first`],
    ['runs', describeRuns(report)],
    ['trouble', `${report.incidents} faults and edits, ${report.crashes} restarts`],
    [
      'work',
      `${report.calls} calls, ${report.rounds} rounds, ${(report.virtualMs / DAY_MS).toFixed(1)} days of virtual time`,
    ],
    [
      'undisturbed',
      calm.ms === undefined
        ? 'never in line'
        : `in line after ${formatDuration(calm.ms)} and ${calm.calls} calls`,
    ],
    ['recovery', worst === undefined ? '' : `at worst ${formatDuration(worst.ms)} (seed ${worst.seed})`],
  ].filter(([, text]) => text !== '');
  const verdict =
    violations.length === 0
      ? paint.green('Every promise held.')
      : paint.red(`${violations.length} ${violations.length === 1 ? 'run' : 'runs'} broke a promise:`);
  return `${[
    ...alignColumns(rows),
    '',
    verdict,
    ...formatViolations(report, command),
    ...formatHeld(report),
    ...section('About this file', report.pitfalls),
    ...section(
      'Taken for granted',
      subject.assumptions.map((it) => say(it)),
    ),
  ].join('\n')}\n`;
}

function describeRuns({ seeds, end }: DrillReport): string {
  const { from, count } = seeds;
  const range = count === 0 ? '' : ` (seeds ${from} to ${from + count - 1})`;
  const why = { runs: '', time: '; as many as fit, `--runs` makes more', interrupted: '; interrupted' }[end];
  return `${count}${range}${why}`;
}

function formatViolations({ violations }: DrillReport, command: string): string[] {
  const lines = violations
    .slice(0, VIOLATIONS_MAX)
    .flatMap(({ seed, violation }) => [
      `  ${violation.promise}, seed ${seed}: ${printable(say(violation.message))}`,
      `    replay: ${command} --seed ${seed}`,
    ]);
  if (violations.length > VIOLATIONS_MAX) lines.push(`  ${violations.length - VIOLATIONS_MAX} more`);
  return violations.length === 0
    ? []
    : [
        ...lines,
        '  A promise that breaks is a bug of callbackd: please report it with the seed and the file.',
      ];
}

function formatHeld({ held, heldInTrouble, seeds }: DrillReport): string[] {
  const undisturbed = held
    .slice(0, HELD_MAX)
    .flatMap(({ action, key, id, reason, message, release }) => [
      `${action} ${key ?? id} (${reason}): ${printable(say(message))}`,
      `  to release it: ${say(release)}`,
    ]);
  if (held.length > HELD_MAX) undisturbed.push(`${held.length - HELD_MAX} more; \`-o json\` has all of them`);
  const troubled = heldInTrouble.map(
    ({ reason, runs, seed }) => `${reason} in ${runs} of ${seeds.count} runs, as with seed ${seed}`,
  );
  return [
    ...section('Held although nothing went wrong', undisturbed),
    ...section('Waiting for a decision after the trouble', troubled),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

export function formatRetold(
  seed: number,
  { violation, size, sizeAtFirst, trace }: RetoldRun,
  color: boolean,
): string {
  const paint = createPaint(color);
  const left = size.incidents;
  const end =
    violation === undefined
      ? [paint.green(`Seed ${seed}: every promise held.`)]
      : [
          `Made small: ${left} of ${sizeAtFirst.incidents} incidents and ${size.entries} of ${sizeAtFirst.entries} entries are left.`,
          paint.red(`Seed ${seed} breaks ${violation.promise}: ${printable(say(violation.message))}`),
        ];
  return `${[...trace.map(printable), '', ...end].join('\n')}\n`;
}

export function formatRehearsalJson(report: DrillReport): string {
  const { subject, seeds, end, worstRecovery: worst, calm } = report;
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
      calls: calm.calls,
      in_line_after_ms: calm.ms ?? null,
      calls_per_round: calm.callsPerRound,
    },
    violations: report.violations.map(({ seed, violation }) => toViolation(seed, violation)),
    held: report.held.map(toHeld),
    held_after_trouble: report.heldInTrouble,
    findings: report.pitfalls,
    assumptions: subject.assumptions.map((it) => say(it)),
  });
}

export function formatRetoldJson(seed: number, { violation, size, trace }: RetoldRun): string {
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
