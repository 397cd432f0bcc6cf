/** Measured rows against the committed ones: what became worse by more than noise explains, in words. */

/** CPU time hardly depends on what else the machine does; wall time on two shared cores does. */
const TOLERANCE = { cpu: 1.25, wall: 1.6 };

/** Times alone are never compared, for they differ from machine to machine; ratios, requests and what has a bound are. */
export function compareWith(committed, measured) {
  const known = new Map(committed.map((row) => [row.id, row]));
  return measured.flatMap((row) => {
    const before = known.get(row.id);
    if (row.ratio === undefined) return worseThanBound(row, before);
    if (before === undefined) return [`${row.id} has no committed ratios: run with --write`];
    return [...worseRatios(row, before), ...moreRequests(row, before)];
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

/** A bound that was missed when it was committed is known, and explained in docs/performance.md. */
function worseThanBound({ id, value, unit, most, least }, before) {
  const misses = (amount) =>
    amount > (most ?? Number.POSITIVE_INFINITY) || amount < (least ?? Number.NEGATIVE_INFINITY);
  if (!misses(value) || (before !== undefined && misses(before.value))) return [];
  return [`${id}: ${value.toFixed(1)} ${unit}, to reach ${most ?? least} ${unit}`];
}
