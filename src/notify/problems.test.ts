/** Which reports of rounds make a problem, for how long, and under which id. */
import { expect, it } from 'vitest';
import { changeOf } from '../../test/builders/apply-world.ts';
import { verbatim } from '../messages/message.ts';
import { asAppKey } from '../model/identity.ts';
import type { Plan, Withheld, WithheldReason } from '../model/plan.ts';
import type { Outcome, RoundReport } from '../model/round.ts';
import { createProblemTracker } from './problems.ts';

const withheldOf = (key: string, reason: WithheldReason, needsDecision: boolean) =>
  ({
    key: asAppKey(key),
    id: null,
    action: 'update',
    reason,
    needsDecision,
    message: verbatim(reason),
    release: verbatim(''),
  }) as unknown as Withheld;

const failedOf = (key: string, kind: 'invalid' | 'interrupted'): Outcome => ({
  change: changeOf(key, { action: 'update' }),
  result: 'failed',
  calls: [],
  warnings: [],
  startedAt: 0,
  endedAt: 0,
  failure:
    kind === 'invalid'
      ? { kind, operation: 'update_app', message: verbatim('refused'), attempts: 1, logid: 'l-1' }
      : { kind, message: verbatim('stopped') },
});

function roundOf(more: Partial<RoundReport>, withheld?: readonly Withheld[]): RoundReport {
  const plan = withheld === undefined ? {} : { plan: { withheld } as unknown as Plan };
  const about = { round: 1, triggers: ['schedule'] as const, startedAt: 0, endedAt: 1, calls: 1 };
  return { ...about, result: 'converged', outcomes: [], ...plan, ...more };
}

const DOWN = {
  kind: 'transient',
  operation: 'list_apps',
  message: verbatim('HTTP 503'),
  attempts: 4,
} as const;

it('keeps a failed entry a problem while it is left alone, under one id, with its reason and logid', () => {
  const tracker = createProblemTracker();
  tracker.observeRound(roundOf({ result: 'failed', outcomes: [failedOf('orders', 'invalid')] }, []));
  const [first] = tracker.list().values();
  expect(first).toMatchObject({ kind: 'failing', key: 'orders', reason: 'invalid', logid: 'l-1' });
  tracker.observeRound(roundOf({}, [withheldOf('orders', 'backoff', false)]));
  expect([...tracker.list().values()]).toEqual([first]);
  tracker.observeRound(roundOf({}, []));
  expect(tracker.list().size).toBe(0);
});

it('takes for held what needs a decision, and not what the operator wanted or what was interrupted', () => {
  const tracker = createProblemTracker();
  const withheld = [withheldOf('a', 'contested', true), withheldOf('b', 'protected', false)];
  tracker.observeRound(roundOf({ result: 'held', outcomes: [failedOf('c', 'interrupted')] }, withheld));
  expect([...tracker.list().values()].map(({ kind, key }) => [kind, key])).toEqual([['held', 'a']]);
});

it('makes a problem of a round that fails as a whole only when the next one does too', () => {
  const tracker = createProblemTracker();
  const down = roundOf({ result: 'unreadable', failure: DOWN });
  tracker.observeRound(down);
  expect(tracker.list().size).toBe(0);
  tracker.observeRound(roundOf({}, []));
  tracker.observeRound(down);
  expect(tracker.list().size).toBe(0);
  tracker.observeRound(down);
  expect([...tracker.list().values()]).toMatchObject([
    { id: 'round', reason: 'transient', message: verbatim('HTTP 503') },
  ]);
  tracker.observeRound(roundOf({}, []));
  expect(tracker.list().size).toBe(0);
});

it('learns nothing from a round that was cut short or could not read the account', () => {
  const tracker = createProblemTracker();
  tracker.observeRound(roundOf({ result: 'held' }, [withheldOf('a', 'contested', true)]));
  tracker.observeRound(roundOf({ result: 'aborted' }, []));
  tracker.observeRound(roundOf({ result: 'unreadable', failure: DOWN }));
  expect([...tracker.list().keys()]).toEqual(['held a update contested']);
});

it('keeps an invalid file and a held one apart', () => {
  const tracker = createProblemTracker();
  tracker.observeConfiguration({
    id: 'configuration invalid',
    kind: 'held',
    key: null,
    reason: 'invalid',
    message: verbatim('x.yaml:1: no'),
  });
  expect([...tracker.list().keys()]).toEqual(['configuration invalid']);
  tracker.observeConfiguration(undefined);
  expect(tracker.list().size).toBe(0);
});
