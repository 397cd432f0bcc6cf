/** Ready-made accounts: apps that exist before callbackd starts. */

import type { ConsoleApp } from './console-edits.ts';
import type { Sandbox } from './sandbox.ts';

export const FLEETS = ['empty', 'demo'] as const;
export type FleetName = (typeof FLEETS)[number];

/** Enough that the listing of the demo account has more than one page of 50. */
const DEMO_LEGACY_APPS = 52;

/** Creates the apps of a fleet. `receiverUrl` gives the URL of a built-in receiver. Ids by app name. */
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

/** The apps of a fleet in creation order. */
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
    // Complete: an entry with the same values adopts it without a change.
    {
      name: '订单回调应用',
      callbackUrl: receiverUrl('orders'),
      events: ['bot.published', 'bot.deleted'],
    },
    // Points to an old receiver and lacks one event.
    { name: '智能客服回调', callbackUrl: receiverUrl('support-old'), events: ['bot.published'] },
    // Unfinished: no URL, no events.
    { name: '账单回调应用' },
    // A channel's app carries the name of the channel.
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
