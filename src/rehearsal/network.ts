/**
 * The network between processes and the emulated platform: latency, and the lost, late, duplicated and
 * truncated exchanges that the fault plan asks for. Records every exchange.
 */

import { type HttpReply, type HttpRequest, type Transport, TransportError } from '../lib/http-transport.ts';
import type { VirtualClock } from '../lib/virtual-clock.ts';
import { foldName, parseMarkedName } from '../model/mark.ts';
import type { AppView } from '../sandbox/console-edits.ts';
import type { Fault } from '../sandbox/faults.ts';
import type { SandboxReply, SandboxRequest, SandboxResult } from '../sandbox/protocol.ts';
import type { ProcessInstance } from './process-instance.ts';
import type { Rng } from './random.ts';
import type { NetworkFault } from './scenario.ts';

/** The body of a create. */
interface CreateBody {
  readonly app_type: string;
  readonly name?: string;
  readonly connector_id?: string;
}

/** One request and its outcome. */
export interface Exchange {
  /** Counts from 1 over the whole world. */
  readonly ordinal: number;
  readonly instance: ProcessInstance;
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly query: string;
  readonly body: string;
  /** What a create asks for; absent for every other request. */
  readonly asked: CreateBody | undefined;
  readonly sentAt: number;
  readonly networkFault: NetworkFault | undefined;
  /** With `processed_very_late`: how long after it was given up. */
  readonly lateMs: number | undefined;
  /** Ids of the apps that the request created on the platform. */
  created: readonly string[];
  /** What the client received, and when. Undefined while it waits, and when the process ended before that. */
  end:
    | { readonly at: number; readonly reply: SandboxReply | undefined; readonly wasSent: boolean }
    | undefined;
}

export interface NetworkDeps {
  readonly clock: VirtualClock;
  readonly rng: Rng;
  readonly handle: (request: SandboxRequest) => Promise<SandboxResult>;
  /** Injects a fault into the next request. */
  readonly inject: (fault: Fault) => void;
  /** All existing apps, whatever the listing shows. */
  readonly apps: () => readonly AppView[];
  readonly networkFaultOf: (ordinal: number) => NetworkFault | undefined;
  /** How long after it was given up the create with that number is processed; mostly never so. */
  readonly lateCreateOf: (create: number) => number | undefined;
  /** Whether a request may still be processed very late. */
  readonly mayBeLate: () => boolean;
  readonly platformFaultOf: (exchange: Exchange) => Fault | undefined;
  /** How long after its exchange ended a request may still be processed, in milliseconds. */
  readonly latenessMs: number;
  readonly onSent: (exchange: Exchange) => void;
  readonly onProcessed: (exchange: Exchange) => void;
  readonly onEnded: (exchange: Exchange) => void;
}

export interface Network {
  /** The network of one process. */
  connect(instance: ProcessInstance): Transport;
  readonly exchanges: readonly Exchange[];
  /** The creates among them. */
  readonly creates: readonly Exchange[];
}

type Ending = { readonly reply: SandboxReply } | { readonly error: TransportError };

const HOP_MS_MAX = 120;

export function createNetwork(deps: NetworkDeps): Network {
  const exchanges: Exchange[] = [];
  const creates: Exchange[] = [];
  function open(request: HttpRequest, instance: ProcessInstance): Exchange {
    const { pathname, search } = new URL(request.url);
    const ordinal = exchanges.length + 1;
    const isCreate = request.method === 'POST' && pathname === '/v1/api_apps';
    const asked = isCreate ? (JSON.parse(request.body ?? '') as CreateBody) : undefined;
    const lateMs = isMarked(asked) ? deps.lateCreateOf(creates.length + 1) : undefined;
    const exchange: Exchange = {
      ordinal,
      instance,
      method: request.method,
      path: pathname,
      query: search.slice(1),
      body: request.body ?? '',
      asked,
      sentAt: deps.clock.now(),
      networkFault: lateMs === undefined ? deps.networkFaultOf(ordinal) : 'processed_very_late',
      lateMs,
      created: [],
      end: undefined,
    };
    exchanges.push(exchange);
    if (isCreate) creates.push(exchange);
    return exchange;
  }
  return {
    exchanges,
    creates,
    connect: (instance) => ({
      send(request, signal) {
        if (!instance.step()) return new Promise(() => {});
        return new Promise((resolve, reject) => {
          const exchange = open(request, instance);
          if (exchange.networkFault !== 'not_sent') deps.onSent(exchange);
          const end = (ending: Ending) => {
            if (exchange.end !== undefined || !instance.isAlive()) return;
            const wasSent = exchange.networkFault !== 'not_sent';
            const received = 'reply' in ending ? receive(ending.reply, request) : ending.error;
            const reply = 'reply' in ending && !(received instanceof Error) ? ending.reply : undefined;
            signal?.removeEventListener('abort', onAbort);
            exchange.end = { at: deps.clock.now(), reply, wasSent };
            deps.onEnded(exchange);
            instance.arrive(() => {
              if (received instanceof TransportError) reject(received);
              else resolve(received);
            });
          };
          const onAbort = () => end(broken('aborted', 'aborted'));
          signal?.addEventListener('abort', onAbort, { once: true });
          deps.clock.after(request.timeoutMs, () => end(broken('maybe_processed', 'timeout')));
          void transfer(exchange, request, { deps, end });
        });
      },
    }),
  };
}

