/**
 * Where lines of the log go. A stuck or failing reader blocks nothing: lines wait in a bounded buffer, and
 * those that do not fit are counted.
 */

import { constants, fstatSync, openSync } from 'node:fs';
import sonicBoom from 'sonic-boom';
import { type Clock, endWithin } from '../lib/clock.ts';

export interface LogDestination {
  write(line: string): unknown;
  /** Resolves when all lines are written, or cannot be. */
  close(): Promise<void>;
  /** Lines that were dropped since the start. */
  lostLines?(): number;
  /** Why the last write failed; undefined once one succeeds. Until then, lines wait or are lost. */
  problem?(): NodeJS.ErrnoException | undefined;
  /** `listener` gets the number of lines lost in a row, once writing works again. */
  onRecovered?(listener: (lostLines: number) => void): void;
}

/**
 * In bytes. The largest burst, 10,000 changes withheld at level debug, is 4 MB and must fit while the reader
 * is well.
 */
const BUFFER_MAX = 8 * 1024 * 1024;
/** How long the end of the process waits for a reader. */
const CLOSE_MS_MAX = 500;

/**
 * For a long-lived process: writes to a file descriptor outside the event loop. `sonic-boom`'s synchronous
 * mode sleeps in the loop while a pipe is full; its asynchronous mode tries again every 100 ms.
 */
export function openLogDestination(fd: number, clock: Clock): LogDestination {
  let isClosing = false;
  let [lost, reported] = [0, 0];
  let tellRecovered = (_lostLines: number) => {};
  const stream = new sonicBoom.SonicBoom({
    fd: openUnblocked(fd),
    sync: false,
    maxLength: BUFFER_MAX,
    // Above 0, because only then does `flush` begin a write.
    minLength: 1,
    retryEAGAIN: () => !isClosing,
  });
  let problem: NodeJS.ErrnoException | undefined;
  stream.on('write', () => {
    problem = undefined;
  });
  stream.on('error', (error: NodeJS.ErrnoException) => {
    problem = error;
    // Anything else (ENOSPC, EIO) may pass; the lines are kept, and the next one begins another attempt.
    if (error.code === 'EPIPE') stream.destroy();
  });
  stream.on('drop', () => {
    lost += 1;
    // A full buffer takes no line, and so begins no attempt by itself.
    stream.flush();
  });
  stream.on('drain', () => {
    if (isClosing || lost === reported) return;
    const lostLines = lost - reported;
    reported = lost;
    tellRecovered(lostLines);
  });
  const isGone = () => (stream as unknown as { readonly destroyed: boolean }).destroyed;
  return {
    write(line) {
      if (isGone()) lost += 1;
      else stream.write(line);
    },
    lostLines: () => lost,
    problem: () => problem,
    onRecovered(listener) {
      tellRecovered = listener;
    },
    async close() {
      if (isGone()) return;
      const written = new Promise<void>((resolve) => {
        for (const end of ['drain', 'error', 'close']) stream.once(end, () => resolve());
      });
      stream.flush();
      await endWithin(clock, written, CLOSE_MS_MAX);
      isClosing = true;
      if (!isGone()) stream.destroy();
    },
  };
}

/**
 * A description of the same pipe or terminal that answers EAGAIN when it is full: a write that waits holds a thread, and the end of
 * the process would wait for that. Other files and sockets are taken as they are: Node has set sockets so already.
 */
function openUnblocked(fd: number): number {
  const stat = fstatSync(fd);
  if (!stat.isFIFO() && !stat.isCharacterDevice()) return fd;
  try {
    const { O_WRONLY, O_APPEND, O_NONBLOCK, O_NOCTTY } = constants;
    return openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY);
  } catch {
    return fd;
  }
}

/** For a command: a stream that it also writes to itself, so that lines and progress keep their order. */
export function shareStream(stream: NodeJS.WritableStream): LogDestination {
  return {
    write: (line) => stream.write(line),
    close: () => new Promise((resolve) => void stream.write('', () => resolve())),
  };
}
