import { describe, expect, it } from 'vitest';
import {
  type ApplyWorld,
  changeOf,
  createApplyWorld,
  createOf,
  deleteOf,
  fail,
  own,
  ownedOf,
  planOf,
  refuse,
  sayOutcome,
  tokensOf,
  URL_OF,
} from '../../test/builders/apply-world.ts';
import { asAppId, asAppKey } from '../model/identity.ts';
import type { Change } from '../model/plan.ts';
import { applyPlan, changesUnderWay } from './apply-plan.ts';
import type { StopConditions } from './round-stop.ts';

async function apply(world: ApplyWorld, changes: readonly Change[], options: Partial<StopConditions> = {}) {
  const tokens = tokensOf('a', 'b', 'c');
  const signal = new AbortController().signal;
  const plan = planOf(...changes);
  const outcomes = await applyPlan({ plan, tokens }, world.deps, { signal, ...options });
  return outcomes.map(sayOutcome);
}

const results = async (outcomes: ReturnType<typeof apply>) => (await outcomes).map(({ result }) => result);

describe('the order of a plan', () => {
  it('begins deletes only when every other change has ended, however long one takes', async () => {
    const world = createApplyWorld({ concurrency: 8 });
    own(world, ownedOf('a'), ownedOf('b'));
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    world.on('PUT id-b https://hooks.example.com/b', () => held);
    const applied = apply(world, [changeOf('b'), deleteOf('a')]);
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    expect(world.story).toEqual(['PUT id-b https://hooks.example.com/b']);
    release();
    expect(await results(applied)).toEqual(['applied', 'applied']);
    expect(world.story.at(2)).toBe('commit delete_begun');
  });

  it('begins half as many changes again as requests may be in flight, and one after the other where that is one', () => {
    expect([1, 2, 3, 8, 64].map(changesUnderWay)).toEqual([1, 3, 4, 12, 96]);
  });

  it('keeps as many changes under way as the concurrency says, and no more', async () => {
    const world = createApplyWorld({ concurrency: 3 });
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    own(world, ...keys.map((key) => ownedOf(key)));
    let underWay = 0;
    let most = 0;
    world.on(/^PUT/, async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
      underWay -= 1;
    });
    await apply(
      world,
      keys.map((key) => changeOf(key)),
    );
    expect(most).toBe(3);
  });

  it('returns outcomes in the order of the plan and tells each as it ends', async () => {
    const world = createApplyWorld({ concurrency: 8 });
    own(world, ownedOf('a'), ownedOf('b'));
    const outcomes = await apply(world, [deleteOf('a'), changeOf('b')]);
    expect(outcomes.map(({ change }) => change.key)).toEqual(['a', 'b']);
    expect(world.ended.map(({ change }) => change.key)).toEqual(['b', 'a']);
  });
});

