/** Speaks to a sandbox in the same process the way a client does: JSON in, status and JSON out. */

import type { VirtualClock } from '../../src/lib/virtual-clock.ts';
import type { SandboxReply } from '../../src/sandbox/protocol.ts';
import { DEFAULT_TOKEN } from '../../src/sandbox/sandbox.ts';
import type { RequestHandler } from '../contract/in-process-transport.ts';

// biome-ignore lint/suspicious/noExplicitAny: replies are read field by field in assertions.
type Json = any;

interface ReadReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json: Json;
}

export type Caller = (method: string, target: string, body?: unknown, token?: string) => Promise<ReadReply>;

/** `target` is a path with an optional query. Rejects when the sandbox broke the connection. */
export function createCaller(sandbox: RequestHandler): Caller {
  return async (method, target, body, token = DEFAULT_TOKEN) => {
    const [path = '', query = ''] = target.split('?');
    const result = await sandbox.handle({
      method,
      path,
      query,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
    });
    if (typeof result === 'string') throw new Error(result);
    return readReply(result);
  };
}

function readReply({ status, headers, body, isCut }: SandboxReply): ReadReply {
  return { status, headers, text: body, json: isCut === true ? undefined : JSON.parse(body) };
}

/** Lets virtual time pass until the promise settles, and no further. */
export async function settle<Value>(clock: VirtualClock, promise: Promise<Value>): Promise<Value> {
  let isDone = false;
  const finish = () => {
    isDone = true;
  };
  promise.then(finish, finish);
  await clock.run(() => isDone);
  return promise;
}

/** A small seeded generator (mulberry32): equal seeds give equal runs. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
