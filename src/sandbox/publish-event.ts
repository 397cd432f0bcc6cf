/**
 * Sends a platform event to every subscribed app, and again with the same event id when the acknowledgement
 * is late or wrong.
 */

import type { Clock } from '../lib/clock.ts';
import type { Account, StoredApp } from './account.ts';
import type { NumberIssuer } from './issue-numbers.ts';
import type { CallbackSender } from './send-callback.ts';

/**
 * Count and spacing of re-sends are undocumented; two quick ones are enough to show that receivers must
 * dedupe.
 */
const SENDS_MAX = 3;
const RESEND_MS = 1000;

export interface EventToPublish {
  readonly eventType: string;
  /** The event's own fields, such as `bot_name`; a plausible agent when absent. */
  readonly event?: Readonly<Record<string, unknown>>;
  readonly account?: string;
}

export interface DeliveryReport {
  readonly appId: string;
  readonly eventId: string;
  readonly sends: number;
  readonly ok: boolean;
  /** Why the last send failed. */
  readonly reason?: string;
}

export interface PublishDeps {
  readonly account: Account;
  readonly callbacks: CallbackSender;
  readonly numbers: NumberIssuer;
  readonly clock: Clock;
}

/** Delivers to all subscribers at once and reports on each, in no particular order. */
export function publishEvent(
  { eventType, event = { bot_id: '7512345678901234567', bot_name: '智能客服' } }: EventToPublish,
  { account, callbacks, numbers, clock }: PublishDeps,
): Promise<readonly DeliveryReport[]> {
  const createdAt = clock.now();
  const deliver = async (app: StoredApp): Promise<DeliveryReport> => {
    const eventId = numbers.uuid();
    for (let sends = 1; ; sends += 1) {
      const verdict = await callbacks.sendEvent(app, { eventType, eventId, createdAt, event });
      if (verdict.ok) return { appId: app.id, eventId, sends, ok: true };
      if (sends === SENDS_MAX) return { appId: app.id, eventId, sends, ok: false, reason: verdict.reason };
      await clock.sleep(RESEND_MS);
    }
  };
  return Promise.all(account.subscribersOf(eventType).map(deliver));
}
