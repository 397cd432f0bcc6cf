/** Processes beside the daemon: somebody who runs `plan`, and somebody who starts a second daemon by mistake. */

import type { World } from './world.ts';

export async function runPlanBeside(_world: World): Promise<void> {}

export async function runSecondDaemon(_world: World): Promise<void> {}
