/**
 * Starts the control socket, for those who may send commands, and the status server, for everyone on the
 * host.
 */

import type { Clock } from '../lib/clock.ts';
import { startHttpServer } from '../lib/http-server.ts';
import { type BoundSocket, bindUnixSocket } from '../lib/unix-socket.ts';
import { createControlHandler } from './control-handler.ts';
import type { DaemonControl } from './daemon-control.ts';
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
}

export interface StartServersDeps extends Pick<StatusHandlerDeps, 'metrics' | 'pages'> {
  readonly onError: (error: unknown) => void;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Told when the control socket was gone and is bound again, and once when something else is in its place. */
  readonly onControlSocket: (found: { readonly path: string; readonly err?: unknown }) => void;
  /** The port of the status server, chosen by the system when the settings say 0. */
  readonly onStatusPort?: (port: number) => void;
}

/** Rejects when a socket or port is not available; servers that were started before are closed again. */
export async function startServers(
  control: DaemonControl,
  { controlSocket, statusListen }: ServerSettings,
  deps: StartServersDeps,
): Promise<readonly DaemonServer[]> {
  const servers: DaemonServer[] = [];
  try {
    if (controlSocket !== undefined) servers.push(await startControl(control, controlSocket, deps));
    if (statusListen !== undefined) servers.push(await startStatus(control, statusListen, deps));
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
  listen: { readonly host: string; readonly port: number },
  deps: StartServersDeps,
): Promise<DaemonServer> {
  const handle = createStatusHandler({ ...deps, status: control.status, boundHost: listen.host });
  const server = await startHttpServer(handle, {
    listen,
    bodyBytesMax: STATUS_BODY_BYTES_MAX,
    connectionsMax: CONNECTIONS_MAX,
    onError: deps.onError,
  });
  deps.onStatusPort?.(server.port);
  return server;
}
