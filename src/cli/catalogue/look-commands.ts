/** The commands that tell what is, what happened and why, as data. None of them writes. */

import type { CommandSpec, OptionSpec } from '../command-spec.ts';
import { CONFIG_OPTION, CONFIGURATION_OPTIONS, outputOption } from '../shared-options.ts';

/** The shell may have emptied ./callbackd.yaml for what `import` prints, so that file is not read unasked. */
const IMPORT_CONFIG_OPTION: OptionSpec = {
  ...CONFIG_OPTION,
  description: 'a YAML file to take settings from, such as state_dir; without it none is read',
};

export const LOOK_COMMANDS: readonly CommandSpec[] = [
  {
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
    load: async () => (await import('../commands/status.ts')).run,
  },
  {
    name: 'history',
    summary: 'what was changed, newest first, down to each request',
    description:
      'Reads the history in the state directory: every change that was applied or failed, with the status, code and logid of ' +
      'each request made for it.',
    arguments: [],
    options: [
      ...CONFIGURATION_OPTIONS,
      { flags: '--app <key>', description: 'only changes of this entry' },
      { flags: '--limit <count>', description: 'how many changes', default: '20' },
      outputOption('text', 'json'),
    ],
    examples: [
      { command: 'callbackd history --app orders', does: 'what happened to one app' },
      { command: 'callbackd history --limit 1000 -o json', does: 'the last thousand changes, for scripts' },
    ],
    load: async () => (await import('../commands/history.ts')).run,
  },
  {
    name: 'why',
    summary: 'why an entry is as it is: file, record, account, decision, history',
    description:
      'Shows where the entry stands in the file, what was last applied, what the account holds now, which rule decides about ' +
      'it, and its last changes. It reads the account once and works without the daemon.',
    arguments: [{ name: 'key', description: 'the entry', required: true }],
    options: [
      ...CONFIGURATION_OPTIONS,
      { flags: '--offline', description: 'do not read the account' },
      outputOption('text', 'json'),
    ],
    examples: [{ command: 'callbackd why orders', does: 'everything about one entry' }],
    load: async () => (await import('../commands/why.ts')).run,
  },
  {
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
    load: async () => (await import('../commands/doctor.ts')).run,
  },
  {
    name: 'bundle',
    summary: 'pack a support archive, with every secret masked',
    description:
      'Packs versions, the configuration, the state, the end of the history, what `doctor` finds, what the daemon says, the ' +
      'systemd unit and its journal into one .tar.gz of mode 0600. Tokens, keys, webhook URLs and the queries of URLs are ' +
      'masked. It is searched once more for the secrets of this host before it is written, and not written if one is in it. ' +
      '`manifest.json` in it lists every file with its SHA-256 and how much of it was masked.',
    arguments: [],
    options: [
      ...CONFIGURATION_OPTIONS,
      { flags: '--control-socket <path>', description: 'the daemon to ask, instead of `control.socket`' },
      {
        flags: '--output-file <file>',
        description: 'where to write it; a file that is there already is never overwritten',
      },
      { flags: '--plan', description: 'also read the whole account, and add the plan' },
      { flags: '--offline', description: 'contact neither the platform nor a receiver' },
      outputOption('text', 'json'),
    ],
    examples: [
      { command: 'callbackd bundle', does: 'an archive named after this instant, in this folder' },
      {
        command: 'callbackd bundle --plan --output-file case-17.tar.gz',
        does: 'with a plan, under this name',
      },
    ],
    load: async () => (await import('../commands/bundle.ts')).run,
  },
  {
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
    load: async () => (await import('../commands/import.ts')).run,
  },
];
