import { describe, expect, it } from 'vitest';
import {
  digest,
  entry,
  id,
  keyOf,
  listingOf,
  MINUTE,
  NOW,
  observedApp,
  ownedApp,
  planInput,
  planOn,
} from '../../test/builders/plan-world.ts';
import { formatDuration } from '../messages/format-duration.ts';
import { message, verbatim } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import { asConnectorId } from '../model/identity.ts';
import { InternalError } from '../model/invariant.ts';
import { tagOf } from '../model/mark.ts';
import type { ObservedApp, ObservedState } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import { Secret } from '../model/secret.ts';
import { emptyState } from '../model/state.ts';
import { askQuestions } from './ask-questions.ts';
import { fingerprintEntry } from './fingerprint.ts';
import type { EntryMatch } from './match-apps.ts';
import { matchApps } from './match-apps.ts';
import { compareChanges } from './order-changes.ts';
import { planChanges } from './plan-changes.ts';
import { createPlanContext } from './plan-context.ts';
import { proposeEntry } from './propose-entry.ts';

/** What an observer that answered nothing but the listing would hand over. */
function unanswered(apps: readonly ObservedApp[], overrides: Partial<ObservedState> = {}): ObservedState {
  return {
    apps: new Map(apps.map((app) => [app.id, app])),
    ...{ evidence: 'complete', events: new Map(), probes: new Map(), listedAt: NOW },
    ...overrides,
  };
}

const reasons = ({ plan }: { plan: { withheld: readonly { reason: string }[] } }) =>
  plan.withheld.map(({ reason }) => reason);
/** Why the first withheld change is withheld. */
const explain = ({ withheld: [first] }: Plan) => (first === undefined ? undefined : say(first.message));
const CONNECTOR = { appType: 'connector' as const, name: undefined };

const NONCE = '0badcafe';
/** Of the lineage `lineage`. */
const MARK = { tag: tagOf('lineage'), nonce: NONCE };

describe('proof', () => {
  it('deletes nothing on one listing, even when that is all it was given', () => {
    const input = planInput(
      { owned: [ownedApp('a', 1)] },
      { grants: { allowDeletes: true, subjects: new Set() } },
    );
    const result = planChanges(input, unanswered([observedApp(1, { name: 'a' })]));
    expect(reasons(result)).toEqual(['listing_disagrees']);
    expect(explain(result.plan)).toContain('only one listing');
  });

  it('takes an app for gone only after its probe was answered', () => {
    const input = planInput({ entries: [entry('a')], owned: [ownedApp('a', 1)] });
    expect(reasons(planChanges(input, unanswered([], { evidence: 'confirmed' })))).toEqual(['settling']);
  });

  it('does not take an app for equal whose subscriptions were not listed', () => {
    const input = planInput({ entries: [entry('a', { events: [] })] });
    const result = planChanges(input, unanswered([observedApp(1, { name: 'a' })]));
    expect(reasons(result)).toEqual(['unowned_match']);
    expect(explain(result.plan)).toContain('differs in events');
  });

  it('keeps the open create of a vanished entry until two listings agree', () => {
    const state = emptyState('lineage', 'endpoint');
    const intent = { key: keyOf('a'), appType: 'normal' as const, name: 'a', lookAlikes: [], openedAt: 0 };
    state.intents.set(keyOf('a'), { ...intent, endedAt: 0 });
    expect(planChanges(planInput({ state }), unanswered([])).remember).toEqual([]);
    expect(planOn(planInput({ state }), { apps: [] }).remember).toEqual([
      { type: 'intent_closed', key: 'a' },
    ]);
  });
});

describe('a listing that is known to hide an app', () => {
  it('is no proof for deleting another one', () => {
    const owned = [ownedApp('hidden', 1), ownedApp('gone', 2), ownedApp('kept', 3)];
    const entries = [entry('hidden'), entry('kept')];
    const apps = [observedApp(2, { name: 'gone' }), observedApp(3, { name: 'kept' })];
    const shown = planOn(planInput({ entries, owned }), { apps, probe: 'present' });
    expect(reasons(shown)).toEqual(['listing_disagrees', 'listing_disagrees']);
    const gone = planOn(planInput({ entries, owned }), { apps });
    expect(gone.plan.changes.map(({ action }) => action)).toEqual(['create', 'delete']);
  });
});

