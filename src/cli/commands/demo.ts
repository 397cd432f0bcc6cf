/** `callbackd demo`: the guided tour on the sandbox. */

import type { CommandRun } from '../command-spec.ts';

export const run: CommandRun = ({ options }, { runDemo }) => runDemo({ live: options['live'] === true });
