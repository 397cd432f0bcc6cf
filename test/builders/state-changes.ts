/** Random changes of the recorded state, of every type, with keys and names that are unkind to file formats. */
import fc from 'fast-check';
import { asAppId, asAppKey, asConnectorId } from '../../src/model/identity.ts';
import type { OwnedApp, StateChange } from '../../src/model/state.ts';

const key = fc
  .constantFrom('orders', 'a', '1', '10', '__proto__', 'constructor', '订单', 'a_b-c', 'toString')
  .map(asAppKey);
const id = fc.bigInt({ min: 10n ** 18n, max: 10n ** 19n }).map((digits) => asAppId(`${digits}`));
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
/** Whole milliseconds, from 1970 to some centuries ahead. */
const instant = fc.integer({ min: 0, max: 10_000_000_000_000 });
const events = fc.uniqueArray(fc.constantFrom('bot.published', 'bot.deleted', 'x'), { maxLength: 3 });

/** Object with some of the optional members left out, never `undefined`. */
const sparse = <Value extends object>(members: { [Name in keyof Value]: fc.Arbitrary<Value[Name]> }) =>
  fc.record(members, { requiredKeys: [] });

const applied = sparse({ name: text, callbackUrl: text, events });

const replaced = sparse({
  name: fc.array(text, { maxLength: 2 }),
  callbackUrl: fc.array(text, { maxLength: 2 }),
  events: fc.array(events, { maxLength: 2 }),
});

const duplicates = fc.array(fc.record({ id, at: instant }), { maxLength: 2 });

const ownedApp: fc.Arbitrary<OwnedApp> = fc
  .tuple(
    fc.record({
      key,
      id,
      appType: fc.constantFrom('normal' as const, 'connector' as const),
      how: fc.constantFrom('created' as const, 'adopted' as const, 'rebound' as const),
      boundAt: instant,
      applied,
      protect: fc.boolean(),
      activating: fc.boolean(),
    }),
    sparse({
      name: text,
      connectorId: id.map(asConnectorId),
      eventsSeenAt: instant,
      writtenAt: instant,
      replaced,
      duplicates,
      tokenFingerprint: text,
      condemnedAt: instant,
      replaces: id,
    }),
  )
  .map(([required, optional]) => ({ ...required, ...optional }));

const intent = fc
  .tuple(
    fc.record({
      key,
      appType: fc.constantFrom('normal' as const, 'connector' as const),
      lookAlikes: fc.array(id, { maxLength: 3 }),
      openedAt: instant,
    }),
    sparse({
      name: text,
      connectorId: id.map(asConnectorId),
      endedAt: instant,
      nonce: fc.constantFrom('0a1b2c3d', 'ffffffff'),
      replaces: id,
    }),
  )
  .map(([required, optional]) => ({ ...required, ...optional }));

const patch = sparse({
  name: text,
  applied,
  eventsSeenAt: instant,
  writtenAt: instant,
  replaced,
  duplicates: fc.option(duplicates),
  protect: fc.boolean(),
  tokenFingerprint: fc.option(text),
  activating: fc.boolean(),
  condemnedAt: fc.option(instant),
  replaces: fc.option(id),
});

const drift = fc.record({
  field: fc.constantFrom('name' as const, 'callback_url' as const, 'events' as const),
  at: instant,
  from: text,
  to: text,
});
const backoff = fc.record({ failures: fc.nat(99), until: instant, entryDigest: text, reason: text });
const pause = sparse({ until: instant, because: text, by: text });
const grant = fc.record({ subject: fc.constantFrom('orders', 'abc'), by: text, at: instant });
const calls = fc.record({ day: fc.constantFrom('2026-11-20', '2026-11-21'), count: fc.nat(5000) });

const isSo = fc.constant(true as const);
const deletion = fc.oneof(
  fc.record({ key: fc.option(key), id, at: instant }),
  fc.record({ key: fc.option(key), id, at: instant, stray: isSo }),
);

type ChangeOf<Type extends StateChange['type']> = Extract<StateChange, { readonly type: Type }>;
type Members<Type extends StateChange['type']> = Omit<ChangeOf<Type>, 'type'>;

/** One generator per type: a new type of change does not compile until it has one here. */
const GENERATORS: { readonly [Type in StateChange['type']]: fc.Arbitrary<Members<Type>> } = {
  app_bound: fc.record({ app: ownedApp }),
  app_changed: fc.record({ key, patch }) as fc.Arbitrary<Members<'app_changed'>>,
  app_unbound: fc.record(
    { key: fc.option(key), id, deletedAt: instant, leavesStray: isSo },
    { requiredKeys: ['key', 'id'] },
  ) as fc.Arbitrary<Members<'app_unbound'>>,
  intent_opened: fc.record({ intent }) as fc.Arbitrary<Members<'intent_opened'>>,
  intent_ended: fc.record({ key, at: instant }),
  intent_closed: fc.record({ key }),
  delete_begun: deletion,
  delete_refused: deletion,
  deletions_expired: fc.record({ before: instant }),
  backoff_set: fc.record({ key, backoff }),
  backoff_cleared: fc.record({ key }),
  drift_seen: fc.record({ key, drift }),
  drifts_cleared: fc.record({ key, before: instant }),
  paused: fc.record({ key: fc.option(key), pause }) as fc.Arbitrary<Members<'paused'>>,
  resumed: fc.record({ key: fc.option(key) }),
  granted: fc.record({ grant }),
  grant_spent: fc.record({ subject: fc.constantFrom('orders', 'abc') }),
  marks_shown: fc.constant({}),
  marks_refused: fc.constant({}),
  mark_seen: fc.record({ id, at: fc.option(instant) }),
  calls_counted: fc.record({ calls }),
  boot_noted: fc.record({ boot: fc.record({ bootId: text, bootAt: instant }) }),
};

/** Any change; binding comes more often, so that the others have something to act on. */
export const anyStateChange: fc.Arbitrary<StateChange> = fc.oneof(
  { weight: 8, arbitrary: GENERATORS.app_bound.map(({ app }) => ({ type: 'app_bound' as const, app })) },
  ...Object.entries(GENERATORS).map(([type, generator]) => ({
    weight: 1,
    arbitrary: (generator as fc.Arbitrary<object>).map((members) => ({ type, ...members }) as StateChange),
  })),
);
