/**
 * Runs one round and watches it. A round that is silent for too long is told to stop; one that does not stop is left
 * behind, so that no call that hangs can stop the loop. It never rejects.
 */

import type { Clock } from '../lib/clock.ts';
import type { RoundReport } from '../model/round.ts';
import type { RoundRequest, Rounds } from './ports.ts';

/** A call with its retries and the longest wait a platform may ask for ends well before this. */
const SILENCE_LIMIT_MS = 240_000;
/** What a call in flight is given to end after the round was told to stop. */
const GRACE_MS = 60_000;

/** `left`: settles when the round that was left behind ends after all. */
export type SupervisedRound =
  | { readonly how: 'reported'; readonly report: RoundReport }
  | { readonly how: 'threw'; readonly error: unknown }
  | { readonly how: 'abandoned'; readonly left: Promise<unknown> };

export interface SupervisionDeps {
  readonly rounds: Rounds;
  readonly clock: Clock;
  /** Told once when the round is stopped for its silence. */
  readonly onStuck: (silentMs: number) => void;
}

/** Aborting `controller` stops the round; supervision does so itself when the round is silent for too long. */
export async function superviseRound(
  deps: SupervisionDeps,
  request: Omit<RoundRequest, 'signal'>,
  controller: AbortController,
): Promise<SupervisedRound> {
  const { clock } = deps;
  let movedAt = clock.monotonic();
  const onProgress = () => {
    movedAt = clock.monotonic();
    request.onProgress();
  };
  const ended = new AbortController();
  const work = settle(deps.rounds, { ...request, onProgress, signal: controller.signal });
  const watch = async (): Promise<SupervisedRound> => {
    for (;;) {
      const left = SILENCE_LIMIT_MS - (clock.monotonic() - movedAt);
      if (left <= 0) break;
      await clock.sleep(left, ended.signal);
    }
    deps.onStuck(clock.monotonic() - movedAt);
    controller.abort(new Error('the round was silent for too long'));
    await clock.sleep(GRACE_MS, ended.signal);
    return { how: 'abandoned', left: work };
  };
  try {
    return await Promise.race([work, watch()]);
  } finally {
    ended.abort();
  }
}

async function settle(rounds: Rounds, request: RoundRequest): Promise<SupervisedRound> {
  try {
    return { how: 'reported', report: await rounds.run(request) };
  } catch (error) {
    return { how: 'threw', error };
  }
}
