/**
 * Ready-made populations: what an account holds before callbackd meets it. Data out of a receiver address; a fleet is
 * put into the account by edits in the console, as if somebody had made it by hand.
 */

import type { ConsoleApp } from './console-edits.ts';
import type { Sandbox } from './sandbox.ts';

export const FLEETS = ['empty', 'demo'] as const;
export type FleetName = (typeof FLEETS)[number];

/** Enough that the listing of the demo account has more than one page of 50. */
const DEMO_LEGACY_APPS = 52;

/**
 * Puts a fleet into an account. `receiverUrl` gives the address of a built-in receiver. Returns the ids by the apps'
 * names, channels by their connector id.
 */
export function populate(
  sandbox: Sandbox,
  fleet: FleetName,
  receiverUrl: (name: string) => string,
): ReadonlyMap<string, string> {
  const edits = sandbox.console();
  return new Map(
    listFleet(fleet, receiverUrl).map((app) => [app.name ?? app.connectorId ?? '', edits.create(app)]),
  );
}

/** The apps of a fleet, in the order in which somebody made them. */
export function listFleet(fleet: FleetName, receiverUrl: (name: string) => string): readonly ConsoleApp[] {
  switch (fleet) {
    case 'empty':
      return [];
    case 'demo':
      return demoFleet(receiverUrl);
  }
}

function demoFleet(receiverUrl: (name: string) => string): readonly ConsoleApp[] {
  return [
    // As its owner would write it down: an entry that says the same adopts it without a change.
    {
      name: '订单回调应用',
      callbackUrl: receiverUrl('orders'),
      events: ['bot.published', 'bot.deleted'],
    },
    // Somebody pointed it at a machine that is gone, and forgot one event.
    { name: '智能客服回调', callbackUrl: receiverUrl('support-old'), events: ['bot.published'] },
    // Made in a hurry and never finished: no URL, no events.
    { name: '账单回调应用' },
    // A channel's app; its name is the channel's.
    {
      appType: 'connector',
      connectorId: '1056899000',
      name: '合作伙伴渠道',
      callbackUrl: receiverUrl('partner'),
      events: ['bot.published'],
    },
    ...Array.from({ length: DEMO_LEGACY_APPS }, (_, index) => ({
      name: `旧项目 ${String(index + 1).padStart(2, '0')}`,
      callbackUrl: receiverUrl('legacy'),
    })),
  ];
}
