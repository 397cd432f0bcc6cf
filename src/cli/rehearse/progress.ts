/** How a drill gets on: one line that is rewritten in place where somebody watches, a line now and then where nobody does. */

import { printable } from '../../lib/printable.ts';
import { say } from '../../messages/say.ts';
import type { DrillRun } from '../../model/drill.ts';
import type { Terminal } from '../ports.ts';
import type { RunCollection } from './collect-runs.ts';

export interface RunProgress {
  say(text: string): void;
  show(run: DrillRun, all: RunCollection): void;
  end(): void;
}

/** To the first column, and clear to the end of the line (ECMA-48). */
const REWIND = '\r\u001b[K';
const EVERY = 100;

export function createRunProgress(
  wanted: number | undefined,
  { note, isLive, isQuiet }: Pick<Terminal, 'note' | 'isLive'> & { readonly isQuiet: boolean },
): RunProgress {
  const of = wanted === undefined ? '' : `/${wanted}`;
  const isShown = isLive && !isQuiet;
  return {
    say(text) {
      if (!isQuiet) note(`${text}\n`);
    },
    show({ seed, violation }, { runs, violations }) {
      const broken = violations.length === 0 ? '' : `, ${violations.length} broke a promise`;
      if (violation !== undefined) {
        const line = `seed ${seed} breaks ${violation.promise}: ${printable(say(violation.message))}`;
        note(isShown ? `${REWIND}${line}\n` : `${line}\n`);
      }
      if (isShown) note(`${REWIND}run ${runs}${of}${broken}`);
      else if (!isQuiet && runs % EVERY === 0) note(`${runs}${of} runs${broken}\n`);
    },
    end() {
      if (isShown) note(REWIND);
    },
  };
}
