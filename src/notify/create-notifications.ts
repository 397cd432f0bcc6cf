/** All receivers together: what happens in the daemon goes in, and each receiver is told by its own outlet. */

import type { RoundReport } from '../model/round.ts';
import type { Outlet } from './create-outlet.ts';
import { createProblemBook } from './problem.ts';

/** Every method returns at once and never throws. */
export interface Notifications {
  observeRound(report: RoundReport): void;
  /** The files are not in force; undefined: they are. */
  observeConfiguration(problem: ConfigurationProblem | undefined): void;
  /** Messages on their way are cut, and what is untold is dropped. */
  close(): void;
}

interface ConfigurationProblem {
  readonly reason: 'invalid' | 'held';
  readonly message: string;
  readonly release?: string;
}

export function createNotifications(outlets: readonly Outlet[]): Notifications {
  const book = createProblemBook();
  const update = () => {
    const problems = book.list();
    for (const outlet of outlets) outlet.update(problems);
  };
  return {
    observeRound(report) {
      book.observeRound(report);
      for (const outlet of outlets) outlet.addChanges(report.outcomes);
      update();
    },
    observeConfiguration(problem) {
      book.observeConfiguration(
        problem && { id: `configuration ${problem.reason}`, kind: 'held', key: null, ...problem },
      );
      update();
    },
    close() {
      for (const outlet of outlets) outlet.close();
    },
  };
}
