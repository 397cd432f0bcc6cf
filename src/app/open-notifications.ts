/** The receivers of notifications of a running daemon: which of its events they hear of, and who hears what became of it. */

import { hostname } from 'node:os';
import { createHttpClient } from '../lib/http-client.ts';
import type { EventLog } from '../log/event-log.ts';
import type { LogEvent } from '../log/events.ts';
import { message, verbatim } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import type { NotifySettings, Settings } from '../model/settings.ts';
import { createNotifications, type Notifications } from '../notify/create-notifications.ts';
import { createSender } from '../notify/create-sender.ts';
import type { Delivery } from '../notify/ports.ts';
import type { Context } from './context.ts';
import { readAddress } from './read-webhook-address.ts';

export interface DaemonNotifications {
  observeEvent(event: LogEvent): void;
  close(): void;
}

export interface NotificationDeps {
  readonly log: EventLog;
  readonly onDelivery: (delivery: Delivery) => void;
}

/** One message at a time to each receiver, and connections of their own: the platform's are never waited for. */
export function openNotifications(
  { notify, platform }: Settings,
  { environment, clock, random, version }: Context,
  { log, onDelivery }: NotificationDeps,
): DaemonNotifications {
  const transport = createHttpClient({ connectionsMax: 1 });
  const origin = { host: hostname(), endpoint: platform.baseUrl, version };
  const openSender = (settings: NotifySettings) =>
    createSender(settings, {
      readAddress: () => readAddress(settings, environment),
      transport,
      clock,
      random,
      origin,
      onDelivery(delivery) {
        logDelivery(log, delivery);
        onDelivery(delivery);
      },
    });
  const notifications = createNotifications(notify.map(openSender));
  return {
    observeEvent: (event) => tellOf(event, notifications),
    close() {
      notifications.close();
      transport.close();
    },
  };
}

function tellOf(event: LogEvent, notifications: Notifications): void {
  switch (event.type) {
    case 'round_ended':
      notifications.observeRound(event.report);
      break;
    case 'configuration_refused': {
      const [first] = event.problems;
      const detail =
        first === undefined
          ? message('notify.file_invalid')
          : verbatim(`${first.position.file}:${first.position.line}: ${first.message}`);
      notifications.observeConfiguration({ reason: 'invalid', message: detail });
      break;
    }
    case 'configuration_held': {
      const release = `callbackd approve ${event.digest.slice(0, 12)}`;
      notifications.observeConfiguration({ reason: 'held', message: verbatim(event.reason), release });
      break;
    }
    case 'configuration_reloaded':
    case 'configuration_unchanged':
      notifications.observeConfiguration(undefined);
      break;
    default:
  }
}

function logDelivery(log: EventLog, delivery: Delivery): void {
  const { receiver, kind: notice } = delivery;
  switch (delivery.type) {
    case 'sent':
      log.write('notification_sent', { receiver, notice, durationMs: Math.round(delivery.durationMs) });
      break;
    case 'failed': {
      const { detail, againInMs } = delivery;
      log.write('notification_failed', { receiver, notice, detail: say(detail), againInMs });
      break;
    }
    case 'dropped':
      log.write('notification_dropped', { receiver, notice });
      break;
  }
}
