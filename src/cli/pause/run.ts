/** `callbackd pause [KEY]`: has the running daemon leave an entry, or everything, alone for a while. */

import { parseDuration } from '../../lib/duration.ts';
import { message } from '../../messages/message.ts';
import { askDaemon, exitOfAnswer } from '../command-line/ask-daemon.ts';
import { type CommandRun, type Invocation, UsageError } from '../command-line/command-spec.ts';

const INSTEAD = [message('cli.pause_instead')];
/** With a zone: a time of day without one means something else on every machine. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

export const run: CommandRun = async (invocation, context) => {
  const [key] = invocation.args;
  const until = readEnd(invocation, context.clock.now());
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
      context,
    ),
  );
};

/** When the pause ends, in milliseconds since the epoch; undefined for one without an end. */
function readEnd({ options }: Invocation, now: number): number | undefined {
  const { for: span, until } = options;
  if (span !== undefined && until !== undefined) throw new UsageError(message('cli.pause_one_end'));
  if (typeof span === 'string') {
    const spanMs = parseDuration(span);
    if (spanMs === undefined || spanMs === 0)
      throw new UsageError(message('cli.pause_for', { given: JSON.stringify(span) }));
    return now + spanMs;
  }
  if (typeof until !== 'string') return undefined;
  const at = INSTANT.test(until) ? Date.parse(until) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new UsageError(message('cli.pause_until', { given: JSON.stringify(until) }));
  }
  return at;
}
