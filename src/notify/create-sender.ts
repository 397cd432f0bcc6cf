/**
 * Sends notifications to one receiver, one at a time and rate-limited. There is no queue: each notification
 * is composed when it may be sent, from what was reported and what is true, so a receiver that was down hears
 * the present state.
 */

import type { Clock } from '../lib/clock.ts';
import { type Transport, TransportError } from '../lib/http-transport.ts';
import { createSleeper } from '../lib/sleeper.ts';
import { type Message, message, verbatim } from '../messages/message.ts';
import type { Outcome } from '../model/round.ts';
import type { NotifySettings } from '../model/settings.ts';
import {
  addApplied,
  composeNotification,
  NOTHING_APPLIED,
  type Notification,
  subtractApplied,
} from './notification.ts';
import { AddressError, type Delivery, type ReadAddress } from './ports.ts';
import type { Problem, Problems } from './problems.ts';
import { explainRefusal, type Origin, renderNotification } from './render-notification.ts';

export interface SenderDeps {
  readonly readAddress: ReadAddress;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: () => number;
  readonly origin: Origin;
  readonly onDelivery: (delivery: Delivery) => void;
}

export interface Sender {
  /** Replaces the current problems, and the summary that goes with them. Returns at once. */
  update(problems: Problems, summary?: Message): void;
  /** Adds applied changes. Returns at once. */
  addChanges(outcomes: readonly Outcome[]): void;
  /** Aborts a running request; a notification that was not delivered is reported as dropped. */
  close(): void;
}

const TIMEOUT_MS = 10_000;
const REPLY_BYTES_MAX = 64 * 1024;
/** The pause after a failure doubles up to the maximum; up to a third of it is random. */
const PAUSE_BASE_MS = 5_000;
const PAUSE_MS_MAX = 600_000;
const IDLE_MS = 3_600_000;

export function createSender(settings: NotifySettings, deps: SenderDeps): Sender {
  const { clock, onDelivery } = deps;
  const { name: receiver, on } = settings;
  const closing = new AbortController();
  const sleeper = createSleeper(clock, closing.signal);
  const rateLimit = createRateLimit(settings.maxPerHour);
  let current: Problems = new Map();
  let summary: Message | undefined;
  let reported: Problems = new Map();
  let applied = NOTHING_APPLIED;
  let failures = 0;

  const compose = () => composeNotification(reported, current, { applied, on, summary });

  async function send(notification: Notification): Promise<void> {
    const startedAt = clock.monotonic();
    rateLimit.take(startedAt);
    const counted = applied;
    const refusal = await deliver(notification, closing.signal, { settings, deps });
    if (closing.signal.aborted) return;
    const { kind } = notification;
    if (refusal === undefined) {
      failures = 0;
      const told = [...notification.added, ...notification.ongoing];
      reported = new Map(told.map((problem) => [problem.id, problem]));
      applied = subtractApplied(applied, counted);
      onDelivery({ type: 'sent', receiver, kind, durationMs: clock.monotonic() - startedAt });
      return;
    }
    failures += 1;
    const againInMs = pauseAfter(failures, deps.random);
    onDelivery({ type: 'failed', receiver, kind, detail: refusal, againInMs });
    await sleeper.rest(againInMs);
  }

  async function work(): Promise<void> {
    while (!closing.signal.aborted) {
      const notification = compose();
      if (notification === undefined) {
        // Resolved problems that the receiver does not want to hear about.
        reported = new Map([...reported].filter(([id]: [string, Problem]) => current.has(id)));
        await sleeper.sleep(IDLE_MS);
        continue;
      }
      const waitMs = rateLimit.waitMs(clock.monotonic());
      if (waitMs === 0) await send(notification);
      else await sleeper.rest(waitMs);
    }
  }

  void work();
  return {
    update(problems, latest) {
      current = problems;
      summary = latest;
      sleeper.wake();
    },
    addChanges(outcomes) {
      if (on.includes('applied')) applied = addApplied(applied, outcomes);
      sleeper.wake();
    },
    close() {
      const left = closing.signal.aborted ? undefined : compose();
      closing.abort();
      if (left !== undefined) onDelivery({ type: 'dropped', receiver, kind: left.kind });
    },
  };
}

/** Resolves with why the notification was not delivered; undefined when it was. Never holds the URL. */
async function deliver(
  notification: Notification,
  signal: AbortSignal,
  { settings, deps }: { readonly settings: NotifySettings; readonly deps: SenderDeps },
): Promise<Message | undefined> {
  const { readAddress, transport, clock, origin } = deps;
  try {
    const { url, secret } = await readAddress();
    const options = { settings, origin, now: clock.now(), ...(secret === undefined ? {} : { secret }) };
    const reply = await transport.send(
      {
        method: 'POST',
        url: url.reveal(),
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': `callbackd/${origin.version}`,
        },
        body: renderNotification(notification, options),
        timeoutMs: TIMEOUT_MS,
        bodyBytesMax: REPLY_BYTES_MAX,
      },
      signal,
    );
    return explainRefusal(reply, settings.format);
  } catch (error) {
    if (error instanceof AddressError) return error.problem;
    if (error instanceof TransportError) return explainTransport(error, settings.name);
    return message('notify.unexpected', { error: error instanceof Error ? error.name : 'failure' });
  }
}

function explainTransport({ reason, fate, stage, proxy }: TransportError, receiver: string): Message {
  // A longer reason could quote the URL.
  const why = /^(?:HTTP )?\w+$/.test(reason) ? reason : fate;
  if (stage === 'tls' && /CERT|UNABLE_TO_/.test(why)) return message('notify.tls', { reason: why, receiver });
  return proxy === undefined ? verbatim(why) : message('notify.through_proxy', { reason: why, proxy });
}

function pauseAfter(failures: number, random: () => number): number {
  const longest = Math.min(PAUSE_MS_MAX, PAUSE_BASE_MS * 2 ** (failures - 1));
  return Math.round(longest * (1 - random() / 3));
}

const HOUR_MS = 3_600_000;
/** The share of an hour's notifications that may be sent at once. */
const BURST_SHARE = 1 / 4;

interface RateLimit {
  /** Milliseconds until the next notification may be sent; 0 when it may be sent now. */
  waitMs(now: number): number;
  take(now: number): void;
}

/**
 * A token bucket that limits notifications to one receiver. Instants are on the monotonic clock, in
 * milliseconds.
 */
function createRateLimit(maxPerHour: number): RateLimit {
  const capacity = Math.max(1, Math.floor(maxPerHour * BURST_SHARE));
  const msPerToken = HOUR_MS / maxPerHour;
  let tokens = capacity;
  let filledAt: number | undefined;
  const refill = (now: number) => {
    tokens = Math.min(capacity, tokens + (now - (filledAt ?? now)) / msPerToken);
    filledAt = now;
  };
  return {
    waitMs(now) {
      refill(now);
      return tokens >= 1 ? 0 : Math.ceil((1 - tokens) * msPerToken);
    },
    take(now) {
      refill(now);
      tokens -= 1;
    },
  };
}
