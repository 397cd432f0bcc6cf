/** A fault drill of one configuration: the engine of the simulator on the operator's own entries and rules. */

import type { CalmRun, Drill, DrillRun } from '../model/drill.ts';
import type { Violation } from '../model/promise.ts';
import { type DrillInput, readDrill } from './read-drill.ts';
import { runWorld, type WorldResult } from './run-world.ts';
import { prepareWorlds, retellStory } from './run-worlds.ts';
import type { Sabotage } from './sabotage.ts';
import type { Story } from './story.ts';
import { tellCalm, tellDrill } from './tell-drill.ts';
import type { Scale } from './tell-incidents.ts';

/** How often the listing is walked while there is trouble, more or less. */
const WALKS = 25;
const PAGE = 50;
/** The seed of the run in which nothing goes wrong. */
const CALM = 0;

export async function openDrill(input: DrillInput, sabotage: Sabotage = {}): Promise<Drill> {
  const parts = readDrill(input);
  const options = { validator: await prepareWorlds(), sabotage };
  let scale: Scale | undefined;
  const measure = async (): Promise<{ readonly calm: WorldResult; readonly scale: Scale }> => {
    const calm = await runWorld(tellCalm(parts), options);
    const pages = Math.ceil((parts.entries.length + parts.found.length) / PAGE);
    const listingPages = WALKS * Math.max(1, pages);
    scale = { ...calm, listingPages };
    return { calm, scale };
  };
  const tell = async (seed: number): Promise<Story> =>
    seed === CALM ? tellCalm(parts) : tellDrill(seed, parts, scale ?? (await measure()).scale);
  return {
    subject: {
      entries: parts.entries.length,
      found: parts.found.length,
      assumptions: parts.assumptions,
    },
    async calm(): Promise<CalmRun> {
      const { calm } = await measure();
      const { requestsPerQuietRound: callsPerQuietRound } = calm;
      return { ...sumUp(tellCalm(parts), calm), callsPerQuietRound, periodMs: parts.periodMs };
    },
    async run(seed) {
      const story = await tell(seed);
      return sumUp(story, await runWorld(story, options));
    },
    async retell(seed) {
      const whole = await tell(seed);
      const { story, violation, trace } = await retellStory(whole, sabotage);
      return {
        violation: withoutPaths(violation),
        trace: trace.map(maskPaths),
        size: sizeOf(story),
        sizeAtFirst: sizeOf(whole),
      };
    },
  };
}

function sumUp({ seed, incidents }: Story, result: WorldResult): DrillRun {
  const { violations, requests, lives, rounds, virtualMs, recoveryMs, lastPlan } = result;
  return {
    seed,
    violation: withoutPaths(violations[0]),
    calls: requests,
    crashes: lives - 1,
    rounds,
    incidents: incidents.length,
    virtualMs,
    recoveryMs,
    withheld: lastPlan?.withheld ?? [],
  };
}

/** What stands behind the host of a webhook URL is a secret. */
function maskPaths(text: string): string {
  return text.replaceAll(/(https?:\/\/[^\s"/\\]+)\/[^\s"\\]+/gi, '$1/***');
}

function withoutPaths(violation: Violation | undefined): Violation | undefined {
  return violation && { ...violation, message: maskPaths(violation.message) };
}

function sizeOf({ incidents, found, entries }: Story) {
  return { incidents: incidents.length, found: found.length, entries: entries.length };
}
