import { beforeEach, describe, expect, it } from 'vitest';
import { changeOf } from '../../test/builders/apply-world.ts';
import { verbatim } from '../messages/message.ts';
import type { CallReport } from '../model/calls.ts';
import { type AppKey, asAppId, asAppKey } from '../model/identity.ts';
import type { Plan, Withheld, WithheldReason } from '../model/plan.ts';
import type { Outcome, OutcomeResult, RoundReport } from '../model/round.ts';
import { emptyState, type OwnedApp } from '../model/state.ts';
import { METRICS } from './metric-catalogue.ts';
import { createMetrics, type Metrics } from './metrics.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 10, 21);

const CALL: CallReport = {
  operation: 'list_apps',
  method: 'GET',
  path: '/v1/api_apps',
  status: 200,
  at: START,
  durationMs: 250,
  attempt: 1,
};

const WELL = { healthy: { ok: true }, ready: { ok: true } };

function heldOf(key: string, reason: WithheldReason, more: Partial<Withheld> = {}): Withheld {
  return {
    action: 'update',
    key: asAppKey(key),
    id: null,
    appType: null,
    name: null,
    reason,
    needsDecision: true,
    message: verbatim(''),
    release: verbatim(''),
    fields: [],
    candidates: [],
    ...more,
  };
}

function outcomeOf(key: string, result: OutcomeResult, action: 'update' | 'delete' = 'update'): Outcome {
  return { change: changeOf(key, { action }), result, calls: [], warnings: [], startedAt: 0, endedAt: 0 };
}

function planOf(
  withheld: readonly Withheld[],
  counts: { unchanged?: number; unmanaged?: number } = {},
): Plan {
  const summary = { unchanged: 0, unmanaged: 0, ...counts };
  return { withheld, summary, unmanaged: [], state: { lineage: 'lineage', serial: 1 } } as unknown as Plan;
}

function roundOf(more: Partial<RoundReport>): RoundReport {
  const startedAt = more.startedAt ?? START;
  return {
    round: 1,
    triggers: ['schedule'],
    startedAt,
    endedAt: startedAt + 1_500,
    result: 'converged',
    outcomes: [],
    calls: 1,
    ...more,
  };
}

