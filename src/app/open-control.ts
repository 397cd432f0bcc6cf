/** The client of the running daemon's control socket. Flags and configuration determine its path. */

import { type ControlClient, createControlClient } from '../daemon/control-client.ts';
import { requestOverSocket } from '../lib/unix-socket.ts';
import { message } from '../messages/message.ts';
import type { Language } from '../messages/say.ts';
import { OVERRIDES } from '../model/overrides.ts';
import type { Settings } from '../model/settings.ts';
import { CONFIG_DEFAULTS } from '../source/config-types.ts';
import type { Context } from './context.ts';
import { AppFailure } from './failure.ts';
import { findLastGood, ignoreRefusal } from './find-last-good.ts';
import {
  type CommonFlags,
  configurationOptions,
  DEFAULT_PATHS,
  findConfigurationPath,
  loadConfigurationFile,
} from './load-configuration.ts';

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

/** A file that is broken now does not say where the daemon listens: it runs on the last good one. */
async function findSocket(flags: CommonFlags, context: Context): Promise<string> {
  const named = flags.controlSocket ?? context.environment[OVERRIDES.controlSocket.variable];
  const socket = named === undefined || named === '' ? await readSocket(flags, context) : named;
  if (socket !== undefined && socket !== 'off') return socket;
  throw new AppFailure('failed', message('app.control_off'), [message('app.control_off_advice')]);
}

async function readSocket(flags: CommonFlags, context: Context): Promise<string | undefined> {
  let settings: Settings | undefined;
  try {
    const file = findConfigurationPath(flags, context);
    settings = await readSettings(file, flags, context);
  } catch (error) {
    if (!(error instanceof AppFailure)) throw error;
    for (const file of DEFAULT_PATHS) settings ??= await readSettings(file, flags, context);
  }
  return settings === undefined ? CONFIG_DEFAULTS.control.socket : settings.controlSocket;
}

/** What the file says, or what it said when it was good. */
async function readSettings(
  file: string,
  flags: CommonFlags,
  context: Context,
): Promise<Settings | undefined> {
  const loaded = await loadConfigurationFile(file, flags, context);
  if (loaded.ok) return loaded.configuration.settings;
  // A copy that may not be read, as that of another user, says nothing.
  const found = await findLastGood(configurationOptions(file, flags, context), flags, context).catch(
    ignoreRefusal,
  );
  return found?.configuration?.settings;
}
