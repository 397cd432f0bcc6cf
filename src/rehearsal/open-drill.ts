/** A fault drill of one configuration: the simulator on the operator's own entries and rules. */

import type { Message } from '../messages/message.ts';
import type { Drill, DrillRun, FaultFreeRun } from '../model/drill.ts';
import type { Violation } from '../model/promise.ts';
import { generateDrill, generateFaultFree } from './generate-drill.ts';
import type { Scale } from './generate-faults.ts';
import type { Mutations } from './mutations.ts';
import { type DrillInput, prepareDrill } from './prepare-drill.ts';
import { runWorld, type WorldResult } from './run-world.ts';
import { prepareWorlds, replayScenario } from './run-worlds.ts';
import type { Scenario } from './scenario.ts';

/** Roughly how many listings there are while faults are injected. */
const WALKS = 25;
const PAGE = 50;
/** The seed of the run without faults. */
const FAULT_FREE = 0;

export async function openDrill(input: DrillInput, mutations: Mutations = {}): Promise<Drill> {
  const parts = prepareDrill(input);
  const options = { validator: await prepareWorlds(), mutations };
  let scale: Scale | undefined;
  const measure = async (): Promise<{ readonly faultFree: WorldResult; readonly scale: Scale }> => {
    const faultFree = await runWorld(generateFaultFree(parts), options);
    const pages = Math.ceil((parts.entries.length + parts.found.length) / PAGE);
    const listingPages = WALKS * Math.max(1, pages);
    scale = { ...faultFree, listingPages };
    return { faultFree, scale };
  };
  const generate = async (seed: number): Promise<Scenario> =>
    seed === FAULT_FREE
      ? generateFaultFree(parts)
      : generateDrill(seed, parts, scale ?? (await measure()).scale);
  return {
    subject: {
      entries: parts.entries.length,
      found: parts.found.length,
      assumptions: parts.assumptions,
    },
    async faultFree(): Promise<FaultFreeRun> {
      const { faultFree } = await measure();
      const { requestsPerQuietRound: callsPerQuietRound } = faultFree;
      return { ...sumUp(generateFaultFree(parts), faultFree), callsPerQuietRound, periodMs: parts.periodMs };
    },
    async run(seed) {
      const scenario = await generate(seed);
      return sumUp(scenario, await runWorld(scenario, options));
    },
    async replay(seed) {
      const whole = await generate(seed);
      const { scenario, violation, trace } = await replayScenario(whole, mutations);
      return {
        violation: withoutPaths(violation),
        trace: trace.map(maskPaths),
        size: sizeOf(scenario),
        sizeAtFirst: sizeOf(whole),
      };
    },
  };
}

function sumUp({ seed, faultPlan }: Scenario, result: WorldResult): DrillRun {
  const { violations, requests, starts, rounds, virtualMs, recoveryMs, lastPlan } = result;
  return {
    seed,
    violation: withoutPaths(violations[0]),
    calls: requests,
    crashes: starts - 1,
    rounds,
    incidents: faultPlan.length,
    virtualMs,
    recoveryMs,
    withheld: lastPlan?.withheld ?? [],
  };
}

/** The path of a webhook URL is a secret. */
function maskPaths(text: string): string {
  return text.replaceAll(/(https?:\/\/[^\s"/\\]+)\/[^\s"\\]+/gi, '$1/***');
}

function withoutPaths(violation: Violation | undefined): Violation | undefined {
  return violation && { ...violation, message: maskMessage(violation.message) };
}

function maskMessage({ id, params }: Message): Message {
  return params === undefined ? { id } : { id, params: maskValue(params) };
}

/** Texts anywhere in the parameters of a message. */
function maskValue<Value>(value: Value): Value {
  if (typeof value === 'string') return maskPaths(value) as Value;
  if (Array.isArray(value)) return value.map(maskValue) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, maskValue(inner)])) as Value;
}

function sizeOf({ faultPlan, found, entries }: Scenario) {
  return { incidents: faultPlan.length, found: found.length, entries: entries.length };
}
