/**
 * Carries callbacks to receivers over HTTP, on this machine only. A receiver elsewhere is assumed to answer as it
 * should: the sandbox never sends a byte beyond loopback, whatever URLs an operator's file holds.
 */

import { type Transport, TransportError } from '../lib/http-transport.ts';
import type { Delivery } from './messages.ts';
import { assumeReceiver } from './sandbox.ts';

/** The platform's own deadlines are shorter; this one only frees the socket. */
const SOCKET_MS_MAX = 15_000;
const BODY_BYTES_MAX = 64 * 1024;

export function createLoopbackDelivery(transport: Transport): Delivery {
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
