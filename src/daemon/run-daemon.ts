/**
 * Runs the daemon: starts its parts, follows signals, stops in time. Decides nothing about apps and never
 * ends the process.
 */

import { type Clock, endWithin } from '../lib/clock.ts';
import type { EventWriter } from '../log/event-log.ts';
import { say } from '../messages/say.ts';
import type { DaemonControl } from './daemon-control.ts';
import { createDaemonParts, type DaemonDeps, type DaemonParts, type DaemonSnapshot } from './daemon-parts.ts';
import { describeStatus } from './describe-status.ts';
import { backoffMs } from './next-round.ts';
import type { Configurations, DaemonSignal } from './ports.ts';
import { feedWatchdog } from './systemd-notifier.ts';

/**
 * A stop takes at most 10 s in all (docs/operations.md); the rest is left for servers and the process itself.
 */
const STOP_LIMIT_MS = 8_000;
const CLOSE_LIMIT_MS = 500;

/** Something that listens, such as the control socket. */
export interface DaemonServer {
  close(): Promise<void>;
}

export interface RunDaemonDeps extends DaemonDeps {
  /** Starts the servers. A rejection ends the daemon before it reports that it is ready. */
  readonly listen?: (
    control: DaemonControl,
    snapshot: () => DaemonSnapshot,
  ) => Promise<readonly DaemonServer[]>;
}

/**
 * `finished`: the call in flight ended and was recorded. `timed_out`: it did not end within the stop limit;
 * its intent is durable. `forced`: a second signal.
 */
export interface DaemonEnd {
  readonly how: 'finished' | 'timed_out' | 'forced';
}

/**
 * Runs until a `stop` signal, and for less than 10 s after it. Rejects only when it cannot start, for example
 * when a socket is in use.
 */
export async function runDaemon(
  deps: RunDaemonDeps,
  signals: AsyncIterable<DaemonSignal>,
): Promise<DaemonEnd> {
  const parts = createDaemonParts(deps);
  const servers = (await deps.listen?.(parts.control, parts.snapshot)) ?? [];
  const background = new AbortController();
  await keepBootConfiguration(deps, parts);
  const looping = parts.loop.run();
  const tasks = [
    feedWatchdog({ ...deps, progress: parts.progress }, background.signal),
    keepWatching(
      deps,
      { onChange: () => void parts.reload('file'), onDetached: parts.onDetached },
      background.signal,
    ),
  ];
  // Before `ready` is sent to systemd: an unhandled SIGHUP would end the process.
  const following = followSignals(deps, parts, { signals, looping });
  await deps.notifier.ready(say(describeStatus(parts.facts())));
  const isForced = await following;
  background.abort();
  if (!isForced) {
    const closing = Promise.allSettled([...servers.map((server) => server.close()), ...tasks]);
    await endWithin(deps.clock, closing, CLOSE_LIMIT_MS);
  }
  const how = isForced ? 'forced' : parts.loop.facts.running === null ? 'finished' : 'timed_out';
  deps.events.write(how === 'finished' ? 'daemon_stopped' : 'daemon_cut_short', { how });
  return { how };
}

async function keepBootConfiguration(deps: RunDaemonDeps, parts: DaemonParts): Promise<void> {
  const { boot, events, configurations, version } = deps;
  const { configuration } = boot;
  const { origin } = parts.facts().configuration;
  events.write('daemon_started', {
    version,
    configuration: origin,
    apps: configuration.desired.apps.size,
    schedule: configuration.settings.schedule.cron,
  });
  if (origin !== 'file') return;
  await configurations.keep(configuration).catch((error: unknown) => {
    events.write('configuration_not_kept', { err: error });
  });
}

/**
 * Resolves once the daemon may end: true for a second `stop`, false when the loop ended or the stop limit
 * passed.
 */
function followSignals(
  { clock, events, notifier }: RunDaemonDeps,
  parts: DaemonParts,
  { signals, looping }: { signals: AsyncIterable<DaemonSignal>; looping: Promise<void> },
): Promise<boolean> {
  const stop = async (): Promise<void> => {
    events.write('daemon_stopping', { roundRunning: parts.loop.facts.running !== null });
    parts.stop();
    await Promise.all([
      notifier.stopping(say(describeStatus(parts.facts()))),
      endWithin(clock, looping, STOP_LIMIT_MS),
    ]);
  };
  return new Promise((resolve, reject) => {
    const follow = async (): Promise<void> => {
      let stops = 0;
      for await (const signal of signals) {
        if (signal === 'reload') void parts.reload('signal');
        else {
          stops += 1;
          if (stops > 1) return resolve(true);
          void stop().then(() => resolve(false), reject);
        }
      }
    };
    follow().catch(reject);
  });
}

const AGAIN_FIRST_MS = 1_000;
/** How often files are polled when file system events are lost. */
const POLL_MS = 1_000;
/** After a watch that lasted this long, the next failure counts as the first again. */
const HELD_MS = 60_000;

interface WatchReaction {
  readonly onChange: () => void;
  readonly onDetached: (files: readonly string[]) => void;
}

/** Runs until the signal aborts. Calls back after a failure too, because changes may have been missed. */
async function keepWatching(
  deps: { readonly configurations: Configurations; readonly events: EventWriter; readonly clock: Clock },
  { onChange, onDetached }: WatchReaction,
  signal: AbortSignal,
): Promise<void> {
  const { configurations, events, clock } = deps;
  const listener = {
    onChange,
    onDetached,
    onError: (error: Error) => events.write('watch_failed', { err: error, againInMs: POLL_MS }),
  };
  let failures = 0;
  while (!signal.aborted) {
    const startedAt = clock.monotonic();
    let error: unknown = new Error('watching ended without a reason');
    try {
      await configurations.watch(listener, signal);
    } catch (thrown) {
      error = thrown;
    }
    if (signal.aborted) return;
    failures = clock.monotonic() - startedAt >= HELD_MS ? 1 : failures + 1;
    const againInMs = backoffMs(failures, AGAIN_FIRST_MS);
    events.write('watch_failed', { err: error, againInMs });
    await clock.sleep(againInMs, signal).catch((thrown: unknown) => {
      if (!signal.aborted) throw thrown;
    });
    if (!signal.aborted) onChange();
  }
}
