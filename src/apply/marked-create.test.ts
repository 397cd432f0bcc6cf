import { describe, expect, it } from 'vitest';
import {
  type ApplyWorld,
  changeOf,
  createApplyWorld,
  createOf,
  fail,
  NONCE,
  own,
  ownedOf,
  planOf,
  sayOutcome,
  tokensOf,
  URL_OF,
} from '../../test/builders/apply-world.ts';
import { foldStateChange } from '../model/fold-state.ts';
import { asAppId, asAppKey } from '../model/identity.ts';
import { tagOf } from '../model/mark.ts';
import type { Change, FieldChange, Step } from '../model/plan.ts';
import { applyPlan } from './apply-plan.ts';

const N = asAppKey('n');
const MARKED = `n-cb${tagOf('lineage')}${NONCE}`;
const NAME_FIELD: FieldChange = {
  path: 'name',
  before: null,
  after: 'n',
  lastApplied: null,
  changedBy: 'new',
};

async function applyOne(world: ApplyWorld, change: Change, signal = new AbortController().signal) {
  const [outcome] = await applyPlan({ plan: planOf(change), tokens: tokensOf('a') }, world.deps, { signal });
  if (outcome === undefined) throw new Error('no outcome');
  return sayOutcome(outcome);
}

/** As the planner writes it; `url: false` for an entry that manages nothing but its name. */
function markedCreate(options: { mark?: 'required'; mode?: 'block'; url?: false } = {}): Change {
  const { mark = 'preferred', mode = 'warn', url = true } = options;
  const create: Step = { do: 'create_app', appType: 'normal', name: 'n', mark, lookAlikes: [] };
  const rest: readonly Step[] = url
    ? [
        { do: 'check_receiver', url: mode === 'block' ? 'https://bad.example.com' : URL_OF('n'), mode },
        { do: 'update_app', name: 'n', callbackUrl: URL_OF('n') },
        { do: 'subscribe', events: ['bot.published'] },
      ]
    : [{ do: 'update_app', name: 'n' }];
  return createOf('n', { fields: [NAME_FIELD], steps: [create, ...rest] });
}

const requests = (world: ApplyWorld) => world.story.filter((line) => !/^(commit|CHECK|unsink)/.test(line));

describe('a marked create', () => {
  it('sends the marked name, and the real one with the URL: no request more', async () => {
    const world = createApplyWorld();
    expect(await applyOne(world, markedCreate())).toMatchObject({ result: 'applied', id: '101' });
    expect(requests(world)).toEqual([
      `POST ${MARKED}`,
      `PUT 101 n ${URL_OF('n')}`,
      'SUBSCRIBE 101 bot.published',
    ]);
    expect(world.state.apps.get(N)?.applied).toEqual({
      name: 'n',
      callbackUrl: URL_OF('n'),
      events: ['bot.published'],
    });
  });

  it('records its nonce before the request leaves', async () => {
    const world = createApplyWorld();
    world.on(`POST ${MARKED}`, () => {
      expect(world.state.intents.get(N)).toMatchObject({ name: 'n', nonce: NONCE });
      fail('unknown_outcome')();
    });
    await applyOne(world, markedCreate());
    expect(world.state.intents.get(N)).toMatchObject({ nonce: NONCE, endedAt: world.now });
    expect(world.state.marks.strayDeletes).toBe(1);
  });

  it('gives an entry without a URL its name by an update of its own', async () => {
    const world = createApplyWorld();
    await applyOne(world, markedCreate({ url: false }));
    expect(requests(world)).toEqual([`POST ${MARKED}`, 'PUT 101 n']);
  });

  it('takes the plain name at once where the marked one is refused, and remembers it', async () => {
    const world = createApplyWorld();
    world.on(`POST ${MARKED}`, fail('invalid'));
    expect(await applyOne(world, markedCreate())).toMatchObject({ result: 'applied' });
    expect(requests(world)).toEqual([
      `POST ${MARKED}`,
      'POST n',
      `PUT 101 ${URL_OF('n')}`,
      'SUBSCRIBE 101 bot.published',
    ]);
    expect(world.state.marks.refused).toBe(true);
  });

  it('sends nothing but the two creates for an entry without a URL whose mark is refused', async () => {
    const world = createApplyWorld();
    world.on(`POST ${MARKED}`, fail('invalid'));
    await applyOne(world, markedCreate({ url: false }));
    expect(requests(world)).toEqual([`POST ${MARKED}`, 'POST n']);
    expect(world.state.apps.get(N)?.applied).toEqual({ name: 'n' });
  });

  it('remembers nothing when the plain name is refused too, or when the account has shown a mark', async () => {
    const refused = createApplyWorld();
    refused.on(/^POST/, fail('invalid'));
    expect(await applyOne(refused, markedCreate())).toMatchObject({ failure: { kind: 'invalid' } });
    expect(refused.state.marks.refused).toBe(false);
    expect(refused.state.intents.size).toBe(0);
    const shown = createApplyWorld();
    foldStateChange(shown.state, { type: 'marks_shown' });
    shown.on(`POST ${MARKED}`, fail('invalid'));
    await applyOne(shown, markedCreate());
    expect(shown.state.marks.refused).toBe(false);
  });

  it('has no way back where marks are required', async () => {
    const world = createApplyWorld();
    world.on(`POST ${MARKED}`, fail('invalid'));
    expect(await applyOne(world, markedCreate({ mark: 'required' }))).toMatchObject({ result: 'failed' });
    expect(requests(world)).toEqual([`POST ${MARKED}`]);
  });

  it.each(['unknown_outcome', 'transient', 'rate_limited'] as const)(
    'is not sent under its plain name after %s',
    async (kind) => {
      const world = createApplyWorld();
      world.on(`POST ${MARKED}`, fail(kind));
      await applyOne(world, markedCreate());
      expect(requests(world)).toEqual([`POST ${MARKED}`]);
    },
  );
});