describe('a strange account', () => {
  const owned = [ownedApp('a', 1), ownedApp('b', 2), ownedApp('c', 3)];
  const input = planInput({ owned });
  const account = { apps: [observedApp(1, { name: 'a' })] };

  it('has nothing deleted in it, not even with --allow-deletes', () => {
    const grants = { allowDeletes: true, subjects: new Set<string>() };
    expect(reasons(planOn({ ...input, grants }, account))).toEqual(Array(3).fill('suspicious_absence'));
  });

  it('is believed for what a person approves by name', () => {
    const grants = { allowDeletes: false, subjects: new Set(['a', 'b']) };
    const { plan } = planOn({ ...input, grants }, account);
    expect(plan.changes.map(({ key, action }) => [key, action])).toEqual([
      ['b', 'forget'],
      ['a', 'delete'],
    ]);
    expect(plan.withheld).toMatchObject([{ key: 'c', reason: 'suspicious_absence' }]);
  });

  it('that shows none of our apps gets no new ones and gives up none of its own until a person says so', () => {
    const entries = [entry('a'), entry('new'), entry('alike')];
    const world = planInput({ entries, owned: [ownedApp('a', 1), ownedApp('b', 2)] });
    const foreign = { apps: [observedApp(8, { name: 'alike' })] };
    const held = planOn(world, foreign);
    expect(held.plan.changes).toEqual([]);
    expect(reasons(held)).toEqual(Array(4).fill('suspicious_absence'));
    const grants = { allowDeletes: false, subjects: new Set(['new']) };
    const approved = planOn({ ...world, grants }, foreign).plan;
    expect(approved.changes.map(({ key, action }) => [key, action])).toEqual([['new', 'create']]);
  });

  it('that shows some of our apps is the right one, so new entries continue', () => {
    const entries = [entry('a'), entry('b'), entry('c'), entry('new')];
    const { plan } = planOn(planInput({ entries, owned }), account);
    expect(plan.changes.map(({ key, action }) => [key, action])).toEqual([['new', 'create']]);
  });

  it('begins with more than the share and more than one app missing', () => {
    const missing = (count: number, of: number) => {
      const many = Array.from({ length: of }, (_, index) => ownedApp(`k${index}`, index + 1));
      const shown = many
        .slice(count)
        .map((each, index) => observedApp(count + index + 1, { name: each.key }));
      return reasons(planOn(planInput({ owned: many, policy: { prune: 'never' } }), { apps: shown }));
    };
    expect(missing(3, 10)).not.toContain('suspicious_absence');
    expect(missing(4, 10)).toContain('suspicious_absence');
    expect(missing(1, 1)).toEqual([]);
  });
});

describe('pins', () => {
  it('gives an id that two entries pin to the first of them', () => {
    const entries = [entry('a', { id: id(1) }), entry('b', { id: id(1) })];
    const result = planOn(planInput({ entries }), { apps: [observedApp(1, { name: 'a' })] });
    expect(result.plan.changes.map(({ key, action }) => [key, action])).toEqual([['a', 'adopt']]);
    expect(reasons(result)).toEqual(['pin_taken']);
  });

  it('holds an entry whose own app the entry before it pins', () => {
    const entries = [entry('a', { id: id(1) }), entry('b', { id: id(1) })];
    const owned = [ownedApp('b', 1, { name: 'b' })];
    const result = planOn(planInput({ entries, owned }), { apps: [observedApp(1, { name: 'b' })] });
    expect(result.plan.changes).toEqual([]);
    expect(reasons(result)).toEqual(['pin_taken', 'pin_taken']);
  });

  it('never takes over unknown app type, though a pin and a rename point at it', () => {
    const odd = observedApp(1, { appType: 'odd', name: 'a' });
    const pinned = planInput({ entries: [entry('a', { id: id(1) })] });
    expect(reasons(planOn(pinned, { apps: [odd] }))).toEqual(['unknown_app_type']);
    const renamed = planInput({ entries: [entry('b', { id: id(1) })], owned: [ownedApp('a', 1)] });
    expect(reasons(planOn(renamed, { apps: [odd] }))).toEqual(['unknown_app_type']);
  });

  it('does not replace a pinned app, whatever the entry allows', () => {
    const wanted = { ...CONNECTOR, connectorId: asConnectorId('2000'), id: id(1), replace: 'allow' as const };
    const input = planInput({
      entries: [entry('a', wanted)],
      owned: [ownedApp('a', 1, { ...CONNECTOR, connectorId: asConnectorId('1000') })],
    });
    const result = planOn(input, { apps: [observedApp(1, { ...CONNECTOR, connectorId: '1000' })] });
    expect(reasons(result)).toEqual(['replace_not_allowed']);
  });
});