interface Transfer {
  readonly deps: NetworkDeps;
  readonly end: (ending: Ending) => void;
}

/** Carries a request to the platform and the reply back, with the fault of the exchange. */
async function transfer(exchange: Exchange, request: HttpRequest, { deps, end }: Transfer): Promise<void> {
  const { clock, rng, latenessMs } = deps;
  const hop = () => clock.sleep(rng.next() * HOP_MS_MAX);
  const arrive = async () => {
    await hop();
    return deliver(exchange, request, deps);
  };
  switch (exchange.networkFault) {
    case 'not_sent':
      await clock.sleep(1);
      end(broken('not_sent', 'ECONNREFUSED'));
      return;
    case 'request_lost':
      return;
    case 'reply_lost':
      await arrive();
      return;
    case 'reset':
      await arrive();
      await hop();
      end(broken('maybe_processed', 'ECONNRESET'));
      return;
    case 'processed_late':
      await waitForEnd(exchange, request.timeoutMs, clock);
      await clock.sleep(rng.next() * latenessMs);
      await deliver(exchange, request, deps);
      return;
    case 'processed_very_late':
      await waitForEnd(exchange, request.timeoutMs, clock);
      await clock.sleep(exchange.lateMs ?? 0);
      if (deps.mayBeLate()) await deliver(exchange, request, deps);
      return;
    case 'truncated':
      await arrive();
      await hop();
      end(broken('truncated', 'the reply broke off', 200));
      return;
    case 'slow': {
      const result = await arrive();
      await clock.sleep(exchange.sentAt + request.timeoutMs - 1 - clock.now());
      end(toEnding(result));
      return;
    }
    case 'duplicated':
      await arrive();
      break;
    case undefined:
      break;
  }
  const result = await arrive();
  await hop();
  end(toEnding(result));
}

/** Until the client timed out or its process ended. */
async function waitForEnd(exchange: Exchange, timeoutMs: number, clock: VirtualClock): Promise<void> {
  for (let waited = 0; waited < timeoutMs; waited += 500) {
    if (exchange.end !== undefined || !exchange.instance.isAlive()) return;
    await clock.sleep(500);
  }
}

async function deliver(exchange: Exchange, request: HttpRequest, deps: NetworkDeps): Promise<SandboxResult> {
  const { asked } = exchange;
  const before = new Set(asked !== undefined ? deps.apps().map((app) => app.id) : []);
  const fault = deps.platformFaultOf(exchange);
  if (fault !== undefined) deps.inject(fault);
  const result = await deps.handle({
    method: exchange.method,
    path: exchange.path,
    query: exchange.query,
    headers: request.headers,
    body: exchange.body,
  });
  if (asked !== undefined) {
    const made = deps.apps().filter((app) => !before.has(app.id) && isWhatWasAskedFor(app, asked));
    exchange.created = [...exchange.created, ...made.map((app) => app.id)];
  }
  deps.onProcessed(exchange);
  return result;
}

/** Requests may overlap, but never two of one name or channel. The platform may have cut or normalised a name. */
function isWhatWasAskedFor(app: AppView, asked: CreateBody): boolean {
  if (app.appType === 'connector') return app.connectorId === asked.connector_id;
  return foldName(asked.name ?? '').startsWith(foldName(app.name ?? ''));
}

/** Whether a create sent a marked name. */
export function isMarked(asked: CreateBody | undefined): boolean {
  return parseMarkedName(asked?.name ?? '') !== undefined;
}

function toEnding(result: SandboxResult): Ending {
  if (result === 'closed') return broken('maybe_processed', 'the connection was closed');
  if (result === 'reset') return broken('maybe_processed', 'ECONNRESET');
  if (result === 'hang') return broken('maybe_processed', 'timeout');
  if (result.isCut) return broken('truncated', 'the reply broke off', result.status);
  return { reply: result };
}

function broken(
  fate: TransportError['fate'],
  reason: string,
  status?: number,
): { readonly error: TransportError } {
  return { error: new TransportError(fate, reason, status === undefined ? {} : { status }) };
}

const encoder = new TextEncoder();

function receive({ status, headers, body }: SandboxReply, request: HttpRequest): HttpReply | TransportError {
  if (body.length > request.bodyBytesMax) {
    return new TransportError('oversized', 'the reply is too long', { status });
  }
  return { status, headers, body: encoder.encode(body) };
}
