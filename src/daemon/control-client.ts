/** The client of the control socket. It knows the protocol, not the transport. */

import { type Message, message } from '../messages/message.ts';
import { type Language, say } from '../messages/say.ts';
import type { DaemonStatus } from './daemon-status.ts';

export interface ControlAnswer {
  readonly ok: boolean;
  readonly message: string;
  /** The result of the round, for a `reconcile` that waited. */
  readonly result?: string;
}

export interface ControlClient {
  status(): Promise<DaemonStatus>;
  reconcile(options: { readonly by: string; readonly wait: boolean }): Promise<ControlAnswer>;
  approve(subject: string, by: string): Promise<ControlAnswer>;
  pause(request: PauseCommand, by: string): Promise<ControlAnswer>;
  resume(key: string | undefined, by: string): Promise<ControlAnswer>;
  rotate(key: string, overlapMs: number, by: string): Promise<ControlAnswer>;
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
  /** Of the answer's sentences. */
  readonly language: Language;
}) => Promise<{ readonly status: number; readonly body: string }>;

/** No daemon answers. `problem` says why and what to do. */
export class DaemonUnreachableError extends Error {
  override readonly name = 'DaemonUnreachableError' as const;
  readonly problem: Message;

  constructor(problem: Message, cause?: unknown) {
    super(say(problem), { cause });
    this.problem = problem;
  }
}

const UNREACHABLE = new Map([
  ['ENOENT', 'control.nobody_listens'],
  ['ENOTDIR', 'control.not_a_directory'],
  ['ECONNREFUSED', 'control.daemon_gone'],
  ['ECONNRESET', 'control.daemon_ended'],
  ['EPIPE', 'control.daemon_ended'],
  ['EACCES', 'control.not_permitted'],
  ['EPERM', 'control.not_permitted'],
] as const);
type UnreachableCode = typeof UNREACHABLE extends Map<infer Code, unknown> ? Code : never;

/** `socket`: its path, for messages. `language`: of the answer's sentences. */
export function createControlClient(
  transport: ControlTransport,
  socket: string,
  language: Language = 'en',
): ControlClient {
  const send = async (request: Omit<Parameters<ControlTransport>[0], 'language'>) => {
    try {
      return await transport({ ...request, language });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      const problem = UNREACHABLE.get(code as UnreachableCode);
      if (problem === undefined) throw error;
      throw new DaemonUnreachableError(message(problem, { socket }), error);
    }
  };
  const post = async (path: string, body: object): Promise<ControlAnswer> => {
    const answer = await send({ method: 'POST', path, body: JSON.stringify(body) });
    return parseAnswer(answer.body === '' ? {} : parseBody(answer.body, socket), answer.status, language);
  };
  return {
    async status() {
      const answer = await send({ method: 'GET', path: '/v1/status' });
      if (answer.status !== 200) throw notOurs(socket);
      return parseBody(answer.body, socket) as DaemonStatus;
    },
    reconcile: (options) => post('/v1/reconcile', options),
    approve: (subject, by) => post('/v1/approve', { subject, by }),
    pause: (request, by) => post('/v1/pause', { ...request, by }),
    rotate: (key, overlapMs, by) => post('/v1/rotate', { key, overlap: `${overlapMs}ms`, by }),
    resume: (key, by) => post('/v1/resume', { ...(key === undefined ? {} : { key }), by }),
  };
}

/** Something answers, and it is no callbackd. */
function notOurs(socket: string, cause?: unknown): DaemonUnreachableError {
  return new DaemonUnreachableError(message('control.not_ours', { socket }), cause);
}

function parseBody(body: string, socket: string): object {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    throw notOurs(socket, error);
  }
  throw notOurs(socket);
}

function parseAnswer(value: object, status: number, language: Language): ControlAnswer {
  const { ok, message: text, result } = value as Partial<ControlAnswer>;
  return {
    ok: ok === true,
    message: text ?? say(message('control.answered', { status }), language),
    ...(result === undefined ? {} : { result }),
  };
}
