/**
 * Tells one receiver what is wrong: the present problems go in, messages go out, one at a time and never more than are
 * allowed. It holds no queue: what is to be told is the difference between what was told last and what is, worked out when
 * a message may go. A message that fails is made anew after a pause, so a receiver that comes back hears the present.
 */

import type { Clock } from '../lib/clock.ts';
import { type Transport, TransportError } from '../lib/http-transport.ts';
import { createSleeper } from '../lib/sleeper.ts';
import type { Outcome } from '../model/round.ts';
import type { NotifySettings } from '../model/settings.ts';
import { createAllowance } from './allowance.ts';
import { type Applied, addApplied, type Bulletin, composeBulletin, NOTHING_APPLIED } from './bulletin.ts';
import type { Origin } from './describe-bulletin.ts';
import { AddressError, type Delivery, type ReadAddress } from './ports.ts';
import type { Problem, Problems } from './problem.ts';
import { explainRefusal, renderMessage } from './render-message.ts';

export interface OutletDeps {
  readonly readAddress: ReadAddress;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: () => number;
  readonly origin: Origin;
  readonly onDelivery: (delivery: Delivery) => void;
}

export interface Outlet {
  /** The problems there are now. Returns at once. */
  update(problems: Problems): void;
  /** Changes that were made. Returns at once. */
  addChanges(outcomes: readonly Outcome[]): void;
  /** Cuts a message that is on its way; what is not told by then is dropped, with a word. */
  close(): void;
}

const TIMEOUT_MS = 10_000;
const REPLY_BYTES_MAX = 64 * 1024;
/** After a failure a receiver is left alone for this long, twice as long each time; a third of it is random. */
const PAUSE_BASE_MS = 5_000;
const PAUSE_MS_MAX = 600_000;
const IDLE_MS = 3_600_000;

export function createOutlet(settings: NotifySettings, deps: OutletDeps): Outlet {
  const { clock, onDelivery } = deps;
  const { name: receiver, on } = settings;
  const closing = new AbortController();
  const sleeper = createSleeper(clock, closing.signal);
  const allowance = createAllowance(settings.maxPerHour);
  let current: Problems = new Map();
  let told: Problems = new Map();
  let applied = NOTHING_APPLIED;
  let failures = 0;

  const compose = () => composeBulletin(told, current, { applied, on });

  async function tell(bulletin: Bulletin): Promise<void> {
    allowance.take(clock.monotonic());
    const startedAt = clock.monotonic();
    const counted = applied;
    const detail = await deliver(bulletin, closing.signal, { settings, deps });
    if (closing.signal.aborted) return;
    const { kind } = bulletin;
    if (detail === undefined) {
      failures = 0;
      told = new Map([...bulletin.fresh, ...bulletin.standing].map((problem) => [problem.id, problem]));
      applied = subtract(applied, counted);
      onDelivery({ type: 'sent', receiver, kind, durationMs: clock.monotonic() - startedAt });
      return;
    }
    failures += 1;
    const againInMs = pauseAfter(failures, deps.random);
    onDelivery({ type: 'failed', receiver, kind, detail, againInMs });
    await sleeper.rest(againInMs);
  }

  async function work(): Promise<void> {
    while (!closing.signal.aborted) {
      const bulletin = compose();
      if (bulletin === undefined) {
        told = keepKnown(told, current);
        await sleeper.sleep(IDLE_MS);
        continue;
      }
      const waitMs = allowance.waitMs(clock.monotonic());
      if (waitMs === 0) await tell(bulletin);
      else await sleeper.rest(waitMs);
    }
  }

  void work();
  return {
    update(problems) {
      current = problems;
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

/** Resolves with why the message was not taken; undefined when it was. */
async function deliver(
  bulletin: Bulletin,
  signal: AbortSignal,
  { settings, deps }: { readonly settings: NotifySettings; readonly deps: OutletDeps },
): Promise<string | undefined> {
  const { readAddress, transport, clock, origin } = deps;
  try {
    const { url, secret } = await readAddress();
    const now = clock.now();
    const options = { settings, origin, now, ...(secret === undefined ? {} : { secret }) };
    const reply = await transport.send(
      {
        method: 'POST',
        url: url.reveal(),
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': `callbackd/${origin.version}`,
        },
        body: renderMessage(bulletin, options),
        timeoutMs: TIMEOUT_MS,
        bodyBytesMax: REPLY_BYTES_MAX,
      },
      signal,
    );
    return explainRefusal(reply, settings.format);
  } catch (error) {
    if (error instanceof AddressError) return error.message;
    // Anything but a word of the system could repeat the URL.
    if (error instanceof TransportError) return /^\w+$/.test(error.reason) ? error.reason : error.fate;
    return `unexpected ${error instanceof Error ? error.name : 'failure'}: please report it`;
  }
}

function pauseAfter(failures: number, random: () => number): number {
  const longest = Math.min(PAUSE_MS_MAX, PAUSE_BASE_MS * 2 ** (failures - 1));
  return Math.round(longest * (1 - random() / 3));
}

/** What is over without a word, because the receiver does not want to hear of it, is forgotten. */
function keepKnown(told: Problems, current: Problems): Problems {
  return new Map([...told].filter(([id]: [string, Problem]) => current.has(id)));
}

/** What was applied while the message was on its way is for the next. */
function subtract(all: Applied, sent: Applied): Applied {
  const counts = Object.entries(all.counts)
    .map(([action, count]) => [action, count - (sent.counts[action] ?? 0)] as const)
    .filter(([, count]) => count > 0);
  return { counts: Object.fromEntries(counts), keys: all.keys.filter((key) => !sent.keys.includes(key)) };
}
