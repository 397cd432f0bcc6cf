import { describe, expect, it } from 'vitest';
import { changeOf } from '../../test/builders/apply-world.ts';
import { collectLog, findStrayFields } from '../../test/builders/log-lines.ts';
import { verbatim } from '../messages/message.ts';
import type { CallReport, FailureKind } from '../model/calls.ts';
import { asAppId, asAppKey } from '../model/identity.ts';
import { tagOf } from '../model/mark.ts';
import type { Plan, Withheld } from '../model/plan.ts';
import type { Outcome, RoundReport } from '../model/round.ts';
import { emptyState } from '../model/state.ts';
import { writeCall, writeOpenedState, writeOutcome, writePlan, writeRound } from './write-round.ts';

const CALL: CallReport = {
  operation: 'update_app',
  method: 'PUT',
  path: '/v1/api_apps/7512345678901234567',
  status: 200,
  code: 0,
  logid: 'log-1',
  at: 0,
  durationMs: 41.6,
  attempt: 1,
};

function outcomeOf(more: Partial<Outcome>): Outcome {
  return {
    change: changeOf('a'),
    result: 'applied',
    calls: [],
    warnings: [],
    startedAt: 10,
    endedAt: 30,
    ...more,
  };
}

function heldOf(key: string, more: Partial<Withheld> = {}): Withheld {
  return {
    action: 'delete',
    key: asAppKey(key),
    id: asAppId('1'),
    appType: 'normal',
    name: key,
    reason: 'suspicious_absence',
    needsDecision: true,
    message: verbatim(`${key} is gone`),
    release: verbatim('callbackd approve'),
    fields: [],
    candidates: [],
    ...more,
  };
}

function planOf(more: Partial<Plan> = {}): Plan {
  const counts = { create: 0, update: 1, replace: 0, delete: 0, adopt: 0, rebind: 0, forget: 0 };
  return {
    formatVersion: 1,
    digest: 'd1',
    createdAt: 0,
    expiresAt: 0,
    endpoint: 'https://api.coze.cn',
    evidence: { passes: 1, apps: 1 } as unknown as Plan['evidence'],
    sourceDigest: 's',
    state: { lineage: 'l', serial: 1 },
    summary: { ...counts, unchanged: 4, withheld: more.withheld?.length ?? 0, unmanaged: 2 },
    changes: [changeOf('a')],
    withheld: [],
    unmanaged: [],
    ...more,
  };
}

function told(tell: (log: ReturnType<typeof collectLog>['log']) => void) {
  const { log, take } = collectLog();
  tell(log);
  const lines = take();
  expect(lines.flatMap(findStrayFields)).toEqual([]);
  return lines;
}

describe('a call in the log', () => {
  it('is one info line with everything that identifies it', () => {
    const context = { appKey: asAppKey('orders'), appId: asAppId('7512345678901234567') };
    expect(told((log) => writeCall(log, CALL, context))).toEqual([
      {
        level: 'info',
        time: '2026-11-21T08:00:00.000Z',
        operation: 'update_app',
        method: 'PUT',
        path: '/v1/api_apps/7512345678901234567',
        status: 200,
        code: 0,
        logid: 'log-1',
        durationMs: 42,
        attempt: 1,
        appKey: 'orders',
        appId: '7512345678901234567',
        msg: 'coze api call',
      },
    ]);
  });

  it.each<{ kind: FailureKind; next: string }>([
    { kind: 'transient', next: 'repeat_if_safe' },
    { kind: 'rate_limited', next: 'slow_down_and_repeat' },
    { kind: 'auth', next: 'look_for_another_token' },
    { kind: 'permission', next: 'look_for_another_token' },
    { kind: 'invalid', next: 'back_off_entry' },
    { kind: 'not_found', next: 'decide_from_next_listing' },
    { kind: 'paused_by_platform', next: 'stop_round' },
    { kind: 'unknown_outcome', next: 'settle_by_listing' },
    { kind: 'bad_response', next: 'do_not_believe_it' },
    { kind: 'budget', next: 'wait_for_next_day' },
    { kind: 'aborted', next: 'leave_to_next_round' },
  ])('that failed as $kind says so and what follows', ({ kind, next }) => {
    const failed = { ...CALL, code: 4000, msg: 'the platform said no', failure: kind };
    expect(told((log) => writeCall(log, failed))).toMatchObject([
      { level: 'info', code: 4000, failure: kind, err: { message: 'the platform said no' }, next },
    ]);
  });

  it('that brought no reply, or an empty message, still says what is known', () => {
    const { status: _, code: __, logid: ___, ...lost } = CALL;
    const lines = told((log) => {
      writeCall(log, { ...lost, failure: 'transient' });
      writeCall(log, { ...CALL, status: 502, msg: '', failure: 'transient' });
    });
    expect(lines).toMatchObject([{ err: { message: 'no reply' } }, { err: { message: 'HTTP status 502' } }]);
    expect(lines[0]).not.toHaveProperty('status');
  });
});

