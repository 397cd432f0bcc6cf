/**
 * Runs one round under supervision: one that makes no progress for too long is aborted, and abandoned when it
 * does not end then, so that a hanging call cannot stop the loop. Never rejects.
 */

import type { Clock } from '../lib/clock.ts';
import type { RoundReport } from '../model/round.ts';
import type { RoundRequest, Rounds } from './ports.ts';

/** Well above a call with its retries and the longest `Retry-After` that is honoured. */
const SILENCE_LIMIT_MS = 240_000;
/** How long a call in flight may take to end after the round was aborted. */
const GRACE_MS = 60_000;

/** `left`: settles when the abandoned round ends after all. */
export type SupervisedRound =
  | { readonly how: 'reported'; readonly report: RoundReport }
  | { readonly how: 'threw'; readonly error: unknown }
  | { readonly how: 'abandoned'; readonly left: Promise<unknown> };

export interface SupervisionDeps {
  readonly rounds: Rounds;
  readonly clock: Clock;
  /** Called once, when the round is aborted. */
  readonly onStuck: (silentMs: number) => void;
}

/** Aborting `controller` stops the round. */
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
