/**
 * The whole sandbox in one call: engine, receivers, loopback delivery and server. What the command, the demo and tests
 * with a real socket start.
 */

import type { Clock } from '../lib/clock.ts';
import type { Transport } from '../lib/http-transport.ts';
import { createLoopbackDelivery } from './deliver-callback.ts';
import { createReceivers, type Receivers } from './receivers.ts';
import { createSandbox, DEFAULT_TOKEN, type Sandbox, type SandboxOptions } from './sandbox.ts';
import { type SandboxServer, startSandboxServer } from './sandbox-server.ts';

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