describe('a plan in the log', () => {
  it('is one info line with its digest and counts', () => {
    expect(told((log) => writePlan(log, planOf()))).toMatchObject([
      { level: 'info', msg: 'plan made', digest: 'd1', update: 1, unchanged: 4, unmanaged: 2 },
    ]);
  });

  it('without changes is worth a debug line', () => {
    expect(told((log) => writePlan(log, planOf({ changes: [] })))).toMatchObject([
      { level: 'debug', msg: 'plan has no changes' },
    ]);
  });

  it('tells of apps under the mark of another lineage, and not of those under ours', () => {
    const about = { appType: 'normal', name: 'orders' };
    const unmanaged = [
      { ...about, id: asAppId('1'), mark: '0dd5' },
      { ...about, id: asAppId('2'), mark: tagOf(planOf().state.lineage) },
      { ...about, id: asAppId('3') },
    ];
    expect(told((log) => writePlan(log, planOf({ unmanaged }))).slice(1)).toMatchObject([
      { level: 'warn', msg: 'another writer works here', appIds: ['1'], marks: ['0dd5'] },
    ]);
  });

  it('asks for a decision once per reason, however many entries wait for it', () => {
    const gone = Array.from({ length: 1_000 }, (_, index) => heldOf(`app-${index}`));
    const withheld = [...gone, heldOf('x', { reason: 'ambiguous' })];
    const warnings = told((log) => writePlan(log, planOf({ withheld }))).filter(
      (line) => line['level'] === 'warn',
    );
    expect(warnings).toMatchObject([
      { msg: 'decision needed', reason: 'suspicious_absence', held: 1_000, detail: 'app-0 is gone' },
      { msg: 'decision needed', reason: 'ambiguous', held: 1, appKeys: ['x'], release: 'callbackd approve' },
    ]);
    expect(warnings[0]?.['appKeys']).toHaveLength(10);
  });

  it('tells each withheld change at debug, and asks for no decision where time will tell', () => {
    const waits = heldOf('w', {
      reason: 'delete_grace',
      needsDecision: false,
      until: Date.UTC(2026, 10, 22),
    });
    const unmanaged = heldOf('u', { key: null, reason: 'deletes_per_day', needsDecision: false });
    const lines = told((log) => writePlan(log, planOf({ withheld: [waits, unmanaged] })));
    expect(lines.slice(1)).toMatchObject([
      { level: 'debug', msg: 'change held', appKey: 'w', until: '2026-11-22T00:00:00.000Z' },
      { level: 'debug', msg: 'change held', reason: 'deletes_per_day' },
    ]);
    expect(lines[2]).not.toHaveProperty('appKey');
  });
});

