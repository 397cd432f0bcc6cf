/** The command line of `callbackd rehearse`. */

import type { CommandSpec } from '../command-line/command-spec.ts';
import { FILE_OPTIONS, outputOption } from '../command-line/options.ts';

export const REHEARSE: CommandSpec = {
  name: 'rehearse',
  summary: 'a fault drill of your own file, on an emulated platform',
  description:
    'Runs the daemon on your file in worlds where everything goes wrong: lost replies, errors, crashes, full disks, edits, rivals in the ' +
    'console. Each run must keep every promise and be in line again once the trouble is over. Time is virtual, nothing leaves ' +
    'the process, nothing is written. Exits 1 when a promise broke; the seed replays it.',
  arguments: [],
  options: [
    ...FILE_OPTIONS,
    { flags: '--runs <n>', description: 'how many runs (default: as many as fit in 25 s)' },
    {
      flags: '--seed <s>',
      description: 'tell this one run line by line, made small if it fails; 0 is the one without trouble',
    },
    {
      flags: '--account <file>',
      description: 'what the account holds at first: YAML that `callbackd import` printed (default: nothing)',
    },
    outputOption('text', 'json'),
  ],
  examples: [
    { command: 'callbackd rehearse', does: 'a drill of about 25 seconds' },
    { command: 'callbackd rehearse --runs 2000 -o json', does: 'a longer one, for a pipeline' },
    {
      command: 'callbackd rehearse --account account.yaml',
      does: 'on what `callbackd import > account.yaml` found',
    },
    { command: 'callbackd rehearse --seed 17', does: 'what happens in run 17' },
  ],
  load: async () => (await import('./run.ts')).run,
};
