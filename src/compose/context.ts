/** What the parts of compose/ share: the process edge, the clock, the version. */

import type { Clock } from '../lib/clock.ts';
import type { Edge } from './edge.ts';

export interface Context {
  readonly edge: Edge;
  readonly clock: Clock;
  readonly version: string;
}
