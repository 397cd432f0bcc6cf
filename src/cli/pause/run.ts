/** `callbackd pause [KEY]`: has the running daemon leave an entry, or everything, alone for a while. */

import { parseDuration } from '../../lib/duration.ts';
import { askDaemon, exitOfAnswer } from '../command-line/ask-daemon.ts';
import { type CommandRun, type Invocation, UsageError } from '../command-line/command-spec.ts';

const INSTEAD = [
  'without a daemon nothing changes by itself; to hold `apply` back too, write `paused: {because: ...}` into the entry',
];
/** With a zone: a time of day without one means something else on every machine. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

export const run: CommandRun = async (invocation, toolbox) => {
  const [key] = invocation.args;
  const until = readEnd(invocation, toolbox.clock.now());
  const because = invocation.options['because'];
  const request = {
    ...(key === undefined ? {} : { key }),
    ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
    ...(typeof because === 'string' ? { because } : {}),
  };
  return exitOfAnswer(
    await askDaemon(
      invocation,
      { instead: INSTEAD, ask: (client, by) => client.pause(request, by) },
      toolbox,
    ),
  );
};

/** When the pause ends, in milliseconds since the epoch; undefined for one without an end. */
function readEnd({ options }: Invocation, now: number): number | undefined {
  const { for: span, until } = options;
  if (span !== undefined && until !== undefined) throw new UsageError('give --for or --until, not both');
  if (typeof span === 'string') {
    const spanMs = parseDuration(span);
    if (spanMs === undefined || spanMs === 0)
      throw new UsageError(`--for takes a duration such as 90m or 2h, not ${JSON.stringify(span)}`);
    return now + spanMs;
  }
  if (typeof until !== 'string') return undefined;
  const at = INSTANT.test(until) ? Date.parse(until) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new UsageError(
      `--until takes an instant with its zone, such as 2026-12-01T08:00:00Z, not ${JSON.stringify(until)}`,
    );
  }
  return at;
}
