/** The client of the running daemon's control socket. Flags and configuration determine its path. */

import { type ControlClient, createControlClient } from '../daemon/control-client.ts';
import { requestOverSocket } from '../lib/unix-socket.ts';
import { message } from '../messages/message.ts';
import type { Language } from '../messages/say.ts';
import { OVERRIDES } from '../model/overrides.ts';
import { CONFIG_DEFAULTS } from '../source/config-types.ts';
import type { Context } from './context.ts';
import { AppFailure } from './failure.ts';
import { type CommonFlags, findConfigurationPath, loadConfigurationFile } from './load-configuration.ts';

/** Every answer but that of a round is there at once; the disk may be slow to take a decision down. */
const ANSWER_WITHIN_MS = 30_000;

export interface ControlOptions {
  readonly language?: Language;
  readonly answerWithinMs?: number;
}

/**
 * A client of the running daemon. If no daemon listens, the first call fails. `answerWithinMs`: timeout for
 * answers other than a round's. `language`: of what it answers; English for documents.
 */
export async function openControl(
  flags: CommonFlags,
  context: Context,
  { language = 'en', answerWithinMs = ANSWER_WITHIN_MS }: ControlOptions = {},
): Promise<ControlClient> {
  const socket = await findSocket(flags, context);
  const { interrupted } = context.signals;
  return createControlClient(
    async (request) => {
      const timeout = AbortSignal.timeout(answerWithinMs);
      const waits = request.path === '/v1/reconcile';
      try {
        const signal = waits ? interrupted : AbortSignal.any([interrupted, timeout]);
        return await requestOverSocket(socket, request, signal);
      } catch (error) {
        if (!timeout.aborted || waits) throw error;
        throw new AppFailure('failed', message('app.daemon_silent', { socket }), [
          message('app.daemon_silent_advice'),
        ]);
      }
    },
    socket,
    language,
  );
}

/**
 * A file that is broken now does not say where the daemon, which runs on an older one, listens: the default
 * then.
 */
async function findSocket(flags: CommonFlags, context: Context): Promise<string> {
  const named = flags.controlSocket ?? context.environment[OVERRIDES.controlSocket.variable];
  const socket = named === undefined || named === '' ? await readSocket(flags, context) : named;
  if (socket !== undefined && socket !== 'off') return socket;
  throw new AppFailure('failed', message('app.control_off'), [message('app.control_off_advice')]);
}

async function readSocket(flags: CommonFlags, context: Context): Promise<string | undefined> {
  let file: string;
  try {
    file = findConfigurationPath(flags, context);
  } catch (error) {
    if (error instanceof AppFailure) return CONFIG_DEFAULTS.control.socket;
    throw error;
  }
  const loaded = await loadConfigurationFile(file, flags, context);
  return loaded.ok ? loaded.configuration.settings.controlSocket : CONFIG_DEFAULTS.control.socket;
}
