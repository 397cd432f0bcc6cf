import { describe, expect, it } from 'vitest';
import { entry, id, keyOf, observedApp, ownedApp, planInput } from '../../test/builders/plan-world.ts';
import { DiskError } from '../lib/disk.ts';
import { sha256 } from '../lib/sha256.ts';
import { verbatim } from '../messages/message.ts';
import { PlatformError } from '../model/calls.ts';
import { foldStateChange } from '../model/fold-state.ts';
import type { Listing, ObservedState, Questions } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import type { Outcome } from '../model/round.ts';
import { emptyState, type MutableState, type StateChange } from '../model/state.ts';
import { type RoundDeps, runRound } from './run-round.ts';

const NOW = 1_000_000;

interface World {
  readonly deps: RoundDeps;
  readonly state: MutableState;
  readonly applied: Plan[];
  readonly committed: StateChange[];
}

function createWorld(overrides: Partial<RoundDeps> = {}): World {
  const state = emptyState('lineage', 'https://api.example.com');
  const applied: Plan[] = [];
  const committed: StateChange[] = [];
  const apps = [observedApp(1, { name: 'somebody else' })];
  const deps: RoundDeps = {
    observer: {
      list: async (): Promise<Listing> => ({ apps, pages: 1, startedAt: NOW, endedAt: NOW }),
      answer: async (listing: Listing, _questions: Questions): Promise<ObservedState> => ({
        apps: new Map(listing.apps.map((app) => [app.id, app])),
        evidence: 'complete',
        events: new Map(),
        probes: new Map(),
        listedAt: listing.startedAt,
      }),
    },
    journal: {
      state,
      recover: async () => {},
      async commit(changes) {
        committed.push(...[changes].flat());
        for (const change of [changes].flat()) foldStateChange(state, change);
      },
    },
    applier: {
      async apply({ plan }) {
        applied.push(plan);
        return plan.changes.map((change) => outcome(change, 'applied'));
      },
    },
    callsSent: () => 0,
    now: () => NOW,
    digest: sha256,
    ...overrides,
  };
  return { deps, state, applied, committed };
}

function outcome(change: Plan['changes'][number], result: Outcome['result']): Outcome {
  return { change, result, calls: [], warnings: [], startedAt: NOW, endedAt: NOW };
}

function round(
  { deps }: World,
  signals: { signal?: AbortSignal; preempt?: AbortSignal; deadline?: number } = {},
) {
  const { desired, policy } = planInput({ entries: [entry('a')] });
  const request = {
    desired,
    policy,
    endpoint: 'https://api.example.com',
    mode: 'daemon' as const,
    grants: { allowDeletes: false, subjects: new Set<string>() },
    signal: new AbortController().signal,
    ...signals,
  };
  return runRound(deps, request, { round: 7, triggers: ['start'] });
}

