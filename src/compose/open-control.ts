/** The control socket of the running daemon: flags and configuration say where it is, commands go out over it. */

import { CommandFailure } from '../cli/command-failure.ts';
import type { CommonFlags } from '../cli/ports.ts';
import { type ControlClient, createControlClient } from '../daemon/control-client.ts';
import { requestOverSocket } from '../lib/unix-http-client.ts';
import { CONFIG_DEFAULTS } from '../source/config-types.ts';
import type { Context } from './context.ts';
import { findConfigurationPath, loadConfigurationFile } from './load-configuration-file.ts';

/** Every answer but that of a round is there at once; the disk may be slow to take a decision down. */
const ANSWER_WITHIN_MS = 30_000;

export async function openControl(
  flags: CommonFlags,
  { edge }: Context,
  answerWithinMs = ANSWER_WITHIN_MS,
): Promise<ControlClient> {
  const where = await findSocket(flags, { edge });
  const { interrupted } = edge.signals;
  return createControlClient(async (request) => {
    const timeout = AbortSignal.timeout(answerWithinMs);
    const waits = request.path === '/v1/reconcile';
    try {
      return await requestOverSocket(
        where,
        request,
        waits ? interrupted : AbortSignal.any([interrupted, timeout]),
      );
    } catch (error) {
      if (!timeout.aborted || waits) throw error;
      throw new CommandFailure('failed', `${where}: the daemon gave no answer in time`, [
        'see its log, such as with `journalctl -u callbackd`',
      ]);
    }
  }, where);
}

/** A file that is broken now says nothing of where the daemon, which lives on an older one, listens: the default then. */
async function findSocket(flags: CommonFlags, { edge }: Pick<Context, 'edge'>): Promise<string> {
  const named = flags.controlSocket ?? edge.environment['CALLBACKD_CONTROL_SOCKET'];
  const socket = named === undefined || named === '' ? await readSocket(flags, { edge }) : named;
  if (socket !== undefined && socket !== 'off') return socket;
  throw new CommandFailure('failed', 'the control socket is switched off (`control.socket: off`)', [
    'name a path there and restart the daemon',
  ]);
}

async function readSocket(flags: CommonFlags, { edge }: Pick<Context, 'edge'>): Promise<string | undefined> {
  let file: string;
  try {
    file = findConfigurationPath(flags, edge);
  } catch (error) {
    if (error instanceof CommandFailure) return CONFIG_DEFAULTS.control.socket;
    throw error;
  }
  const loaded = await loadConfigurationFile(file, flags, edge);
  return loaded.ok ? loaded.configuration.settings.controlSocket : CONFIG_DEFAULTS.control.socket;
}
