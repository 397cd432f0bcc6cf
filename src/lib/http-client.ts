/**
 * The one HTTP client, over Node's own http and https: for the API, receivers, notifications and Unix
 * sockets. It asks for no compression, follows no redirect and repeats nothing, but for a GET that met a
 * connection the server had just closed. Why not undici, got or fetch: docs/decisions/0001-http-client.md.
 */

import { type LookupAddress, type LookupAllOptions, lookup as systemLookup } from 'node:dns';
import { setMaxListeners } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import {
  bareHost,
  type ConnectionOptions,
  type Connections,
  createConnections,
  isHandshaking,
  refusedTunnel,
  type Way,
} from './connections.ts';
import {
  type HttpReply,
  type HttpRequest,
  type Transport,
  TransportError,
  type TransportStage,
} from './http-transport.ts';
import { readBody } from './read-body.ts';

export interface HttpClientOptions extends ConnectionOptions {
  /** Every request goes to this Unix socket, whatever host its URL names. */
  readonly socketPath?: string;
  /**
   * Whether an address may be connected to. A name of which one address may not is refused as a whole: it is
   * a trick or a mistake. The addresses that were judged are those that are connected to. Behind a proxy only
   * addresses in URLs are judged: it is the proxy that resolves names.
   */
  readonly isAddressAllowed?: (address: string) => boolean;
  /** Resolves names instead of the system; may answer at once. */
  readonly lookup?: Lookup;
}

export type Lookup = (
  host: string,
  options: LookupAllOptions,
  answer: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface HttpClient extends Transport {
  /** Closes the kept connections. Requests in flight fail. */
  close(): void;
}

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const connections = createConnections(options);
  const { socketPath, isAddressAllowed } = options;
  const shared = { connections, socketPath, isAddressAllowed, lookup: createLookup(options) };
  return {
    async send(request, signal) {
      // Many requests may share a signal, and each lets go of it in the end: no leak to warn of.
      if (signal !== undefined) setMaxListeners(0, signal);
      const route = { ...shared, way: await findWay(request.url, connections) };
      try {
        return await exchange(request, route, signal);
      } catch (error) {
        // The server closed an idle connection as we took it: nothing was answered, and a GET may be
        // repeated.
        const isStale = error instanceof StaleConnectionError;
        if (request.method === 'GET' && isStale) return await exchange(request, route, signal);
        throw error;
      }
    },
    close: () => connections.close(),
  };
}

async function findWay(text: string, connections: Connections): Promise<Way> {
  try {
    return await connections.find(new URL(text));
  } catch (cause) {
    if (cause instanceof TransportError) throw cause;
    throw new TransportError('not_sent', reasonOf(cause), { cause, stage: 'tcp' });
  }
}

/** The status with which a proxy refuses for want of credentials. */
const PROXY_WANTS_CREDENTIALS = 407;

/** The name resolves to an address that may not be connected to. */
class AddressRefusedError extends Error {
  readonly address: string;

  constructor(address: string) {
    super(`${address} may not be connected to`);
    this.address = address;
  }
}

/** Undefined where the system's own resolution will do. */
function createLookup({ lookup, isAddressAllowed }: HttpClientOptions): LookupFunction | undefined {
  if (lookup === undefined && isAddressAllowed === undefined) return undefined;
  const resolve = lookup ?? systemLookup;
  return (host, options, answer) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      const refused = addresses?.find(({ address }) => isAddressAllowed?.(address) === false);
      const [first] = addresses ?? [];
      const failure =
        error ??
        (refused && new AddressRefusedError(refused.address)) ??
        (first === undefined ? new Error('no address') : null);
      // Never at once: the request has to listen to its socket before that can fail.
      setImmediate(() => {
        if (failure !== null) answer(failure, '');
        else if (options.all) answer(null, addresses);
        else answer(null, first?.address ?? '', first?.family);
      });
    });
  };
}

/** A kept-alive connection broke before any byte of a reply. The request may still have been processed. */
class StaleConnectionError extends TransportError {}

interface Route {
  readonly connections: Connections;
  readonly way: Way;
  readonly socketPath: string | undefined;
  readonly isAddressAllowed: HttpClientOptions['isAddressAllowed'];
  readonly lookup: LookupFunction | undefined;
}

/** How far an exchange has come. Once its stage is `http`, the request may have reached the server. */
interface Progress {
  stage: TransportStage;
  isReused: boolean;
  status?: number;
  cutBy?: 'timeout' | 'signal';
}

