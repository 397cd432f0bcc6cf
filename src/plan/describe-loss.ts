/** What is permanently lost when an app is deleted or forgotten. */

import { type Message, message } from '../messages/message.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { OwnedApp } from '../model/state.ts';

/** `events` where its subscriptions are known. */
export function describeLoss(app: ObservedApp, events: readonly string[] | undefined): Message[] {
  const losses = [message('plan.loses_token', { id: app.id })];
  if (events === undefined) losses.push(message('plan.loses_subscriptions'));
  else if (events.length > 0) losses.push(message('plan.loses_events', { events }));
  if (app.callbackUrl !== undefined) losses.push(message('plan.loses_deliveries', { url: app.callbackUrl }));
  return losses;
}

/** The app that an entry gives up when it is bound to another one. */
export function describeUnbinding(previous: OwnedApp | undefined): Message[] {
  return previous === undefined ? [] : [message('plan.loses_binding', { id: previous.id })];
}
