/**
 * An HTTP server with bounds on bodies, headers, connections and time, in both directions: the newest client gets in, and one that
 * does not read is left. A handler that throws gives a 500; closing ends every connection that awaits no answer. It routes nothing. Why no framework:
 * docs/decisions/0009-http-server.md.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, ListenOptions } from 'node:net';
import { type ConnectionTable, createConnectionTable } from './http-connections.ts';
import { readBody } from './read-body.ts';

export interface IncomingCall {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly host: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface CallAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export interface HttpServerOptions {
  readonly listen: ListenOptions;
  readonly bodyBytesMax: number;
  readonly connectionsMax: number;
  /** How long a client may read nothing of its answer. */
  readonly stallMsMax?: number;
  /** Told about what a handler threw; the client sees a bare 500. */
  readonly onError: (error: unknown) => void;
}

export interface HttpServer {
  /** The TCP port, or 0 for a socket path. */
  readonly port: number;
  close(): Promise<void>;
  /** Lets the process end although it still listens. */
  unref(): void;
}

/** A client that sends its head or body more slowly than this is not served. */
const REQUEST_TIMEOUT_MS = 10_000;
const HEADERS_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_MS = 5_000;
/** How often Node looks for clients that are too slow. */
const CHECK_MS = 1_000;
/** A client that reads nothing for so long gets no more; nor one that is not done after the second time. */
const STALL_MS_MAX = 10_000;
const WRITE_MS_MAX = 60_000;
/** How long closing waits for answers that are being read. */
const CLOSE_MS_MAX = 2_000;
/** Answers longer than this share what may wait for their clients at one time. */
const LONG_ANSWER_BYTES = 256 * 1024;
const LONG_ANSWERS_BYTES_MAX = 64 * 1024 * 1024;
const HEADER_BYTES_MAX = 8 * 1024;
const REQUESTS_PER_CONNECTION_MAX = 1_000;

/** Listens; rejects with the system's error when it cannot. */
export async function startHttpServer(
  handle: (request: IncomingCall) => Promise<CallAnswer>,
  options: HttpServerOptions,
): Promise<HttpServer> {
  let inFlight = 0;
  let isClosing = false;
  const connections = createConnectionTable(options.connectionsMax);
  const budget = createByteBudget();
  const limits = { maxHeaderSize: HEADER_BYTES_MAX, connectionsCheckingInterval: CHECK_MS };
  const server = createServer(limits, (incoming, outgoing) => {
    inFlight += 1;
    outgoing.once('close', () => {
      inFlight -= 1;
      connections.enter(incoming.socket, 'waiting');
      if (isClosing && inFlight === 0) server.closeAllConnections();
    });
    serve(handle, { incoming, outgoing, options, connections, budget }).catch((error: unknown) => {
      // A client that went away in the middle of its request is no failure of ours.
      if (!incoming.errored) options.onError(error);
      if (!outgoing.headersSent) outgoing.writeHead(500).end();
      else outgoing.destroy();
    });
  });
  server.on('connection', (socket) => connections.admit(socket));
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.maxRequestsPerSocket = REQUESTS_PER_CONNECTION_MAX;
  await listen(server, options.listen);
  server.on('error', options.onError);
  const address = server.address() as AddressInfo | string | null;
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    unref: () => void server.unref(),
    close: () =>
      new Promise((resolve) => {
        isClosing = true;
        server.close(() => resolve());
        // Node counts a connection that never sent anything as busy; only answers in flight are worth waiting
        // for.
        if (inFlight === 0) server.closeAllConnections();
        else server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), CLOSE_MS_MAX).unref();
      }),
  };
}

function listen(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function serve(
  handle: (request: IncomingCall) => Promise<CallAnswer>,
  exchange: Exchange,
): Promise<void> {
  const { incoming, outgoing, options, connections } = exchange;
  const body = await readBody(incoming, options.bodyBytesMax);
  if (body === undefined) {
    outgoing.writeHead(413, { connection: 'close' }).end();
    return;
  }
  connections.enter(incoming.socket, 'served');
  const [path = '/', query = ''] = (incoming.url ?? '/').split('?', 2);
  const response = await handle({
    method: incoming.method ?? '',
    path,
    query: new URLSearchParams(query),
    host: incoming.headers.host,
    headers: incoming.headers,
    body: body.toString('utf8'),
  });
  connections.enter(incoming.socket, 'written');
  writeAnswer(response, exchange);
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly options: HttpServerOptions;
  readonly connections: ConnectionTable;
  readonly budget: ByteBudget;
}

function writeAnswer(response: CallAnswer, { incoming, outgoing, options, budget }: Exchange): void {
  const bytes = Buffer.byteLength(response.body);
  const isHead = incoming.method === 'HEAD';
  if (!isHead && !budget.take(bytes, outgoing)) {
    outgoing.writeHead(503, { 'retry-after': '5', 'content-length': 0 }).end();
    return;
  }
  outgoing.setTimeout(options.stallMsMax ?? STALL_MS_MAX, () => outgoing.destroy());
  const late = setTimeout(() => outgoing.destroy(), WRITE_MS_MAX).unref();
  outgoing.once('close', () => clearTimeout(late));
  outgoing.writeHead(response.status, { ...response.headers, 'content-length': bytes });
  outgoing.end(isHead ? undefined : response.body);
}

interface ByteBudget {
  /** False where too much waits for slow clients already; else taken until the answer is gone. */
  take(bytes: number, outgoing: ServerResponse): boolean;
}

/** One answer always passes, however long. */
function createByteBudget(): ByteBudget {
  let taken = 0;
  return {
    take(bytes, outgoing) {
      if (bytes <= LONG_ANSWER_BYTES) return true;
      if (taken > 0 && taken + bytes > LONG_ANSWERS_BYTES_MAX) return false;
      taken += bytes;
      outgoing.once('close', () => {
        taken -= bytes;
      });
      return true;
    },
  };
}
