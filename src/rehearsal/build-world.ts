/** Builds a world from its story: every part, the wire between them, and the watchers of the promises. */

import { createVirtualClock } from '../lib/virtual-clock.ts';
import type { PromiseName } from '../model/promise.ts';
import type { Fault } from '../sandbox/faults.ts';
import { createSandbox } from '../sandbox/sandbox.ts';
import { answerCallback } from './incidents.ts';
import { createListingPasses } from './listing-passes.ts';
import { createNetwork, type Exchange } from './network.ts';
import { createOperator } from './operator.ts';
import { createChance } from './random.ts';
import type { Scene } from './scene.ts';
import { createSimulatedDisk } from './simulated-disk.ts';
import type { Story } from './story.ts';
import { watchCreate, watchTwins } from './watch-creates.ts';
import { watchDelete } from './watch-deletes.ts';
import { createStateWatch } from './watch-state.ts';
import { timeOf, type World, type WorldOptions } from './world.ts';
import { SINK_DIR } from './write-configuration.ts';

/** Wall time at which every world begins; any whole number of minutes would do. */
export const EPOCH = 1_800_000_000_000;
/** A late request and a lagging listing together stay within the settle time. */
const LATENESS_SHARE = 0.5;

export function createWorld(story: Story, options: WorldOptions): World {
  const clock = createVirtualClock(EPOCH);
  const chance = createChance(story.seed, 'world');
  const refusing = new Set<string>();
  const tokens = ['pat_first_of_this_world'];
  const sandbox = createSandbox(
    {
      clock,
      random: () => chance.next(),
      deliver: async (message) => answerCallback(message, refusing),
    },
    {
      switches: { ...story.switches, appearLagMs: 0 },
      accounts: [{ name: 'main', tokens: tokens.map((token) => ({ token })) }],
      recordsKept: 0,
    },
  );
  // What was there before callbackd has long been listed.
  for (const app of story.found) sandbox.console().create(app);
  sandbox.configure(story.switches);
  const operator = createOperator(story.rules, story.entries, {
    now: clock.now,
    token: tokens[0] ?? '',
  });
  const world: Omit<World, 'network' | 'scene'> = {
    ...{ story, options, clock, chance, sandbox, operator, tokens, refusing },
    disk: createSimulatedDisk(),
    stateWatch: createStateWatch(),
    log: [],
    violations: [],
    roundsOf: new Map(),
    endsOf: new Map(),
    others: new Set(),
    lastPlan: undefined,
    life: undefined,
    store: undefined,
    signals: undefined,
    control: undefined,
    onLifeEnded: () => {},
    ...{ steps: 0, lives: 0, rounds: 0, diskOperations: 0, quiet: 0, requestsAtPeace: 0, isFinished: false },
    ...{ quietFrom: undefined, busyAt: undefined },
  };
  return connect(world as World);
}

/** Joins the wire and the watchers, which need the rest of the world. */
function connect(world: World): World {
  const { story, clock, sandbox } = world;
  const passes = createListingPasses();
  const inTrouble = () => clock.monotonic() <= story.troubleEndsAt;
  const troubles = new Map(
    story.incidents.flatMap((it) => (it.kind === 'network' ? [[it.request, it.trouble] as const] : [])),
  );
  const faults = new Map(
    story.incidents.flatMap((it) => (it.kind === 'platform' ? [[it.request, it.fault] as const] : [])),
  );
  const listed = { pages: 0 };
  const faultOf = (exchange: Exchange) => {
    if (!inTrouble()) return undefined;
    if (exchange.method !== 'GET' || exchange.path !== '/v1/api_apps') return faults.get(exchange.ordinal);
    listed.pages += 1;
    return faults.get(exchange.ordinal) ?? faultOfListing(story, listed.pages);
  };
  const network = createNetwork({
    clock,
    chance: world.chance,
    handle: (request) => {
      const result = sandbox.handle(request);
      sandbox.faults.clear();
      return result;
    },
    inflict: (fault) => sandbox.faults.add({ match: {}, do: fault }),
    apps: () => sandbox.apps(),
    troubleOf: (ordinal) => (inTrouble() ? troubles.get(ordinal) : undefined),
    faultOf,
    latenessMs: story.rules.settleMs * LATENESS_SHARE,
    onSent: (exchange) => noteSent(world, exchange),
    onProcessed: (exchange) => watchTwins(world.scene, exchange),
    onEnded: (exchange) => {
      passes.read(exchange);
      world.options.trace?.(
        `${timeOf(world)} reply ${exchange.ordinal} ${exchange.end?.reply?.status ?? 'none'}`,
      );
    },
  });
  const scene: Scene = {
    ...{ story, now: clock.now, operator: world.operator, sandbox, passes },
    ...{ exchanges: network.exchanges, creates: network.creates },
    state: () => world.store?.state,
    deliveredTokens: () => readSink(world),
    roundStartedAt: (life) => world.roundsOf.get(life),
    endedAt: (life) => world.endsOf.get(life),
    everBound: () => world.stateWatch.bound,
    released: () => world.stateWatch.released,
    violate: (promise, message) => noteViolation(world, promise, message),
  };
  return Object.assign(world, { network, scene });
}

/** Keys of these stories need no encoding, so a file's name is its key. */
function readSink({ disk }: World): ReadonlyMap<string, string> {
  const folder = `${SINK_DIR}/`;
  const inside = [...disk.files()].filter(([path]) => path.startsWith(folder));
  return new Map(inside.map(([path, bytes]) => [path.slice(folder.length), Buffer.from(bytes).toString()]));
}

function faultOfListing({ incidents }: Story, page: number): Fault | undefined {
  const found = incidents.find((it) => it.kind === 'listing' && it.page <= page && page < it.page + it.times);
  return found?.kind === 'listing' ? found.fault : undefined;
}

function noteViolation(world: World, promise: PromiseName, message: string): void {
  world.violations.push({ promise, at: world.clock.monotonic(), message });
  world.options.trace?.(`${timeOf(world)} VIOLATION ${promise}: ${message}`);
  world.isFinished = true;
}

function noteSent(world: World, exchange: Exchange): void {
  const { ordinal, life, method, path, body, trouble } = exchange;
  world.options.trace?.(
    `${timeOf(world)} life ${life.number} request ${ordinal} ${method} ${path} ${body} ${trouble ?? ''}`,
  );
  if (world.others.has(life) && method !== 'GET') {
    world.scene.violate('G6', `request ${ordinal} of a command that only looks is ${method} ${path}`);
  }
  watchCreate(world.scene, exchange);
  watchDelete(world.scene, exchange);
  if (world.quiet > 0 && method !== 'GET') {
    world.scene.violate(
      'G10',
      `request ${ordinal} writes (${method} ${path}) after everything had converged`,
    );
  }
}
