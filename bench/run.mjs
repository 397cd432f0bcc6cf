// callbackd as a whole process against a bare client with the same requests, in turn, on the same emulator.
// Absolute times on shared machines mean little; the ratio counts. Usage: npm run bench [-- FLAGS]
//   --only IDS    these rows, by comma; `quiet*` is all that begin so   --rounds N  pairs of runs per row (5)
//   --all         the long rows too: 80 ms, ten minutes of rest, pacing
//   --check       exit 1 when a target is missed, or a ratio is worse than in bench/results.json beyond noise
//   --write       put what was measured into bench/results.json, docs/performance.md and its plots
//   --json        print the results as JSON instead of Markdown
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compareWith } from './compare.mjs';
import { measureWarmRounds, WARM_ROUNDS } from './daemons.mjs';
import { describeMachine } from './machine.mjs';
import { measureOneShot, ONE_SHOTS } from './one-shots.mjs';
import { plotCost } from './plot.mjs';
import { describeMachines, formatRows, summarisePairs } from './report.mjs';
import { SINGLES } from './singles.mjs';

const ROOT = path.resolve(import.meta.dirname, '..');
const RESULTS = path.join(ROOT, 'bench', 'results.json');
const PAGE = path.join(ROOT, 'docs', 'performance.md');
const PLOT = path.join(ROOT, 'docs', 'images', 'cost-by-size.svg');

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    all: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(flags.rounds);
if (!(Number.isInteger(rounds) && rounds > 0))
  refuse(`--rounds takes a whole number of pairs, not ${flags.rounds}`);
const pairs = [
  ...ONE_SHOTS.map((row) => ({ ...row, measure: () => measureOneShot(row, rounds) })),
  ...WARM_ROUNDS.map((row) => ({ ...row, measure: () => measureWarmRounds(row) })),
].map((row) => ({ ...row, measure: async () => summarisePairs(row, await row.measure()) }));
const known = [...pairs, ...SINGLES];
const names = flags.only?.split(',');
const isNamed = ({ id }, name) => (name.endsWith('*') ? id.startsWith(name.slice(0, -1)) : id === name);
const isWanted = (row) =>
  names === undefined ? flags.all || !row.isLong : names.some((name) => isNamed(row, name));
// A check of no row would find nothing worse.
for (const name of names ?? []) {
  if (!known.some((row) => isNamed(row, name)))
    refuse(`--only: no row ${name}; there are ${known.map(({ id }) => id).join(', ')}`);
}

const committed = JSON.parse(readFileSync(RESULTS, 'utf8'));
const measured = [];
for (const row of known.filter(isWanted)) {
  process.stderr.write(`${row.id} ...\n`);
  const results = await row.measure({ full: flags.all });
  measured.push(...results.map((result) => ({ ...result, machine: describeMachine() })));
  if (flags.write) write();
}
console.log(flags.json ? JSON.stringify(measured, null, 2) : formatRows(measured));
if (flags.check) check();

function refuse(problem) {
  console.error(problem);
  process.exit(64);
}

function check() {
  const problems = compareWith(committed, measured);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  else console.error('every target is met, and no ratio is worse than the committed ones');
}

/** After each row, so that an interrupted run keeps its results. Rows that were not measured keep theirs. */
function write() {
  const place = ({ id }) => known.findIndex((row) => id === row.id || id.startsWith(`${row.id}/`));
  const ids = new Set(measured.map(({ id }) => id));
  const rows = [...committed.filter(({ id }) => !ids.has(id)), ...measured]
    .filter((row) => place(row) >= 0)
    .sort((left, right) => place(left) - place(right));
  writeFileSync(RESULTS, `${JSON.stringify(rows, null, 2)}\n`);
  writeFileSync(PLOT, plotCost(rows));
  const page = readFileSync(PAGE, 'utf8');
  const block = /(<!-- bench: .*? -->\n)[\s\S]*?(<!-- \/bench -->)/;
  writeFileSync(
    PAGE,
    page.replace(
      block,
      (_, begin, end) => `${begin}\n${describeMachines(rows)}\n\n${formatRows(rows)}\n\n${end}`,
    ),
  );
}
