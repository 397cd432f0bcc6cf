/**
 * The sandbox over HTTP on 127.0.0.1: the platform's API, the control API and the built-in receivers on one
 * port.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from '../lib/read-body.ts';
import { CONTROL_PREFIX, createControlApi } from './control-api.ts';
import type { SandboxRequest, SandboxResult } from './protocol.ts';
import type { Receivers } from './receivers.ts';
import type { Sandbox } from './sandbox.ts';

/** The path prefix of the built-in receivers. */
const RECEIVERS_PREFIX = '/_receivers/';
/** The vendor's stated limit for request bodies is 15 MB; requests of this API are far below a megabyte. */
const BODY_BYTES_MAX = 1024 * 1024;
/** A truncated reply announces this much more than it sends. */
const CUT_BYTES = 64;

export interface SandboxServer {
  /** Scheme, host and port, without a trailing slash. */
  readonly url: string;
  /** The callback URL of a built-in receiver. */
  receiverUrl(name: string): string;
  /** Closes every connection, open ones included. */
  close(): Promise<void>;
}

export interface SandboxServerOptions {
  readonly sandbox: Sandbox;
  readonly receivers: Receivers;
  /** 0 picks a free one. */
  readonly port: number;
}

/** Listens; rejects when the port is taken. */
export async function startSandboxServer({
  sandbox,
  receivers,
  port,
}: SandboxServerOptions): Promise<SandboxServer> {
  const control = createControlApi(sandbox, receivers);
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch((error: unknown) => {
      writeText(response, 500, `the sandbox itself failed: ${String(error)}`);
    });
  });
  const answer = async (incoming: IncomingMessage, response: ServerResponse) => {
    // A client that breaks off in mid-request gets no answer; what it sent so far is no request.
    const body = await readBody(incoming, BODY_BYTES_MAX).catch(() => undefined);
    if (body === undefined) {
      incoming.resume();
      return writeText(response, 413, 'the body is too long');
    }
    const request = toRequest(incoming, body.toString('utf8'));
    if (request.path.startsWith(CONTROL_PREFIX)) {
      const reply = await control(request);
      return writeText(response, reply.status, reply.body);
    }
    if (request.path.startsWith(RECEIVERS_PREFIX)) {
      const reply = await receivers.answer(request.path.slice(RECEIVERS_PREFIX.length), request);
      return reply === 'hang' ? undefined : writeText(response, reply.status, reply.body);
    }
    writeResult(response, await sandbox.handle(request));
  };
  await listen(server, port);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    receiverUrl: (name) => `${url}${RECEIVERS_PREFIX}${name}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function toRequest(incoming: IncomingMessage, body: string): SandboxRequest {
  const target = incoming.url ?? '/';
  const mark = target.indexOf('?');
  return {
    method: incoming.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers: incoming.headers as Readonly<Record<string, string | undefined>>,
    body,
  };
}

function writeText(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(body);
}

function writeResult(response: ServerResponse, result: SandboxResult): void {
  if (result === 'hang') return;
  if (result === 'closed') {
    response.socket?.destroy();
    return;
  }
  if (result === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const bytes = Buffer.from(result.body, 'utf8');
  const isCut = result.isCut === true;
  const { 'x-tt-logid': logid, ...headers } = result.headers;
  response.writeHead(result.status, {
    ...headers,
    // As the vendor spells it: parts of its JavaScript client look at the raw name.
    ...(logid === undefined ? {} : { 'X-Tt-Logid': logid }),
    'content-length': bytes.length + (isCut ? CUT_BYTES : 0),
  });
  if (isCut) response.write(bytes, () => response.socket?.destroy());
  else response.end(bytes);
}
