/** Says what deleting an app destroys for good, in words that go on after "loses". */

import type { ObservedApp } from '../model/observed.ts';
import type { OwnedApp } from '../model/state.ts';

/** `events` where its subscriptions are known. */
export function describeLoss(app: ObservedApp, events: readonly string[] | undefined): string[] {
  const losses = [`the verify_token of ${app.id}: it cannot be made again`];
  if (events === undefined) losses.push('its subscriptions');
  else if (events.length > 0) losses.push(`its subscriptions: ${events.join(', ')}`);
  if (app.callbackUrl !== undefined) losses.push(`deliveries to ${app.callbackUrl}`);
  return losses;
}

/** The app that an entry lets go of when it is bound to another one. */
export function describeUnbinding(previous: OwnedApp | undefined): string[] {
  return previous === undefined ? [] : [`the binding to ${previous.id}, which stays in the account as it is`];
}