describe('the metrics', () => {
  let now: number;
  let metrics: Metrics;
  let tokenWrittenAt: number | undefined;
  let callBudget: number | undefined;
  const state = emptyState('l', 'https://api.coze.cn');
  /** The value of one line of the page; undefined when it is not there. */
  const valueAt = async (line: string) => {
    const { text } = await metrics.render(WELL);
    const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
    return found === undefined ? undefined : Number(found.slice(line.length + 1));
  };

  beforeEach(() => {
    now = START;
    tokenWrittenAt = undefined;
    callBudget = undefined;
    metrics = createMetrics({
      clock: { now: () => now },
      version: '1.2.3',
      withProcess: false,
      sources: {
        state: () => state,
        pacing: () => ({ requestsPerSecond: 4.5, concurrency: 3, inFlight: 2, waiting: 7, waitedMs: 12_500 }),
        logLinesLost: () => 0,
        callsToday: () => 42,
        callBudget: () => callBudget,
        tokenWrittenAt: async () => tokenWrittenAt,
      },
    });
  });

  it('count requests by operation and outcome, and how long they took', async () => {
    metrics.observeCall(CALL);
    metrics.observeCall(CALL);
    metrics.observeCall({ ...CALL, failure: 'rate_limited' });
    expect(await valueAt('callbackd_platform_requests_total{operation="list_apps",outcome="ok"}')).toBe(2);
    expect(
      await valueAt('callbackd_platform_requests_total{operation="list_apps",outcome="rate_limited"}'),
    ).toBe(1);
    const bucket = 'callbackd_platform_request_duration_seconds_bucket';
    expect(await valueAt(`${bucket}{le="0.2",operation="list_apps"}`)).toBe(0);
    expect(await valueAt(`${bucket}{le="0.5",operation="list_apps"}`)).toBe(3);
  });

  it('count rounds and changes by result', async () => {
    expect(await valueAt('callbackd_rounds_total{result="failed"}')).toBe(0);
    const outcomes = [outcomeOf('a', 'applied'), outcomeOf('b', 'applied'), outcomeOf('c', 'failed')];
    metrics.observeRound(roundOf({ result: 'failed', outcomes }));
    expect(await valueAt('callbackd_rounds_total{result="failed"}')).toBe(1);
    expect(await valueAt('callbackd_changes_total{action="update",result="applied"}')).toBe(2);
    expect(await valueAt('callbackd_changes_total{action="update",result="failed"}')).toBe(1);
    expect(await valueAt('callbackd_round_duration_seconds_sum')).toBe(1.5);
  });

  it('tell failures in a row and the last success, and take a round that was cut short for neither', async () => {
    const failures = () => valueAt('callbackd_consecutive_failures');
    const successAt = () => valueAt('callbackd_last_success_timestamp_seconds');
    expect([await failures(), await successAt()]).toEqual([0, 0]);
    metrics.observeRound(roundOf({ result: 'failed' }));
    metrics.observeRound(roundOf({ result: 'unreadable' }));
    metrics.observeRound(roundOf({ result: 'aborted' }));
    expect([await failures(), await successAt()]).toEqual([2, 0]);
    metrics.observeRound(roundOf({ result: 'held' }));
    expect([await failures(), await successAt()]).toEqual([0, START / 1_000 + 1.5]);
  });

  it('tell what the last plan came to, and drop what no longer holds', async () => {
    const withheld = [
      heldOf('a', 'ambiguous'),
      heldOf('b', 'ambiguous'),
      heldOf('c', 'backoff', { needsDecision: false }),
    ];
    const outcomes = [
      outcomeOf('d', 'applied'),
      outcomeOf('e', 'applied', 'delete'),
      outcomeOf('f', 'failed'),
    ];
    metrics.observeRound(
      roundOf({ plan: planOf(withheld, { unchanged: 5, unmanaged: 9 }), outcomes, result: 'failed' }),
    );
    expect(await valueAt('callbackd_entries{state="in_sync"}')).toBe(6);
    expect(await valueAt('callbackd_entries{state="needs_decision"}')).toBe(2);
    expect(await valueAt('callbackd_entries{state="failing"}')).toBe(2);
    expect(await valueAt('callbackd_withheld{reason="ambiguous"}')).toBe(2);
    expect(await valueAt('callbackd_apps{ownership="unmanaged"}')).toBe(9);
    metrics.observeRound(roundOf({ plan: planOf([], { unchanged: 8 }) }));
    expect(await valueAt('callbackd_withheld{reason="ambiguous"}')).toBe(0);
    expect(await valueAt('callbackd_entries{state="in_sync"}')).toBe(8);
    metrics.observeRound(roundOf({ result: 'unreadable' }));
    expect(await valueAt('callbackd_entries{state="in_sync"}')).toBe(8);
  });

  it('tell for how long an entry has not been true, until it is', async () => {
    const lagOf = (key: string) => valueAt(`callbackd_entry_out_of_sync_seconds{app_key="${key}"}`);
    const untrue = {
      plan: planOf([
        heldOf('held', 'contested'),
        heldOf('paused', 'paused'),
        heldOf('orphan', 'delete_grace', { action: 'delete' }),
      ]),
      outcomes: [outcomeOf('failing', 'failed'), outcomeOf('good', 'applied')],
      result: 'failed',
    } as const;
    metrics.observeRound(roundOf(untrue));
    metrics.observeRound(roundOf({ ...untrue, startedAt: START + 60_000 }));
    metrics.observeRound(roundOf({ result: 'unreadable', startedAt: START + 90_000 }));
    now = START + 100_000;
    expect([await lagOf('held'), await lagOf('failing')]).toEqual([100, 100]);
    expect([await lagOf('paused'), await lagOf('orphan'), await lagOf('good')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(await valueAt('callbackd_entries_out_of_sync')).toBe(2);
    metrics.observeRound(roundOf({ plan: planOf([]), outcomes: [outcomeOf('failing', 'applied')] }));
    expect([await lagOf('held'), await lagOf('failing')]).toEqual([undefined, undefined]);
    expect(await valueAt('callbackd_entries_out_of_sync')).toBe(0);
  });

  it('name at most fifty entries, the oldest, and count them all', async () => {
    const first = [heldOf('oldest', 'contested')];
    const more = Array.from({ length: 80 }, (_, index) => heldOf(`app-${index}`, 'contested'));
    metrics.observeRound(roundOf({ plan: planOf(first) }));
    metrics.observeRound(roundOf({ plan: planOf([...more, ...first]), startedAt: START + 1_000 }));
    const { text } = await metrics.render(WELL);
    expect(text.match(/app_key=/g)).toHaveLength(50);
    expect(text).toContain('app_key="oldest"');
    expect(await valueAt('callbackd_entries_out_of_sync')).toBe(81);
  });

  it('tell whether the configuration could be taken over, and when it last could', async () => {
    metrics.setConfiguration({ ok: true, at: START });
    metrics.setConfiguration({ ok: false, at: START + 5_000 });
    expect(await valueAt('callbackd_source_last_reload_successful')).toBe(0);
    expect(await valueAt('callbackd_source_last_reload_success_timestamp_seconds')).toBe(START / 1_000);
    metrics.setConfiguration({ ok: true, at: START + 9_000 });
    expect(await valueAt('callbackd_source_last_reload_successful')).toBe(1);
  });

  it('ask the state, the pacing and the budget at each scrape', async () => {
    const owned = (key: string, more: Partial<OwnedApp> = {}): [AppKey, OwnedApp] => [
      asAppKey(key),
      {
        key: asAppKey(key),
        id: asAppId('1'),
        appType: 'normal',
        how: 'created',
        boundAt: 0,
        applied: {},
        protect: false,
        activating: false,
        ...more,
      },
    ];
    state.apps.set(...owned('a'));
    state.apps.set(...owned('b', { condemnedAt: 5 }));
    expect(await valueAt('callbackd_apps{ownership="owned"}')).toBe(2);
    expect(await valueAt('callbackd_condemned_apps')).toBe(1);
    expect(await valueAt('callbackd_open_intents')).toBe(0);
    expect(await valueAt('callbackd_platform_requests_waiting')).toBe(7);
    expect(await valueAt('callbackd_platform_concurrency_limit')).toBe(3);
    expect(await valueAt('callbackd_platform_requests_per_second_limit')).toBe(4.5);
    expect(await valueAt('callbackd_platform_pacing_wait_seconds_total')).toBe(12.5);
    expect(await valueAt('callbackd_platform_pacing_wait_seconds_total')).toBe(12.5);
    expect(await valueAt('callbackd_calls_today')).toBe(42);
  });

  it('leave out a budget and a token age that are not there', async () => {
    expect(await valueAt('callbackd_call_budget')).toBeUndefined();
    expect(await valueAt('callbackd_token_age_days')).toBeUndefined();
    callBudget = 2_000;
    tokenWrittenAt = START - 3 * DAY;
    expect(await valueAt('callbackd_call_budget')).toBe(2_000);
    expect(await valueAt('callbackd_token_age_days')).toBe(3);
    callBudget = undefined;
    expect(await valueAt('callbackd_call_budget')).toBeUndefined();
  });

  it('count messages to receivers of notifications', async () => {
    metrics.countNotification('ops', 'sent');
    expect(await valueAt('callbackd_notifications_total{receiver="ops",result="sent"}')).toBe(1);
  });

  it('give the verdicts of the probes', async () => {
    const { text } = await metrics.render({ healthy: { ok: true }, ready: { ok: false } });
    expect(text).toMatch(/^callbackd_healthy 1$/m);
    expect(text).toMatch(/^callbackd_ready 0$/m);
  });

  it('say what runs, in the text format of Prometheus', async () => {
    const { contentType } = await metrics.render(WELL);
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await valueAt('callbackd_build_info{version="1.2.3"}')).toBe(1);
  });

  it('share nothing with another set of metrics in the process', async () => {
    const options = { clock: { now: () => now }, version: '', withProcess: true } as const;
    const pacing = () => ({ requestsPerSecond: 1, concurrency: 1, inFlight: 0, waiting: 0, waitedMs: 0 });
    const other = createMetrics({
      ...options,
      sources: {
        state: () => state,
        pacing,
        logLinesLost: () => 0,
        callsToday: () => 0,
        callBudget: () => undefined,
        tokenWrittenAt: async () => undefined,
      },
    });
    other.observeCall(CALL);
    expect((await metrics.render(WELL)).text).not.toMatch(/outcome="ok"|^process_/m);
    expect((await other.render(WELL)).text).toMatch(/^process_resident_memory_bytes /m);
  });

  it('are all on the page, under a name of ours', async () => {
    callBudget = 1;
    tokenWrittenAt = START;
    const { text } = await metrics.render(WELL);
    const shown = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => `${name} ${type}`);
    const declared = Object.values(METRICS).map(({ name, type }) => `${name} ${type}`);
    expect(shown.sort()).toEqual(declared.sort());
    for (const { name } of Object.values(METRICS)) expect(name).toMatch(/^callbackd_[a-z_]+$/);
  });
});
