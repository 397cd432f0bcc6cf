/**
 * What the contract suite examines: anything that answers the callback-app API behind a `Transport`. The sandbox over
 * HTTP, the sandbox in the same process and the real platform are all just this.
 */

import type { Clock } from '../../src/lib/clock.ts';
import type { HttpMethod, Transport } from '../../src/lib/http-transport.ts';
import type { CallReport } from '../../src/model/calls.ts';
import { createPlatform, type PacedPlatform } from '../../src/platform/create-platform.ts';
import { createSecretGate } from '../../src/platform/secret-gate.ts';
import { createTokenFromEnvironment } from '../../src/platform/token-file.ts';
import type { ReceiverBehaviour } from '../../src/sandbox/receivers.ts';

export interface ContractSubject {
  readonly baseUrl: string;
  readonly token: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: () => number;
  readonly maxRequestsPerSecond: number;
  /** Begins the name of every app the suite makes, so that a real account can be tidied up. */
  readonly namePrefix: string;
  /** A receiver that answers the challenge; without one, what needs it is skipped. */
  readonly receiver?: {
    readonly url: string;
    /** Only where the receiver obeys the suite. */
    readonly behave?: (behaviour: Partial<ReceiverBehaviour>) => void;
  };
  /** An address that never answers a challenge. */
  readonly brokenReceiverUrl: string;
  /** A channel the account may make an app for; without one, what needs it is skipped. */
  readonly connectorId?: string;
  close(): Promise<void>;
}

export interface Exchange {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: replies are examined field by field.
  readonly json: any;
}

const EXCHANGE_MS_MAX = 15_000;
const BODY_BYTES_MAX = 4 * 1024 * 1024;

/** One raw exchange: what is on the wire, without the platform client's reading of it. */
export async function exchange(
  subject: ContractSubject,
  method: HttpMethod,
  { target, body, token = subject.token }: { target: string; body?: unknown; token?: string },
): Promise<Exchange> {
  const {
    status,
    headers,
    body: bytes,
  } = await subject.transport.send({
    method,
    url: subject.baseUrl + target,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    timeoutMs: EXCHANGE_MS_MAX,
    bodyBytesMax: BODY_BYTES_MAX,
  });
  const text = Buffer.from(bytes).toString('utf8');
  return { status, headers, text, json: JSON.parse(text) };
}

/** The real platform client on a subject, with everything it reported. */
export function openPlatform(
  subject: ContractSubject,
  token = subject.token,
): { readonly platform: PacedPlatform; readonly reports: CallReport[] } {
  const reports: CallReport[] = [];
  const { baseUrl, maxRequestsPerSecond } = subject;
  const platform = createPlatform({
    ...subject,
    settings: { baseUrl, timeoutMs: EXCHANGE_MS_MAX, concurrency: 4, maxRequestsPerSecond },
    tokens: createTokenFromEnvironment('COZE_API_TOKEN', token),
    onCall: (report) => reports.push(report),
    userAgent: 'callbackd-contract',
    gate: createSecretGate(),
  });
  return { platform, reports };
}
