/** The command line of `callbackd import`. */

import type { CommandSpec, OptionSpec } from '../command-line/command-spec.ts';
import { CONFIG_OPTION, CONFIGURATION_OPTIONS } from '../command-line/options.ts';

/** The shell may have emptied ./callbackd.yaml for what `import` prints, so that file is not read unasked. */
const IMPORT_CONFIG_OPTION: OptionSpec = {
  ...CONFIG_OPTION,
  description: 'a YAML file to take settings from, such as state_dir; without it none is read',
};

export const IMPORT: CommandSpec = {
  name: 'import',
  summary: 'print YAML for what the account holds',
  description:
    'Reads the whole account and prints a configuration of which the plan is empty: keys made from names, subscriptions ' +
    'included, what cannot be expressed in comments, never a secret. Only a file named with --config is read for settings, ' +
    'so the output may go to callbackd.yaml.',
  arguments: [],
  options: [
    ...CONFIGURATION_OPTIONS.map((option) => (option === CONFIG_OPTION ? IMPORT_CONFIG_OPTION : option)),
    { flags: '--adopt', description: 'also take the apps over, by binding them in the state' },
    {
      flags: '--select <patterns>',
      description:
        'only apps whose key, name, id or connector id matches one of these, divided by commas, such as "订单*,7512345678901234567"',
    },
  ],
  examples: [
    { command: 'callbackd import > callbackd.yaml', does: 'begin with what is there' },
    { command: 'callbackd import --adopt > callbackd.yaml', does: 'the same, and own it from now on' },
    { command: 'callbackd import --select "订单*" > apps.d/orders.yaml', does: 'a part of it' },
  ],
  load: async () => (await import('./run.ts')).run,
};
