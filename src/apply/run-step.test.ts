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
  sayOutcome,
  tokensOf,
  URL_OF,
} from '../../test/builders/apply-world.ts';
import type { FailureKind } from '../model/calls.ts';
import { asAppId, asAppKey } from '../model/identity.ts';
import type { Change } from '../model/plan.ts';
import { applyPlan } from './apply-plan.ts';

const A = asAppKey('a');
const N = asAppKey('n');

async function applyOne(world: ApplyWorld, change: Change, signal = new AbortController().signal) {
  const [outcome] = await applyPlan({ plan: planOf(change), tokens: tokensOf('a') }, world.deps, { signal });
  if (outcome === undefined) throw new Error('no outcome');
  return sayOutcome(outcome);
}

describe('a create', () => {
  it('goes intent, POST, binding, token, preflight, URL, events', async () => {
    const world = createApplyWorld();
    const outcome = await applyOne(world, createOf('n', { protect: true }));
    expect(outcome).toMatchObject({ result: 'applied', id: '101', warnings: [] });
    expect(world.story).toEqual([
      'commit intent_opened',
      'POST n',
      'commit app_bound',
      'sink n token-101',
      'commit app_changed',
      `CHECK ${URL_OF('n')}`,
      `PUT 101 ${URL_OF('n')}`,
      'commit app_changed',
      'SUBSCRIBE 101 bot.published',
      'commit app_changed',
      'commit app_changed',
    ]);
    expect(world.state.intents.size).toBe(0);
    expect(world.state.apps.get(N)).toEqual({
      key: 'n',
      id: '101',
      appType: 'normal',
      name: 'n',
      protect: true,
      how: 'created',
      boundAt: world.now,
      applied: { name: 'n', callbackUrl: URL_OF('n'), events: ['bot.published'] },
      activating: false,
      writtenAt: world.now,
      tokenFingerprint: 'fingerprint of n',
      eventsSeenAt: world.now,
    });
  });

  it('writes into the intent that the entry is protected, in case the entry goes before the app is bound', async () => {
    const world = createApplyWorld();
    world.on('POST n', fail('unknown_outcome'));
    await applyOne(world, createOf('n', { protect: true }));
    expect(world.state.intents.get(N)?.protect).toBe(true);
  });

  const kept: readonly FailureKind[] = ['unknown_outcome', 'bad_response'];
  it.each(kept)('leaves the intent open and dated after %s', async (kind) => {
    const world = createApplyWorld();
    world.on('POST n', () => {
      world.now += 5_000;
      fail(kind)();
    });
    expect(await applyOne(world, createOf('n'))).toMatchObject({ result: 'failed', failure: { kind } });
    expect(world.state.intents.get(N)).toMatchObject({
      openedAt: world.now - 5_000,
      endedAt: world.now,
    });
    expect(world.story.filter((line) => line.startsWith('POST'))).toHaveLength(1);
  });

  it('leaves the intent open after an error nobody foresaw', async () => {
    const world = createApplyWorld();
    world.on('POST n', () => {
      throw new TypeError('unforeseen');
    });
    await applyOne(world, createOf('n'));
    expect(world.state.intents.get(N)?.endedAt).toBe(world.now);
  });

  const closed: readonly FailureKind[] = ['transient', 'rate_limited', 'permission', 'invalid', 'aborted'];
  it.each(closed)('closes the intent after %s, because nothing was made', async (kind) => {
    const world = createApplyWorld();
    world.on('POST n', fail(kind));
    await applyOne(world, createOf('n'));
    expect(world.state.intents.size).toBe(0);
  });

  it('closes the intent when it is told to stop before the POST', async () => {
    const world = createApplyWorld();
    const stopping = new AbortController();
    world.on('commit intent_opened', () => stopping.abort());
    await applyOne(world, createOf('n'), stopping.signal);
    expect(world.story).toEqual(['commit intent_opened', 'commit intent_closed']);
  });

  it('sends no POST when the intent is not durable', async () => {
    const world = createApplyWorld();
    world.on('commit intent_opened', () => {
      throw new Error('ENOSPC');
    });
    expect((await applyOne(world, createOf('n'))).failure?.kind).toBe('disk');
    expect(world.story).toEqual(['commit intent_opened']);
  });

  it('binds a new app with the token that was observed, and finishes it', async () => {
    const world = createApplyWorld();
    const id = asAppId('id-a');
    const intent = {
      key: A,
      appType: 'normal',
      lookAlikes: [],
      openedAt: 1,
      replaces: asAppId('old'),
    } as const;
    world.state.intents.set(A, intent);
    const steps = [
      { do: 'bind', id, how: 'created' },
      { do: 'deliver_token' },
      { do: 'update_app', callbackUrl: URL_OF('a') },
    ] as const;
    await applyOne(world, changeOf('a', { action: 'create', reason: 'newborn_found', steps }));
    expect(world.state.intents.size).toBe(0);
    expect(world.story).toContain('sink a token of a');
    expect(world.state.apps.get(A)).toMatchObject({ id, replaces: 'old', activating: false });
  });
});

