/**
 * Starts the control socket, for those who may send commands, and the status server, for everyone on the
 * host.
 */

import { startHttpServer } from '../lib/http-server.ts';
import { bindUnixSocket } from '../lib/unix-socket.ts';
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

export interface ServerSettings {
  readonly controlSocket?: string;
  readonly statusListen?: { readonly host: string; readonly port: number };
}

export interface StartServersDeps extends Pick<StatusHandlerDeps, 'metrics' | 'pages'> {
  readonly onError: (error: unknown) => void;
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

function startControl(control: DaemonControl, socket: string, deps: StartServersDeps): Promise<DaemonServer> {
  const handle = createControlHandler(control);
  return bindUnixSocket(socket, CONTROL_MODE, (listen) =>
    startHttpServer(handle, {
      listen,
      bodyBytesMax: CONTROL_BODY_BYTES_MAX,
      connectionsMax: CONNECTIONS_MAX,
      onError: deps.onError,
    }),
  );
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
