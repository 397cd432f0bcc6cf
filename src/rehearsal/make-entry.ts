/** Makes up entries of the operator's file. */

import type { Chance } from './random.ts';
import type { Entry } from './story.ts';

/** From the vendor's list; see `sandbox/operations.ts`. */
export const EVENTS = ['bot.published', 'bot.deleted', 'bot.unpublished', 'benefit.usage'] as const;

/** The n-th entry there could be; n also makes its name, its channel and its receiver its own. */
export function makeEntry(chance: Chance, index: number): Entry {
  const isConnector = chance.happens(0.25);
  return {
    key: `app-${index}`,
    ...(isConnector
      ? { appType: 'connector', connectorId: String(7_000_000 + index) }
      : { appType: 'normal', name: `App ${index}` }),
    ...(chance.happens(0.85) ? { callbackUrl: urlOf(index, 0) } : {}),
    ...(chance.happens(0.6) ? { events: someEvents(chance) } : {}),
    ...(chance.happens(0.12) ? { protect: true } : {}),
    ...(chance.happens(0.3) ? { replace: 'allow' } : {}),
  };
}

export function urlOf(index: number, version: number): string {
  return `https://hooks.example.com/app-${index}/v${version}`;
}

export function someEvents(chance: Chance): readonly string[] {
  return EVENTS.filter(() => chance.happens(0.4));
}
