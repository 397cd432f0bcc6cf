/** Builds a world from its scenario and attaches the checks of the promises to its network. */

import { createVirtualClock } from '../lib/virtual-clock.ts';
import { type Message, message } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import type { PromiseName } from '../model/promise.ts';
import type { Fault } from '../sandbox/faults.ts';
import { createSandbox } from '../sandbox/sandbox.ts';
import type { CheckContext } from './check-context.ts';
import { checkCreate, checkDuplicates, noteIntents } from './check-creates.ts';
import { checkDelete } from './check-deletes.ts';
import { checkMarks, checkRepeat } from './check-marks.ts';
import { createStateChecker } from './check-state.ts';
import { answerCallback } from './fault-injection.ts';
import { interrupt } from './interruptions.ts';
import { createListingPasses } from './listing-passes.ts';
import { createNetwork, type Exchange } from './network.ts';
import { createOperator } from './operator.ts';
import { createHostClocks } from './process-instance.ts';
import { createRng } from './random.ts';
import type { Scenario } from './scenario.ts';
import { createSimulatedDisk } from './simulated-disk.ts';
import { timeOf, type World, type WorldOptions } from './world.ts';
import { SINK_DIR } from './write-configuration.ts';

/** Wall time at which every world begins: any whole minute. */
export const EPOCH = 1_800_000_000_000;
/** Of the settle time; a late request and a lagging listing together stay within it. */
const LATENESS_SHARE = 0.5;
/** Of a listing during which somebody saves the file: long enough for the daemon to read it. */
const SLOW_LISTING_MS = 4_000;

export function createWorld(scenario: Scenario, options: WorldOptions): World {
  const clock = createVirtualClock(EPOCH);
  const rng = createRng(scenario.seed, 'world');
  const refusing = new Set<string>();
  const tokens = ['pat_first_of_this_world'];
  const sandbox = createSandbox(
    {
      clock,
      random: () => rng.next(),
      deliver: async (message) => answerCallback(message, refusing),
    },
    {
      switches: { ...scenario.switches, appearLagMs: 0 },
      accounts: [{ name: 'main', tokens: tokens.map((token) => ({ token })) }],
      recordsKept: 0,
    },
  );
  // Apps that exist before callbackd starts are listed at once.
  for (const app of scenario.found) sandbox.console().create(app);
  sandbox.configure(scenario.switches);
  const operator = createOperator(scenario.rules, scenario.entries, {
    now: clock.now,
    token: tokens[0] ?? '',
  });
  const world: Omit<World, 'network' | 'checkContext'> = {
    ...{ scenario, options, clock, rng, sandbox, operator, tokens, refusing },
    disk: createSimulatedDisk(),
    stateChecker: createStateChecker(),
    log: [],
    violations: [],
    host: createHostClocks(),
    pausesDue: [],
    spent: new Set(),
    restlessEdits: [],
    slowListing: undefined,
    deletesSent: 0,
    roundsOf: new Map(),
    endsOf: new Map(),
    others: new Set(),
    lastPlan: undefined,
    instance: undefined,
    store: undefined,
    signals: undefined,
    control: undefined,
    onInstanceEnded: () => {},
    ...{
      steps: 0,
      starts: 0,
      rounds: 0,
      diskOperations: 0,
      quiet: 0,
      requestsAtFaultsEnd: 0,
      isFinished: false,
    },
    ...{ quietFrom: undefined, busyAt: undefined },
  };
  return connect(world as World);
}

