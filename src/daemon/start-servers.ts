/**
 * Starts the control socket, for those who may send commands, and the status server, for everyone on the
 * host.
 */

import type { Clock } from '../lib/clock.ts';
import { parseDuration } from '../lib/duration.ts';
import { type CallAnswer, type IncomingCall, startHttpServer } from '../lib/http-server.ts';
import { type BoundSocket, bindUnixSocket } from '../lib/unix-socket.ts';
import { type Message, message } from '../messages/message.ts';
import { type Language, say } from '../messages/say.ts';
import type { ControlResult, DaemonControl } from './daemon-control.ts';
import { refuse, respondJson } from './respond.ts';
import type { DaemonServer } from './run-daemon.ts';
import { createStatusHandler, type StatusHandlerDeps } from './status-handler.ts';

/** Owner and group only. */
const CONTROL_MODE = 0o660;
const CONTROL_BODY_BYTES_MAX = 16 * 1024;
/** The status server reads no bodies; this tolerates clients that send an empty JSON object. */
const STATUS_BODY_BYTES_MAX = 64;
const CONNECTIONS_MAX = 32;
/** Between two looks at whether the control socket is still there. */
const LOOK_MS = 5_000;

export interface ServerSettings {
  readonly controlSocket?: string;
  readonly statusListen?: { readonly host: string; readonly port: number };
  readonly statusHosts?: readonly string[];
}

export interface StartServersDeps extends Pick<StatusHandlerDeps, 'metrics' | 'pages'> {
  readonly onError: (error: unknown) => void;
  readonly clock: Pick<Clock, 'monotonic' | 'sleep'>;
  /** Told when the control socket was gone and is bound again, and once when something else is in its place. */
  readonly onControlSocket: (found: { readonly path: string; readonly err?: unknown }) => void;
  /** The port of the status server, chosen by the system when the settings say 0. */
  readonly onStatusPort?: (port: number) => void;
}

/** Rejects when a socket or port is not available; servers that were started before are closed again. */
export async function startServers(
  control: DaemonControl,
  settings: ServerSettings,
  deps: StartServersDeps,
): Promise<readonly DaemonServer[]> {
  const { controlSocket, statusListen, statusHosts = [] } = settings;
  const servers: DaemonServer[] = [];
  try {
    if (controlSocket !== undefined) servers.push(await startControl(control, controlSocket, deps));
    if (statusListen !== undefined)
      servers.push(await startStatus(control, { ...statusListen, names: statusHosts }, deps));
    return servers;
  } catch (error) {
    await Promise.allSettled(servers.map((server) => server.close()));
    throw error;
  }
}

async function startControl(
  control: DaemonControl,
  socket: string,
  deps: StartServersDeps,
): Promise<DaemonServer> {
  const handle = createControlHandler(control);
  const bind = () =>
    bindUnixSocket(socket, CONTROL_MODE, (listen) =>
      startHttpServer(handle, {
        listen,
        bodyBytesMax: CONTROL_BODY_BYTES_MAX,
        connectionsMax: CONNECTIONS_MAX,
        onError: deps.onError,
      }),
    );
  return keepBound(await bind(), bind, socket, deps);
}

/** Binds a socket again that was cleaned away, for as long as the server lasts. */
function keepBound(
  first: BoundSocket,
  bind: () => Promise<BoundSocket>,
  path: string,
  { clock, onControlSocket }: StartServersDeps,
): DaemonServer {
  let bound = first;
  let isTold = false;
  const ended = new AbortController();
  const look = async (): Promise<void> => {
    const found = await bound.look();
    if (found === 'ours') return;
    try {
      if (found === 'gone') bound.giveUp(found);
      // Something else that answers there is left alone: then this rejects.
      const next = await bind();
      if (found === 'other') bound.giveUp(found);
      bound = next;
      isTold = false;
      onControlSocket({ path });
    } catch (err) {
      if (!isTold) onControlSocket({ path, err });
      isTold = true;
    }
  };
  const keep = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await clock.sleep(LOOK_MS, ended.signal).catch(() => {});
      if (!ended.signal.aborted) await look().catch(() => {});
    }
  };
  const keeping = keep();
  return {
    async close() {
      ended.abort();
      await keeping;
      await bound.close();
    },
  };
}

async function startStatus(
  control: DaemonControl,
  { host, port, names }: { readonly host: string; readonly port: number; readonly names: readonly string[] },
  deps: StartServersDeps,
): Promise<DaemonServer> {
  const handle = createStatusHandler({ ...deps, status: control.status, hosts: [host, ...names] });
  const server = await startHttpServer(handle, {
    listen: { host, port },
    bodyBytesMax: STATUS_BODY_BYTES_MAX,
    connectionsMax: CONNECTIONS_MAX,
    onError: deps.onError,
  });
  deps.onStatusPort?.(server.port);
  return server;
}

