/** The command line of `callbackd doctor`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { CONFIGURATION_OPTIONS, outputOption } from '../command-line/options.ts';

export const DOCTOR: CommandSpec = {
  name: 'doctor',
  summary: 'look for what is wrong, and say how to cure it',
  description:
    'Checks the configuration, the token and what it may do, the clock, every receiver by a challenge, the state ' +
    'directory, disk, lock, Node and the systemd unit. It reads only. The exit code tells the worst that was found.',
  arguments: [],
  options: [
    ...CONFIGURATION_OPTIONS,
    { flags: '--offline', description: 'contact neither the platform nor a receiver' },
    { flags: '--control-socket <path>', description: 'the daemon to ask, instead of `control.socket`' },
    outputOption('text', 'json'),
  ],
  examples: [
    { command: 'callbackd doctor -q', does: 'a check-up, without a log line for each call' },
    { command: 'callbackd doctor --offline', does: 'this host alone' },
  ],
  load: async () => (await import('./run.ts')).run,
};
