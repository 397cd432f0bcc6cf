/** Generates entries of the operator's file. */

import type { Rng } from './random.ts';
import type { Entry } from './scenario.ts';

/** Some of the vendor's; see `sandbox/operations.ts`. */
export const EVENTS = ['bot.published', 'bot.deleted', 'bot.unpublished', 'benefit.usage'] as const;

/** The entry number `index`, which makes its name, channel and receiver unique. */
export function makeEntry(rng: Rng, index: number): Entry {
  const isConnector = rng.happens(0.25);
  return {
    key: `app-${index}`,
    ...(isConnector
      ? { appType: 'connector', connectorId: String(7_000_000 + index) }
      : { appType: 'normal', name: `App ${index}` }),
    ...(rng.happens(0.85) ? { callbackUrl: urlOf(index, 0) } : {}),
    ...(rng.happens(0.6) ? { events: someEvents(rng) } : {}),
    ...(rng.happens(0.12) ? { protect: true } : {}),
    ...(rng.happens(0.3) ? { replace: 'allow' } : {}),
  };
}

export function urlOf(index: number, version: number): string {
  return `https://hooks.example.com/app-${index}/v${version}`;
}

export function someEvents(rng: Rng): readonly string[] {
  return EVENTS.filter(() => rng.happens(0.4));
}