describe('replacements', () => {
  const wanted = entry('a', { ...CONNECTOR, connectorId: asConnectorId('2000'), replace: 'allow' });
  const before = ownedApp('a', 1, { ...CONNECTOR, connectorId: asConnectorId('1000') });
  const after = ownedApp('a', 2, { ...CONNECTOR, connectorId: asConnectorId('2000'), replaces: id(1) });
  const shown = [
    observedApp(1, { ...CONNECTOR, connectorId: '1000' }),
    observedApp(2, { ...CONNECTOR, connectorId: '2000' }),
  ];

  it('are tried again after a first create came to nothing', () => {
    const state = emptyState('lineage', 'endpoint');
    const intent = {
      key: keyOf('a'),
      appType: 'connector' as const,
      lookAlikes: [],
      openedAt: 0,
      endedAt: 0,
    };
    state.intents.set(keyOf('a'), { ...intent, connectorId: asConnectorId('2000'), replaces: id(1) });
    const { plan } = planOn(planInput({ entries: [wanted], owned: [before], state }), {
      apps: shown.slice(0, 1),
    });
    expect(plan.changes).toMatchObject([{ action: 'replace', reason: 'settled_absent', id: id(1) }]);
  });

  it('are forgotten about once the app they replaced is gone', () => {
    const input = planInput({ entries: [wanted], owned: [after] });
    const { plan, remember } = planOn(input, { apps: shown.slice(1) });
    expect(plan.changes).toEqual([]);
    expect(remember).toContainEqual({ type: 'app_changed', key: 'a', patch: { replaces: null } });
  });

  it('leave the app they replaced when the entry is protected in the meantime', () => {
    const input = planInput({ entries: [{ ...wanted, protect: true }], owned: [after] });
    const result = planOn(input, { apps: shown });
    expect(result.plan.changes).toEqual([]);
    expect(result.plan.withheld).toMatchObject([{ action: 'delete', id: id(1), reason: 'protected' }]);
  });

  it('never take the app they replaced for an unmanaged one', () => {
    const input = planInput({ entries: [wanted], owned: [after], policy: { prune: 'all' } });
    expect(planOn(input, { apps: shown }).plan.changes).toMatchObject([
      { key: 'a', reason: 'identity_changed' },
    ]);
  });
});

describe('subscriptions in the daemon', () => {
  const seen = ownedApp('a', 1, { name: 'a', eventsSeenAt: NOW - MINUTE, applied: { name: 'a' } });

  it('are listed when the entry manages them for the first time', () => {
    const input = planInput({ entries: [entry('a', { events: ['x'] })], owned: [seen] }, { mode: 'daemon' });
    const listing = listingOf({ apps: [observedApp(1, { name: 'a' })] });
    expect(askQuestions(input, listing).eventsOf).toEqual([id(1)]);
  });

  it('are not listed where the entry does not manage them', () => {
    const input = planInput({ entries: [entry('a')], owned: [seen] }, { mode: 'daemon' });
    const listing = listingOf({ apps: [observedApp(1, { name: 'a' })] });
    expect(askQuestions(input, listing)).toEqual({ eventsOf: [], probe: [], confirmListing: false });
  });

  it('are left as they are where they are not known', () => {
    const input = planInput({ entries: [entry('a', { events: ['x'] })], owned: [seen] }, { mode: 'daemon' });
    const { plan, remember } = planChanges(input, unanswered([observedApp(1, { name: 'a' })]));
    expect(plan.changes).toEqual([]);
    expect(remember).toEqual([]);
  });

  it('do not let an app pass for finished before they were looked at', () => {
    const half = { ...seen, activating: true, applied: { name: 'a', events: ['x'] } };
    const shown = [observedApp(1, { name: 'a' })];
    const rememberFor = (events: readonly string[] | undefined, known: boolean) => {
      const input = planInput({ entries: [entry('a', { events })], owned: [half] }, { mode: 'daemon' });
      const listed = new Map(known ? [[id(1), ['x']]] : []);
      return planChanges(input, unanswered(shown, { events: listed })).remember;
    };
    const finished = [{ type: 'app_changed', key: 'a', patch: { activating: false } }];
    expect(rememberFor(['x'], false)).toEqual([]);
    expect(rememberFor(['x'], true)).toEqual(finished);
    expect(rememberFor(undefined, false)).toEqual(finished);
  });
});

