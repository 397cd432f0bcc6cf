/**
 * One question about each of many apps, a few at a time: all the answers, or the first failure. After a
 * failure nothing new is asked, and what is under way has ended before it is thrown.
 */

import pMap from 'p-map';
import type { CallContext } from '../model/calls.ts';
import type { AppId } from '../model/identity.ts';

export interface AskOptions {
  readonly context: CallContext;
  readonly concurrency: number;
}

export async function askEach<Answer>(
  ids: readonly AppId[],
  ask: (id: AppId, context: CallContext) => Promise<Answer>,
  { context, concurrency }: AskOptions,
): Promise<ReadonlyMap<AppId, Answer>> {
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  const failures: unknown[] = [];
  const answers = new Map<AppId, Answer>();

  async function askOne(id: AppId): Promise<void> {
    if (failures.length > 0) return;
    try {
      answers.set(id, await ask(id, { ...context, signal, appId: id }));
    } catch (error) {
      failures.push(error);
      failed.abort();
    }
  }

  await pMap(ids, askOne, { concurrency });
  if (failures.length > 0) throw failures[0];
  return new Map(ids.flatMap((id) => (answers.has(id) ? [[id, answers.get(id) as Answer]] : [])));
}