describe('a change that ends early', () => {
  it('sets the name alone after the receiver was refused, and fails for the receiver', async () => {
    const world = createApplyWorld();
    world.on(`PUT 101 n ${URL_OF('n')}`, fail('invalid'));
    expect(await applyOne(world, markedCreate())).toMatchObject({ failure: { kind: 'invalid' } });
    expect(requests(world).slice(1)).toEqual([`PUT 101 n ${URL_OF('n')}`, 'PUT 101 n']);
    expect(world.state.apps.get(N)).toMatchObject({ applied: { name: 'n' }, activating: true });
    expect(world.state.backoffs.get(N)).not.toHaveProperty('because');
  });

  it('sets the name after a blocking preflight', async () => {
    const world = createApplyWorld();
    expect(await applyOne(world, markedCreate({ mode: 'block' }))).toMatchObject({
      failure: { kind: 'receiver' },
    });
    expect(requests(world)).toEqual([`POST ${MARKED}`, 'PUT 101 n']);
  });

  it('sets the name after a token sink that failed', async () => {
    const world = createApplyWorld();
    world.on(/^sink/, () => {
      throw new Error('read-only');
    });
    const create = markedCreate();
    const [first, ...rest] = create.steps;
    const steps = [...(first === undefined ? [] : [first]), { do: 'deliver_token' } as const, ...rest];
    expect(await applyOne(world, { ...create, steps })).toMatchObject({ failure: { kind: 'disk' } });
    expect(requests(world)).toEqual([`POST ${MARKED}`, 'sink n token-101', 'PUT 101 n']);
  });

  it.each(['auth', 'rate_limited', 'unknown_outcome', 'budget'] as const)(
    'leaves the name to the next round after %s',
    async (kind) => {
      const world = createApplyWorld();
      world.on(/^PUT/, fail(kind));
      await applyOne(world, markedCreate());
      expect(requests(world)).toHaveLength(2);
    },
  );

  it('sends nothing more once it was told to stop', async () => {
    const world = createApplyWorld();
    const stop = new AbortController();
    world.on('commit app_bound', () => stop.abort());
    await applyOne(world, markedCreate(), stop.signal);
    expect(requests(world)).toEqual([`POST ${MARKED}`]);
  });
});