function exchange(request: HttpRequest, route: Route, signal?: AbortSignal): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const progress: Progress = { stage: 'tcp', isReused: false };
    const fail = (cause: unknown) => {
      finish();
      outgoing?.destroy();
      const early = outgoing?.socket ? route.connections.earlyError(outgoing.socket) : undefined;
      reject(
        cause instanceof TransportError ? cause : describeFailure(early ?? cause, progress, route.way.proxy),
      );
    };
    const cut = (by: 'timeout' | 'signal') => {
      progress.cutBy = by;
      fail(signal?.reason);
    };
    const onAbort = () => cut('signal');
    const startTimer = (ms: number) => {
      clearTimeout(timer);
      if (ms < Number.POSITIVE_INFINITY) timer = setTimeout(() => cut('timeout'), ms);
    };
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    let timer: NodeJS.Timeout | undefined;
    let outgoing: http.ClientRequest | undefined;
    if (signal?.aborted) return onAbort();
    try {
      const url = new URL(request.url);
      progress.stage = firstStage(url, route);
      outgoing = openRequest(url, request, route);
    } catch (error) {
      return fail(error);
    }
    outgoing.on('error', fail);
    signal?.addEventListener('abort', onAbort, { once: true });
    startTimer(
      progress.stage === 'dns' ? (request.resolveTimeoutMs ?? request.timeoutMs) : request.timeoutMs,
    );
    followSocket(outgoing, progress, () => {
      if (request.resolveTimeoutMs !== undefined) startTimer(request.timeoutMs);
    });
    outgoing.on('response', (message) => {
      const status = message.statusCode ?? 0;
      // Only a proxy says this, and it passed nothing on.
      if (status === PROXY_WANTS_CREDENTIALS && route.way.forward !== undefined) {
        progress.stage = 'proxy';
        return fail(new Error(`HTTP ${status}`));
      }
      progress.status = status;
      readBody(message, request.bodyBytesMax).then((body) => {
        if (body === undefined) {
          return fail(new TransportError('oversized', `more than ${request.bodyBytesMax} bytes`, { status }));
        }
        finish();
        resolve({ status, headers: flattenHeaders(message), body });
      }, fail);
    });
    outgoing.end(request.body);
  });
}

/** Throws for an address that may not be connected to: a literal one is never looked up. */
function firstStage(url: URL, { socketPath, isAddressAllowed, way }: Route): TransportStage {
  if (socketPath !== undefined) return 'tcp';
  const host = bareHost(url);
  const isLiteral = isIP(host) !== 0;
  if (isLiteral && isAddressAllowed?.(host) === false) throw new AddressRefusedError(host);
  if (way.proxy !== undefined) return 'proxy';
  return isLiteral ? 'tcp' : 'dns';
}

function openRequest(
  url: URL,
  { method, headers, body }: HttpRequest,
  { way, socketPath, lookup }: Route,
): http.ClientRequest {
  const { agent, proxy, forward } = way;
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const options = { method, agent, headers: { ...headers, ...length } };
  if (proxy !== undefined && forward !== undefined) {
    const { authorization, servername } = forward;
    const credentials = authorization === undefined ? {} : { 'proxy-authorization': authorization };
    return requestFor(proxy)(proxy, {
      ...options,
      servername,
      path: `${url.origin}${url.pathname}${url.search}`,
      headers: { ...options.headers, host: url.host, ...credentials },
    });
  }
  return requestFor(url.protocol)(url, {
    ...options,
    ...(socketPath === undefined ? {} : { socketPath }),
    ...(lookup === undefined || proxy !== undefined ? {} : { lookup }),
  });
}

function requestFor(url: string): typeof https.request {
  return url.startsWith('https:') ? https.request : http.request;
}

/** Keeps the stage up to date, and tells when the name is resolved. */
function followSocket(outgoing: http.ClientRequest, progress: Progress, onResolved: () => void): void {
  outgoing.on('socket', (socket) => {
    progress.isReused = outgoing.reusedSocket;
    const reachHttp = () => {
      progress.stage = 'http';
    };
    // The tunnel stands, and what is behind it has yet to prove itself.
    if (isHandshaking(socket) && !socket.connecting && !socket.destroyed) {
      progress.stage = 'tls';
      socket.once('secureConnect', reachHttp);
      return;
    }
    if (!socket.connecting) {
      // Handed over from another request, it is connected already; dead, it takes nothing.
      if (!socket.destroyed) reachHttp();
      return;
    }
    socket.once('secureConnect', reachHttp);
    socket.on('lookup', (error) => {
      if (error || progress.stage !== 'dns') return;
      progress.stage = 'tcp';
      onResolved();
    });
    socket.once('connect', () => {
      const next = outgoing.protocol === 'https:' ? 'tls' : 'http';
      // Until TLS with the proxy stands, it is the proxy that fails.
      if (progress.stage !== 'proxy' || next === 'http') progress.stage = next;
    });
  });
}

function describeFailure(cause: unknown, progress: Progress, proxy: string | undefined): TransportError {
  const { status, cutBy, isReused } = progress;
  const isRefused = cause instanceof AddressRefusedError;
  const stage = isRefused ? 'address' : progress.stage;
  const context = { cause, status, stage, proxy };
  if (cutBy === 'signal') return new TransportError('aborted', 'stopped by the caller', context);
  const reason = cutBy ?? (isRefused ? cause.address : reasonOf(cause));
  if (stage !== 'http') return new TransportError('not_sent', reason, context);
  if (status !== undefined) return new TransportError('truncated', reason, context);
  if (isReused && cutBy === undefined) return new StaleConnectionError('maybe_processed', reason, context);
  return new TransportError('maybe_processed', reason, context);
}

function reasonOf(cause: unknown): string {
  const refused = refusedTunnel(cause);
  if (refused !== undefined) return `HTTP ${refused}`;
  const code = (cause as { code?: unknown } | undefined)?.code;
  if (typeof code === 'string') return code;
  return cause instanceof Error ? cause.message : String(cause);
}

function flattenHeaders(message: http.IncomingMessage): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
