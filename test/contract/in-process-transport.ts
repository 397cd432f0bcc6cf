/**
 * A Transport that calls a sandbox in the same process, without sockets; deadlines run on the given clock.
 */

import type { Clock } from '../../src/lib/clock.ts';
import {
  type HttpReply,
  type HttpRequest,
  type Transport,
  TransportError,
} from '../../src/lib/http-transport.ts';
import type { SandboxRequest, SandboxResult } from '../../src/sandbox/protocol.ts';

export interface RequestHandler {
  handle(request: SandboxRequest): Promise<SandboxResult>;
}

/**
 * Every request goes to `sandbox`, whatever its host. A request that the client gave up is still processed.
 */
export function createInProcessTransport(sandbox: RequestHandler, clock: Clock): Transport {
  return {
    async send(request, signal) {
      if (signal?.aborted) throw new TransportError('aborted', 'stopped by the caller');
      const timer = new AbortController();
      const stop = () => timer.abort('caller');
      signal?.addEventListener('abort', stop, { once: true });
      const givenUp = clock.sleep(request.timeoutMs, timer.signal).then(
        () => 'timeout' as const,
        () => 'stopped' as const,
      );
      try {
        const result = await Promise.race([sandbox.handle(toSandboxRequest(request)), givenUp]);
        return readResult(result === 'hang' ? await givenUp : result, request);
      } finally {
        signal?.removeEventListener('abort', stop);
        timer.abort('done');
      }
    },
  };
}

function toSandboxRequest({ method, url, headers, body = '' }: HttpRequest): SandboxRequest {
  const { pathname, search } = new URL(url);
  return { method, path: pathname, query: search.slice(1), headers, body };
}

function readResult(result: SandboxResult | 'timeout' | 'stopped', request: HttpRequest): HttpReply {
  switch (result) {
    case 'stopped':
      throw new TransportError('aborted', 'stopped by the caller');
    case 'timeout':
    case 'hang':
      throw new TransportError('maybe_processed', 'timeout');
    case 'closed':
    case 'reset':
      throw new TransportError('maybe_processed', 'ECONNRESET');
  }
  const { status, headers, isCut } = result;
  const body = Buffer.from(result.body, 'utf8');
  if (body.length > request.bodyBytesMax) {
    throw new TransportError('oversized', `more than ${request.bodyBytesMax} bytes`, { status });
  }
  if (isCut === true) throw new TransportError('truncated', 'connection closed', { status });
  return { status, headers, body };
}
