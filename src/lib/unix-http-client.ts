/** Sends one HTTP request over a Unix socket and reads the whole answer, within a time and a size. */

import { request } from 'node:http';
import { readBody } from './read-body.ts';

export interface SocketRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

export interface SocketAnswer {
  readonly status: number;
  readonly body: string;
}

/** A status document of a thousand apps is far smaller. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

/** Rejects with the system's error (`ENOENT`, `ECONNREFUSED`, `EACCES`), the signal's reason, or for an answer too large. */
export function requestOverSocket(
  socketPath: string,
  { method, path, body }: SocketRequest,
  signal: AbortSignal,
): Promise<SocketAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        socketPath,
        method,
        path,
        signal,
        headers: { host: 'localhost', 'content-type': 'application/json' },
      },
      (incoming) => {
        readBody(incoming, ANSWER_BYTES_MAX).then((bytes) => {
          if (bytes === undefined) outgoing.destroy(new Error('the answer is too large'));
          else resolve({ status: incoming.statusCode ?? 0, body: bytes.toString('utf8') });
        }, reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