/** Adds the network and the checks, which need the rest of the world. */
function connect(world: World): World {
  const { scenario, clock, sandbox } = world;
  const passes = createListingPasses();
  const inFaultPhase = () => clock.monotonic() <= scenario.faultsEndAt;
  const networkFaults = new Map(
    scenario.faultPlan.flatMap((it) => (it.kind === 'network' ? [[it.request, it.fault] as const] : [])),
  );
  const platformFaults = new Map(
    scenario.faultPlan.flatMap((it) => (it.kind === 'platform' ? [[it.request, it.fault] as const] : [])),
  );
  const lateCreates = new Map(
    scenario.faultPlan.flatMap((it) => (it.kind === 'late_create' ? [[it.create, it.afterMs] as const] : [])),
  );
  const listed = { pages: 0 };
  const platformFaultOf = (exchange: Exchange): Fault | undefined => {
    if (!inFaultPhase()) return undefined;
    if (exchange.ordinal === world.slowListing) {
      return { kind: 'delay', ms: Math.min(SLOW_LISTING_MS, scenario.rules.timeoutMs * 0.8), when: 'after' };
    }
    if (exchange.method !== 'GET' || exchange.path !== '/v1/api_apps')
      return platformFaults.get(exchange.ordinal);
    listed.pages += 1;
    return platformFaults.get(exchange.ordinal) ?? faultOfListing(scenario, listed.pages);
  };
  const network = createNetwork({
    clock,
    rng: world.rng,
    handle: (request) => {
      const result = sandbox.handle(request);
      sandbox.faults.clear();
      return result;
    },
    inject: (fault) => sandbox.faults.add({ match: {}, do: fault }),
    apps: () => sandbox.apps(),
    networkFaultOf: (ordinal) => (inFaultPhase() ? networkFaults.get(ordinal) : undefined),
    lateCreateOf: (create) => (inFaultPhase() ? lateCreates.get(create) : undefined),
    mayBeLate: inFaultPhase,
    platformFaultOf,
    latenessMs: scenario.rules.settleMs * LATENESS_SHARE,
    onSent: (exchange) => checkSent(world, exchange),
    onProcessed: (exchange) => checkDuplicates(world.checkContext, exchange),
    onEnded: (exchange) => {
      passes.read(exchange);
      world.options.trace?.(
        `${timeOf(world)} reply ${exchange.ordinal} ${exchange.end?.reply?.status ?? 'none'}`,
      );
    },
  });
  const checkContext: CheckContext = {
    ...{ scenario, now: clock.now, operator: world.operator, sandbox, passes },
    ...{ exchanges: network.exchanges, creates: network.creates },
    state: () => world.store?.state,
    deliveredTokens: () => readSink(world),
    roundStartedAt: (instance) => world.roundsOf.get(instance),
    endedAt: (instance) => world.endsOf.get(instance),
    everBound: () => world.stateChecker.bound,
    released: () => world.stateChecker.released,
    strayDeletes: new Set(),
    intentsSeen: new Map(),
    refusedAt: new Map(),
    filesRefused: () => {
      const problem = world.control?.status().configuration.problem;
      return problem ? `${problem.kind} ${problem.since}` : undefined;
    },
    violate: (promise, problem) => recordViolation(world, promise, problem),
  };
  return Object.assign(world, { network, checkContext });
}

/** Keys of these stories need no encoding, so a file's name is its key. */
function readSink({ disk }: World): ReadonlyMap<string, string> {
  const folder = `${SINK_DIR}/`;
  const inside = [...disk.files()].filter(([path]) => path.startsWith(folder));
  return new Map(inside.map(([path, bytes]) => [path.slice(folder.length), Buffer.from(bytes).toString()]));
}

function faultOfListing({ faultPlan }: Scenario, page: number): Fault | undefined {
  const found = faultPlan.find((it) => it.kind === 'listing' && it.page <= page && page < it.page + it.times);
  return found?.kind === 'listing' ? found.fault : undefined;
}

function recordViolation(world: World, promise: PromiseName, problem: Message): void {
  world.violations.push({ promise, at: world.clock.monotonic(), message: problem });
  world.options.trace?.(`${timeOf(world)} VIOLATION ${promise}: ${say(problem)}`);
  world.isFinished = true;
}

function checkSent(world: World, exchange: Exchange): void {
  const { ordinal, instance, method, path, body, networkFault } = exchange;
  world.options.trace?.(
    `${timeOf(world)} life ${instance.number} request ${ordinal} ${method} ${path} ${body} ${networkFault ?? ''}`,
  );
  if (world.others.has(instance) && method !== 'GET') {
    world.checkContext.violate('G6', message('rehearsal.reader_writes', { request: ordinal, method, path }));
  }
  noteIntents(world.checkContext);
  checkCreate(world.checkContext, exchange);
  checkDelete(world.checkContext, exchange);
  checkMarks(world.checkContext, exchange);
  checkRepeat(world.checkContext, exchange);
  interrupt(world, exchange);
  if (world.quiet > 0 && method !== 'GET') {
    world.checkContext.violate('G10', message('rehearsal.late_write', { request: ordinal, method, path }));
  }
}
