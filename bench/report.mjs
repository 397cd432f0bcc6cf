/** From runs to figures: medians and spread, the ratios, and one Markdown table for all rows. */

const MEASURES = ['wallMs', 'cpuMs', 'peakMb', 'requests', 'firstMs'];

/** One row with the medians of both sides and their ratios. */
export function summarisePairs({ id, name, count, goal }, { floor, ours }) {
  const [low, high] = [summarise(floor), summarise(ours)];
  const ratio = { wall: high.wallMs.median / low.wallMs.median, cpu: high.cpuMs.median / low.cpuMs.median };
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

export function formatRows(rows) {
  const paired = rows.filter(({ ratio }) => ratio !== undefined).map(formatPair);
  const single = rows.filter(({ ratio }) => ratio === undefined).map(formatSingle);
  const head = [
    'work',
    'requests',
    'floor: wall / CPU',
    'callbackd: wall (spread) / CPU',
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
  const wall = `${number(ours.wallMs.median)} ms (${number(ours.wallMs.least)} to ${number(ours.wallMs.most)})`;
  return [
    name,
    requests,
    `${number(floor.wallMs.median)} / ${number(floor.cpuMs.median)} ms`,
    `${wall} / ${number(ours.cpuMs.median)} ms`,
    `${number(ours.peakMb.median)} (floor ${number(floor.peakMb.median)})`,
    `${ratio.wall.toFixed(2)} x`,
    `${ratio.cpu.toFixed(2)} x`,
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

/** Which goals of a row are not met. */
function missesOf({ goal, floor, ours, ratio }) {
  return [
    goal.wall && ratio.wall > goal.wall,
    goal.cpu && ratio.cpu > goal.cpu,
    goal.extraMs && ours.wallMs.median > floor.wallMs.median + goal.extraMs,
    goal.firstMs && ours.firstMs.median > goal.firstMs,
    goal.peakMb && ours.peakMb.median > goal.peakMb,
  ].filter(Boolean);
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