describe('a replace', () => {
  const replace = changeOf('a', {
    action: 'replace',
    steps: [
      { do: 'create_app', appType: 'normal', name: 'a', lookAlikes: [asAppId('id-a')] },
      { do: 'deliver_token' },
      { do: 'delete_app', id: asAppId('id-a') },
    ],
  });

  it('creates before it deletes, and delivers the token of the new app', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a'));
    await applyOne(world, replace);
    expect(world.story.filter((line) => !line.startsWith('commit'))).toEqual([
      'POST a',
      'sink a token-101',
      'DELETE id-a',
    ]);
    expect(world.state.apps.get(A)).toMatchObject({ id: '101', activating: false });
    expect(world.state.apps.get(A)?.replaces).toBeUndefined();
  });

  it('asks for the new app on behalf of the entry, not of the old app', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a'));
    const contexts: unknown[] = [];
    const { createApp } = world.deps.writer;
    world.deps.writer.createApp = (app, context) => {
      contexts.push([context.appKey, context.appId]);
      return createApp(app, context);
    };
    await applyOne(world, replace);
    expect(contexts).toEqual([['a', undefined]]);
  });

  it('remembers the old app until it is deleted', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a'));
    world.on(/^DELETE/, fail('transient'));
    await applyOne(world, replace);
    expect(world.state.apps.get(A)).toMatchObject({ id: '101', replaces: 'id-a', activating: true });
    expect(world.state.deletions).toEqual([world.now]);
  });

  it('writes into the intent which app it replaces', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a'));
    world.on('POST a', fail('unknown_outcome'));
    await applyOne(world, replace);
    expect(world.state.intents.get(A)?.replaces).toBe('id-a');
    expect(world.state.apps.get(A)?.id).toBe('id-a');
  });
});

describe('a delete', () => {
  it('is counted before it is sent', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a'));
    await applyOne(world, deleteOf('a'));
    expect(world.story).toEqual(['commit delete_begun', 'DELETE id-a', 'unsink a', 'commit app_unbound']);
    expect(world.state.deletions).toEqual([world.now]);
    expect(world.state.apps.size).toBe(0);
  });

  it.each([
    ['permission', []],
    ['rate_limited', []],
    ['transient', [1_000_000]],
    ['unknown_outcome', [1_000_000]],
  ] as const)('after %s counts as begun at %j', async (kind, deletions) => {
    const world = createApplyWorld();
    own(world, ownedOf('a'));
    world.on(/^DELETE/, fail(kind));
    await applyOne(world, deleteOf('a'));
    expect(world.state.deletions).toEqual(deletions);
    expect(world.state.apps.has(A)).toBe(true);
  });

  it('does not count when it is told to stop before it was sent', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a'));
    const stopping = new AbortController();
    world.on('commit delete_begun', () => stopping.abort());
    await applyOne(world, deleteOf('a'), stopping.signal);
    expect(world.state.deletions).toEqual([]);
    expect(world.story).toEqual(['commit delete_begun', 'commit delete_refused']);
  });
});

