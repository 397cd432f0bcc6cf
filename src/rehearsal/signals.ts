/** What a process is told from outside: a queue of signals, read one by one. */

import type { DaemonSignal } from '../daemon/ports.ts';

export interface Signals extends AsyncIterable<DaemonSignal> {
  send(signal: DaemonSignal): void;
}

export function createSignals(): Signals {
  const queue: DaemonSignal[] = [];
  let wake = () => {};
  return {
    send(signal) {
      queue.push(signal);
      wake();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const signal = queue.shift();
        if (signal !== undefined) yield signal;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
  };
}
