/** Which reports of rounds make a problem, for how long, and under which id. */
import { expect, it } from 'vitest';
import { changeOf } from '../../test/builders/apply-world.ts';
import { asAppKey } from '../model/identity.ts';
import type { Plan, Withheld, WithheldReason } from '../model/plan.ts';
import type { Outcome, RoundReport } from '../model/round.ts';
import { createProblemBook } from './problem.ts';

const withheldOf = (key: string, reason: WithheldReason, needsDecision: boolean) =>
  ({
    key: asAppKey(key),
    id: null,
    action: 'update',
    reason,
    needsDecision,
    message: reason,
    release: '',
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
      ? { kind, operation: 'update_app', message: 'refused', attempts: 1, logid: 'l-1' }
      : { kind, message: 'stopped' },
});

function roundOf(more: Partial<RoundReport>, withheld?: readonly Withheld[]): RoundReport {
  const plan = withheld === undefined ? {} : { plan: { withheld } as unknown as Plan };
  const about = { round: 1, triggers: ['schedule'] as const, startedAt: 0, endedAt: 1, calls: 1 };
  return { ...about, result: 'converged', outcomes: [], ...plan, ...more };
}

const DOWN = { kind: 'transient', operation: 'list_apps', message: 'HTTP 503', attempts: 4 } as const;

it('keeps a failed entry a problem while it is left alone, under one id, with its reason and logid', () => {
  const book = createProblemBook();
  book.observeRound(roundOf({ result: 'failed', outcomes: [failedOf('orders', 'invalid')] }, []));
  const [first] = book.list().values();
  expect(first).toMatchObject({ kind: 'failing', key: 'orders', reason: 'invalid', logid: 'l-1' });
  book.observeRound(roundOf({}, [withheldOf('orders', 'backoff', false)]));
  expect([...book.list().values()]).toEqual([first]);
  book.observeRound(roundOf({}, []));
  expect(book.list().size).toBe(0);
});

it('takes for held what needs a decision, and not what the operator wanted or what was interrupted', () => {
  const book = createProblemBook();
  const withheld = [withheldOf('a', 'contested', true), withheldOf('b', 'protected', false)];
  book.observeRound(roundOf({ result: 'held', outcomes: [failedOf('c', 'interrupted')] }, withheld));
  expect([...book.list().values()].map(({ kind, key }) => [kind, key])).toEqual([['held', 'a']]);
});

it('makes a problem of a round that fails as a whole only when the next one does too', () => {
  const book = createProblemBook();
  const down = roundOf({ result: 'unreadable', failure: DOWN });
  book.observeRound(down);
  expect(book.list().size).toBe(0);
  book.observeRound(roundOf({}, []));
  book.observeRound(down);
  expect(book.list().size).toBe(0);
  book.observeRound(down);
  expect([...book.list().values()]).toMatchObject([
    { id: 'round', reason: 'transient', message: 'HTTP 503' },
  ]);
  book.observeRound(roundOf({}, []));
  expect(book.list().size).toBe(0);
});

it('learns nothing from a round that was cut short or could not read the account', () => {
  const book = createProblemBook();
  book.observeRound(roundOf({ result: 'held' }, [withheldOf('a', 'contested', true)]));
  book.observeRound(roundOf({ result: 'aborted' }, []));
  book.observeRound(roundOf({ result: 'unreadable', failure: DOWN }));
  expect([...book.list().keys()]).toEqual(['held a update contested']);
});

it('keeps an invalid file and a held one apart', () => {
  const book = createProblemBook();
  book.observeConfiguration({
    id: 'configuration invalid',
    kind: 'held',
    key: null,
    reason: 'invalid',
    message: 'x.yaml:1: no',
  });
  expect([...book.list().keys()]).toEqual(['configuration invalid']);
  book.observeConfiguration(undefined);
  expect(book.list().size).toBe(0);
});