describe('bookkeeping', () => {
  const rebindOf = (key: string, from: string, id = asAppId(`id-${from}`)) =>
    changeOf(key, {
      action: 'rebind',
      reason: 'renamed_key',
      id,
      from: asAppKey(from),
      steps: [{ do: 'bind', id, how: 'rebound' }, { do: 'deliver_token' }],
    });

  it('lets two keys trade places in one commit, each keeping the record of its app', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a', { applied: { name: 'A' }, eventsSeenAt: 7 }));
    own(world, ownedOf('b', { applied: { name: 'B' }, condemnedAt: 9 }));
    expect(await results(apply(world, [rebindOf('a', 'b'), rebindOf('b', 'a')]))).toEqual([
      'applied',
      'applied',
    ]);
    expect(world.story.slice(0, 3)).toEqual([
      'unsink b',
      'unsink a',
      'commit app_bound app_unbound app_bound app_unbound',
    ]);
    const a = world.state.apps.get(asAppKey('a'));
    const b = world.state.apps.get(asAppKey('b'));
    expect(a).toMatchObject({ id: 'id-b', applied: { name: 'B' }, how: 'rebound' });
    expect(a?.condemnedAt).toBeUndefined();
    expect(b).toMatchObject({ id: 'id-a', applied: { name: 'A' }, eventsSeenAt: 7 });
  });

  it('records the adoption of a whole large account in one commit', async () => {
    const world = createApplyWorld();
    const changes = Array.from({ length: 130_000 }, (_, index) => {
      const id = asAppId(`id-${index}`);
      return changeOf(`k${index}`, { action: 'adopt', id, steps: [{ do: 'bind', id, how: 'adopted' }] });
    });
    const plan = { ...planOf(), changes };
    const { signal } = new AbortController();
    const outcomes = await applyPlan({ plan, tokens: tokensOf('a') }, world.deps, { signal });
    expect(outcomes.filter(({ result }) => result !== 'applied')).toEqual([]);
    expect(world.state.apps.size).toBe(130_000);
  });

  it('moves the verify_token of a renamed key: the old file goes, the new one is delivered', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a', { tokenFingerprint: 'fingerprint of a' }));
    await apply(world, [rebindOf('new', 'a')]);
    expect(world.story).toEqual([
      'unsink a',
      'commit app_bound app_unbound',
      'sink new token of a',
      'commit app_changed',
    ]);
    expect(world.state.apps.get(asAppKey('new'))?.tokenFingerprint).toBe('fingerprint of new');
  });

  it('forgets an app without a word to the platform, its token first', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a'));
    const forget = changeOf('a', { action: 'forget', steps: [{ do: 'unbind', id: asAppId('id-a') }] });
    expect(await results(apply(world, [forget]))).toEqual(['applied']);
    expect(world.story).toEqual(['unsink a', 'commit app_unbound']);
    expect(world.state.apps.size).toBe(0);
  });

  it('warns and continues when the sink will not give up a token', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a'));
    world.on('unsink a', () => {
      throw new Error('EACCES');
    });
    const [outcome] = await apply(world, [deleteOf('a')]);
    expect(outcome).toMatchObject({ result: 'applied', warnings: [expect.stringContaining('EACCES')] });
    expect(world.state.apps.size).toBe(0);
  });

  it('adopts before it creates, and finishes the adopted app like any other', async () => {
    const world = createApplyWorld({ concurrency: 8 });
    const id = asAppId('id-b');
    const adopt = changeOf('b', {
      action: 'adopt',
      steps: [
        { do: 'bind', id, how: 'adopted' },
        { do: 'update_app', callbackUrl: URL_OF('b') },
      ],
    });
    await apply(world, [adopt, createOf('n')]);
    expect(world.story[0]).toBe('commit app_bound');
    expect(world.commits[0]).toMatchObject({ app: { id, how: 'adopted', activating: false } });
    expect(world.state.apps.get(asAppKey('b'))?.applied).toEqual({ callbackUrl: URL_OF('b') });
  });

  it('fails every bookkeeping change, and sends nothing, when it cannot be recorded', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a'));
    world.on(/^commit/, () => {
      throw new Error('ENOSPC');
    });
    const outcomes = await apply(world, [rebindOf('new', 'a'), createOf('n')]);
    expect(outcomes.map(({ result, failure }) => [result, failure?.kind])).toEqual([
      ['failed', 'disk'],
      ['skipped', undefined],
    ]);
    expect(outcomes[1]?.skippedBecause).toContain('ENOSPC');
    expect(world.story).toEqual(['unsink a', 'commit app_bound app_unbound']);
  });
});

describe('isolation', () => {
  it('never lets one failing entry stop another', async () => {
    const world = createApplyWorld({ concurrency: 2 });
    own(world, ownedOf('a'), ownedOf('b'), ownedOf('c'));
    world.on(/^PUT id-a/, fail('invalid'));
    const outcomes = await apply(world, [changeOf('a'), changeOf('b'), deleteOf('c')]);
    expect(outcomes.map(({ result }) => result)).toEqual(['failed', 'applied', 'applied']);
    expect(world.state.backoffs.get(asAppKey('a'))).toEqual({
      failures: 1,
      until: world.now + 10_000,
      entryDigest: 'digest of a',
      reason: 'the platform said invalid',
    });
  });

  it('turns a bug into the failure of one entry', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a'), ownedOf('b'));
    world.on(/^PUT id-a/, () => {
      throw new TypeError('x is undefined');
    });
    const outcomes = await apply(world, [changeOf('a'), changeOf('b')]);
    expect(outcomes[0]?.failure).toEqual({ kind: 'internal', message: 'x is undefined' });
    expect(outcomes[1]?.result).toBe('applied');
  });

  it('forgets the backoff of an entry that succeeds', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a'));
    world.state.backoffs.set(asAppKey('a'), { failures: 3, until: 0, entryDigest: 'x', reason: 'y' });
    await apply(world, [changeOf('a')]);
    expect(world.state.backoffs.size).toBe(0);
  });
});

