/** Says what deleting an app destroys for good, in sentences for the operator. */

import type { ObservedApp } from '../model/observed.ts';

/** `events` where its subscriptions are known. */
export function describeLoss(app: ObservedApp, events: readonly string[] | undefined): string[] {
  const losses = [`the verify_token of ${app.id}: it cannot be made again`];
  if (events === undefined) losses.push('its subscriptions');
  else if (events.length > 0) losses.push(`its subscriptions: ${events.join(', ')}`);
  if (app.callbackUrl !== undefined) losses.push(`deliveries to ${app.callbackUrl}`);
  return losses;
}