describe('an outcome in the log', () => {
  it('that was applied tells what changed, with the logid of its last request', () => {
    const fields = [{ path: 'name', before: 'a', after: 'b', lastApplied: 'a', changedBy: 'file' }] as const;
    const outcome = outcomeOf({
      change: changeOf('a', { fields, id: null }),
      id: asAppId('77'),
      calls: [CALL, { ...CALL, logid: 'log-2' }],
    });
    expect(told((log) => writeOutcome(log, outcome))).toMatchObject([
      {
        level: 'info',
        msg: 'change applied',
        action: 'update',
        appKey: 'a',
        appId: '77',
        reason: 'differs',
        paths: ['name'],
        durationMs: 20,
        calls: 2,
        logid: 'log-2',
      },
    ]);
  });

  it('that was skipped is worth a debug line', () => {
    const lines = told((log) => {
      writeOutcome(log, outcomeOf({ result: 'skipped', skippedBecause: verbatim('new configuration') }));
      writeOutcome(log, outcomeOf({ result: 'skipped' }));
    });
    expect(lines).toMatchObject([
      { level: 'debug', detail: 'new configuration' },
      { level: 'debug', detail: 'the round ended' },
    ]);
  });

  it.each([
    { kind: 'invalid', level: 'error' },
    { kind: 'permission', level: 'error' },
    { kind: 'transient', level: 'warn' },
    { kind: 'unknown_outcome', level: 'warn' },
  ] as const)(
    'that failed as $kind is at level $level, with all that helps to find out why',
    ({ kind, level }) => {
      const failure = {
        kind,
        operation: 'update_app',
        message: verbatim('refused'),
        advice: verbatim('fix it'),
        status: 200,
        code: 4000,
        logid: 'log-9',
        attempts: 2,
      } as const;
      expect(told((log) => writeOutcome(log, outcomeOf({ result: 'failed', failure })))).toMatchObject([
        { level, failure: kind, err: { message: 'refused' }, advice: 'fix it', code: 4000, logid: 'log-9' },
      ]);
    },
  );

  it('that failed without a request tells why', () => {
    const failure = { kind: 'disk', message: verbatim('the disk is full') } as const;
    expect(told((log) => writeOutcome(log, outcomeOf({ result: 'failed', failure })))).toMatchObject([
      { level: 'error', failure: 'disk', err: { message: 'the disk is full' } },
    ]);
  });

  it('with warnings has one more line for each', () => {
    const warnings = ['the receiver answered 500', 'the token was not delivered'];
    expect(
      told((log) => writeOutcome(log, outcomeOf({ warnings: warnings.map(verbatim) }))).slice(1),
    ).toMatchObject([
      { level: 'warn', warning: 'the receiver answered 500', appKey: 'a' },
      { level: 'warn', warning: 'the token was not delivered', appKey: 'a' },
    ]);
  });
});

describe('a round in the log', () => {
  const report = (more: Partial<RoundReport>): RoundReport => ({
    round: 9,
    triggers: ['schedule'],
    startedAt: 1_000,
    endedAt: 4_000,
    result: 'converged',
    outcomes: [],
    calls: 5,
    ...more,
  });

  it('tells what it did and when the next begins', () => {
    const outcomes = [outcomeOf({}), outcomeOf({ result: 'skipped' })];
    const plan = planOf({ withheld: [heldOf('h'), heldOf('i', { needsDecision: false })] });
    expect(told((log) => writeRound(log, report({ outcomes, plan }), Date.UTC(2026, 0, 1)))).toMatchObject([
      {
        level: 'info',
        round: 9,
        triggers: ['schedule'],
        durationMs: 3_000,
        calls: 5,
        applied: 1,
        failed: 0,
        skipped: 1,
        withheld: 2,
        needDecision: 1,
        unchanged: 4,
        nextAt: '2026-01-01T00:00:00.000Z',
      },
    ]);
  });

  const refused = {
    kind: 'auth',
    operation: 'list_apps',
    message: verbatim('refused'),
    attempts: 1,
  } as const;
  it.each<{ more: Partial<RoundReport>; level: string; msg: string }>([
    { more: {}, level: 'debug', msg: 'round found nothing to do' },
    { more: { outcomes: [outcomeOf({})] }, level: 'info', msg: 'round ended' },
    { more: { result: 'held' }, level: 'warn', msg: 'round ended with changes held' },
    { more: { result: 'aborted' }, level: 'info', msg: 'round cut short' },
    { more: { result: 'failed' }, level: 'warn', msg: 'round failed' },
    {
      more: { result: 'unreadable', failure: { ...refused, kind: 'transient' } },
      level: 'warn',
      msg: 'round failed',
    },
    { more: { result: 'unreadable', failure: refused }, level: 'error', msg: 'round blocked' },
    {
      more: { result: 'failed', failure: { kind: 'disk', message: verbatim('x') } },
      level: 'error',
      msg: 'round blocked',
    },
  ])('is "$msg" at level $level', ({ more, level, msg }) => {
    expect(told((log) => writeRound(log, report(more), null))).toMatchObject([{ level, msg, round: 9 }]);
  });
});

describe('an opened state in the log', () => {
  it('tells what it holds, and warns where the last process did not end cleanly', () => {
    const state = emptyState('lineage-1', 'https://api.coze.cn');
    const lines = told((log) => {
      writeOpenedState(log, { stateDir: '/s', state, recoveredBytes: 0 });
      writeOpenedState(log, { stateDir: '/s', state, recoveredBytes: 17 });
    });
    expect(lines).toMatchObject([
      { level: 'info', stateDir: '/s', lineage: 'lineage-1', serial: 0, apps: 0, intents: 0 },
      { level: 'info' },
      { level: 'warn', droppedBytes: 17 },
    ]);
  });
});
