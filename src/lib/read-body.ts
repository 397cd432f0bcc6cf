/** Reads the body of an HTTP message, bounded. */

import type { Readable } from 'node:stream';

/**
 * The whole body, or undefined as soon as it is longer than `bytesMax`; the rest is then not read, and the
 * stream is left open, so that the caller can still reply. Rejects with the stream's error.
 */
export function readBody(incoming: Readable, bytesMax: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= bytesMax) return;
      chunks.length = 0;
      incoming.off('data', onData).pause();
      resolve(undefined);
    };
    incoming.on('data', onData);
    incoming.on('end', () => resolve(Buffer.concat(chunks)));
    incoming.on('error', reject);
    incoming.on('close', () => reject(new Error('the body broke off')));
  });
}
