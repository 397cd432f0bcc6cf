/**
 * The read-only routes of the status server: GET and HEAD, and only for its own hosts, so that a foreign web
 * page that points its name at this address learns nothing (DNS rebinding). Probes say too little to be guarded:
 * a load balancer or a kubelet asks for them under any name.
 */

import { isIP } from 'node:net';
import type { Clock } from '../lib/clock.ts';
import type { CallAnswer, IncomingCall } from '../lib/http-server.ts';
import { message } from '../messages/message.ts';
import type { DaemonStatus } from './daemon-status.ts';
import { createPageBudget } from './page-budget.ts';
import { refuse, respond, respondJson } from './respond.ts';

export type StatusPage = (call: IncomingCall) => Promise<CallAnswer> | CallAnswer;

export interface StatusHandlerDeps {
  readonly clock: Pick<Clock, 'monotonic' | 'sleep'>;
  readonly status: () => DaemonStatus;
  /** Metrics in the Prometheus text format, with its content type. */
  readonly metrics?: (
    verdicts: Pick<DaemonStatus, 'healthy' | 'ready' | 'summary'>,
  ) => Promise<{ readonly contentType: string; readonly text: string }>;
  /** The host the server is bound to, and the names it is reached by (`status.hosts`). */
  readonly hosts: readonly string[];
  /** More pages, by path; `/apps/*` stands for every path below `/apps/`. */
  readonly pages?: Readonly<Record<string, StatusPage>>;
}

const PROBES: readonly string[] = ['/healthz', '/readyz'];
/** They cost little, whatever the number of apps, and probes do not wait. */
const CHEAP = ['/healthz', '/readyz', '/metrics', '/assets/*'];

export function createStatusHandler(deps: StatusHandlerDeps): (call: IncomingCall) => Promise<CallAnswer> {
  const budget = createPageBudget(deps.clock);
  const pages: Readonly<Record<string, StatusPage>> = {
    ...deps.pages,
    '/healthz': () => {
      const { healthy, sentence } = deps.status();
      return respondJson(healthy.ok ? 200 : 503, { ...healthy, sentence });
    },
    '/readyz': () => {
      const { ready, sentence } = deps.status();
      return respondJson(ready.ok ? 200 : 503, { ...ready, sentence });
    },
    '/api/v1/status': () => respondJson(200, deps.status()),
    '/metrics': async () => {
      const metrics = await deps.metrics?.(deps.status());
      return metrics === undefined
        ? refuse(404, message('server.no_metrics'))
        : respond(200, metrics.contentType, metrics.text);
    },
  };
  return async (call) => {
    if (!PROBES.includes(call.path) && !isHostAllowed(call.host, deps.hosts))
      return refuse(421, message('server.foreign_host'));
    if (call.method !== 'GET' && call.method !== 'HEAD') {
      return { ...refuse(405, message('server.read_only')), headers: { allow: 'GET, HEAD' } };
    }
    if (isForeign(call)) return refuse(403, message('server.foreign_page'));
    const route = findRoute(pages, call.path);
    const page = route === undefined ? undefined : pages[route];
    if (route === undefined || page === undefined) {
      return refuse(404, message('control.no_path', { path: call.path }));
    }
    return CHEAP.includes(route) ? page(call) : budget.spend(route, describeCall(call), () => page(call));
  };
}

function findRoute(pages: Readonly<Record<string, StatusPage>>, path: string): string | undefined {
  const above = `${path.slice(0, path.indexOf('/', 1) + 1)}*`;
  return [path, above].find((route) => Object.hasOwn(pages, route));
}

/** What a page depends on besides the daemon. */
function describeCall({ path, query, headers }: IncomingCall): string {
  const { 'accept-language': language, 'if-none-match': tag } = headers;
  return JSON.stringify([path, query.toString(), language, tag]);
}

/**
 * Whether a page of another origin sends the request, as browsers report it. Following a link does not count.
 */
function isForeign({ headers }: IncomingCall): boolean {
  const site = headers['sec-fetch-site'] ?? 'none';
  if (site === 'same-origin' || site === 'none') return false;
  return headers['sec-fetch-mode'] !== 'navigate' || headers['sec-fetch-dest'] !== 'document';
}

/**
 * Whether a Host header names this server: an IP address (no name was resolved, so none was rebound), a name
 * without a dot such as `localhost` or a container's (nobody can register one), or a name that the operator
 * gave it.
 */
function isHostAllowed(host: string | undefined, hosts: readonly string[]): boolean {
  if (host === undefined) return false;
  const match = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<name>[^:[\]/@\s]+))(?::\d{1,5})?$/.exec(host);
  const name = (match?.groups?.['v6'] ?? match?.groups?.['name'])?.toLowerCase();
  if (name === undefined) return false;
  return isIP(name) !== 0 || !name.includes('.') || hosts.some((own) => own.toLowerCase() === name);
}
