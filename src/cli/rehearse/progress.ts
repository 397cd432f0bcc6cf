/** How far a drill got: one line rewritten in place on a terminal, else a line every hundred runs. */

import { printable } from '../../lib/printable.ts';
import type { DrillRun } from '../../model/drill.ts';
import type { Terminal } from '../terminal.ts';
import { REWIND } from '../views/layout.ts';
import type { RunCollection } from './collect-runs.ts';

export interface RunProgress {
  say(text: string): void;
  show(run: DrillRun, all: RunCollection): void;
  end(): void;
}

const EVERY = 100;

export function createRunProgress(
  wanted: number | undefined,
  {
    note,
    isLive,
    isQuiet,
    translate,
  }: Pick<Terminal, 'note' | 'isLive' | 'translate'> & { readonly isQuiet: boolean },
): RunProgress {
  const of = wanted === undefined ? '' : `/${wanted}`;
  const isShown = isLive && !isQuiet;
  return {
    say(text) {
      if (!isQuiet) note(`${text}\n`);
    },
    show({ seed, violation }, { runs, violations }) {
      const broken =
        violations.length === 0 ? '' : translate('cli.runs_broken', { count: violations.length });
      if (violation !== undefined) {
        const { promise } = violation;
        const line = translate('cli.seed_breaks', {
          seed,
          promise,
          message: printable(translate(violation.message)),
        });
        note(isShown ? `${REWIND}${line}\n` : `${line}\n`);
      }
      if (isShown) note(`${REWIND}${translate('cli.run_number', { number: `${runs}${of}` })}${broken}`);
      else if (!isQuiet && runs % EVERY === 0)
        note(`${translate('cli.runs_made', { count: `${runs}${of}` })}${broken}\n`);
    },
    end() {
      if (isShown) note(REWIND);
    },
  };
}
