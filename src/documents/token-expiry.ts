/** How near the end of a token is: told 14, 7 and 1 days before. */

import { type Message, message } from '../messages/message.ts';

const DAY_MS = 86_400_000;
/** The next step is the one that is told. */
const STEPS_DAYS = [0, 1, 7, 14] as const;

export type ExpiryStep = (typeof STEPS_DAYS)[number];

/** The smallest step that is reached: 0 once the token has ended, undefined with more than 14 days left. */
export function expiryStep(expiresAt: number, now: number): ExpiryStep | undefined {
  return STEPS_DAYS.find((days) => expiresAt - now <= days * DAY_MS);
}

export function describeExpiry(expiresAt: number, now: number): Message {
  const date = new Date(expiresAt).toISOString().slice(0, 16).replace('T', ' ');
  const left = expiresAt - now;
  if (left <= 0) return message('platform.token_ended', { date });
  return message('platform.token_ends', { date, days: Math.floor(left / DAY_MS) });
}
