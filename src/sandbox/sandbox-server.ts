/**
 * The sandbox over HTTP on 127.0.0.1: the platform's API, the control API and the built-in receivers on one
 * port.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from '../lib/read-body.ts';
import type { TokenGrant } from './access.ts';
import { type ConsoleApp, UnknownAppError } from './console-edits.ts';
import { parseRateLimit } from './limit-rate.ts';
import { parseFaultScript } from './parse-fault-script.ts';
import type { SandboxRequest, SandboxResult } from './protocol.ts';
import type { EventToPublish } from './publish-event.ts';
import { parseBehaviour, type Receivers } from './receivers.ts';
import type { Sandbox } from './sandbox.ts';
import { parseSwitches } from './switches.ts';

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

interface ControlReply {
  readonly status: number;
  readonly body: string;
}

export type ControlApi = (request: Pick<SandboxRequest, 'method' | 'path' | 'body'>) => Promise<ControlReply>;

interface AppEdit {
  readonly account?: string;
  readonly name?: string;
  /** `null` clears it. */
  readonly callbackUrl?: string | null;
  readonly subscribe?: readonly string[];
  readonly unsubscribe?: readonly string[];
}

type JsonObject = Readonly<Record<string, unknown>>;
type Handler = (body: never, name: string) => unknown;

/** The path prefix of the control API. */
const CONTROL_PREFIX = '/_sandbox/';

/**
 * The sandbox's own JSON API, with which a person or another process changes the account, faults, switches
 * and receivers. It shows no verify_token and no API token.
 */
export function createControlApi(sandbox: Sandbox, receivers: Receivers): ControlApi {
  const handlers = listHandlers(sandbox, receivers);
  return async ({ method, path, body }) => {
    const [resource = '', name = ''] = path.slice(CONTROL_PREFIX.length).split('/');
    const handler = handlers[`${method} ${resource}${name === '' ? '' : '/:name'}`];
    if (handler === undefined)
      return reply(404, { error: 'no such endpoint', endpoints: Object.keys(handlers) });
    try {
      const result = await handler(JSON.parse(body === '' ? '{}' : body) as never, decodeURIComponent(name));
      return reply(200, result ?? {});
    } catch (error) {
      if (error instanceof UnknownAppError) return reply(404, { error: error.message });
      return reply(400, { error: error instanceof Error ? error.message : String(error) });
    }
  };
}

function listHandlers(sandbox: Sandbox, receivers: Receivers): Readonly<Record<string, Handler | undefined>> {
  return {
    'GET apps': () => sandbox.apps(),
    'POST apps': ({ account, ...app }: ConsoleApp & { readonly account?: string }) => ({
      id: sandbox.console(account).create(app),
    }),
    'PATCH apps/:name': (edit: AppEdit, id) => editApp(sandbox, id, edit),
    'DELETE apps/:name': ({ account }: { readonly account?: string }, id) =>
      sandbox.console(account).remove(id),
    'GET faults': () => sandbox.faults.report(),
    'POST faults': (script: JsonObject) => {
      const { rules, random } = parseFaultScript(script);
      sandbox.faults.add(...rules);
      if (random !== undefined) sandbox.faults.setRandom(random);
    },
    'DELETE faults': () => sandbox.faults.clear(),
    'GET counters': () => ({ total: sandbox.records.total, byOperation: sandbox.records.counts() }),
    'GET requests': () => sandbox.records.list(),
    'DELETE requests': () => sandbox.records.clear(),
    'GET logids': () => sandbox.records.list().map((record) => record.logid),
    'GET switches': () => sandbox.switches,
    'PATCH switches': (switches: JsonObject) => sandbox.configure(parseSwitches(switches)),
    'PUT rate_limit': (limit: JsonObject) => sandbox.limitRate(parseRateLimit(limit)),
    'DELETE rate_limit': () => sandbox.limitRate(undefined),
    'POST tokens': (grant: TokenGrant) => sandbox.access.grant(grant),
    'DELETE tokens': ({ token }: { readonly token: string }) => sandbox.access.revoke(token),
    'POST events': (event: EventToPublish) => sandbox.publish(event),
    'GET receivers': () => receivers.report(),
    'PUT receivers/:name': (behaviour: JsonObject, name) => receivers.behave(name, parseBehaviour(behaviour)),
  };
}

function editApp(sandbox: Sandbox, id: string, edit: AppEdit): void {
  const edits = sandbox.console(edit.account);
  if (edit.name !== undefined) edits.rename(id, edit.name);
  if (edit.callbackUrl !== undefined) edits.setUrl(id, edit.callbackUrl ?? undefined);
  if (edit.subscribe !== undefined) edits.subscribe(id, edit.subscribe);
  if (edit.unsubscribe !== undefined) edits.unsubscribe(id, edit.unsubscribe);
}

function reply(status: number, value: unknown): ControlReply {
  return { status, body: `${JSON.stringify(value)}\n` };
}
