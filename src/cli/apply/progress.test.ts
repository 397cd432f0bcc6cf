import { expect, it } from 'vitest';
import { verbatim } from '../../messages/message.ts';
import { createTranslator } from '../../messages/say.ts';
import { asAppKey } from '../../model/identity.ts';
import type { Outcome } from '../../model/round.ts';
import { createApplyProgress } from './progress.ts';

function outcome(key: string, failure?: string): Outcome {
  const change = { key: asAppKey(key), id: null, action: 'create' } as unknown as Outcome['change'];
  const failed = {
    result: 'failed',
    failure: { kind: 'internal', message: verbatim(failure ?? '') },
  } as const;
  const ended = failure === undefined ? ({ result: 'applied' } as const) : failed;
  return { change, calls: [], warnings: [], startedAt: 0, endedAt: 0, ...ended };
}

function watch(isLive: boolean, total = 2) {
  const written: string[] = [];
  const time = { now: 0 };
  const clock = { now: () => time.now, monotonic: () => time.now, sleep: async () => {} };
  const progress = createApplyProgress(
    total,
    { note: (text) => written.push(text), isLive, translate: createTranslator('en') },
    clock,
  );
  return { written, progress, time };
}

it('rewrites one line in place, leaves failures above it, and takes the line away at the end', () => {
  const { written, progress } = watch(true);
  progress.add(outcome('a'));
  progress.add(outcome('b', 'no such receiver'));
  progress.end();
  expect(written[0]).toContain('0/2');
  expect(written[1]).toMatch(/\[#{12}-{12}\] 1\/2 .* create a$/);
  expect(written[2]).toBe('\r\u001b[Kfailed to create b: no such receiver\n');
  expect(written[3]).toMatch(/2\/2 .* 1 failed/);
  expect(written[4]).toBe('\r\u001b[K');
});

it('writes nothing but sentences where nobody watches', () => {
  const { written, progress } = watch(false);
  progress.add(outcome('a', 'broken'));
  progress.say('A sentence.');
  progress.end();
  expect(written).toEqual(['A sentence.\n']);
});

it('forecasts the rest once the rate says something, and not before', () => {
  const { written, progress, time } = watch(true, 100);
  for (let done = 1; done <= 20; done += 1) {
    time.now += 1_000;
    progress.add(outcome(`app-${done}`));
  }
  expect(written[9]).toMatch(/ 9\/100 {2}1\.0\/s {2}create/);
  expect(written[20]).toMatch(/ 20\/100 {2}1\.0\/s {2}about 1m20s remaining {2}create app-20$/);
});
