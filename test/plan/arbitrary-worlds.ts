/**
 * Arbitrary situations for the property tests: a configuration the source would accept, an account that anybody may have
 * touched, and a state that may be stale. Pools are small on purpose, so that things collide.
 */

import fc from 'fast-check';
import type { DesiredApp } from '../../src/model/desired.ts';
import { asAppKey, asConnectorId } from '../../src/model/identity.ts';
import type { ObservedApp } from '../../src/model/observed.ts';
import type { Policy } from '../../src/model/settings.ts';
import { emptyState, type MutableState, type OwnedApp } from '../../src/model/state.ts';
import { identifyApp } from '../../src/plan/identify-app.ts';
import { ENDPOINT, entry, id, NOW, observedApp, ownedApp, POLICY } from '../builders/plan-world.ts';

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const NAMES = ['one', 'two', '三', 'four', 'five'];
const CHANNELS = ['1000', '2000', '3000'];
const EVENTS = ['bot.deleted', 'bot.published', 'bot.unpublished'];
const URLS = [
  'https://one.example.com/',
  'https://two.example.com/x',
  'HTTPS://One.example.com',
  'http://t/%2f',
];
const IDS = [1, 2, 3, 4, 5, 6, 7];

const eventSet = fc.subarray(EVENTS);
const optional = <Type>(arbitrary: fc.Arbitrary<Type>) => fc.option(arbitrary, { nil: undefined });
const identity = fc.oneof(
  fc.constantFrom(...NAMES).map((name) => ({ appType: 'normal' as const, name })),
  fc.constantFrom(...CHANNELS).map((channel) => ({
    ...{ appType: 'connector' as const, connectorId: asConnectorId(channel) },
  })),
);

const wanted = fc.record({
  identity,
  callbackUrl: optional(fc.constantFrom(...URLS)),
  events: optional(eventSet),
  protect: fc.boolean(),
  replace: fc.constantFrom('allow' as const, 'withhold' as const),
  was: optional(fc.constantFrom(...KEYS)),
  id: fc.option(fc.constantFrom(...IDS), { nil: undefined, freq: 8 }),
  ignore: fc.subarray(['name', 'callback_url', 'events'] as const, { maxLength: 1 }),
});

/** Entries with unique identities and pins, each `was` naming a key that is gone: what the source lets through. */
export const arbitraryEntries: fc.Arbitrary<readonly DesiredApp[]> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...KEYS), wanted), { selector: ([key]) => key, maxLength: 6 })
  .map((pairs) => {
    const keys = new Set(pairs.map(([key]) => key));
    const taken = new Set<string>();
    const claim = (thing: string) => {
      if (taken.has(thing)) return false;
      taken.add(thing);
      return true;
    };
    return pairs
      .filter(([, app]) => claim(identifyApp(app.identity) ?? ''))
      .map(([key, { identity: who, was, id: pin, ...rest }]) =>
        entry(key, {
          ...{ name: undefined, ...who, ...rest },
          was: was !== undefined && !keys.has(was) && claim(`was ${was}`) ? asAppKey(was) : undefined,
          id: pin !== undefined && claim(`pin ${pin}`) ? id(pin) : undefined,
        }),
      );
  });

export interface ArbitraryAccount {
  readonly apps: readonly ObservedApp[];
  readonly events: ReadonlyMap<ObservedApp['id'], readonly string[]>;
}

const shownApp = fc.record({
  identity: fc.oneof(
    { weight: 9, arbitrary: identity },
    { weight: 1, arbitrary: fc.constant({ appType: 'odd' }) },
  ),
  callbackUrl: optional(fc.constantFrom(...URLS)),
  events: eventSet,
});

export const arbitraryAccount: fc.Arbitrary<ArbitraryAccount> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...IDS), shownApp), { selector: ([number]) => number })
  .map((pairs) => ({
    apps: pairs.map(([number, { identity: who, callbackUrl }]) =>
      observedApp(number, { ...who, callbackUrl }),
    ),
    events: new Map(pairs.map(([number, { events }]) => [id(number), events])),
  }));

const binding = fc.record({
  number: fc.constantFrom(...IDS),
  identity,
  applied: fc.record({ callbackUrl: optional(fc.constantFrom(...URLS)), events: optional(eventSet) }),
  protect: fc.boolean(),
  activating: fc.boolean(),
  isFresh: fc.boolean(),
  condemnedAgo: optional(fc.integer({ min: 0, max: 1_200_000 })),
});

const openCreate = fc.record({
  identity,
  lookAlikes: fc.subarray(IDS),
  endedAgo: optional(fc.integer({ min: 0, max: 60_000 })),
});

/** Bindings with unique ids, and open creates of unique identities for keys without an app. */
export const arbitraryState: fc.Arbitrary<MutableState> = fc
  .tuple(
    fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), binding), {
      selector: ([, { number }]) => number,
      maxLength: 6,
    }),
    fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), openCreate), {
      selector: ([, open]) => identifyApp(open.identity),
      maxLength: 2,
    }),
  )
  .map(([bindings, creates]) => {
    const state = emptyState('lineage', ENDPOINT);
    for (const [key, bound] of bindings) state.apps.set(asAppKey(key), toOwned(key, bound));
    for (const [key, open] of creates) {
      if (state.apps.has(asAppKey(key))) continue;
      const endedAt = open.endedAgo === undefined ? {} : { endedAt: NOW - open.endedAgo };
      const lookAlikes = open.lookAlikes.map(id);
      const intent = { key: asAppKey(key), ...open.identity, lookAlikes, openedAt: 0, ...endedAt };
      state.intents.set(intent.key, intent);
    }
    return state;
  });

function toOwned(
  key: string,
  bound: typeof binding extends fc.Arbitrary<infer Bound> ? Bound : never,
): OwnedApp {
  const { applied, protect, activating } = bound;
  return ownedApp(key, bound.number, {
    ...{ ...bound.identity, protect, activating },
    boundAt: bound.isFresh ? NOW - 5_000 : 0,
    applied: {
      ...('name' in bound.identity ? { name: bound.identity.name } : {}),
      ...(applied.callbackUrl === undefined ? {} : { callbackUrl: applied.callbackUrl }),
      ...(applied.events === undefined ? {} : { events: applied.events }),
    },
    condemnedAt: bound.condemnedAgo === undefined ? undefined : NOW - bound.condemnedAgo,
  });
}

export const arbitraryPolicy: fc.Arbitrary<Policy> = fc
  .record({
    adopt: fc.constantFrom('never' as const, 'identical' as const, 'by_name' as const),
    prune: fc.constantFrom('never' as const, 'owned' as const, 'all' as const),
    deletesPerRound: fc.integer({ min: 0, max: 3 }),
    deletesShare: fc.constantFrom(0, 0.3, 0.5, 1),
    deletesPerDay: fc.integer({ min: 0, max: 4 }),
    deliversTokens: fc.boolean(),
  })
  .map(({ adopt, prune, deliversTokens, ...limits }) => ({
    ...POLICY,
    ...{ adopt, prune, deliversTokens },
    limits: { ...limits, missingShare: 0.3 },
  }));
