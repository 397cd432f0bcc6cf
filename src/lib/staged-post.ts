/**
 * One POST to a URL that somebody else wrote, to see how far it gets: name, address, connection, TLS, reply. The address is
 * checked first and then connected to, so that a name cannot point elsewhere in between. It follows no redirect, sends no
 * credentials, and every way to fail comes back as a value.
 */
import { lookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { readBody } from './read-body.ts';

interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From the start of the connection to the end of the reply. Name resolution has as much again. */
  readonly timeoutMs: number;
  readonly bodyBytesMax: number;
  readonly isAddressAllowed: (address: string) => boolean;
}

/** `address`: the name resolves to an address that is not allowed. */
export type PostStage = 'dns' | 'address' | 'tcp' | 'tls' | 'http' | 'time';

export type PostResult =
  | {
      readonly ok: true;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly ok: false; readonly stage: PostStage; readonly reason: string };

export interface StagedPoster {
  /** Never rejects but for the signal's reason. */
  post(request: PostRequest, signal: AbortSignal): Promise<PostResult>;
}

interface Address {
  readonly address: string;
  readonly family: number;
}

/** Posts over this host's network. */
export const hostPoster: StagedPoster = {
  async post(request, signal) {
    signal.throwIfAborted();
    const host = new URL(request.url).hostname.replace(/^\[(.*)\]$/, '$1');
    const addresses = await resolve(host, request.timeoutMs);
    signal.throwIfAborted();
    if ('failure' in addresses) return { ok: false, stage: 'dns', reason: addresses.failure };
    // One address that is not allowed is enough: a name that mixes them is a trick or a mistake.
    const refused = addresses.found.find(({ address }) => !request.isAddressAllowed(address));
    if (refused !== undefined) return { ok: false, stage: 'address', reason: refused.address };
    if (addresses.found.length === 0) return { ok: false, stage: 'dns', reason: 'no address' };
    return postTo(addresses.found, request, signal);
  },
};

async function resolve(
  host: string,
  timeoutMs: number,
): Promise<{ readonly found: readonly Address[] } | { readonly failure: string }> {
  const family = isIP(host);
  if (family !== 0) return { found: [{ address: host, family }] };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ readonly failure: string }>((done) => {
    timer = setTimeout(() => done({ failure: `no answer within ${timeoutMs} ms` }), timeoutMs);
  });
  const answer = lookup(host, { all: true }).then(
    (found) => ({ found }),
    (error: NodeJS.ErrnoException) => ({ failure: error.code ?? error.message }),
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function postTo(
  addresses: readonly Address[],
  request: PostRequest,
  signal: AbortSignal,
): Promise<PostResult> {
  const isSecure = request.url.startsWith('https:');
  return new Promise((done, reject) => {
    let stage: PostStage = 'tcp';
    const outgoing = (isSecure ? https : http).request(request.url, {
      method: 'POST',
      agent: false,
      headers: { ...request.headers, 'content-length': Buffer.byteLength(request.body) },
      // The addresses that were checked, whatever the name says by now; Node tries them in turn.
      lookup: (_host, options, answer) => {
        if (options.all) answer(null, [...addresses]);
        else answer(null, addresses[0]?.address ?? '', addresses[0]?.family);
      },
    });
    const finish = (result: PostResult) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      outgoing.destroy();
      done(result);
    };
    const fail = (error: NodeJS.ErrnoException) =>
      finish({ ok: false, stage, reason: error.code ?? error.message });
    const onAbort = () => {
      clearTimeout(timer);
      outgoing.destroy();
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      finish({
        ok: false,
        stage: 'time',
        reason: `no reply within ${request.timeoutMs} ms (reached ${stage})`,
      });
    }, request.timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    outgoing.on('error', fail);
    outgoing.on('socket', (socket) => {
      socket.once('connect', () => {
        stage = isSecure ? 'tls' : 'http';
      });
      socket.once('secureConnect', () => {
        stage = 'http';
      });
    });
    outgoing.on('response', (incoming) => readReply(incoming, request.bodyBytesMax).then(finish, fail));
    outgoing.end(request.body);
  });
}

async function readReply(incoming: http.IncomingMessage, bytesMax: number): Promise<PostResult> {
  const body = await readBody(incoming, bytesMax);
  if (body === undefined) {
    return { ok: false, stage: 'http', reason: `a reply of more than ${bytesMax} bytes` };
  }
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  return {
    ok: true,
    status: incoming.statusCode ?? 0,
    headers,
    body: body.toString('utf8'),
  };
}
