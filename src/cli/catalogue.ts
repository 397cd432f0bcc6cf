/** Every command, as data. The order is the order of the help. */

import { CONTROL_COMMANDS } from './catalogue/control-commands.ts';
import { LOOK_COMMANDS } from './catalogue/look-commands.ts';
import type { CommandSpec } from './command-spec.ts';
import { CONFIG_OPTION, CONFIGURATION_OPTIONS, FILE_OPTIONS, outputOption } from './shared-options.ts';

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'init',
    summary: 'write a first configuration',
    description:
      'Asks for the platform, the token and where to keep the state, and writes a YAML file that is valid, with its schema for ' +
      'editors beside it. Where nobody can be asked, flags and defaults say it all. It overwrites nothing. The token never ' +
      'goes into the YAML: it comes from a file of mode 0600 or from the environment.',
    arguments: [],
    options: [
      { flags: '-c, --config <path>', description: 'the file to write', default: 'callbackd.yaml' },
      { flags: '--base-url <url>', description: 'the platform: https://api.coze.cn or https://api.coze.com' },
      { flags: '--token-file <path>', description: 'the file that holds the API token' },
      {
        flags: '--token-stdin',
        description: 'read the token from standard input and keep it in --token-file',
      },
      { flags: '--state-dir <path>', description: 'where the state is kept' },
      { flags: '--import', description: 'also write down what the account holds' },
      { flags: '-y, --yes', description: 'do not ask' },
    ],
    examples: [
      { command: 'callbackd init', does: 'by asking' },
      {
        command: 'callbackd init --base-url https://api.coze.com --token-file coze_token --import',
        does: 'without asking for these',
      },
      {
        command: 'pass show coze | callbackd init --token-file coze_token --token-stdin',
        does: 'with a token from a password manager',
      },
    ],
    load: async () => (await import('./commands/init.ts')).run,
  },
  {
    name: 'run',
    summary: 'keep the account in line with the file, as a daemon',
    description:
      'Reconciles at start, on the schedule, when the file changes and on SIGHUP, until SIGTERM or SIGINT. ' +
      'An invalid file changes nothing: the last good one stays in force. Logs go to stdout.',
    arguments: [],
    options: CONFIGURATION_OPTIONS,
    examples: [{ command: 'callbackd run -c callbackd.yaml', does: 'run in the foreground' }],
    load: async () => (await import('./commands/run.ts')).run,
  },
  {
    name: 'plan',
    summary: 'show what would change; writes nothing anywhere',
    description:
      'Lists the account and prints the plan. It is given a client that cannot write, takes no lock and leaves nothing behind, ' +
      'so it is safe beside a running daemon. Unless `preflight` is off, the receivers of URLs to be set are challenged.',
    arguments: [],
    options: [
      ...CONFIGURATION_OPTIONS,
      outputOption('text', 'json', 'markdown'),
      {
        flags: '--out <file>',
        description: 'save the plan, to be applied later with `callbackd apply FILE`',
      },
      { flags: '--full', description: 'do not shorten long plans' },
      {
        flags: '--allow-deletes',
        description: 'plan as if the delete limits were lifted (never for protected apps)',
      },
      { flags: '--detailed-exitcode', description: 'exit 2 when changes are pending' },
    ],
    examples: [
      { command: 'callbackd plan', does: 'print the plan' },
      { command: 'callbackd plan -o markdown', does: 'print it for a pull-request comment' },
      { command: 'callbackd plan --out release.plan', does: 'save it, to apply exactly this later' },
    ],
    load: async () => (await import('./commands/plan.ts')).run,
  },
  {
    name: 'apply',
    summary: 'plan, confirm, apply; or apply a saved plan',
    description:
      'Prints the plan, asks, and applies it. A create whose reply was lost is settled, never repeated blindly. ' +
      'A saved plan is applied item by item: what has moved since is refused and shown.',
    arguments: [{ name: 'planfile', description: 'a plan saved with `plan --out`', required: false }],
    options: [
      ...CONFIGURATION_OPTIONS,
      outputOption('text', 'json'),
      { flags: '-y, --yes', description: 'do not ask' },
      { flags: '--full', description: 'do not shorten long plans' },
      {
        flags: '--allow-deletes',
        description: 'lift the delete limits for this run (never for protected apps)',
      },
      {
        flags: '--approve <digest-or-key>',
        description: 'release what is withheld for this plan digest or entry',
      },
    ],
    examples: [
      { command: 'callbackd apply', does: 'plan, ask, apply' },
      { command: 'callbackd apply --yes', does: 'the same without asking' },
      { command: 'callbackd apply release.plan --yes', does: 'apply a saved plan' },
    ],
    load: async () => (await import('./commands/apply.ts')).run,
  },
  {
    name: 'validate',
    summary: 'check the file alone: no network, no state',
    description: 'Reports every problem at once, with file, line and column.',
    arguments: [],
    options: [...FILE_OPTIONS, outputOption('text', 'json', 'github')],
    examples: [
      { command: 'callbackd validate -c callbackd.yaml', does: 'check a file' },
      { command: 'callbackd validate -o github', does: 'annotate a pull request' },
    ],
    load: async () => (await import('./commands/validate.ts')).run,
  },
  ...LOOK_COMMANDS,
  ...CONTROL_COMMANDS,
  {
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
        description:
          'what the account holds at first: YAML that `callbackd import` printed (default: nothing)',
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
    load: async () => (await import('./commands/rehearse.ts')).run,
  },
  {
    name: 'sandbox',
    summary: 'run an emulated platform on loopback, to play with',
    description:
      'Starts an emulator of the callback-app API with receivers that answer the challenge. It needs no account and ' +
      'talks to nobody. It runs until interrupted.',
    arguments: [],
    options: [
      { flags: '-p, --port <port>', description: 'the port; 0 picks a free one', default: '9650' },
      {
        flags: '--fleet <name>',
        description: 'what the account holds at first',
        choices: ['empty', 'demo'],
        default: 'empty',
      },
    ],
    examples: [{ command: 'callbackd sandbox --fleet demo', does: 'an account with a few apps in it' }],
    load: async () => (await import('./commands/sandbox.ts')).run,
  },
  {
    name: 'demo',
    summary: 'a guided tour on the sandbox; needs no account',
    description: 'Shows a dry run, the daemon converging, a change of the file, and drift being healed.',
    arguments: [],
    options: [{ flags: '--live', description: 'keep everything running afterwards, to play with' }],
    examples: [{ command: 'callbackd demo --live', does: 'the tour, and then your turn' }],
    load: async () => (await import('./commands/demo.ts')).run,
  },
  {
    name: 'schema',
    summary: 'print a JSON Schema',
    description: 'Prints the JSON Schema of the configuration (for editors) or of an output format.',
    arguments: [
      {
        name: 'name',
        description: 'which one (default: config)',
        required: false,
        choices: [
          'config',
          'plan',
          'state',
          'status',
          'recorded-status',
          'history',
          'why',
          'doctor',
          'bundle',
          'diagnostics',
          'notification',
          'rehearsal',
        ],
      },
    ],
    options: [],
    examples: [{ command: 'callbackd schema > callbackd.schema.json', does: 'save it for your editor' }],
    load: async () => (await import('./commands/schema.ts')).run,
  },
  {
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
    load: async () => (await import('./commands/completion.ts')).run,
  },
];
