/** The Retry-After header to milliseconds. Pure: header text and the current time in, a capped wait or nothing out. */

/** No server may silence us for longer than this with one header. */
const RETRY_AFTER_MS_MAX = 60_000;

/**
 * Takes both forms of RFC 9110, seconds and an HTTP date. A date is measured against the reply's own `Date` where it has one,
 * so that a skewed clock on this host does not matter. A past date is 0; nonsense is `undefined`.
 */
export function parseRetryAfter(
  headers: Readonly<Record<string, string>>,
  nowMs: number,
): number | undefined {
  const text = headers['retry-after']?.trim();
  if (text === undefined || text === '') return undefined;
  const waitMs = /^\d+(\.\d+)?$/.test(text)
    ? Number(text) * 1_000
    : waitUntilDate(text, headers['date'], nowMs);
  if (waitMs === undefined) return undefined;
  return Math.min(RETRY_AFTER_MS_MAX, Math.max(0, Math.ceil(waitMs)));
}

function waitUntilDate(text: string, serverDate: string | undefined, nowMs: number): number | undefined {
  const until = Date.parse(text);
  if (!/[a-z]{3}/i.test(text) || Number.isNaN(until)) return undefined;
  const serverNow = serverDate === undefined ? Number.NaN : Date.parse(serverDate);
  return until - (Number.isNaN(serverNow) ? nowMs : serverNow);
}
