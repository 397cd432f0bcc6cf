/**
 * Generates a scenario from a seed: an account, a configuration and a fault plan. Equal seeds give equal
 * scenarios.
 */

import { DEFAULT_SWITCHES, type Switches } from '../sandbox/switches.ts';
import { makeEntry, urlOf } from './generate-entry.ts';
import { generateFaults, type Scale, type ValueGenerators } from './generate-faults.ts';
import { withRoom } from './generate-interruptions.ts';
import { createRng, type Rng } from './random.ts';
import type { Entry, FoundApp, Rules, Scenario } from './scenario.ts';

const MINUTE = 60_000;
/** More than fit on one page. */
const CROWD = 50;
/** Typical totals of a world of a few entries. */
const SCALE: Scale = { requests: 160, listingPages: 25, diskOperations: 250, steps: 1_600 };

const GENERATORS: ValueGenerators = {
  entry: makeEntry,
  url: (entry, version) => urlOf(numberOf(entry), version),
  identity: (entry, rng) =>
    entry.appType === 'normal'
      ? { name: `App ${numberOf(entry)} renamed ${rng.between(1, 9)}` }
      : { connectorId: String(8_000_000 + numberOf(entry)) },
};

function numberOf({ key }: Entry): number {
  return Number(key.slice('app-'.length));
}

export function generateScenario(seed: number): Scenario {
  const rng = createRng(seed);
  const rules = makeRules(rng.fork('rules'));
  const entries = makeEntries(rng.fork('entries'));
  const found = makeFound(rng.fork('found'), entries);
  const faultsEndAt = rng.between(4, 40) * MINUTE;
  const faultPlan = generateFaults(rng.fork('incidents'), {
    ...{ rules, entries, faultsEndAt },
    scale: SCALE,
    generators: GENERATORS,
  });
  return {
    seed,
    rules: withRoom(rules, faultPlan),
    switches: makeSwitches(rng.fork('switches'), rules, found.length >= CROWD),
    entries,
    found,
    faultPlan,
    faultsEndAt,
  };
}

function makeRules(rng: Rng): Rules {
  return {
    adopt: rng.pick(['never', 'identical', 'identical', 'by_name']),
    prune: rng.pick(['never', 'owned', 'owned', 'owned', 'all']),
    deleteGraceMs: rng.pick([0, 30_000, 5 * MINUTE]),
    settleMs: rng.pick([10_000, 20_000]),
    deletesPerRound: rng.pick([1, 2, 5]),
    deletesPerDay: rng.pick([2, 4, 20]),
    deletesShare: rng.pick([0.3, 0.5, 1]),
    missingShare: rng.pick([0.3, 0.5]),
    preflight: 'off',
    deliversTokens: rng.happens(0.5),
    scheduleMinutes: rng.pick([2, 5, 10]),
    eventsResyncMinutes: rng.pick([5, 30]),
    concurrency: rng.pick([1, 2, 4, 8]),
    timeoutMs: rng.pick([5_000, 15_000]),
  };
}

function makeEntries(rng: Rng): readonly Entry[] {
  const count = rng.between(1, 6);
  return Array.from({ length: count }, (_, index) => makeEntry(rng, index));
}

/** Existing apps: unrelated ones, and some that look like an entry. */
function makeFound(rng: Rng, entries: readonly Entry[]): readonly FoundApp[] {
  const strangers = Array.from({ length: rng.between(0, 4) }, (_, index): FoundApp => {
    const withUrl = rng.happens(0.5) ? { callbackUrl: `https://stranger.example.com/${index}` } : {};
    return { appType: 'normal', name: `Stranger ${index}`, ...withUrl };
  });
  const crowd = rng.happens(0.08)
    ? Array.from({ length: CROWD }, (_, index): FoundApp => ({ appType: 'normal', name: `Crowd ${index}` }))
    : [];
  const alike = entries.filter(() => rng.happens(0.1)).map((entry) => similarApp(rng, entry));
  return [...strangers, ...crowd, ...alike];
}

export function similarApp(rng: Rng, entry: Entry): FoundApp {
  const { appType, name, connectorId, callbackUrl, events } = entry;
  const isIdentical = rng.happens(0.6);
  return {
    appType,
    ...(name === undefined ? {} : { name }),
    ...(connectorId === undefined ? {} : { connectorId }),
    ...(isIdentical && callbackUrl !== undefined ? { callbackUrl } : {}),
    ...(isIdentical && events !== undefined ? { events } : {}),
  };
}

/** The lag of the listing and a late request together stay within the settle time, as its purpose is. */
export function makeSwitches(rng: Rng, { settleMs }: Rules, isCrowded: boolean): Partial<Switches> {
  const lag = (share: number) => (rng.happens(0.3) ? Math.floor(settleMs * share * rng.next()) : 0);
  const some = <Name extends keyof Switches>(name: Name, ...others: readonly Switches[Name][]) =>
    ({
      [name]: rng.pick([DEFAULT_SWITCHES[name], DEFAULT_SWITCHES[name], ...others]),
    }) as Partial<Switches>;
  return {
    ...some('connectorRename', 'ok'),
    ...some('connectorName', 'kept'),
    ...some('repeatedEvents', 'refused'),
    ...some('eventsNeedUrl', false),
    ...some('listOrder', 'newest', 'random'),
    ...some('emptyItems', 'null', 'missing'),
    ...some('emptyListData', 'null', 'missing'),
    // On a full page the client requires `has_more`.
    ...(isCrowded ? {} : some('lastHasMore', 'missing')),
    ...some('lastPageToken', 'empty'),
    ...some('writeData', 'null', 'empty'),
    ...some('codeStyle', 'string'),
    ...some('detail', 'missing'),
    ...some('errorStyle', 'code_in_200'),
    ...some('challengeSameUrl', false),
    connectorOneToOne: false,
    appearLagMs: lag(0.4),
    disappearLagMs: lag(0.4),
    updateLagMs: lag(0.4),
    eventsLagMs: lag(0.4),
    ...makeNameSwitches(rng),
  };
}

/** Shorter than a marked name of a generated entry, longer than its real one. */
const NAME_MAX = 17;

/** Most platforms keep a marked name; some cut, normalise or refuse it, and some want names to be unique. */
function makeNameSwitches(rng: Rng): Partial<Switches> {
  const uniqueNames = rng.happens(0.1);
  if (!rng.happens(0.15)) return { uniqueNames };
  const names = rng.pick<Partial<Switches>>([
    { nameMax: NAME_MAX, longNames: 'cut' },
    { nameMax: NAME_MAX, longNames: 'refused' },
    { namePunctuation: 'dropped' },
    { namePunctuation: 'refused' },
  ]);
  return { uniqueNames, ...names };
}