/** A key, a digest, a name or a reason is never longer. */
const TEXT_CHARS_MAX = 500;

interface CommandBody {
  readonly by: string;
  readonly subject?: string;
  readonly key?: string;
  readonly because?: string;
  /** Milliseconds since the epoch. */
  readonly until?: number;
  readonly wait?: boolean;
  readonly overlapMs?: number;
}

const OVERLAP_MS = 600_000;

type Command = (control: DaemonControl, body: CommandBody) => Promise<ControlResult>;

const COMMANDS: Readonly<Record<string, Command>> = {
  '/v1/reconcile': (control, { by, wait }) => control.reconcile(by, { wait: wait ?? true }),
  '/v1/approve': async (control, { subject, by }) =>
    subject === undefined ? missing('subject') : control.approve(subject, by),
  '/v1/pause': (control, { by, ...request }) => control.pause(request, by),
  '/v1/rotate': async (control, { key, overlapMs = OVERLAP_MS, by }) =>
    key === undefined ? missing('key') : control.rotate(key, overlapMs, by),
  '/v1/resume': (control, { key, by }) => control.resume(key, by),
};

/**
 * The protocol of the control socket: HTTP with JSON bodies, so that curl can speak it. Whoever may open the
 * socket may send every command; there is no other check.
 */
function createControlHandler(control: DaemonControl): (call: IncomingCall) => Promise<CallAnswer> {
  return async ({ method, path, body, headers }) => {
    const language = readLanguage(headers);
    if (path === '/v1/status') {
      return method === 'GET'
        ? respondJson(200, control.status(language))
        : refuse(405, message('control.status_takes_get'), language);
    }
    const command = Object.hasOwn(COMMANDS, path) ? COMMANDS[path] : undefined;
    if (command === undefined) return refuse(404, message('control.no_path', { path }), language);
    if (method !== 'POST') return refuse(405, message('control.takes_post', { path }), language);
    const parsed = parseBody(body);
    if (!parsed.ok) return refuse(400, parsed.problem, language);
    const result = await command(control, parsed.body);
    return respondJson(result.ok ? 200 : 409, { ...result, message: say(result.message, language) });
  };
}

/** English unless the client asks for Chinese, as its person reads it. */
function readLanguage({ 'accept-language': wanted }: IncomingCall['headers']): Language {
  return wanted === 'zh' ? 'zh' : 'en';
}

function missing(field: string): ControlResult {
  return { ok: false, message: message('control.missing_field', { field }) };
}

type ParsedBody =
  | { readonly ok: true; readonly body: CommandBody }
  | { readonly ok: false; readonly problem: Message };

const invalid = (problem: Message): ParsedBody => ({ ok: false, problem });

function parseBody(text: string): ParsedBody {
  let value: unknown;
  try {
    value = JSON.parse(text === '' ? '{}' : text);
  } catch (error) {
    return invalid(
      message('control.not_json', { error: error instanceof Error ? error.message : String(error) }),
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return invalid(message('control.not_object'));
  const fields = new Map<string, unknown>(Object.entries(value));
  const body: { -readonly [Field in keyof CommandBody]: CommandBody[Field] } = { by: 'somebody' };
  for (const name of ['by', 'subject', 'key', 'because'] as const) {
    const field = fields.get(name);
    fields.delete(name);
    if (field === undefined) continue;
    if (typeof field !== 'string' || field === '' || field.length > TEXT_CHARS_MAX) {
      return invalid(message('control.not_text', { field: name, max: TEXT_CHARS_MAX }));
    }
    body[name] = field;
  }
  const until = fields.get('until');
  fields.delete('until');
  if (until !== undefined) {
    const at = typeof until === 'string' ? Date.parse(until) : Number.NaN;
    if (Number.isNaN(at)) return invalid(message('control.not_instant', { field: 'until' }));
    body.until = at;
  }
  const wait = fields.get('wait');
  fields.delete('wait');
  if (wait !== undefined) {
    if (typeof wait !== 'boolean') return invalid(message('control.not_boolean', { field: 'wait' }));
    body.wait = wait;
  }
  const overlap = fields.get('overlap');
  fields.delete('overlap');
  if (overlap !== undefined) {
    const overlapMs = typeof overlap === 'string' ? parseDuration(overlap) : undefined;
    if (overlapMs === undefined) return invalid(message('control.not_duration', { field: 'overlap' }));
    body.overlapMs = overlapMs;
  }
  const [unknown] = fields.keys();
  return unknown === undefined
    ? { ok: true, body }
    : invalid(message('control.unknown_field', { field: unknown }));
}
