/** The notification receivers of a running daemon, and which events they get. */

import { hostname } from 'node:os';
import { hostFiles } from '../lib/file-reader.ts';
import { createHttpClient } from '../lib/http-client.ts';
import type { EventLog } from '../log/event-log.ts';
import type { LogEvent } from '../log/events.ts';
import { type Message, message, recorded } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import { Secret } from '../model/secret.ts';
import type { NotifySettings, SecretSource, Settings } from '../model/settings.ts';
import { createNotifications, type Notifications } from '../notify/create-notifications.ts';
import { createSender } from '../notify/create-sender.ts';
import { type Address, AddressError, type Delivery } from '../notify/ports.ts';
import type { Closers } from './closers.ts';
import type { Context } from './context.ts';
import type { Observer } from './observers.ts';
import { openNetwork } from './open-network.ts';

export { AddressError };

/**
 * One message at a time to each receiver, and connections of their own: the platform's are never waited for.
 */
export function openNotifications(
  { notify, platform }: Settings,
  { environment, clock, random, version, gate }: Context,
  { log, closers }: { readonly log: EventLog; readonly closers: Closers },
): Observer {
  const origin = { host: hostname(), endpoint: platform.baseUrl, version };
  const openSender = (settings: NotifySettings) => {
    const network = openNetwork(settings.network, `notify.${settings.name}`, { environment, gate });
    const transport = createHttpClient({ connectionsMax: 1, ...network });
    closers.add(() => transport.close());
    return createSender(settings, {
      async readAddress() {
        const address = await readAddress(settings, environment);
        gate.know(...secretsOf(address));
        return address;
      },
      transport,
      clock,
      random,
      origin,
      onDelivery: (delivery) => logDelivery(log, delivery),
    });
  };
  const notifications = createNotifications(notify.map(openSender));
  closers.add(() => notifications.close());
  return { onEvent: (event) => tellOf(event, notifications) };
}

/**
 * The parts of a webhook's address that let others post there, and its signing secret; the host may be shown.
 */
function secretsOf({ url, secret }: Address): readonly string[] {
  const { pathname, search, username, password } = new URL(url.reveal());
  const signing = secret === undefined ? [] : [secret.reveal()];
  return [...pathname.split('/'), ...search.split(/[?&=]/), username, password, ...signing];
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
          : message('notify.file_problem', {
              file: first.position.file,
              line: first.position.line,
              problem: first.message,
            });
      notifications.observeConfiguration({ reason: 'invalid', message: detail });
      break;
    }
    case 'configuration_held': {
      const release = `callbackd approve ${event.digest.slice(0, 12)}`;
      notifications.observeConfiguration({ reason: 'held', message: asMessage(event.reason), release });
      break;
    }
    case 'token_expiring':
      notifications.observeToken({ daysLeft: event.daysLeft, message: asMessage(event.reason) });
      break;
    case 'token_renewed':
      notifications.observeToken(undefined);
      break;
    case 'configuration_reloaded':
    case 'configuration_unchanged':
      notifications.observeConfiguration(undefined);
      break;
    default:
  }
}

function asMessage(text: string | Message): Message {
  return typeof text === 'string' ? recorded(text) : text;
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

type Environment = Context['environment'];

const BYTES_MAX = 64 * 1024;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * The address of a receiver from where the settings say it is kept. Rejects with an AddressError that names
 * the file or variable, and never shows what it found.
 */
export async function readAddress(
  { url, secret, allowHttp }: NotifySettings,
  environment: Environment,
): Promise<Address> {
  const address = await readSource(url, environment);
  if (!URL.canParse(address.text))
    throw new AddressError(message('app.address_no_url', { source: address.from }));
  const { protocol, hostname } = new URL(address.text);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && (allowHttp || LOOPBACK.test(hostname)));
  if (!isSafe) throw new AddressError(message('app.address_not_https', { source: address.from }));
  if (secret === undefined) return { url: new Secret(address.text) };
  return {
    url: new Secret(address.text),
    secret: new Secret((await readSource(secret, environment)).text),
  };
}

interface Found {
  readonly text: string;
  readonly from: Message;
}

async function readSource(source: SecretSource, environment: Environment): Promise<Found> {
  switch (source.kind) {
    case 'file': {
      const content = await hostFiles.read(source.path, BYTES_MAX);
      const from = message('app.address_in_file', { file: source.path });
      if (!content.ok) {
        const { reason } = content.failure;
        throw new AddressError(message('app.address_unreadable', { source: from, reason }));
      }
      return nonEmpty(Buffer.from(content.bytes).toString('utf8'), from);
    }
    case 'env':
      return nonEmpty(
        environment[source.variable] ?? '',
        message('app.address_in_variable', { variable: source.variable }),
      );
    case 'text': {
      const text = source.text.replaceAll(/\$\{([A-Za-z_]\w*)\}/g, (_, name: string) => {
        const value = environment[name];
        if (value === undefined || value === '') {
          throw new AddressError(message('app.variable_not_set', { variable: name }));
        }
        return value;
      });
      return nonEmpty(text, message('app.address_in_settings'));
    }
  }
}

function nonEmpty(text: string, from: Message): Found {
  if (text.trim() === '') throw new AddressError(message('app.address_empty', { source: from }));
  return { text: text.trim(), from };
}
