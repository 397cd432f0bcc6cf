/**
 * What `--help`, the manual page and docs/cli.md say of each command. The ids follow from the specifications
 * in src/cli: `help.<command>.summary`, `.description`, `.argument.<name>`, `.option.<long name>` and
 * `.example.<number>`, with `_` for `-`. A flag without words under its command has those of
 * `help.option.<long name>`.
 */

export const HELP = {
  'help.program.about': 'callbackd keeps the callback apps of a Coze account in line with a YAML file.',
  'help.program.usage': 'Usage: callbackd <command> [options]',
  'help.program.help': 'print help',
  'help.program.version': 'print the version',
  'help.program.first_demo': 'see it work, without an account',
  'help.program.first_init': 'write your first callbackd.yaml',
  'help.program.first_plan': 'see what would change',

  'help.title.arguments': 'Arguments:',
  'help.title.commands': 'Commands:',
  'help.title.examples': 'Examples:',
  'help.title.first_steps': 'First steps:',
  'help.title.options': 'Options:',
  'help.title.usage': 'Usage:',

  // Flags that several commands take.
  'help.option.help': 'print this help',
  'help.option.config':
    'the YAML file (default: $CALLBACKD_CONFIG, then ./callbackd.yaml, then ' +
    '/etc/callbackd/callbackd.yaml)',
  'help.option.base_url': 'the platform, instead of `coze.base_url`',
  'help.option.state_dir': 'where the state is kept, instead of `state_dir`',
  'help.option.yes': 'do not ask',
  'help.option.log_level': 'how much to log',
  'help.option.quiet': 'log warnings and errors only',
  'help.option.no_color': 'no colours, as with NO_COLOR in the environment',
  'help.option.output': 'how to print the result',
  'help.option.full': 'do not shorten long plans',
  'help.option.control_socket': 'the daemon to talk to, instead of `control.socket`',
  'help.option.offline': 'contact neither the platform nor a receiver',

  'help.init.summary': 'write a first configuration',
  'help.init.description':
    'Asks for the platform, the token and where to keep the state, and writes a YAML file that is ' +
    'valid, with its schema for editors beside it. Where nobody can be asked, flags and defaults say it ' +
    'all. It overwrites nothing. The token never goes into the YAML: it comes from a file of mode 0600 ' +
    'or from the environment.',
  'help.init.option.config': 'the file to write',
  'help.init.option.base_url': 'the platform: https://api.coze.cn or https://api.coze.com',
  'help.init.option.token_file': 'the file that holds the API token',
  'help.init.option.token_stdin': 'read the token from standard input and keep it in --token-file',
  'help.init.option.state_dir': 'where the state is kept',
  'help.init.option.import': 'also write down what the account holds',
  'help.init.example.1': 'by asking',
  'help.init.example.2': 'without asking for these',
  'help.init.example.3': 'with a token from a password manager',

  'help.run.summary': 'keep the account in line with the file, as a daemon',
  'help.run.description':
    'Reconciles at start, on the schedule, when the file changes and on SIGHUP, until SIGTERM or ' +
    'SIGINT. An invalid file changes nothing: the last good one stays in force. Logs go to stdout.',
  'help.run.example.1': 'run in the foreground',

  'help.plan.summary': 'show what would change; writes nothing anywhere',
  'help.plan.description':
    'Lists the account and prints the plan. It is given a client that cannot write, takes no lock and ' +
    'leaves nothing behind, so it is safe beside a running daemon. Unless `preflight` is off, the ' +
    'receivers of URLs to be set are challenged.',
  'help.plan.option.out': 'save the plan, to be applied later with `callbackd apply FILE`',
  'help.plan.option.allow_deletes': 'plan as if the delete limits were lifted (never for protected apps)',
  'help.plan.option.detailed_exitcode': 'exit 2 when changes are pending',
  'help.plan.example.1': 'print the plan',
  'help.plan.example.2': 'print it for a pull-request comment',
  'help.plan.example.3': 'save it, to apply exactly this later',

  'help.apply.summary': 'plan, confirm, apply; or apply a saved plan',
  'help.apply.description':
    'Prints the plan, asks, and applies it. A create whose reply was lost is settled, never repeated ' +
    'blindly. A saved plan is applied item by item: what has moved since is refused and shown.',
  'help.apply.argument.planfile': 'a plan saved with `plan --out`',
  'help.apply.option.allow_deletes': 'lift the delete limits for this run (never for protected apps)',
  'help.apply.option.approve': 'release what is withheld for this plan digest or entry',
  'help.apply.example.1': 'plan, ask, apply',
  'help.apply.example.2': 'the same without asking',
  'help.apply.example.3': 'apply a saved plan',

  'help.validate.summary': 'check the file alone: no network, no state',
  'help.validate.description': 'Reports every problem at once, with file, line and column.',
  'help.validate.example.1': 'check a file',
  'help.validate.example.2': 'annotate a pull request',

  'help.status.summary': 'how things stand: by the daemon, or else by what was recorded',
  'help.status.description':
    'Asks the running daemon. Where none answers, it tells from the state directory what callbackd owns ' +
    'and what is open, and says so. Exits 4 when something needs a decision, 1 when rounds fail.',
  'help.status.option.control_socket': 'the daemon to ask, instead of `control.socket`',
  'help.status.option.check': 'only ask whether the daemon is healthy: 0 if so, else 1',
  'help.status.example.1': 'one screen on how things stand',
  'help.status.example.2':
    'the same for scripts; see `callbackd schema status`. Without a daemon it is what was recorded; see ' +
    '`callbackd schema recorded-status`',

  'help.history.summary': 'what was changed, newest first, down to each request',
  'help.history.description':
    'Reads the history in the state directory: every change that was applied or failed, with the ' +
    'status, code and logid of each request made for it.',
  'help.history.option.app': 'only changes of this entry',
  'help.history.option.limit': 'how many changes',
  'help.history.example.1': 'what happened to one app',
  'help.history.example.2': 'the last thousand changes, for scripts',

  'help.why.summary': 'why an entry is as it is: file, record, account, decision, history',
  'help.why.description':
    'Shows where the entry stands in the file, what was last applied, what the account holds now, which ' +
    'rule decides about it, and its last changes. It reads the account once and works without the ' +
    'daemon.',
  'help.why.argument.key': 'the entry',
  'help.why.option.offline': 'do not read the account',
  'help.why.example.1': 'everything about one entry',

  'help.doctor.summary': 'look for what is wrong, and say how to cure it',
  'help.doctor.description':
    'Checks the configuration, the token and what it may do, the clock, every receiver by a challenge, ' +
    'the state directory, disk, lock, Node and the systemd unit. It reads only. The exit code tells the ' +
    'worst that was found.',
  'help.doctor.option.control_socket': 'the daemon to ask, instead of `control.socket`',
  'help.doctor.example.1': 'a check-up, without a log line for each call',
  'help.doctor.example.2': 'this host alone',

  'help.bundle.summary': 'pack a support archive, with every secret masked',
  'help.bundle.description':
    'Packs versions, the configuration, the state, the end of the history, what `doctor` finds, what ' +
    'the daemon says, the systemd unit and its journal into one .tar.gz of mode 0600. Tokens, keys, ' +
    'webhook URLs and the queries of URLs are masked. It is searched once more for the secrets of this ' +
    'host before it is written, and not written if one is in it. `manifest.json` in it lists every file ' +
    'with its SHA-256 and how much of it was masked.',
  'help.bundle.option.control_socket': 'the daemon to ask, instead of `control.socket`',
  'help.bundle.option.output_file': 'where to write it; a file that is there already is never overwritten',
  'help.bundle.option.plan': 'also read the whole account, and add the plan',
  'help.bundle.example.1': 'an archive named after this instant, in this folder',
  'help.bundle.example.2': 'with a plan, under this name',

  'help.import.summary': 'print YAML for what the account holds',
  'help.import.description':
    'Reads the whole account and prints a configuration of which the plan is empty: keys made from ' +
    'names, subscriptions included, what cannot be expressed in comments, never a secret. Only a file ' +
    'named with --config is read for settings, so the output may go to callbackd.yaml.',
  'help.import.option.config':
    'a YAML file to take settings from, such as state_dir; without it none is read',
  'help.import.option.adopt': 'also take the apps over, by binding them in the state',
  'help.import.option.select':
    'only apps whose key, name, id or connector id matches one of these, divided by commas, such as ' +
    '"订单*,7512345678901234567"',
  'help.import.example.1': 'begin with what is there',
  'help.import.example.2': 'the same, and own it from now on',
  'help.import.example.3': 'a part of it',

  'help.approve.summary': 'let the daemon do, once, what it holds back',
  'help.approve.description':
    'Releases what the plan in force withholds for the digest or the entry that you name, or a ' +
    'configuration that is held. The plan says which. It holds for one round; protected and paused ' +
    'entries stay as they are.',
  'help.approve.argument.digest_or_key':
    'a plan digest (8 characters of it are enough) or the key of an entry',
  'help.approve.example.1': 'approve the plan with this digest',
  'help.approve.example.2': 'approve what is held back for one entry',

  'help.pause.summary': 'have the daemon leave an entry, or everything, alone',
  'help.pause.description':
    'Without a key everything is paused. A pause lasts until `resume`, or for as long as you say. The ' +
    'daemon goes on reading and planning; plans show what is held back, by whom and why.',
  'help.pause.argument.key': 'the entry; without it, everything',
  'help.pause.option.for': 'how long, such as 90m or 2h',
  'help.pause.option.until': 'until when, such as 2026-12-01T08:00:00Z',
  'help.pause.option.because': 'why, for the next person who looks',
  'help.pause.example.1': 'leave one app alone',
  'help.pause.example.2': 'leave the whole account alone until `callbackd resume`',

  'help.resume.summary': 'end a pause',
  'help.resume.description':
    'Ends a pause made with `pause`. One written in the file as `paused:` ends where it is written.',
  'help.resume.argument.key': 'the entry; without it, the pause of everything',
  'help.resume.example.1': 'go on with one app',

  'help.reconcile.summary': 'have the daemon read the files and run a round now',
  'help.reconcile.description':
    'Asks for a round at once instead of at the next tick of the schedule. With --wait the exit code ' +
    'tells how it ended.',
  'help.reconcile.option.wait': 'wait until the round has ended',
  'help.reconcile.example.1': 'run a round and see how it ends',

  'help.rehearse.summary': 'a fault drill of your own file, on an emulated platform',
  'help.rehearse.description':
    'Runs the daemon on your file in worlds where everything goes wrong: lost replies, errors, crashes, ' +
    'full disks, edits, rivals in the console. Each run must keep every promise and be in line again ' +
    'once the trouble is over. Time is virtual, nothing leaves the process, nothing is written. Exits 1 ' +
    'when a promise broke; the seed replays it.',
  'help.rehearse.option.runs': 'how many runs (default: as many as fit in 25 s)',
  'help.rehearse.option.seed':
    'tell this one run line by line, made small if it fails; 0 is the one without trouble',
  'help.rehearse.option.account':
    'what the account holds at first: YAML that `callbackd import` printed (default: nothing)',
  'help.rehearse.example.1': 'a drill of about 25 seconds',
  'help.rehearse.example.2': 'a longer one, for a pipeline',
  'help.rehearse.example.3': 'on what `callbackd import > account.yaml` found',
  'help.rehearse.example.4': 'what happens in run 17',

  'help.sandbox.summary': 'run an emulated platform on loopback, to play with',
  'help.sandbox.description':
    'Starts an emulator of the callback-app API with receivers that answer the challenge. It needs no ' +
    'account and talks to nobody. It runs until interrupted.',
  'help.sandbox.option.port': 'the port; 0 picks a free one',
  'help.sandbox.option.fleet': 'what the account holds at first',
  'help.sandbox.example.1': 'an account with a few apps in it',

  'help.demo.summary': 'a guided tour on the sandbox; needs no account',
  'help.demo.description':
    'Shows a dry run, the daemon converging, a change of the file, and drift being healed.',
  'help.demo.option.live': 'keep everything running afterwards, to play with',
  'help.demo.example.1': 'the tour, and then your turn',

  'help.schema.summary': 'print a JSON Schema',
  'help.schema.description':
    'Prints the JSON Schema of the configuration (for editors) or of an output format.',
  'help.schema.argument.name': 'which one (default: config)',
  'help.schema.example.1': 'save it for your editor',

  'help.completion.summary': 'print a completion script for your shell',
  'help.completion.description':
    'Prints a script that completes commands, flags, their values and the keys of the configuration.',
  'help.completion.argument.shell': 'for which shell',
  'help.completion.option.keys': 'print the keys of the configuration instead; the scripts ask for them',
  'help.completion.example.1': 'complete in this shell; zsh alike',
  'help.completion.example.2': 'the same in fish',
} as const;
