/**
 * A Transport over Node's own http and https with one pool of kept-alive connections. Requests go in as values, replies
 * come out whole and bounded. It never asks for compression, never follows a redirect and never retries, but for a GET
 * that met a connection the server had just closed. Why not undici or fetch: docs/decisions/0001-http-client.md.
 */
import http from 'node:http';
import https from 'node:https';
import { type HttpReply, type HttpRequest, type Transport, TransportError } from './http-transport.ts';
import { readBody } from './read-body.ts';

/** Shorter than the idle timeout of common servers (Node 5 s, nginx 75 s), so that it is us who close. */
const IDLE_SOCKET_MS = 4_000;

export interface NodeHttpTransport extends Transport {
  /** Closes the pool. Requests in flight fail. */
  close(): void;
}

/** `connectionsMax` bounds the sockets per host; further requests wait for one, inside their own timeout. */
export function createNodeHttpTransport(options: { readonly connectionsMax: number }): NodeHttpTransport {
  const agentOptions = { keepAlive: true, maxSockets: options.connectionsMax, timeout: IDLE_SOCKET_MS };
  const plain = new http.Agent(agentOptions);
  const secure = new https.Agent(agentOptions);
  return {
    async send(request, signal) {
      const agent = request.url.startsWith('https:') ? secure : plain;
      try {
        return await exchange(request, agent, signal);
      } catch (error) {
        // The server closed an idle connection as we took it: nothing was answered, and a GET may be repeated.
        const isStale = error instanceof StaleConnectionError;
        if (request.method === 'GET' && isStale) return await exchange(request, agent, signal);
        throw error;
      }
    },
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

/** A kept-alive connection broke before any byte of a reply. The request may still have been processed. */
class StaleConnectionError extends TransportError {}

/** How far an exchange has come: what a failure can be told from. */
interface Progress {
  /** Once true, the request may have reached the server. */
  connected: boolean;
  isReused: boolean;
  status?: number;
  cutBy?: 'timeout' | 'signal';
}

function exchange(request: HttpRequest, agent: http.Agent, signal?: AbortSignal): Promise<HttpReply> {
  const isSecure = request.url.startsWith('https:');
  const progress: Progress = { connected: false, isReused: false };
  return new Promise((resolve, reject) => {
    const body = request.body === undefined ? undefined : Buffer.from(request.body, 'utf8');
    const headers =
      body === undefined ? request.headers : { ...request.headers, 'content-length': body.length };
    const outgoing = (isSecure ? https : http).request(request.url, {
      method: request.method,
      headers,
      agent,
    });
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const fail = (cause: unknown) => {
      finish();
      outgoing.destroy();
      reject(cause instanceof TransportError ? cause : describeFailure(cause, progress));
    };
    const cut = (by: 'timeout' | 'signal') => {
      progress.cutBy = by;
      fail(signal?.reason);
    };
    const onAbort = () => cut('signal');
    const timer = setTimeout(() => cut('timeout'), request.timeoutMs);
    outgoing.on('error', fail);
    if (signal?.aborted) return onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    outgoing.on('socket', (socket) => {
      progress.isReused = outgoing.reusedSocket;
      // A socket handed over from another request is connected already and tells nothing any more.
      progress.connected = !socket.connecting;
      if (progress.connected) return;
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        progress.connected = true;
      });
    });
    outgoing.on('response', (message) => {
      progress.status = message.statusCode ?? 0;
      readBody(message, request.bodyBytesMax).then((bytes) => {
        if (bytes === undefined) {
          const status = message.statusCode ?? 0;
          return fail(new TransportError('oversized', `more than ${request.bodyBytesMax} bytes`, { status }));
        }
        finish();
        resolve({ status: message.statusCode ?? 0, headers: flattenHeaders(message), body: bytes });
      }, fail);
    });
    outgoing.end(body);
  });
}

function describeFailure(cause: unknown, progress: Progress): TransportError {
  const { status } = progress;
  const context = { cause, ...(status === undefined ? {} : { status }) };
  if (progress.cutBy === 'signal') return new TransportError('aborted', 'stopped by the caller', context);
  const reason = progress.cutBy ?? reasonOf(cause);
  if (!progress.connected) return new TransportError('not_sent', reason, context);
  if (status !== undefined) return new TransportError('truncated', reason, context);
  if (progress.isReused && progress.cutBy === undefined) {
    return new StaleConnectionError('maybe_processed', reason, context);
  }
  return new TransportError('maybe_processed', reason, context);
}

function reasonOf(cause: unknown): string {
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