describe('housekeeping', () => {
  const backoff = { failures: 1, until: NOW + MINUTE, entryDigest: '', reason: 'it was refused.' };

  it('forgets the backoff of a key that nothing stands for any more', () => {
    const state = emptyState('lineage', 'endpoint');
    state.backoffs.set(keyOf('gone'), backoff);
    expect(planOn(planInput({ state }, { mode: 'daemon' }), { apps: [] }).remember).toEqual([
      { type: 'backoff_cleared', key: 'gone' },
    ]);
  });

  it('keeps the backoff of an orphan and of an open create, and holds what failed', () => {
    const state = emptyState('lineage', 'endpoint');
    state.backoffs.set(keyOf('a'), backoff);
    state.backoffs.set(keyOf('b'), backoff);
    state.apps.set(keyOf('a'), ownedApp('a', 1, { condemnedAt: 1 }));
    const intent = { key: keyOf('b'), appType: 'normal' as const, name: 'b', nonce: NONCE, openedAt: 0 };
    state.intents.set(keyOf('b'), { ...intent, endedAt: 0 });
    const account = { apps: [observedApp(1, { name: 'a' }), observedApp(2, { name: 'b', mark: MARK })] };
    const result = planOn(planInput({ state }, { mode: 'daemon' }), account);
    expect(reasons(result)).toEqual(['backoff', 'backoff']);
    expect(explain(result.plan)).toBe('It failed once; the next attempt is in 1m. Reason: it was refused.');
    expect(result.remember).toEqual([{ type: 'marks_shown' }]);
  });

  it('lets a pause of the configuration hold everything, without anybody having to decide', () => {
    const policy = { paused: { because: 'freeze' }, prune: 'all' as const };
    const result = planOn(planInput({ entries: [entry('a')], policy }), {
      apps: [observedApp(9, { name: 'x' })],
    });
    expect(reasons(result)).toEqual(['paused_all', 'paused_all']);
    expect(result.plan.withheld[0]).toMatchObject({
      release: message('plan.release_pause_all'),
      needsDecision: false,
    });
  });

  it('ends the grace period of an orphan that something else keeps, so that it starts again later', () => {
    const owned = [ownedApp('a', 1, { protect: true, condemnedAt: 5 })];
    const account = { apps: [observedApp(1, { name: 'a' })] };
    expect(planOn(planInput({ owned }, { mode: 'daemon' }), account).remember).toEqual([
      { type: 'app_changed', key: 'a', patch: { condemnedAt: null } },
    ]);
  });

  it('spends a grant that was not needed, and keeps one whose key still waits', () => {
    const state = emptyState('lineage', 'endpoint');
    state.grants = ['a', 'b'].map((subject) => ({ subject, by: 'ops', at: NOW }));
    const input = planInput({ entries: [entry('a'), entry('b', { paused: {} })], state });
    expect(planOn(input, { apps: [] }).remember).toEqual([{ type: 'grant_spent', subject: 'a' }]);
  });

  it('keeps the approval of deletes for those that are left, whatever plan comes next', () => {
    const state = emptyState('lineage', 'endpoint');
    const ids = [1, 2, 3].map((number) => id(number));
    state.grants = [{ subject: 'digest of a plan of before', by: 'ops', at: NOW, ids }];
    const owned = [ownedApp('b', 2), ownedApp('c', 3), ownedApp('d', 4)];
    const shown = [2, 3, 4].map((number) => observedApp(number, { name: `app ${number}` }));
    const result = planOn(planInput({ owned, state }), { apps: shown });
    expect(result.plan.changes.map(({ action, key }) => [action, key])).toEqual([
      ['delete', 'b'],
      ['delete', 'c'],
    ]);
    expect(result.plan.withheld.map(({ key }) => key)).toEqual(['d']);
    expect(result.remember).toEqual([]);
    const done = planOn(planInput({ owned: owned.slice(2), state }), { apps: shown.slice(2) });
    expect(done.remember).toContainEqual({ type: 'grant_spent', subject: 'digest of a plan of before' });
    const nextDay = { ...planInput({ owned, state }), now: NOW + 24 * 60 * MINUTE };
    expect(planOn(nextDay, { apps: shown }).plan.changes).toEqual([]);
  });

  it('approves by the digest of what a limit holds exactly that, whatever else the plan says', () => {
    const owned = [ownedApp('a', 1), ownedApp('b', 2)];
    const shown = [observedApp(1, { name: 'a' }), observedApp(2, { name: 'b' })];
    const calm = planOn(planInput({ owned }), { apps: shown }).plan;
    const busy = planInput({
      owned,
      entries: [entry('new'), entry('similar', { callbackUrl: 'https://x.example.com' })],
    });
    const account = { apps: [...shown, observedApp(3, { name: 'similar' })] };
    const { plan } = planOn(busy, account);
    expect(plan.held).toMatchObject({ subjects: ['a', 'b'] });
    expect(plan.held?.digest).toBe(calm.held?.digest);
    expect(plan.digest).not.toBe(calm.digest);
    expect(say(plan.withheld.find(({ key }) => key === keyOf('a'))?.release ?? verbatim(''))).toContain(
      plan.held?.digest.slice(0, 12),
    );
    const grants = { allowDeletes: false, subjects: new Set([plan.held?.digest ?? '']) };
    const approved = planOn({ ...busy, grants }, account).plan;
    expect(approved.changes.map(({ key, action }) => `${action} ${key}`)).toEqual(
      expect.arrayContaining(['delete a', 'delete b']),
    );
    expect(approved.withheld.map(({ key }) => key)).toEqual(['similar']);
    expect(approved.held).toBeUndefined();
  });

  it('does not take too short a text for the digest of a plan', () => {
    const input = planInput({ owned: [ownedApp('a', 1), ownedApp('b', 2)] });
    const account = { apps: [observedApp(1, { name: 'a' }), observedApp(2, { name: 'b' })] };
    const whole = planOn(input, account).plan.digest;
    const approve = (subject: string) =>
      planOn({ ...input, grants: { allowDeletes: false, subjects: new Set([subject]) } }, account).plan
        .changes;
    expect(approve(whole.slice(0, 11))).toEqual([]);
    expect(approve(whole.slice(0, 12))).toHaveLength(2);
  });
});

