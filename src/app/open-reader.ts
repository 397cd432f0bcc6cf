/**
 * Read-only access to an account: a client without write calls, the state without its lock, and a log of the
 * calls.
 */

import { nodeDisk } from '../lib/disk-node.ts';
import type { ElapsedClock } from '../lib/elapsed-clock.ts';
import { writeCall } from '../log/write-round.ts';
import { say } from '../messages/say.ts';
import { foldStateChange } from '../model/fold-state.ts';
import type { Settings } from '../model/settings.ts';
import type { State } from '../model/state.ts';
import type { OnCall } from '../platform/ports.ts';
import type { AccountObserver } from '../reconcile/ports.ts';
import { takeBackLost } from '../reconcile/recall.ts';
import { readElapsedClock } from '../record/elapsed-time.ts';
import { readState } from '../record/load-state.ts';
import type { Closers } from './closers.ts';
import type { Context } from './context.ts';
import { openAccount, openTokenSink } from './open-account.ts';
import { openEventLog } from './open-records.ts';

export interface Reader {
  readonly observer: AccountObserver;
  readonly state: State;
  /** What is decided by time is decided by this one. */
  readonly clock: ElapsedClock;
}

/** Leaves nothing behind, so it may be opened beside a running daemon. Logs go to stderr. */
export async function openReader(
  settings: Settings,
  context: Context,
  {
    closers,
    onCall = () => {},
    elsewhere,
  }: {
    readonly closers: Closers;
    readonly onCall?: OnCall;
    /** The state of a daemon on another host, whose token sink is not here. */
    readonly elsewhere?: State | undefined;
  },
): Promise<Reader> {
  const { platform } = settings;
  const state = elsewhere ?? (await readOwnState(settings));
  const clock = readElapsedClock(state, context.clock);
  const log = await openEventLog(settings, context, { stream: 'stderr', closers });
  const account = openAccount(platform, context, {
    onCall(report, about) {
      writeCall(log, report, about);
      onCall(report, about);
    },
    clock,
    onWarning: (warning) => log.write('token_warning', { detail: say(warning) }),
  });
  closers.add(() => account.close());
  return { observer: account.observer, state, clock };
}

async function readOwnState(settings: Settings): Promise<State> {
  const { platform, stateDir } = settings;
  const state = await readState({ disk: nodeDisk, dir: stateDir, endpoint: platform.baseUrl });
  for (const change of await takeBackLost(state, openTokenSink(settings))) foldStateChange(state, change);
  return state;
}