describe('an update', () => {
  const applied = { name: 'a', callbackUrl: 'https://before.example.com', events: ['x'] };

  it('records the whole set of events after each half of the difference', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a', { applied }));
    const fields = [
      { path: 'events', before: ['x', 'y'], after: ['y', 'z'], lastApplied: ['x'], changedBy: 'both' },
    ] as const;
    const steps = [
      { do: 'subscribe', events: ['z'] },
      { do: 'unsubscribe', events: ['x'] },
    ] as const;
    await applyOne(world, changeOf('a', { fields, steps }));
    const patches = world.commits.map((change) =>
      change.type === 'app_changed' ? change.patch.applied : null,
    );
    expect(patches.map((patch) => patch?.events)).toEqual([
      ['x', 'y', 'z'],
      ['y', 'z'],
    ]);
  });

  it.each(['transient', 'unknown_outcome', 'bad_response'] as const)(
    'claims neither value of a field whose write ended in %s',
    async (kind) => {
      const world = createApplyWorld();
      own(world, ownedOf('a', { applied }));
      world.on(/^PUT/, fail(kind));
      await applyOne(world, changeOf('a'));
      expect(world.state.apps.get(A)?.applied).toEqual({ name: 'a', events: ['x'] });
    },
  );

  it('still claims the value when the write was surely refused', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a', { applied }));
    world.on(/^PUT/, fail('invalid'));
    await applyOne(world, changeOf('a'));
    expect(world.state.apps.get(A)?.applied).toEqual(applied);
  });

  it('records a new name as the identity too', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a'));
    await applyOne(world, changeOf('a', { steps: [{ do: 'update_app', name: 'renamed' }] }));
    expect(world.state.apps.get(A)).toMatchObject({ name: 'renamed', applied: { name: 'renamed' } });
  });

  it('finishes an app whose last step was done before a crash', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a', { activating: true }));
    await applyOne(world, changeOf('a', { reason: 'unfinished', steps: [], protect: true }));
    expect(world.state.apps.get(A)).toMatchObject({ activating: false, protect: true });
  });

  it.each([
    ['warn', 'applied', [expect.stringContaining('answered 500')]],
    ['block', 'failed', []],
  ] as const)('with preflight %s ends %s when the receiver fails', async (mode, result, warnings) => {
    const world = createApplyWorld();
    own(world, ownedOf('a'));
    const url = 'https://bad.example.com';
    const steps = [
      { do: 'check_receiver', url, mode },
      { do: 'update_app', callbackUrl: url },
    ] as const;
    const outcome = await applyOne(world, changeOf('a', { steps }));
    expect(outcome).toMatchObject({ result, warnings });
    expect(world.story.includes(`PUT id-a ${url}`)).toBe(mode === 'warn');
    if (mode === 'block') expect(outcome.failure?.kind).toBe('receiver');
  });

  it('does not set the URL when the token cannot be delivered', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a'));
    world.on(/^sink/, () => {
      throw new Error('EROFS');
    });
    const steps = [{ do: 'deliver_token' }, { do: 'update_app', callbackUrl: URL_OF('a') }] as const;
    expect((await applyOne(world, changeOf('a', { steps }))).failure).toMatchObject({ kind: 'disk' });
    expect(world.story.some((line) => line.startsWith('PUT'))).toBe(false);
  });
});

describe('what a listing may still show', () => {
  const update = (name: string, before: string) =>
    changeOf('a', {
      fields: [{ path: 'name', before, after: name, lastApplied: null, changedBy: 'file' }],
      steps: [{ do: 'update_app', name }],
    });
  const replaced = (world: ApplyWorld) => world.state.apps.get(A)?.replaced;

  it('is each value that a write of the last hour replaced, once, and not the one that was written', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a', { applied: { name: 'one' } }));
    await applyOne(world, update('two', 'zero'));
    expect(replaced(world)).toEqual({ name: ['zero', 'one'] });
    await applyOne(world, update('one', 'two'));
    expect(replaced(world)).toEqual({ name: ['zero', 'two'] });
    world.now += 60 * 60 * 1000;
    await applyOne(world, update('three', 'one'));
    expect(replaced(world)).toEqual({ name: ['one'] });
  });

  it('is not claimed by a write whose outcome is unknown', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a', { applied: { name: 'one' } }));
    world.on(/^PUT/, fail('unknown_outcome'));
    await applyOne(world, update('two', 'one'));
    expect(replaced(world)).toBeUndefined();
  });

  it('is an app that was deleted, an orphan or the one that was replaced', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a'));
    await applyOne(world, deleteOf('a'));
    expect(world.state.deleted.get(asAppId('id-a'))).toEqual({ key: 'a', at: world.now });
    own(world, ownedOf('b', { replaces: asAppId('old') }));
    await applyOne(
      world,
      deleteOf('b', { id: asAppId('old'), steps: [{ do: 'delete_app', id: asAppId('old') }] }),
    );
    expect(world.state.deleted.get(asAppId('old'))).toEqual({ key: 'b', at: world.now });
    expect(world.state.apps.get(asAppKey('b'))?.replaces).toBeUndefined();
  });

  it('is no app whose delete failed, or that was only forgotten', async () => {
    const world = createApplyWorld();
    own(world, ownedOf('a'));
    world.on('DELETE id-a', fail('unknown_outcome'));
    await applyOne(world, deleteOf('a'));
    await applyOne(
      world,
      changeOf('a', { action: 'forget', steps: [{ do: 'unbind', id: asAppId('id-a') }] }),
    );
    expect(world.state.deleted.size).toBe(0);
  });
});

describe('an unmanaged app', () => {
  it('is deleted and counted without a key', async () => {
    const world = createApplyWorld();
    const change = deleteOf('a', { key: null, reason: 'unmanaged' });
    expect((await applyOne(world, change)).result).toBe('applied');
    const at = world.now;
    expect(world.commits).toEqual([
      { type: 'delete_begun', key: null, id: 'id-a', at },
      { type: 'app_unbound', key: null, id: 'id-a', deletedAt: at },
    ]);
    expect(world.state.deleted.get(asAppId('id-a'))).toEqual({ key: null, at });
  });
});
