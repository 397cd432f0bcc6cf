/** Makes up a story from a seed: an account, a file, and what goes wrong. The same seed tells the same story. */

import { DEFAULT_SWITCHES, type Switches } from '../sandbox/switches.ts';
import { makeEntry, urlOf } from './make-entry.ts';
import { type Chance, createChance } from './random.ts';
import type { Entry, FoundApp, Rules, Story } from './story.ts';
import { type Inventions, type Scale, tellIncidents } from './tell-incidents.ts';

const MINUTE = 60_000;
/** More than fit on one page. */
const CROWD = 50;
/** What a world of a few entries comes to. */
const SCALE: Scale = { requests: 160, listingPages: 25, diskOperations: 250, steps: 1_600 };

const INVENTIONS: Inventions = {
  entry: makeEntry,
  url: (entry, version) => urlOf(numberOf(entry), version),
  identity: (entry, chance) =>
    entry.appType === 'normal'
      ? { name: `App ${numberOf(entry)} renamed ${chance.between(1, 9)}` }
      : { connectorId: String(8_000_000 + numberOf(entry)) },
};

function numberOf({ key }: Entry): number {
  return Number(key.slice('app-'.length));
}

export function tellStory(seed: number): Story {
  const chance = createChance(seed);
  const rules = makeRules(chance.fork('rules'));
  const entries = makeEntries(chance.fork('entries'));
  const found = makeFound(chance.fork('found'), entries);
  const troubleEndsAt = chance.between(4, 40) * MINUTE;
  return {
    seed,
    rules,
    switches: makeSwitches(chance.fork('switches'), rules, found.length >= CROWD),
    entries,
    found,
    incidents: tellIncidents(chance.fork('incidents'), {
      ...{ rules, entries, troubleEndsAt },
      scale: SCALE,
      inventions: INVENTIONS,
    }),
    troubleEndsAt,
  };
}

function makeRules(chance: Chance): Rules {
  return {
    adopt: chance.pick(['never', 'identical', 'identical', 'by_name']),
    prune: chance.pick(['never', 'owned', 'owned', 'owned', 'all']),
    deleteGraceMs: chance.pick([0, 30_000, 5 * MINUTE]),
    settleMs: chance.pick([10_000, 20_000]),
    deletesPerRound: chance.pick([1, 2, 5]),
    deletesPerDay: chance.pick([2, 4, 20]),
    deletesShare: chance.pick([0.3, 0.5, 1]),
    missingShare: chance.pick([0.3, 0.5]),
    preflight: 'off',
    deliversTokens: chance.happens(0.5),
    scheduleMinutes: chance.pick([2, 5, 10]),
    eventsResyncMinutes: chance.pick([5, 30]),
    concurrency: chance.pick([1, 2, 4, 8]),
    timeoutMs: chance.pick([5_000, 15_000]),
  };
}

function makeEntries(chance: Chance): readonly Entry[] {
  const count = chance.between(1, 6);
  return Array.from({ length: count }, (_, index) => makeEntry(chance, index));
}

/** Apps that are there already: strangers, and some that look like an entry. */
function makeFound(chance: Chance, entries: readonly Entry[]): readonly FoundApp[] {
  const strangers = Array.from({ length: chance.between(0, 4) }, (_, index): FoundApp => {
    const withUrl = chance.happens(0.5) ? { callbackUrl: `https://stranger.example.com/${index}` } : {};
    return { appType: 'normal', name: `Stranger ${index}`, ...withUrl };
  });
  const crowd = chance.happens(0.08)
    ? Array.from({ length: CROWD }, (_, index): FoundApp => ({ appType: 'normal', name: `Crowd ${index}` }))
    : [];
  const alike = entries.filter(() => chance.happens(0.1)).map((entry) => likeEntry(chance, entry));
  return [...strangers, ...crowd, ...alike];
}

export function likeEntry(chance: Chance, entry: Entry): FoundApp {
  const { appType, name, connectorId, callbackUrl, events } = entry;
  const isIdentical = chance.happens(0.6);
  return {
    appType,
    ...(name === undefined ? {} : { name }),
    ...(connectorId === undefined ? {} : { connectorId }),
    ...(isIdentical && callbackUrl !== undefined ? { callbackUrl } : {}),
    ...(isIdentical && events !== undefined ? { events } : {}),
  };
}

/** The listing may lag, but it and a late request together stay within the settle time: that is what it is for. */
export function makeSwitches(chance: Chance, { settleMs }: Rules, isCrowded: boolean): Partial<Switches> {
  const lag = (share: number) => (chance.happens(0.3) ? Math.floor(settleMs * share * chance.next()) : 0);
  const some = <Name extends keyof Switches>(name: Name, ...others: readonly Switches[Name][]) =>
    ({
      [name]: chance.pick([DEFAULT_SWITCHES[name], DEFAULT_SWITCHES[name], ...others]),
    }) as Partial<Switches>;
  return {
    ...some('connectorRename', 'ok'),
    ...some('connectorName', 'kept'),
    ...some('repeatedEvents', 'refused'),
    ...some('eventsNeedUrl', false),
    ...some('listOrder', 'newest', 'random'),
    ...some('emptyItems', 'null', 'missing'),
    ...some('emptyListData', 'null', 'missing'),
    // On a full page the client insists on `has_more`, so a crowd of fifty is told apart.
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
  };
}
