/** Measured rows against their targets and the committed rows. */

import { missesOf } from './report.mjs';

/** CPU time hardly depends on what else the machine does; wall time on two shared cores does. */
const TOLERANCE = { cpu: 1.25, wall: 1.6 };

/**
 * One sentence per problem. Committed times are not compared, because they differ from machine to machine;
 * ratios and numbers of requests are.
 */
export function compareWith(committed, measured) {
  const known = new Map(committed.map((row) => [row.id, row]));
  return measured.flatMap((row) => {
    const before = known.get(row.id);
    if (row.ratio === undefined) return missedBound(row);
    const committedProblems =
      before === undefined
        ? [`${row.id} has no committed ratios: run with --write`]
        : [...worseRatios(row, before), ...moreRequests(row, before)];
    return [...missesOf(row), ...committedProblems];
  });
}

function worseRatios({ id, ratio }, before) {
  return Object.entries(TOLERANCE)
    .filter(([name, tolerance]) => ratio[name] > before.ratio[name] * tolerance)
    .map(
      ([name]) =>
        `${id}: ${name} ${ratio[name].toFixed(2)} x of the floor, committed ${before.ratio[name].toFixed(2)} x`,
    );
}

function moreRequests({ id, ours }, before) {
  const [now, then] = [ours.requests?.median, before.ours.requests?.median];
  return now !== undefined && now > then ? [`${id}: ${now} requests, committed ${then}`] : [];
}

function missedBound({ id, value, unit, most, least }) {
  if (value > most) return [`${id}: ${value.toFixed(1)} ${unit}, target at most ${most} ${unit}`];
  return value < least ? [`${id}: ${value.toFixed(1)} ${unit}, target at least ${least} ${unit}`] : [];
}
