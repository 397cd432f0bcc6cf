/** From runs to figures: medians and spread, the ratios, and one Markdown table for all rows. */

const MEASURES = ['wallMs', 'cpuMs', 'peakMb', 'requests', 'firstMs'];

/** One row with the medians of both sides and their ratios. */
export function summarisePairs({ id, name, count, goal }, { floor, ours }) {
  const [low, high] = [summarise(floor), summarise(ours)];
  const measures = { wall: 'wallMs', cpu: 'cpuMs' };
  const ratios = Object.entries(measures)
    .filter(([, measure]) => high[measure] !== undefined)
    .map(([name, measure]) => [name, high[measure].median / low[measure].median]);
  const ratio = Object.fromEntries(ratios);
  return [{ id, name, count, goal, runs: ours.length, floor: low, ours: high, ratio }];
}

function summarise(runs) {
  const measures = MEASURES.filter((measure) => runs[0]?.[measure] !== undefined);
  return Object.fromEntries(measures.map((measure) => [measure, spread(runs.map((run) => run[measure]))]));
}

function spread(values) {
  const sorted = values.toSorted((left, right) => left - right);
  const round = (value) => Math.round(value * 100) / 100;
  const [least, median, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return { median: round(median), least: round(least), most: round(most) };
}

/** What the rows were measured on, and how busy it was, in one sentence. */
export function describeMachines(rows) {
  const names = rows.map(
    ({ machine: { cpu, memoryGb, system, node } }) => `${cpu}, ${memoryGb} GB, ${system}, Node ${node}`,
  );
  const loads = rows.map(({ machine }) => machine.load);
  const days = [...new Set(rows.map(({ machine }) => machine.on))].sort();
  const load = `load average ${Math.min(...loads)} to ${Math.max(...loads)}, the measured processes included`;
  return `Measured on ${[...new Set(names)].join('; ')} (${days.join(', ')}; ${load}).`;
}

export function formatRows(rows) {
  const paired = rows.filter(({ ratio }) => ratio !== undefined).map(formatPair);
  const single = rows.filter(({ ratio }) => ratio === undefined).map(formatSingle);
  const head = [
    'work',
    'requests',
    'floor: wall / CPU',
    'callbackd: wall / CPU (spread of CPU)',
    'peak MB',
    'wall',
    'CPU',
    'to reach',
    '',
  ];
  return [
    ...(paired.length === 0 ? [] : [formatTable(head, paired)]),
    ...(single.length === 0 ? [] : [formatTable(['measured', 'value', 'to reach', ''], single)]),
  ].join('\n\n');
}

function formatPair({ name, goal, floor, ours, ratio }) {
  const requests =
    ours.requests === undefined
      ? ''
      : `${number(ours.requests.median)} (floor ${number(floor.requests.median)})`;
  const wallOf = ({ wallMs }) => (wallMs === undefined ? '' : `${number(wallMs.median)} / `);
  const spreadOf = ({ least, most }) => ` (${number(least)} to ${number(most)})`;
  const times = (value) => (value === undefined ? '' : `${value.toFixed(2)} x`);
  return [
    name,
    requests,
    `${wallOf(floor)}${number(floor.cpuMs.median)} ms`,
    `${wallOf(ours)}${number(ours.cpuMs.median)} ms${spreadOf(ours.cpuMs)}`,
    `${number(ours.peakMb.median)} (floor ${number(floor.peakMb.median)})`,
    times(ratio.wall),
    times(ratio.cpu),
    describeGoal(goal),
    mark(missesOf({ goal, floor, ours, ratio }).length === 0, goal),
  ];
}

function describeGoal({ wall, cpu, extraMs, firstMs, peakMb }) {
  return [
    wall && `wall ${wall} x`,
    cpu && `CPU ${cpu} x`,
    extraMs && `floor + ${extraMs} ms`,
    firstMs && `${firstMs} ms to the first request`,
    peakMb && `${peakMb} MB`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** The targets of a row that are missed, one sentence each. */
export function missesOf({ id, goal, floor, ours, ratio }) {
  const bounds = [
    ['wall', ratio.wall, goal.wall, 'x'],
    ['CPU', ratio.cpu, goal.cpu, 'x'],
    ['beyond the floor', ours.wallMs?.median - floor.wallMs?.median, goal.extraMs, 'ms'],
    ['first request after', ours.firstMs?.median, goal.firstMs, 'ms'],
    ['peak memory', ours.peakMb?.median, goal.peakMb, 'MB'],
  ];
  return bounds
    .filter(([, value, most]) => most !== undefined && value > most)
    .map(([what, value, most, unit]) => `${id}: ${what} ${number(value)} ${unit}, target ${most} ${unit}`);
}

function formatSingle({ name, value, unit, usPerEntry, most, least }) {
  const shown = `${number(value)} ${unit}${usPerEntry === undefined ? '' : ` (${number(usPerEntry)} µs each)`}`;
  const bound = most === undefined ? (least === undefined ? '' : `≥ ${least} ${unit}`) : `≤ ${most} ${unit}`;
  const isMet = value <= (most ?? Number.POSITIVE_INFINITY) && value >= (least ?? Number.NEGATIVE_INFINITY);
  return [name, shown.trim(), bound.trim(), mark(isMet, bound === '' ? {} : { bound })];
}

function mark(isMet, goal) {
  if (Object.keys(goal).length === 0) return '';
  return isMet ? 'yes' : '**no**';
}

function number(value) {
  return value.toLocaleString('en', {
    maximumFractionDigits: Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0,
  });
}

function formatTable(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
