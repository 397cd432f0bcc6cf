/** One truth: what the summary counts, and when it is green. */

import { describe, expect, it } from 'vitest';
import { verbatim } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import { asAppId, asAppKey } from './identity.ts';
import type { Action, Change, Step, Withheld, WithheldReason } from './plan.ts';
import type { Outcome } from './round.ts';
import { describeSummary, type SummaryFacts, summariseEntries, toneOf } from './summary.ts';

const ID = asAppId('7512000000000000001');

function hold(key: string, reason: WithheldReason, more: Partial<Withheld> = {}): Withheld {
  return {
    ...{ action: 'update', key: asAppKey(key), id: ID, appType: 'normal', name: key, reason },
    ...{ needsDecision: false, message: verbatim(''), release: verbatim(''), fields: [], candidates: [] },
    ...more,
  };
}

function change(key: string, action: Action, steps: readonly Step[] = []): Change {
  return { action, key: asAppKey(key), id: ID, steps } as unknown as Change;
}

function outcome(of: Change, result: Outcome['result'], kind: string | undefined): Outcome {
  const failure = kind === undefined ? {} : { failure: { kind, message: verbatim('no') } };
  return { change: of, result, calls: [], warnings: [], startedAt: 0, endedAt: 0, ...failure } as Outcome;
}

interface World {
  readonly withheld?: readonly Withheld[];
  readonly changes?: readonly Change[];
  readonly outcomes?: readonly Outcome[];
  readonly paused?: readonly string[];
  readonly unchanged?: number;
}

function summarise({ withheld = [], changes = [], outcomes = [], paused = [], unchanged = 0 }: World) {
  const plan = { changes, withheld, summary: { unchanged } } as unknown as NonNullable<SummaryFacts['plan']>;
  return summariseEntries({ plan, outcomes, paused: paused.map((key) => asAppKey(key)) });
}

const told = (world: World): string => say(describeSummary(summarise(world)));
const toneIn = (world: World) => toneOf(summarise(world), []);

const UPDATE: Step = { do: 'update_app', callbackUrl: 'https://hooks.example.com/x' };
const BIND: Step = { do: 'bind', id: ID, how: 'adopted' };

describe('the summary', () => {
  it('tells the worst first, and every entry once', () => {
    const failing = ['a', 'b', 'c', 'd'].map((key) => hold(key, 'backoff'));
    const limit = { action: 'delete', needsDecision: true } as const;
    const deletes = ['e', 'f', 'g', 'h', 'i'].map((key) => hold(key, 'deletes_per_round', limit));
    const world = { withheld: [hold('j', 'paused'), ...deletes, ...failing], unchanged: 41 };
    expect(told(world)).toBe('4 failing · 5 deletes need approval · 1 paused · 41 in sync');
    expect(say(describeSummary(summarise(world)), 'zh')).toBe(
      '4 个失败 · 5 项删除待批准 · 1 个已暂停 · 41 个已同步',
    );
    expect(told({ withheld: [hold('a', 'paused'), hold('a', 'backoff')] })).toBe('1 failing');
  });

  it('counts an entry as failing from its failure on, the wait for its next try included', () => {
    const create = change('a', 'create');
    const failed = { changes: [create], outcomes: [outcome(create, 'failed', 'receiver')] };
    expect([told(failed), toneIn(failed)]).toEqual(['1 failing', 'bad']);
    const waits = { withheld: [hold('a', 'backoff')], unchanged: 11 };
    expect([told(waits), toneIn(waits)]).toEqual(['1 failing · 11 in sync', 'bad']);
  });

  it('takes what was cut short or not begun for pending, and what was applied for in sync', () => {
    const [one, two, three] = [change('a', 'create'), change('b', 'create'), change('c', 'delete')] as const;
    const outcomes = [outcome(one, 'failed', 'interrupted'), outcome(three, 'applied', undefined)];
    expect(told({ changes: [one, two, three], outcomes })).toBe('2 to create');
    expect(told({ changes: [one], outcomes: [outcome(one, 'applied', undefined)] })).toBe('1 in sync');
  });

  it('says how many of the apps that are adopted or rebound are changed as well', () => {
    const quiet = change('a', 'adopt', [BIND]);
    const changed = ['b', 'c'].map((key) => change(key, 'adopt', [BIND, UPDATE]));
    expect(told({ changes: [quiet, ...changed] })).toBe('3 to adopt, 2 of them changed');
    expect(told({ changes: [quiet] })).toBe('1 to adopt');
    expect(told({ changes: [change('d', 'rebind', [UPDATE])] })).toBe('1 to rebind and change');
  });

  it('counts a pause of an entry in sync as a pause', () => {
    const world = { unchanged: 42, paused: ['a'] };
    expect([told(world), toneIn(world)]).toEqual(['1 paused · 41 in sync', 'calm']);
    expect(told({ withheld: [hold('a', 'paused')], paused: ['a'], unchanged: 41 })).toBe(
      '1 paused · 41 in sync',
    );
  });

  it.each<[string, World, string]>([
    ['every entry is as its file says', { unchanged: 3 }, 'ok'],
    ['an orphan is kept', { withheld: [hold('a', 'protected', { action: 'delete' })], unchanged: 3 }, 'ok'],
    ['an entry is protected from its replacement', { withheld: [hold('a', 'protected')] }, 'calm'],
    ['a delete waits for its time', { withheld: [hold('a', 'delete_grace')], unchanged: 49 }, 'busy'],
    ['a listing lags', { withheld: [hold('a', 'settling')], unchanged: 1 }, 'busy'],
    ['something is due', { changes: [change('a', 'update')], unchanged: 1 }, 'busy'],
    ['somebody must decide', { withheld: [hold('a', 'ambiguous', { needsDecision: true })] }, 'warn'],
  ])('is green only when every entry is as its file says: %s', (_, world, tone) => {
    expect(toneIn(world)).toBe(tone);
  });

  it('is never green where something is true of the whole account', () => {
    const summary = summarise({ unchanged: 3 });
    for (const state of ['paused_all', 'no_apps', 'file_invalid', 'stale', 'unreachable'] as const) {
      expect(toneOf(summary, [{ state, message: verbatim(state) }])).not.toBe('ok');
    }
  });
});