describe('stopping', () => {
  it.each(['auth', 'budget', 'paused_by_platform'] as const)('stops the round on %s', async (kind) => {
    const world = createApplyWorld();
    own(world, ownedOf('a'), ownedOf('b'));
    world.on(/^PUT id-a/, fail(kind));
    const outcomes = await apply(world, [changeOf('a'), changeOf('b'), deleteOf('b')]);
    expect(outcomes.map(({ result }) => result)).toEqual(['failed', 'skipped', 'skipped']);
    expect(outcomes[1]?.skippedBecause).toBe(`the platform said ${kind}`);
    expect(world.story.filter((line) => !line.startsWith('commit'))).toHaveLength(1);
    expect(world.state.backoffs.size).toBe(kind === 'paused_by_platform' ? 1 : 0);
  });

  it('sends nothing more after a commit that failed', async () => {
    const world = createApplyWorld({ concurrency: 2 });
    own(world, ownedOf('b'));
    world.on('commit app_bound', () => {
      throw new Error('EIO');
    });
    const outcomes = await apply(world, [createOf('n'), changeOf('b'), changeOf('b')]);
    expect(outcomes[0]?.failure).toMatchObject({ kind: 'disk', message: expect.stringContaining('EIO') });
    expect(outcomes[2]?.result).toBe('skipped');
    expect(world.state.intents.has(asAppKey('n'))).toBe(true);
    expect(world.story.filter((line) => line.startsWith('PUT')).length).toBeLessThanOrEqual(1);
  });

  it('finishes the call in flight when told to stop, and sends nothing new', async () => {
    const world = createApplyWorld();
    const stopping = new AbortController();
    world.on('POST n', () => stopping.abort());
    const outcomes = await apply(world, [createOf('n'), createOf('m')], { signal: stopping.signal });
    expect(world.story).toEqual(['commit intent_opened', 'POST n', 'commit app_bound']);
    expect(outcomes[0]).toMatchObject({ result: 'failed', id: '101', failure: { kind: 'interrupted' } });
    expect(outcomes[1]).toMatchObject({ result: 'skipped', skippedBecause: 'the round was told to stop' });
    expect(world.state.apps.get(asAppKey('n'))?.activating).toBe(true);
    expect(world.state.backoffs.size).toBe(0);
  });

  it('finishes the change in flight when a newer configuration arrives, and begins no other', async () => {
    const world = createApplyWorld();
    const edited = new AbortController();
    world.on('POST n', () => edited.abort());
    const outcomes = await apply(world, [createOf('n'), createOf('m')], { preempt: edited.signal });
    expect(outcomes.map(({ result }) => result)).toEqual(['applied', 'skipped']);
    expect(outcomes[1]?.skippedBecause).toBe('a newer configuration arrived');
  });

  it('begins no change after the deadline', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a'), ownedOf('b'));
    world.on(/^PUT id-a/, () => {
      world.now += 60_000;
    });
    const outcomes = await apply(world, [changeOf('a'), changeOf('b')], { deadline: world.now + 60_000 });
    expect(outcomes.map(({ result }) => result)).toEqual(['applied', 'skipped']);
    expect(outcomes[1]?.skippedBecause).toBe('the round took too long');
  });

  it('drops the rest of the plan when a gate holds back a write, and forgets that it was tried', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a'), ownedOf('b'));
    world.on('DELETE id-a', refuse('the file names it again'));
    const outcomes = await apply(world, [deleteOf('a'), deleteOf('b')]);
    expect(outcomes.map(({ result }) => result)).toEqual(['skipped', 'skipped']);
    expect(outcomes.map(({ skippedBecause }) => skippedBecause)).toEqual(
      Array(2).fill('the file names it again'),
    );
    expect(world.story.filter((line) => line.startsWith('DELETE'))).toEqual(['DELETE id-a']);
    expect(world.state.deletions).toEqual([]);
    expect(world.state.backoffs.size).toBe(0);
  });

  it('closes the intent of a create that a gate held back', async () => {
    const world = createApplyWorld();
    world.on('POST n', refuse('the state directory was taken'));
    expect(await results(apply(world, [createOf('n')]))).toEqual(['skipped']);
    expect(world.state.intents.size).toBe(0);
  });

  it('asks what the plan rests on about each write, on behalf of its change', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a'), ownedOf('b'));
    const asked: string[] = [];
    const { writer } = world.deps;
    const asking: typeof writer = {
      ...writer,
      async deleteApp(id, context) {
        await context.mayLeave?.('delete_app');
        return writer.deleteApp(id, context);
      },
    };
    const basis = {
      mayLeave: async (operation: string, { key }: { key: string | null }) => {
        asked.push(`${operation} ${key}`);
        return undefined;
      },
    };
    const deps = { ...world.deps, writer: asking };
    const work = { plan: planOf(deleteOf('a'), deleteOf('b')), tokens: tokensOf() };
    await applyPlan(work, deps, { signal: new AbortController().signal, basis });
    expect(asked).toEqual(['delete_app a', 'delete_app b']);
  });

  it('does nothing at all, bookkeeping included, when it was stopped before it began', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a'));
    const forget = changeOf('a', { action: 'forget', steps: [{ do: 'unbind', id: asAppId('id-a') }] });
    expect(await results(apply(world, [forget], { signal: AbortSignal.abort() }))).toEqual(['skipped']);
    expect(world.story).toEqual([]);
  });
});
