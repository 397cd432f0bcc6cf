/**
 * The wire between processes and the emulated platform. Requests take their time, and those that the story names get
 * lost, come late, come twice or break off. Every exchange is written down as it really was.
 */

import { type HttpReply, type HttpRequest, type Transport, TransportError } from '../lib/http-transport.ts';
import type { VirtualClock } from '../lib/virtual-clock.ts';
import type { AppView } from '../sandbox/console-edits.ts';
import type { Fault } from '../sandbox/faults.ts';
import type { SandboxReply, SandboxRequest, SandboxResult } from '../sandbox/protocol.ts';
import type { Life } from './life.ts';
import type { Chance } from './random.ts';
import type { NetworkTrouble } from './story.ts';

/** The body of a create. */
interface CreateBody {
  readonly app_type: string;
  readonly name?: string;
  readonly connector_id?: string;
}

/** One request and what became of it. */
export interface Exchange {
  /** Counts from 1 over the whole world. */
  readonly ordinal: number;
  readonly life: Life;
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly query: string;
  readonly body: string;
  /** What a create asks for; absent for every other request. */
  readonly asked: CreateBody | undefined;
  readonly sentAt: number;
  readonly trouble: NetworkTrouble | undefined;
  /** Ids that the request made, in the account's own books. */
  created: readonly string[];
  /** What the client got, and when. Undefined while it waits, and for ever when the process ended. */
  end:
    | { readonly at: number; readonly reply: SandboxReply | undefined; readonly wasSent: boolean }
    | undefined;
}

export interface NetworkDeps {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly handle: (request: SandboxRequest) => Promise<SandboxResult>;
  /** Makes the next request suffer. */
  readonly inflict: (fault: Fault) => void;
  /** All apps there really are. */
  readonly apps: () => readonly AppView[];
  readonly troubleOf: (ordinal: number) => NetworkTrouble | undefined;
  readonly faultOf: (exchange: Exchange) => Fault | undefined;
  /** How long after the end of an exchange a request may still be processed. */
  readonly latenessMs: number;
  readonly onSent: (exchange: Exchange) => void;
  readonly onProcessed: (exchange: Exchange) => void;
  readonly onEnded: (exchange: Exchange) => void;
}

export interface Network {
  /** The network as one process sees it. */
  connect(life: Life): Transport;
  readonly exchanges: readonly Exchange[];
  /** Those of them that create. */
  readonly creates: readonly Exchange[];
}

type Ending = { readonly reply: SandboxReply } | { readonly error: TransportError };

const HOP_MS_MAX = 120;

export function createNetwork(deps: NetworkDeps): Network {
  const exchanges: Exchange[] = [];
  const creates: Exchange[] = [];
  function open(request: HttpRequest, life: Life): Exchange {
    const { pathname, search } = new URL(request.url);
    const ordinal = exchanges.length + 1;
    const isCreate = request.method === 'POST' && pathname === '/v1/api_apps';
    const exchange: Exchange = {
      ordinal,
      life,
      method: request.method,
      path: pathname,
      query: search.slice(1),
      body: request.body ?? '',
      asked: isCreate ? (JSON.parse(request.body ?? '') as CreateBody) : undefined,
      sentAt: deps.clock.now(),
      trouble: deps.troubleOf(ordinal),
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
    connect: (life) => ({
      send(request, signal) {
        if (!life.step()) return new Promise(() => {});
        return new Promise((resolve, reject) => {
          const exchange = open(request, life);
          if (exchange.trouble !== 'not_sent') deps.onSent(exchange);
          const end = (ending: Ending) => {
            if (exchange.end !== undefined || !life.isAlive()) return;
            const wasSent = exchange.trouble !== 'not_sent';
            const received = 'reply' in ending ? receive(ending.reply, request) : ending.error;
            const reply = 'reply' in ending && !(received instanceof Error) ? ending.reply : undefined;
            signal?.removeEventListener('abort', onAbort);
            exchange.end = { at: deps.clock.now(), reply, wasSent };
            deps.onEnded(exchange);
            if (!life.step()) return;
            if (received instanceof TransportError) reject(received);
            else resolve(received);
          };
          const onAbort = () => end(broken('aborted', 'aborted'));
          signal?.addEventListener('abort', onAbort, { once: true });
          deps.clock.after(request.timeoutMs, () => end(broken('maybe_processed', 'timeout')));
          void carry(exchange, request, { deps, end });
        });
      },
    }),
  };
}

interface Carrying {
  readonly deps: NetworkDeps;
  readonly end: (ending: Ending) => void;
}

/** Takes one request to the platform and its reply back, in the way its trouble says. */
async function carry(exchange: Exchange, request: HttpRequest, { deps, end }: Carrying): Promise<void> {
  const { clock, chance, latenessMs } = deps;
  const hop = () => clock.sleep(chance.next() * HOP_MS_MAX);
  const arrive = async () => {
    await hop();
    return hand(exchange, request, deps);
  };
  switch (exchange.trouble) {
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
      await clock.sleep(chance.next() * latenessMs);
      await hand(exchange, request, deps);
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

/** The exchange is over for the client by its timeout, or because its process ended. */
async function waitForEnd(exchange: Exchange, timeoutMs: number, clock: VirtualClock): Promise<void> {
  for (let waited = 0; waited < timeoutMs; waited += 500) {
    if (exchange.end !== undefined || !exchange.life.isAlive()) return;
    await clock.sleep(500);
  }
}

async function hand(exchange: Exchange, request: HttpRequest, deps: NetworkDeps): Promise<SandboxResult> {
  const { asked } = exchange;
  const before = new Set(asked !== undefined ? deps.apps().map((app) => app.id) : []);
  const fault = deps.faultOf(exchange);
  if (fault !== undefined) deps.inflict(fault);
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

/** Two requests may be under way at once, but never two for one name or channel. */
function isWhatWasAskedFor(app: AppView, asked: CreateBody): boolean {
  return app.appType === 'connector' ? app.connectorId === asked.connector_id : app.name === asked.name;
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