describe('contested fields', () => {
  const wanted = entry('a', { callbackUrl: 'https://a.example.com/', events: ['x'] });
  const applied = { name: 'a', callbackUrl: 'https://a.example.com/', events: ['x'] };
  const owned = ownedApp('a', 1, { name: 'a', applied });
  const drift = (at: number, to = '"https://b.example.com/"') => ({
    ...{ field: 'callback_url' as const, at, from: '"https://a.example.com/"', to },
  });
  const planWith = (
    drifts: readonly ReturnType<typeof drift>[],
    callbackUrl?: string,
    writtenAt = NOW - MINUTE,
  ) => {
    const state = emptyState('lineage', 'endpoint');
    if (drifts.length > 0) state.drifts.set(keyOf('a'), [...drifts]);
    const apps = [observedApp(1, { name: 'a', callbackUrl })];
    const replaced = { callbackUrl: ['https://b.example.com/'] };
    return planOn(planInput({ entries: [wanted], owned: [{ ...owned, writtenAt, replaced }], state }), {
      apps,
      events: new Map([[id(1), ['x']]]),
    });
  };

  it('count a value again only after the settle time: a listing may lag behind our own correction', () => {
    const past = [drift(NOW - 11_000)];
    const lagging = planWith(past, 'https://b.example.com/', NOW - 9_999).remember;
    expect(lagging.filter(({ type }) => type === 'drift_seen')).toEqual([]);
    expect(planWith(past, 'https://c.example.com/', NOW - 9_999).remember).toHaveLength(1);
    expect(planWith(past, 'https://b.example.com/', NOW - 10_000).remember).toHaveLength(1);
  });

  it('count a value again only after we had put it right: rounds may end before their turn', () => {
    const past = [drift(NOW - 30 * MINUTE)];
    expect(planWith(past, 'https://b.example.com/', NOW - 40 * MINUTE).remember).toEqual([]);
    expect(planWith(past, 'https://b.example.com/', NOW - 20 * MINUTE).remember).toHaveLength(1);
    expect(planWith(past, 'https://c.example.com/', NOW - 40 * MINUTE).remember).toHaveLength(1);
  });

  it('do not count what a failed correction left behind', () => {
    const state = emptyState('lineage', 'endpoint');
    const entryDigest = fingerprintEntry(wanted, digest);
    state.backoffs.set(keyOf('a'), { failures: 1, until: NOW, entryDigest, reason: 'no' });
    const input = planInput({ entries: [wanted], owned: [owned], state });
    const { plan, remember } = planOn(input, { apps: [observedApp(1, { name: 'a' })] });
    expect(plan.changes).toHaveLength(1);
    expect(remember).toEqual([]);
  });

  it('are told with every value, a cleared one included', () => {
    const past = [drift(NOW - 3 * MINUTE), drift(NOW - 2 * MINUTE)];
    const { plan } = planWith(past);
    expect(explain(plan)).toContain('to nothing 0s ago');
  });

  it('count a new value while held, which makes the hold last longer', () => {
    const past = [drift(NOW - 30 * MINUTE), drift(NOW - 20 * MINUTE), drift(NOW - 10 * MINUTE)];
    expect(planWith(past, 'https://b.example.com/').plan.withheld[0]?.until).toBe(NOW + 50 * MINUTE);
    const again = planWith(past, 'https://c.example.com/');
    expect(again.plan.withheld[0]?.until).toBe(NOW + 60 * MINUTE);
    expect(again.remember).toHaveLength(1);
  });
});

