/** Standard output, written whole or known to be cut: a full disk, a terminal that is gone. */

import { fstatSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';

export interface StandardOutput {
  readonly stream: NodeJS.WriteStream;
  /**
   * Resolves when what was written so far is out, or cannot be, with why it was cut; a reader that went away (`callbackd plan | head`)
   * is none. Does not wait for a reader that is stuck once `signal` aborts.
   */
  settled(signal: AbortSignal): Promise<NodeJS.ErrnoException | undefined>;
}

/** `stream` is that of the descriptor `fd`. */
export function openStandardOutput(stream: NodeJS.WriteStream, fd: number): StandardOutput {
  const output = fstatSync(fd).isFile() ? createFileOutput(fd) : stream;
  let failure: NodeJS.ErrnoException | undefined;
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') failure ??= error;
  });
  return {
    stream: output,
    async settled(signal) {
      await new Promise<void>((resolve) => {
        if (output.writableLength > 0 && !output.destroyed) output.write('', () => resolve());
        else setImmediate(resolve);
        if (signal.aborted) setImmediate(resolve);
        else signal.addEventListener('abort', () => resolve(), { once: true });
      });
      return failure;
    },
  };
}

/** Node's own stream for a file believes a write that took only a part, as on a disk that is nearly full. */
function createFileOutput(fd: number): NodeJS.WriteStream {
  const stream = new Writable({
    decodeStrings: true,
    write(chunk: Buffer, _encoding, done) {
      try {
        for (let written = 0; written < chunk.length; ) written += writeSync(fd, chunk, written);
      } catch (error) {
        return done(error as Error);
      }
      done();
    },
  });
  return stream as unknown as NodeJS.WriteStream;
}
