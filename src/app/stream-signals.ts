/** The process edge's signals as the stream that the daemon follows. */

import type { DaemonSignal } from '../daemon/ports.ts';
import type { Signals } from './context.ts';

/** `reload` for each SIGHUP, `stop` for the first SIGTERM or SIGINT; the second one ends the process at the edge. */
export async function* streamSignals({ interrupted, onHangup }: Signals): AsyncGenerator<DaemonSignal> {
  const waiting: DaemonSignal[] = [];
  let wake = () => {};
  const post = (signal: DaemonSignal) => {
    waiting.push(signal);
    wake();
  };
  onHangup(() => post('reload'));
  if (interrupted.aborted) post('stop');
  else interrupted.addEventListener('abort', () => post('stop'), { once: true });
  for (;;) {
    const signal = waiting.shift();
    if (signal !== undefined) yield signal;
    else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
}
