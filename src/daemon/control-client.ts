/**
 * The other end of the control socket, for commands of a person: a command goes out, the daemon's answer comes back.
 * It knows the protocol and not how bytes travel.
 */

import type { DaemonStatus } from './daemon-status.ts';

export interface ControlAnswer {
  readonly ok: boolean;
  readonly message: string;
  /** What the round came to, for a `reconcile` that waited for it. */
  readonly result?: string;
}

export interface ControlClient {
  status(): Promise<DaemonStatus>;
  reconcile(options: { readonly by: string; readonly wait: boolean }): Promise<ControlAnswer>;
  approve(subject: string, by: string): Promise<ControlAnswer>;
  pause(request: PauseCommand, by: string): Promise<ControlAnswer>;
  resume(key: string | undefined, by: string): Promise<ControlAnswer>;
}

interface PauseCommand {
  readonly key?: string;
  /** ISO 8601. */
  readonly until?: string;
  readonly because?: string;
}

/** How a request reaches the daemon. Rejects with a system error when it does not. */
export type ControlTransport = (request: {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}) => Promise<{ readonly status: number; readonly body: string }>;

/** No daemon answers; `message` says what that means and what to do. */
export class DaemonUnreachableError extends Error {
  override readonly name = 'DaemonUnreachableError' as const;
}

const UNREACHABLE: Readonly<Record<string, string>> = {
  ENOENT: 'no callbackd daemon listens there: is it running, and is `control.socket` the same?',
  ENOTDIR: 'no socket can be there, a part of the path is a file: is `control.socket` the same?',
  ECONNREFUSED: 'the daemon that made it is gone: start callbackd again',
  ECONNRESET: 'the daemon ended before it answered: see its log',
  EPIPE: 'the daemon ended before it answered: see its log',
  EACCES: 'you may not open it: use sudo, or join the group that owns it',
  EPERM: 'you may not open it: use sudo, or join the group that owns it',
};

/** `where` is the socket's path, for messages. */
export function createControlClient(transport: ControlTransport, where: string): ControlClient {
  const send: ControlTransport = async (request) => {
    try {
      return await transport(request);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      const advice = UNREACHABLE[code];
      if (advice === undefined) throw error;
      throw new DaemonUnreachableError(`${where}: ${advice}`, { cause: error });
    }
  };
  const post = async (path: string, body: object): Promise<ControlAnswer> => {
    const answer = await send({ method: 'POST', path, body: JSON.stringify(body) });
    return parseAnswer(answer.body === '' ? {} : parseBody(answer.body, where), answer.status);
  };
  return {
    async status() {
      const answer = await send({ method: 'GET', path: '/v1/status' });
      if (answer.status !== 200) throw notOurs(where);
      return parseBody(answer.body, where) as DaemonStatus;
    },
    reconcile: (options) => post('/v1/reconcile', options),
    approve: (subject, by) => post('/v1/approve', { subject, by }),
    pause: (request, by) => post('/v1/pause', { ...request, by }),
    resume: (key, by) => post('/v1/resume', { ...(key === undefined ? {} : { key }), by }),
  };
}

/** Something answers, and it is no callbackd. */
function notOurs(where: string, cause?: unknown): DaemonUnreachableError {
  const message = `${where}: what answers there is no callbackd daemon of this version: see who holds it with \`ss -lxp\``;
  return new DaemonUnreachableError(message, { cause });
}

function parseBody(body: string, where: string): object {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    throw notOurs(where, error);
  }
  throw notOurs(where);
}

function parseAnswer(value: object, status: number): ControlAnswer {
  const { ok, message, result } = value as Partial<ControlAnswer>;
  return {
    ok: ok === true,
    message: message ?? `the daemon answered ${status}`,
    ...(result === undefined ? {} : { result }),
  };
}
