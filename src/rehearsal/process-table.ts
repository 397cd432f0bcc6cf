/** What processes of a world can tell about each other. A number is given once and for all, so none is ever reused. */

import type { ProcessTable } from '../record/state-lock.ts';
import type { Life } from './life.ts';
import type { World } from './world.ts';

export function processTable(world: World, self: Life): ProcessTable {
  const isRunning = (pid: number) =>
    [self, world.life, ...world.others].some((life) => life?.isAlive() && life.number === pid);
  return {
    pid: self.number,
    host: 'world',
    startOf: (pid) => (isRunning(pid) ? `start of ${pid}` : undefined),
  };
}
