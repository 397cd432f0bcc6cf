/** The command line of `callbackd completion`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONFIG_OPTION } from '../command-line/options.ts';

export const COMPLETION: CommandSpec = {
  name: 'completion',
  arguments: [{ name: 'shell', required: false, choices: ['bash', 'zsh', 'fish'] }],
  options: [CONFIG_OPTION, { flags: '--keys' }],
  examples: ['source <(callbackd completion bash)', 'callbackd completion fish | source'],
  load: async () => (await import('./run.ts')).run,
};
