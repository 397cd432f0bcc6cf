/** The command line of `callbackd completion`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONFIG_OPTION } from '../command-line/options.ts';

export const COMPLETION: CommandSpec = {
  name: 'completion',
  summary: 'print a completion script for your shell',
  description:
    'Prints a script that completes commands, flags, their values and the keys of the configuration.',
  arguments: [
    { name: 'shell', description: 'for which shell', required: false, choices: ['bash', 'zsh', 'fish'] },
  ],
  options: [
    CONFIG_OPTION,
    {
      flags: '--keys',
      description: 'print the keys of the configuration instead; the scripts ask for them',
    },
  ],
  examples: [
    { command: 'source <(callbackd completion bash)', does: 'complete in this shell; zsh alike' },
    { command: 'callbackd completion fish | source', does: 'the same in fish' },
  ],
  load: async () => (await import('./run.ts')).run,
};
