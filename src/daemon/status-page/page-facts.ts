/** Everything a page shows, gathered at one instant. */

import type { Withheld } from '../../model/plan.ts';
import type { State } from '../../model/state.ts';
import type { BookedApp } from '../app-book.ts';
import type { DaemonLook } from '../daemon-parts.ts';
import type { DaemonStatus } from '../daemon-status.ts';
import type { RecentRound } from '../recent-rounds.ts';

export interface PageFacts {
  readonly status: DaemonStatus;
  readonly look: DaemonLook;
  readonly state: State;
  /** What the last plan holds back. */
  readonly withheld: readonly Withheld[];
  readonly apps: readonly BookedApp[];
  readonly rounds: readonly RecentRound[];
  /** The text of a file of the configuration; undefined when it cannot be read. */
  readonly readSource: (file: string) => string | undefined;
}
