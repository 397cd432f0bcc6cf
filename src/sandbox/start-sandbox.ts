/** The whole sandbox: engine, receivers, callbacks on loopback and HTTP server. */

import type { Clock } from '../lib/clock.ts';
import { type Transport, TransportError } from '../lib/http-transport.ts';
import type { ConsoleApp } from './console-edits.ts';
import type { Delivery } from './protocol.ts';
import { createReceivers, type Receivers } from './receivers.ts';
import {
  assumeReceiver,
  createSandbox,
  DEFAULT_TOKEN,
  type Sandbox,
  type SandboxOptions,
} from './sandbox.ts';
import { type SandboxServer, startSandboxServer } from './sandbox-server.ts';

/** The platform's own deadlines are shorter; this one only frees the socket. */
const SOCKET_MS_MAX = 15_000;
const BODY_BYTES_MAX = 64 * 1024;

export interface StartedSandbox extends SandboxServer {
  readonly sandbox: Sandbox;
  readonly receivers: Receivers;
  /** An API token of the first account. */
  readonly token: string;
}

export interface StartOptions extends SandboxOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** Carries challenges and events to receivers on this machine. */
  readonly transport: Transport;
  /** 0 picks a free one. */
  readonly port: number;
}

export async function startSandbox({
  clock,
  random,
  transport,
  port,
  ...options
}: StartOptions): Promise<StartedSandbox> {
  const sandbox = createSandbox({ clock, random, deliver: createLoopbackDelivery(transport) }, options);
  const receivers = createReceivers({ clock, tokenOf: sandbox.verifyTokenOf });
  const server = await startSandboxServer({ sandbox, receivers, port });
  const token = options.accounts?.[0]?.tokens[0]?.token ?? DEFAULT_TOKEN;
  return { ...server, sandbox, receivers, token };
}

/** Callbacks over HTTP, on this machine only: a receiver elsewhere is assumed to answer as it should. */
function createLoopbackDelivery(transport: Transport): Delivery {
  return async (message) => {
    if (!isLoopback(message.url)) return assumeReceiver(message);
    try {
      const request = { ...message, method: 'POST' as const, timeoutMs: SOCKET_MS_MAX };
      const reply = await transport.send({ ...request, bodyBytesMax: BODY_BYTES_MAX });
      return { kind: 'answered', status: reply.status, body: Buffer.from(reply.body).toString('utf8') };
    } catch (error) {
      if (error instanceof TransportError) return { kind: 'unreachable', reason: error.reason };
      throw error;
    }
  };
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Ready-made accounts: apps that exist before callbackd starts. */
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
