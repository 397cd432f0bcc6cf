/** Why an exchange failed, with the proxy where it went through one. */

import type { TransportError } from '../lib/http-transport.ts';
import { onOneLine } from '../lib/printable.ts';
import { type Message, message } from '../messages/message.ts';
import type { SecretGate } from './secret-gate.ts';

export function explainTransport({ reason, proxy }: TransportError, gate: SecretGate): string | Message {
  const why = onOneLine(gate.text(reason));
  return proxy === undefined ? why : message('platform.through_proxy', { reason: why, proxy });
}