describe('open creates', () => {
  it('of an entry that became another kind of thing are bound as they are; the next round replaces', () => {
    const state = emptyState('lineage', 'endpoint');
    const intent = { key: keyOf('a'), appType: 'normal' as const, name: 'a', nonce: NONCE, openedAt: 0 };
    state.intents.set(keyOf('a'), { ...intent, endedAt: 0 });
    const wanted = entry('a', {
      ...CONNECTOR,
      connectorId: asConnectorId('2000'),
      callbackUrl: 'https://a/',
    });
    const { plan } = planOn(planInput({ entries: [wanted], state }), {
      apps: [observedApp(1, { name: 'a', mark: MARK })],
    });
    expect(plan.changes).toMatchObject([
      { reason: 'newborn_found', fields: [], steps: [{ do: 'bind', id: id(1), how: 'created' }] },
    ]);
  });

  it('without a mark begin with the ids of everything that looks like the app to be made, ours or not', () => {
    const entries = [entry('a'), entry('b')];
    const owned = [ownedApp('b', 1, { name: 'b' })];
    const input = planInput({ entries, owned, policy: { creates: 'plain' } });
    const { plan } = planOn(input, { apps: [observedApp(1, { name: 'a' })] });
    expect(plan.changes[0]?.steps[0]).toEqual({
      ...{ do: 'create_app', appType: 'normal', name: 'a', lookAlikes: [id(1)] },
    });
  });

  it('of one channel are not told apart, so neither is bound by guess', () => {
    const state = emptyState('lineage', 'endpoint');
    const wanted = { ...CONNECTOR, connectorId: asConnectorId('2000') };
    const intent = { appType: 'connector' as const, connectorId: asConnectorId('2000'), openedAt: 0 };
    state.intents.set(keyOf('a'), { ...intent, key: keyOf('a'), endedAt: 0 });
    const account = { apps: [observedApp(1, { appType: 'connector', connectorId: '2000' })] };
    const input = planInput({ entries: [entry('a', wanted)], state });
    expect(planOn(input, account).plan.changes).toMatchObject([{ reason: 'newborn_found', key: 'a' }]);
    state.intents.set(keyOf('b'), { ...intent, key: keyOf('b'), endedAt: 0 });
    const { plan } = planOn(planInput({ entries: [entry('a', wanted)], state }), account);
    expect(plan.changes).toEqual([]);
    expect(plan.withheld.map(({ reason }) => reason)).toEqual(['unowned_match', 'ambiguous']);
  });

  it('hold the orphan whose identity they share, until one of the two is known to be it', () => {
    const state = emptyState('lineage', 'endpoint');
    const intent = {
      key: keyOf('b'),
      appType: 'normal' as const,
      name: 'a',
      lookAlikes: [id(1)],
      openedAt: 0,
    };
    state.intents.set(keyOf('b'), { ...intent, endedAt: NOW });
    const input = planInput({
      entries: [entry('b', { name: 'a' })],
      owned: [ownedApp('a', 1, { name: 'a' })],
      state,
    });
    const { plan } = planOn(input, { apps: [observedApp(1, { name: 'a' })] });
    expect(plan.changes).toEqual([]);
    expect(plan.withheld).toMatchObject([{ key: 'b', reason: 'settling', candidates: [id(1)] }]);
  });
});

