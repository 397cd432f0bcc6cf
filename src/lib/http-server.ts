/**
 * An HTTP server with bounds on bodies, headers, connections and time. A handler that throws gives a 500;
 * closing ends every connection that awaits no answer. It routes nothing. Why no framework:
 * docs/decisions/0009-http-server.md.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, ListenOptions } from 'node:net';
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
  readonly body: string;
}

export interface HttpServerOptions {
  readonly listen: ListenOptions;
  readonly bodyBytesMax: number;
  readonly connectionsMax: number;
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
const HEADER_BYTES_MAX = 8 * 1024;
const REQUESTS_PER_CONNECTION_MAX = 1_000;

/** Listens; rejects with the system's error when it cannot. */
export async function startHttpServer(
  handle: (request: IncomingCall) => Promise<CallAnswer>,
  options: HttpServerOptions,
): Promise<HttpServer> {
  let inFlight = 0;
  let isClosing = false;
  const server = createServer({ maxHeaderSize: HEADER_BYTES_MAX }, (incoming, outgoing) => {
    inFlight += 1;
    outgoing.once('close', () => {
      inFlight -= 1;
      if (isClosing && inFlight === 0) server.closeAllConnections();
    });
    serve(handle, { incoming, outgoing, options }).catch((error: unknown) => {
      options.onError(error);
      if (!outgoing.headersSent) outgoing.writeHead(500).end();
      else outgoing.destroy();
    });
  });
  server.maxConnections = options.connectionsMax;
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
  exchange: { incoming: IncomingMessage; outgoing: ServerResponse; options: HttpServerOptions },
): Promise<void> {
  const { incoming, outgoing, options } = exchange;
  const body = await readBody(incoming, options.bodyBytesMax);
  if (body === undefined) {
    outgoing.writeHead(413, { connection: 'close' }).end();
    return;
  }
  const [path = '/', query = ''] = (incoming.url ?? '/').split('?', 2);
  const response = await handle({
    method: incoming.method ?? '',
    path,
    query: new URLSearchParams(query),
    host: incoming.headers.host,
    headers: incoming.headers,
    body: body.toString('utf8'),
  });
  const isHead = incoming.method === 'HEAD';
  outgoing.writeHead(response.status, {
    ...response.headers,
    'content-length': Buffer.byteLength(response.body),
  });
  outgoing.end(isHead ? undefined : response.body);
}