describe('a name that is refused', () => {
  it('lets the new app go as a stray and tells the entry', async () => {
    const world = createApplyWorld();
    world.on(/^PUT/, fail('invalid'));
    const outcome = await applyOne(world, markedCreate());
    expect(outcome.failure).toMatchObject({ kind: 'invalid', message: expect.stringContaining('"n"') });
    expect(requests(world)).toEqual([`POST ${MARKED}`, `PUT 101 n ${URL_OF('n')}`, 'PUT 101 n']);
    expect(world.state.apps.size).toBe(0);
    expect(world.state.marks.strayDeletes).toBe(1);
    expect(world.state.backoffs.get(N)).toMatchObject({ because: 'name_taken', failures: 1 });
  });

  it('is not sent twice where the name was all that was sent', async () => {
    const world = createApplyWorld();
    world.on(/^PUT/, fail('invalid'));
    await applyOne(world, markedCreate({ url: false }));
    expect(requests(world)).toEqual([`POST ${MARKED}`, 'PUT 101 n']);
    expect(world.state.apps.size).toBe(0);
  });

  it('keeps an app that replaces another, because its record holds the id of the old one', async () => {
    const world = createApplyWorld();
    world.on(/^PUT/, fail('invalid'));
    const old = asAppId('7');
    await applyOne(world, { ...markedCreate(), action: 'replace', id: old });
    expect(world.state.apps.get(N)).toMatchObject({ id: '101', replaces: old });
  });
});

it('sets the name alone of an app that is held, and ends no backoff by it', async () => {
  const world = createApplyWorld();
  own(world, ownedOf('n', { activating: true }));
  const backoff = { failures: 2, until: 9_999_999, entryDigest: 'digest of n', reason: 'it failed' };
  foldStateChange(world.state, { type: 'backoff_set', key: N, backoff });
  const change = changeOf('n', {
    ...{ reason: 'marked_name', fields: [NAME_FIELD], steps: [{ do: 'update_app', name: 'n' }] },
  });
  expect(await applyOne(world, change)).toMatchObject({ result: 'applied' });
  expect(world.state.backoffs.get(N)).toEqual(backoff);
  expect(world.state.apps.get(N)).toMatchObject({ activating: true, applied: { name: 'n' } });
  world.on(/^PUT/, fail('unknown_outcome'));
  expect(await applyOne(world, change)).toMatchObject({ result: 'failed' });
  expect(world.state.backoffs.get(N)).toEqual(backoff);
});

it('counts the delete of a stray apart from those of owned apps', async () => {
  const world = createApplyWorld();
  foldStateChange(world.state, { type: 'app_unbound', key: N, id: asAppId('5'), leavesStray: true });
  const steps: readonly Step[] = [{ do: 'delete_app', id: asAppId('5') }];
  const change = changeOf('n', { action: 'delete', key: null, id: asAppId('5'), reason: 'stray', steps });
  expect(await applyOne(world, change)).toMatchObject({ result: 'applied' });
  expect(world.state.deletions).toEqual([]);
  expect(world.state.marks.strayDeletes).toBe(0);
});

it('counts a stray once, however often its delete is begun', async () => {
  const world = createApplyWorld();
  foldStateChange(world.state, { type: 'app_unbound', key: N, id: asAppId('5'), leavesStray: true });
  const steps: readonly Step[] = [{ do: 'delete_app', id: asAppId('5') }];
  const change = changeOf('n', { action: 'delete', key: null, id: asAppId('5'), reason: 'stray', steps });
  const failures = { kind: 'unknown_outcome' as 'unknown_outcome' | 'invalid' };
  world.on(/^DELETE/, () => fail(failures.kind)());
  for (const _ of [1, 2]) expect(await applyOne(world, change)).toMatchObject({ result: 'failed' });
  expect(world.state.marks).toMatchObject({ strayDeletes: 0, begunDeletes: new Set(['5']) });
  failures.kind = 'invalid';
  expect(await applyOne(world, change)).toMatchObject({ result: 'failed' });
  expect(world.state.marks).toMatchObject({ strayDeletes: 1, begunDeletes: new Set() });
});
