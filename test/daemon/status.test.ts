/** The status document and the status line, in each condition the daemon can be in. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import type { DaemonStatus } from '../../src/daemon/daemon-status.ts';
import { verbatim } from '../../src/messages/message.ts';
import { asAppKey } from '../../src/model/identity.ts';
import type { Change, Plan, Withheld } from '../../src/model/plan.ts';
import type { Outcome } from '../../src/model/round.ts';
import {
  BROKEN,
  buildConfiguration,
  buildPlan,
  buildSettings,
  type DaemonWorld,
  startDaemonWorld,
} from '../builders/daemon-world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const schemaFile = path.resolve(import.meta.dirname, '../../schema/status.schema.json');
const ajv = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true });
addFormats.default(ajv);
const validate = ajv.compile<DaemonStatus>(JSON.parse(readFileSync(schemaFile, 'utf8')));

/** The status as it goes over the wire, after checking it against the schema. */
function readStatus(world: DaemonWorld): DaemonStatus {
  const status: unknown = JSON.parse(JSON.stringify(world.control.status()));
  if (!validate(status)) throw new Error(ajv.errorsText(validate.errors, { separator: '\n' }));
  return status;
}

function planOf(counts: Partial<Plan['summary']>, withheld: readonly Withheld[] = []): Plan {
  const plan = buildPlan({ withheld });
  return { ...plan, summary: { ...plan.summary, ...counts } };
}

const held: Withheld = {
  action: 'delete',
  key: asAppKey('left-over'),
  id: null,
  appType: 'normal',
  name: null,
  reason: 'deletes_share',
  needsDecision: true,
  message: verbatim('3 of 4 apps would be deleted; the limit is 30 %'),
  release: verbatim('callbackd approve plan-digest-0001'),
  fields: [],
  candidates: [],
};
const standing: Withheld = {
  ...held,
  reason: 'protected',
  needsDecision: false,
  until: Date.UTC(2026, 11, 1),
};

function outcomeOf(result: Outcome['result'], action: Change['action']): Outcome {
  const change = { action, key: asAppKey('orders'), id: null, steps: [] } as unknown as Change;
  const failure = {
    kind: 'invalid',
    operation: 'create_app',
    message: verbatim('the platform refused the name'),
    attempts: 1,
    logid: '2026112103000001',
  } as const;
  return {
    change,
    result,
    calls: [],
    warnings: [],
    startedAt: 0,
    endedAt: 0,
    ...(result === 'failed' ? { failure } : {}),
  };
}

describe('the status', () => {
  it('says how many apps are in sync and held, and when the next round is', async () => {
    const world = await startDaemonWorld({
      script: () => ({
        result: 'held',
        plan: planOf({ unchanged: 40 }, [held, standing]),
        outcomes: [
          outcomeOf('applied', 'create'),
          outcomeOf('applied', 'update'),
          outcomeOf('applied', 'delete'),
        ],
      }),
    });
    await world.pass(2 * MINUTE);
    expect(readStatus(world)).toMatchObject({
      condition: 'held',
      sentence: '1 delete needs approval · 42 in sync · next round 03:10',
      apps: { desired: 1, in_sync: 42, held: 1, failed: 0 },
      plan: { withheld: [{ key: 'left-over', until: null }, { until: '2026-12-01T00:00:00.000Z' }] },
    });
    expect(world.told.at(-1)).toBe('status: 1 delete needs approval · 42 in sync · next round 03:10');
  });

  it('tells the next round in the schedule’s zone, with the day where it is not today', async () => {
    const settings = buildSettings({ schedule: { cron: '12 3 * * *', timezone: 'Asia/Shanghai' } });
    const world = await startDaemonWorld({
      files: { ok: true, configuration: buildConfiguration(['orders'], settings), warnings: [] },
    });
    await world.pass(SECOND);
    expect(readStatus(world).sentence).toBe('1 in sync · next round 2026-11-22 03:12');
  });

  it('is starting and not ready until the account was listed', async () => {
    const world = await startDaemonWorld({
      script: async (_request, clock) => {
        await clock.sleep(MINUTE);
        return {};
      },
    });
    await world.pass(SECOND);
    expect(readStatus(world)).toMatchObject({
      condition: 'starting',
      ready: { ok: false, reason: 'the first round is still running' },
      sentence: 'the account has not been read yet · round 1 running',
      rounds: { running: { round: 1, triggers: ['start'] } },
    });
    await world.pass(MINUTE);
    expect(readStatus(world)).toMatchObject({ condition: 'in_sync', ready: { ok: true } });
  });

  it('says why the account cannot be read, and stays healthy', async () => {
    const world = await startDaemonWorld({
      script: () => ({
        result: 'unreadable',
        plan: undefined as never,
        failure: {
          kind: 'auth',
          operation: 'list_apps',
          message: verbatim('the token was refused'),
          attempts: 2,
        },
      }),
    });
    await world.pass(SECOND);
    const status = readStatus(world);
    expect(status).toMatchObject({
      condition: 'failing',
      healthy: { ok: true },
      ready: { ok: false, reason: 'the account could not be listed: the token was refused' },
      rounds: { consecutive_failures: 1, last: { result: 'unreadable', failure: 'the token was refused' } },
    });
    expect(status.sentence).toContain('the platform refuses the token');
  });

  it('lists what failed with its logid', async () => {
    const world = await startDaemonWorld({
      script: () => ({
        result: 'failed',
        plan: planOf({ unchanged: 3 }),
        outcomes: [outcomeOf('failed', 'create')],
      }),
    });
    await world.pass(SECOND);
    expect(readStatus(world)).toMatchObject({
      condition: 'failing',
      apps: { in_sync: 3, failed: 1 },
      plan: { failed: [{ action: 'create', key: 'orders', kind: 'invalid', logid: '2026112103000001' }] },
    });
  });

  it('shows a broken file with its place, a pause, and a stop', async () => {
    const world = await startDaemonWorld({ files: BROKEN, lastGood: buildConfiguration() });
    await world.pass(SECOND);
    const asked = world.control.pause({ because: 'migration' }, 'alice');
    await world.pass(SECOND);
    await asked;
    const status = readStatus(world);
    expect(status.configuration.problem?.diagnostics[0]?.position).toEqual({
      file: 'callbackd.yaml',
      line: 12,
      column: 3,
    });
    expect(status.sentence).toBe(
      'configuration invalid, running on the last good one (callbackd.yaml:12: unknown key "callbak_url") · ' +
        'everything is paused · 1 in sync · next round 03:10',
    );
    world.signal('stop');
    await world.run(() => world.end !== undefined);
    expect(readStatus(world).condition).toBe('stopping');
  });
});
