/** The command line of `callbackd status`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONFIGURATION_OPTIONS, outputOption } from '../command-line/options.ts';

export const STATUS: CommandSpec = {
  name: 'status',
  summary: 'how things stand: by the daemon, or else by what was recorded',
  description:
    'Asks the running daemon. Where none answers, it tells from the state directory what callbackd owns and what is open, ' +
    'and says so. Exits 4 when something needs a decision, 1 when rounds fail.',
  arguments: [],
  options: [
    ...CONFIGURATION_OPTIONS,
    { flags: '--control-socket <path>', description: 'the daemon to ask, instead of `control.socket`' },
    { flags: '--check', description: 'only ask whether the daemon is healthy: 0 if so, else 1' },
    outputOption('text', 'json'),
  ],
  examples: [
    { command: 'callbackd status', does: 'one screen on how things stand' },
    {
      command: 'callbackd status -o json',
      does: 'the same for scripts; see `callbackd schema status`. Without a daemon it is what was recorded; see `callbackd schema recorded-status`',
    },
  ],
  load: async () => (await import('./run.ts')).run,
};
