/**
 * The kept connections of an HTTP client, and which of them a request takes: direct, through a tunnel of a
 * proxy (https), or to a proxy that forwards (http). Why hpagent: docs/decisions/0011-proxies.md.
 */

import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { HttpsProxyAgent } from 'hpagent';
import type { ForwardProxy, ProxyCredentials } from './forward-proxy.ts';
import { TransportError } from './http-transport.ts';

/** Shorter than the idle timeout of common servers (Node 5 s, nginx 75 s), so that it is us who close. */
const IDLE_SOCKET_MS = 4_000;
/** A tunnel that is not there by then is given up, also when nobody waits for it any more. */
const TUNNEL_MS = 60_000;

export interface ConnectionOptions {
  /** Connections per host; a further request waits for one, inside its own timeout. */
  readonly connectionsMax: number;
  /** Whether a connection serves further requests; true by default. */
  readonly keepAlive?: boolean;
  /** The proxy that a URL is reached through; undefined: none. */
  readonly proxyFor?: ((url: URL) => ForwardProxy | undefined) | undefined;
  /** All authorities that are trusted, in place of Node's own (PEM). Read for each request. */
  readonly readAuthorities?: (() => Promise<readonly string[]>) | undefined;
}

/** How one request goes. */
export interface Way {
  readonly agent: http.Agent;
  /** The origin of the proxy, where there is one. */
  readonly proxy?: string;
  /** The proxy forwards plain requests itself; it is then spoken to with this `Proxy-Authorization`. */
  readonly forward?: { readonly authorization?: string; readonly servername: string };
}

export interface Connections {
  /** Rejects where the proxy's credentials or the authorities cannot be read. */
  find(url: URL): Promise<Way>;
  /** Why the socket failed before its request could listen. */
  earlyError(socket: Duplex): unknown;
  close(): void;
}

export function createConnections(options: ConnectionOptions): Connections {
  const { proxyFor, readAuthorities } = options;
  const earlyErrors = new WeakMap<object, unknown>();
  const agents = new Map<string, http.Agent>();
  let authorities: readonly string[] | undefined;

  function agentFor(name: string, create: (options: https.AgentOptions) => http.Agent): http.Agent {
    let agent = agents.get(name);
    if (agent === undefined) {
      const { connectionsMax: maxSockets, keepAlive = true } = options;
      const ca = authorities === undefined ? {} : { ca: [...authorities] };
      agent = create({ keepAlive, maxSockets, timeout: IDLE_SOCKET_MS, ...ca });
      guard(agent, earlyErrors);
      agents.set(name, agent);
    }
    return agent;
  }

  function close(): void {
    for (const agent of agents.values()) agent.destroy();
    agents.clear();
  }

  return {
    async find(url) {
      const read = await readAuthorities?.().catch((cause: Error) => {
        throw new TransportError('not_sent', cause.message, { cause, stage: 'tls' });
      });
      if (read?.join() !== authorities?.join()) {
        // Requests under way keep their connections; new ones must not take a connection of the old trust.
        agents.clear();
        authorities = read;
      }
      const { protocol } = url;
      const proxy = await readProxy(url, proxyFor);
      if (proxy === undefined) return { agent: agentFor(protocol, direct(protocol)) };
      const { origin, credentials } = proxy;
      if (protocol === 'http:') {
        const authorization = credentials && { authorization: basic(credentials) };
        const scheme = new URL(origin).protocol;
        // Or the certificate of the proxy would be judged by the name in Host, which is the target's.
        const servername = isIP(bareHost(origin)) === 0 ? bareHost(origin) : '';
        const forward = { ...authorization, servername };
        return { agent: agentFor(scheme, direct(scheme)), proxy: origin, forward };
      }
      const name = `${origin} ${JSON.stringify(credentials)}`;
      return { agent: agentFor(name, (own) => createTunnels(origin, credentials, own)), proxy: origin };
    },
    earlyError: (socket) => earlyErrors.get(socket),
    close,
  };
}

async function readProxy(url: URL, proxyFor: ConnectionOptions['proxyFor']) {
  try {
    const proxy = proxyFor?.(url);
    return proxy && { origin: proxy.origin, credentials: await proxy.readCredentials?.() };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TransportError('not_sent', reason, { cause, stage: 'proxy' });
  }
}

function direct(protocol: string) {
  return (options: https.AgentOptions) =>
    protocol === 'https:' ? new https.Agent(options) : new http.Agent(options);
}

function createTunnels(
  origin: string,
  credentials: ProxyCredentials | undefined,
  options: https.AgentOptions,
): http.Agent {
  const { protocol, port } = new URL(origin);
  const proxy = {
    protocol,
    hostname: bareHost(origin),
    port: port || (protocol === 'https:' ? '443' : '80'),
    username: encodeURIComponent(credentials?.user ?? ''),
    password: encodeURIComponent(credentials?.password ?? ''),
  };
  const { ca } = options;
  const agent = new HttpsProxyAgent({
    ...options,
    // Only these fields are read, and a URL would put brackets around an IPv6 address.
    proxy: proxy as URL,
    ...(ca === undefined ? {} : { proxyRequestOptions: { ca: ca as string[] } }),
  });
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (own, done) => connect({ ...own, timeout: TUNNEL_MS }, done);
  return agent;
}

function basic({ user, password }: ProxyCredentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Without the brackets of IPv6. */
export function bareHost(url: URL | string): string {
  return new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
}

/** The status with which a proxy refused the tunnel. */
export function refusedTunnel(error: unknown): number | undefined {
  const status = error instanceof Error ? /^Bad response: (\d+)$/.exec(error.message)?.[1] : undefined;
  return status === undefined ? undefined : Number(status);
}

/** Whether the TLS handshake of a connected socket is still under way. */
export function isHandshaking(socket: Duplex): boolean {
  return socket instanceof tls.TLSSocket && Reflect.get(socket, 'secureConnecting') === true;
}

/**
 * A socket can fail before the request has taken it over and listens; without a listener that would end the
 * process. The request then only hears that the socket is closed, so why is kept for it in `errors`.
 */
function guard(agent: http.Agent, errors: WeakMap<object, unknown>): void {
  const connect = agent.createConnection.bind(agent);
  const watch = (socket: Duplex | null | undefined) => {
    socket?.on('error', (error) => {
      if (!errors.has(socket)) errors.set(socket, error);
    });
  };
  agent.createConnection = (options, done) => {
    const socket = connect(options, (error, opened) => {
      watch(opened);
      done?.(error, opened);
    });
    watch(socket);
    return socket;
  };
}
