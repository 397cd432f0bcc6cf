/**
 * Built-in receivers, created by name when first called: they answer the challenge, verify signatures and
 * record events. Each can be made slow or faulty. No sockets here.
 */

import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import type { Secret } from '../model/secret.ts';
import { signCallback } from './send-callback.ts';

export interface ReceiverBehaviour {
  readonly delayMs: number;
  /**
   * `ok` answers as it should. `wrong_echo` returns another challenge, `not_json` a text, `status` an HTTP
   * error, `hang` nothing at all.
   */
  readonly mode: 'ok' | 'wrong_echo' | 'not_json' | 'status' | 'hang';
  /** For the mode `status`. */
  readonly status: number;
  /**
   * `events`: events must be signed, the challenge may be. `always`: an unsigned challenge is refused too, as
   * the vendor's older samples do. `never`: anything goes.
   */
  readonly signature: 'events' | 'always' | 'never';
  /** What a channel answers to bot.published: 1 pending, 2 passed, 3 rejected. */
  readonly auditStatus: 1 | 2 | 3;
}

export const DEFAULT_BEHAVIOUR: ReceiverBehaviour = {
  delayMs: 0,
  mode: 'ok',
  status: 500,
  signature: 'events',
  auditStatus: 2,
};

/** Checks a behaviour that came as JSON. Throws RangeError naming what is wrong. */
export function parseBehaviour(value: Readonly<Record<string, unknown>>): Partial<ReceiverBehaviour> {
  for (const [name, field] of Object.entries(value)) {
    const choices = Object.hasOwn(BEHAVIOUR_CHOICES, name)
      ? BEHAVIOUR_CHOICES[name as keyof ReceiverBehaviour]
      : undefined;
    if (choices === undefined) throw new RangeError(`a receiver has no ${name}`);
    const isFine =
      choices === 'number'
        ? typeof field === 'number' && field >= 0
        : choices.some((choice) => choice === field);
    if (!isFine) throw new RangeError(`a receiver's ${name} cannot be ${JSON.stringify(field)}`);
  }
  return value as Partial<ReceiverBehaviour>;
}

const BEHAVIOUR_CHOICES: Readonly<Record<keyof ReceiverBehaviour, 'number' | readonly (string | number)[]>> =
  {
    delayMs: 'number',
    mode: ['ok', 'wrong_echo', 'not_json', 'status', 'hang'],
    status: 'number',
    signature: ['events', 'always', 'never'],
    auditStatus: [1, 2, 3],
  };

interface ReceiverMessage {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

interface ReceiverReport {
  readonly behaviour: ReceiverBehaviour;
  readonly challenges: number;
  /** Ids of the accepted events, repeats included; the latest thousand. */
  readonly eventIds: readonly string[];
  readonly refusedSignatures: number;
}

export interface Receivers {
  answer(
    name: string,
    message: ReceiverMessage,
  ): Promise<{ readonly status: number; readonly body: string } | 'hang'>;
  behave(name: string, behaviour: Partial<ReceiverBehaviour>): void;
  report(): Readonly<Record<string, ReceiverReport>>;
}

export interface ReceiverDeps {
  readonly clock: Clock;
  /** The verify_token of an app. */
  readonly tokenOf: (appId: string) => Secret | undefined;
}

interface Receiver {
  behaviour: ReceiverBehaviour;
  challenges: number;
  readonly eventIds: string[];
  refusedSignatures: number;
}

interface Callback {
  readonly header?: {
    readonly event_type?: string;
    readonly event_id?: string;
    readonly api_app_id?: string;
  };
  readonly event?: { readonly challenge?: unknown };
}

const EVENT_IDS_KEPT = 1000;

export function createReceivers({ clock, tokenOf }: ReceiverDeps): Receivers {
  const receivers = new Map<string, Receiver>();
  const find = (name: string): Receiver => {
    const found = receivers.get(name);
    if (found !== undefined) return found;
    const made = { behaviour: DEFAULT_BEHAVIOUR, challenges: 0, eventIds: [], refusedSignatures: 0 };
    receivers.set(name, made);
    return made;
  };
  return {
    async answer(name, message) {
      const receiver = find(name);
      const { delayMs, mode, status } = receiver.behaviour;
      if (delayMs > 0) await clock.sleep(delayMs);
      if (mode === 'hang') return 'hang';
      if (mode === 'status') return { status, body: 'broken on purpose' };
      if (mode === 'not_json') return { status: 200, body: 'ok' };
      return accept(receiver, message, tokenOf);
    },
    behave(name, behaviour) {
      const receiver = find(name);
      receiver.behaviour = { ...receiver.behaviour, ...behaviour };
    },
    report: () =>
      Object.fromEntries(
        [...receivers].map(([name, receiver]) => [name, { ...receiver, eventIds: [...receiver.eventIds] }]),
      ),
  };
}

function accept(
  receiver: Receiver,
  message: ReceiverMessage,
  tokenOf: ReceiverDeps['tokenOf'],
): { readonly status: number; readonly body: string } {
  const callback = parseCallback(message.body);
  if (callback === undefined) return { status: 400, body: 'not a callback' };
  const { behaviour } = receiver;
  const isChallenge = callback.header?.event_type === 'url_verification';
  const mustBeSigned = behaviour.signature === 'always' || (behaviour.signature === 'events' && !isChallenge);
  if (mustBeSigned && !isSigned(message, callback, tokenOf)) {
    receiver.refusedSignatures += 1;
    return { status: 401, body: 'bad signature' };
  }
  if (isChallenge) {
    receiver.challenges += 1;
    const challenge = behaviour.mode === 'wrong_echo' ? 'something else' : callback.event?.challenge;
    return { status: 200, body: JSON.stringify({ challenge }) };
  }
  receiver.eventIds.push(callback.header?.event_id ?? '');
  if (receiver.eventIds.length > EVENT_IDS_KEPT) receiver.eventIds.shift();
  return { status: 200, body: JSON.stringify({ audit: { audit_status: behaviour.auditStatus } }) };
}

/** A challenge names no app, so its signature can only be checked for being there. */
function isSigned(
  { headers, body }: ReceiverMessage,
  callback: Callback,
  tokenOf: ReceiverDeps['tokenOf'],
): boolean {
  const timestamp = headers['x-coze-timestamp'];
  const nonce = headers['x-coze-nonce'];
  const signature = headers['x-coze-signature'];
  if (timestamp === undefined || nonce === undefined || signature === undefined) return false;
  const appId = callback.header?.api_app_id;
  if (appId === undefined) return callback.header?.event_type === 'url_verification';
  const token = tokenOf(appId);
  if (token === undefined) return false;
  const due = Buffer.from(signCallback({ timestamp, nonce, token: token.reveal(), body }));
  const given = Buffer.from(signature);
  return due.length === given.length && timingSafeEqual(due, given);
}

function parseCallback(body: string): Callback | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