describe('the token sink', () => {
  it('is given the token of a listing, never a mask that the listing shows instead', () => {
    const policy = { deliversTokens: true };
    const stepsOf = (verifyToken: Secret) => {
      const input = planInput({ entries: [entry('a'), entry('b')], owned: [ownedApp('a', 1)], policy });
      const apps = [observedApp(1, { name: 'a', verifyToken }), observedApp(2, { name: 'b', verifyToken })];
      return planOn(input, { apps }).plan.changes.map(({ key, steps }) => [
        key,
        steps.map((step) => step.do),
      ]);
    };
    expect(stepsOf(new Secret('shown'))).toEqual([
      ['b', ['bind', 'deliver_token']],
      ['a', ['deliver_token']],
    ]);
    expect(stepsOf(new Secret('***', { masked: true }))).toEqual([['b', ['bind']]]);
  });
});

describe('the small parts', () => {
  it('order changes totally: by action, key and id, what has no key last', () => {
    const change = (action: 'create' | 'delete', key: string | null, number: number | null) => ({
      ...{ action, key: key === null ? null : keyOf(key), id: number === null ? null : id(number) },
    });
    const sorted = [
      change('create', 'a', null),
      change('create', 'a', 1),
      change('create', 'b', null),
      change('delete', 'a', 3),
      change('delete', null, 1),
      change('delete', null, 2),
    ];
    expect([...sorted].reverse().sort(compareChanges)).toEqual(sorted);
    expect(compareChanges(sorted[0] as never, { ...sorted[0] } as never)).toBe(0);
  });

  it.each([
    [0, '0s'],
    [-5, '0s'],
    [59_999, '59s'],
    [600_000, '10m'],
    [5_400_000, '1h30m'],
    [93_784_000, '1d2h'],
  ])('print %i ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('give entries another fingerprint for every part an operator can edit, and none for its place', () => {
    const base = entry('a', { events: ['x'] });
    const print = (overrides: Parameters<typeof entry>[1]) =>
      fingerprintEntry({ ...base, ...overrides } as never, digest);
    const prints = [
      ...[{}, { name: 'b' }, { callbackUrl: 'u' }, { events: [] }, { protect: true }, { id: id(1) }],
      ...[{ replace: 'allow' as const }, { was: keyOf('z') }, { ignore: ['name' as const] }],
      ...[{ paused: {} }, { paused: { until: 1 } }, { paused: { because: 'x' } }, { paused: { by: 'x' } }],
      { appType: 'connector' as const, connectorId: asConnectorId('1') },
    ].map(print);
    expect(new Set(prints).size).toBe(prints.length);
    expect(print({ position: { file: 'other', line: 9, column: 9 } })).toBe(prints[0]);
  });

  it('look at no app without an identity', () => {
    const nameless: ObservedApp = { id: id(1), appType: 'normal', verifyToken: new Secret('hidden') };
    const input = planInput({ entries: [entry('a')], policy: { prune: 'all' } });
    const { plan } = planOn(input, { apps: [nameless] });
    expect(plan.changes.map(({ action, name }) => [action, name])).toEqual([
      ['create', 'a'],
      ['delete', null],
    ]);
  });

  it('refuse a kind of match that the types do not know', () => {
    const input = planInput({ entries: [entry('a')] });
    const observed = unanswered([]);
    const situation = createPlanContext(input, observed);
    const bogus = { entry: entry('a'), match: { kind: 'bogus' } } as unknown as EntryMatch;
    expect(() => proposeEntry(situation, matchApps(situation), bogus)).toThrow(InternalError);
  });
});
