/** `callbackd run`: hands over to the daemon, which lasts until it is told to stop. */

import type { CommandRun } from '../command-spec.ts';
import { readCommonFlags } from '../common-flags.ts';

export const run: CommandRun = (invocation, toolbox) => toolbox.runDaemon(readCommonFlags(invocation));