describe('a round', () => {
  it('plans on what was observed and reports what was applied', async () => {
    const world = createWorld();
    const report = await round(world);
    expect(report).toMatchObject({ round: 7, triggers: ['start'], result: 'converged' });
    expect(world.applied[0]?.changes.map(({ action, key }) => [action, key])).toEqual([['create', 'a']]);
  });

  it('gives a create that a crash cut off its settle time from now, before it plans', async () => {
    const world = createWorld();
    const intent = { key: keyOf('a'), appType: 'normal' as const, name: 'a', lookAlikes: [], openedAt: 1 };
    world.state.intents.set(intent.key, intent);
    await round(world);
    expect(world.committed[0]).toEqual({ type: 'intent_ended', key: 'a', at: NOW });
    expect(world.applied[0]?.changes).toEqual([]);
    expect(world.applied[0]?.withheld).toMatchObject([{ key: 'a', reason: 'settling' }]);
  });

  it('delivers a verify_token again that the sink has lost, and no other', async () => {
    const asked: string[][] = [];
    const sink = {
      async findLost(delivered: ReadonlyMap<string, string>) {
        asked.push([...delivered.values()]);
        return [keyOf('a')];
      },
    };
    const world = createWorld({ sink });
    for (const key of ['a', 'b']) {
      const app = ownedApp(key, 1, { tokenFingerprint: `fingerprint of ${key}` });
      world.state.apps.set(app.key, app);
    }
    world.state.apps.set(keyOf('never'), ownedApp('never', 3));
    await round(world);
    expect(asked).toEqual([['fingerprint of a', 'fingerprint of b']]);
    const taken = world.committed.filter(({ type }) => type === 'app_changed');
    expect(taken[0]).toEqual({ type: 'app_changed', key: 'a', patch: { tokenFingerprint: null } });
    expect(world.state.apps.get(keyOf('b'))?.tokenFingerprint).toBe('fingerprint of b');
  });

  it('applies nothing when the account could not be listed, and says why', async () => {
    const details = {
      kind: 'transient',
      operation: 'list_apps',
      message: verbatim('no'),
      attempts: 4,
    } as const;
    const observer = {
      ...createWorld().deps.observer,
      list: () => Promise.reject(new PlatformError(details)),
    };
    const world = createWorld({ observer });
    expect(await round(world)).toMatchObject({ result: 'unreadable', failure: details, outcomes: [] });
    expect(world.applied).toEqual([]);
  });

  it('reports a disk that fails and lets a bug through', async () => {
    const fail = (error: unknown) => createWorld({ applier: { apply: () => Promise.reject(error) } });
    expect(await round(fail(new DiskError('sync', '/state', 'EIO')))).toMatchObject({
      result: 'failed',
      failure: { kind: 'disk' },
    });
    await expect(round(fail(new TypeError('bug')))).rejects.toThrow('bug');
  });

  it('sends nothing while the disk still refuses what is to be recorded', async () => {
    const world = createWorld();
    const recover = () => Promise.reject(new DiskError('write', '/state', 'ENOSPC'));
    const journal = { ...world.deps.journal, recover };
    const report = await round({ ...world, deps: { ...world.deps, journal } });
    expect(report).toMatchObject({ result: 'failed', failure: { kind: 'disk' } });
    expect(world.applied).toEqual([]);
  });

  it('hands its deadline to the executor, and what that left out makes the round aborted', async () => {
    const deadlines: (number | undefined)[] = [];
    const world = createWorld({
      applier: {
        async apply({ plan }, { deadline }) {
          deadlines.push(deadline);
          return plan.changes.map((change) => outcome(change, 'skipped'));
        },
      },
    });
    expect(await round(world, { deadline: 900_000 })).toMatchObject({ result: 'aborted' });
    expect(deadlines).toEqual([900_000]);
  });

  it('ends as aborted, not as failed, when a newer configuration left changes undone', async () => {
    const newer = new AbortController();
    const world = createWorld({
      applier: {
        async apply({ plan }) {
          newer.abort(new Error('newer'));
          return plan.changes.map((change) => outcome(change, 'skipped'));
        },
      },
    });
    expect(await round(world, { preempt: newer.signal })).toMatchObject({ result: 'aborted' });
  });

  it('stops reading when a newer configuration arrives', async () => {
    const newer = new AbortController();
    newer.abort(new Error('newer'));
    const base = createWorld();
    const list: RoundDeps['observer']['list'] = async (context) => {
      context.signal.throwIfAborted();
      return base.deps.observer.list(context);
    };
    const world = createWorld({ observer: { ...base.deps.observer, list } });
    expect(await round(world, { preempt: newer.signal })).toMatchObject({ result: 'aborted', outcomes: [] });
    expect(world.applied).toEqual([]);
  });

  it('remembers what the planner noted before anything is applied', async () => {
    const world = createWorld();
    const gone = { key: keyOf('gone'), id: id(1), appType: 'normal' as const, how: 'created' as const };
    world.state.apps.set(gone.key, {
      ...gone,
      name: 'somebody else',
      boundAt: 0,
      applied: {},
      protect: false,
      activating: false,
    });
    const report = await round(world);
    expect(world.committed).toContainEqual(
      expect.objectContaining({ type: 'app_changed', patch: { condemnedAt: NOW } }),
    );
    expect(report.plan?.withheld).toMatchObject([{ key: 'gone', reason: 'delete_grace' }]);
  });
});
