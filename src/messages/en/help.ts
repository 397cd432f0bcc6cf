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
  'help.program.first_demo': 'see how it works, without an account',
  'help.program.first_init': 'write your first callbackd.yaml',
  'help.program.first_plan': 'see what would change',

  'help.title.arguments': 'Arguments:',
  'help.title.commands': 'Commands:',
  'help.title.examples': 'Examples:',
  'help.title.first_steps': 'First steps:',
  'help.title.options': 'Options:',
  'help.title.usage': 'Usage',

  // Flags that several commands take.
  'help.option.help': 'print this help',
  'help.option.config':
    'the YAML file (default: $CALLBACKD_CONFIG, then ./callbackd.yaml, then /etc/callbackd/callbackd.yaml)',
  'help.option.base_url': 'the platform URL, overrides `coze.base_url`',
  'help.option.state_dir': 'the state directory, overrides `state_dir`',
  'help.option.yes': 'do not ask for confirmation',
  'help.option.log_level': 'the least severe level to log',
  'help.option.quiet': 'log only warnings and errors',
  'help.option.no_color': 'no colours (also with NO_COLOR in the environment)',
  'help.option.lang':
    'the language of the output (default: Chinese if LC_ALL, LC_MESSAGES or LANG begins with zh, else English)',
  'help.option.output': 'the output format',
  'help.option.full': 'do not shorten long plans',
  'help.option.control_socket': 'the control socket of the daemon, overrides `control.socket`',
  'help.option.offline': 'contact neither the platform nor the receivers',

  'help.init.summary': 'create a first configuration',
  'help.init.description':
    'Asks for the platform, the token and the state directory, and writes a valid YAML file with its ' +
    'schema for editors next to it. Without a terminal it uses flags and defaults. It never ' +
    'overwrites a file, and never writes the token into the YAML: the token comes from a file with ' +
    'mode 0600 or from the environment.',
  'help.init.option.config': 'the file to write',
  'help.init.option.base_url': 'the platform: https://api.coze.cn or https://api.coze.com',
  'help.init.option.token_file': 'the file with the API token',
  'help.init.option.token_stdin': 'read the token from standard input and store it in --token-file',
  'help.init.option.state_dir': 'the state directory',
  'help.init.option.import': 'add the apps that are in the account',
  'help.init.example.1': 'interactively',
  'help.init.example.2': 'without questions about these',
  'help.init.example.3': 'with a token from a password manager',

  'help.run.summary': 'run the daemon that keeps the account in line with the file',
  'help.run.description':
    'Runs a round at start, on the schedule, when the file changes and on SIGHUP, until SIGTERM or ' +
    'SIGINT. While the file is invalid, the daemon runs on the last good configuration. Logs go to ' +
    'stdout.',
  'help.run.example.1': 'run in the foreground',

  'help.plan.summary': 'show what would change, without changing anything',
  'help.plan.description':
    'Lists the account and prints the plan. It cannot write, takes no lock and leaves no files ' +
    'behind, so it is safe to run next to a daemon. Unless `preflight` is off, it challenges the ' +
    'receivers of new URLs.',
  'help.plan.option.out': 'save the plan, to apply it later with `callbackd apply FILE`',
  'help.plan.option.allow_deletes': 'plan without the delete limits (protected apps stay protected)',
  'help.plan.option.detailed_exitcode': 'exit with 2 if changes are pending',
  'help.plan.option.state_from':
    'use the recorded state of a daemon: the address of its status server, or a file with the answer of ' +
    '/api/v1/state',
  'help.plan.option.require_state': 'fail if nothing is recorded, instead of planning without it',
  'help.plan.example.1': 'print the plan',
  'help.plan.example.2': 'print it for a pull-request comment',
  'help.plan.example.3': 'save it, to apply exactly this plan later',
  'help.plan.example.4': 'in a pipeline: the state of the daemon, the account as it is',

  'help.apply.summary': 'plan, confirm and apply, or apply a saved plan',
  'help.apply.description':
    'Prints the plan, asks for confirmation, and applies it. If the reply to a create is lost, ' +
    'callbackd finds out whether the app exists before it tries again. A saved plan is checked change ' +
    'by change: what no longer fits is refused and shown.',
  'help.apply.argument.planfile': 'a plan saved with `plan --out`',
  'help.apply.option.allow_deletes': 'lift the delete limits for this run (protected apps stay protected)',
  'help.apply.option.approve': 'approve what is held under this digest or for this entry',
  'help.apply.example.1': 'plan, ask, apply',
  'help.apply.example.2': 'the same without confirmation',
  'help.apply.example.3': 'apply a saved plan',

  'help.delete.summary': 'delete one app that no entry owns',
  'help.delete.description':
    'Shows what is lost, asks for confirmation, and deletes the app under the limits of every delete. Apps that ' +
    'an entry owns are refused. If a daemon is running, it deletes the app in its next round.',
  'help.delete.argument.id': 'the id of the app',
  'help.delete.option.allow_deletes': 'lift the delete limits for this run',
  'help.delete.example.1': 'delete a duplicate',

  'help.validate.summary': 'check the file, without network or state',
  'help.validate.description': 'Reports all problems at once, with file, line and column.',
  'help.validate.example.1': 'check a file',
  'help.validate.example.2': 'annotate a pull request',

  'help.status.summary': 'show the status of the daemon, or the last recorded state',
  'help.status.description':
    'Asks the running daemon. If none is running, it shows what the state directory records: owned ' +
    'apps, unfinished creates, pauses. Exits with 4 if a change needs a decision, and with 1 if ' +
    'rounds fail.',
  'help.status.option.control_socket': 'the control socket of the daemon, overrides `control.socket`',
  'help.status.option.check': 'only check whether the daemon is healthy: exit 0 if it is, else 1',
  'help.status.example.1': 'the status on one screen',
  'help.status.example.2':
    'as JSON, see `callbackd schema status`; without a daemon the last recorded state, see `callbackd ' +
    'schema recorded-status`',

  'help.history.summary': 'show past changes, newest first, with every request',
  'help.history.description':
    'Reads the history in the state directory: every change that was applied or failed, with the ' +
    'status, code and logid of each request.',
  'help.history.option.app': 'only changes of this entry',
  'help.history.option.limit': 'the number of changes to show',
  'help.history.example.1': 'what happened to one app',
  'help.history.example.2': 'the last thousand changes, for scripts',

  'help.why.summary': 'explain one entry: file, record, account, decision, history',
  'help.why.description':
    'Shows where the entry is in the file, what was last applied, what the account has now, which ' +
    'rule decides about it, and its last changes. It reads the account once and works without the ' +
    'daemon.',
  'help.why.argument.key': 'the key of the entry',
  'help.why.option.offline': 'do not read the account',
  'help.why.example.1': 'everything about one entry',

  'help.doctor.summary': 'check everything and say how to fix what is wrong',
  'help.doctor.description':
    'Checks the configuration, the token and its permissions, the clock, every receiver with a ' +
    'challenge, the state directory, the disk, the lock, Node and the systemd unit. It only reads. ' +
    'The exit code reflects the worst problem.',
  'help.doctor.option.control_socket': 'the control socket of the daemon, overrides `control.socket`',
  'help.doctor.example.1': 'all checks, without a log line for each call',
  'help.doctor.example.2': 'only this host',

  'help.bundle.summary': 'create a support archive with all secrets masked',
  'help.bundle.description':
    'Packs versions, the configuration, the state, the end of the history, the findings of `doctor`, ' +
    'the status of the daemon, the systemd unit and its journal into one .tar.gz with mode 0600. ' +
    'Tokens, keys, webhook URLs and URL queries are masked. Before it is written, the archive is ' +
    'searched for the secrets of this host; if one is found, nothing is written. `manifest.json` in ' +
    'the archive lists each file with its SHA-256 and the number of masked places.',
  'help.bundle.option.control_socket': 'the control socket of the daemon, overrides `control.socket`',
  'help.bundle.option.output_file': 'the file to write; an existing file is never overwritten',
  'help.bundle.option.plan': 'also read the whole account and add the plan',
  'help.bundle.example.1': 'an archive named after the current time, in this directory',
  'help.bundle.example.2': 'with a plan, under this name',

  'help.import.summary': 'print YAML for the apps in the account',
  'help.import.description':
    'Reads the whole account and prints a configuration whose plan is empty. Keys are derived from names, ' +
    'subscriptions are included, what cannot be expressed is printed as comments, and secrets are left out. ' +
    'Settings are only read from a file given with --config, so the output can be redirected to callbackd.yaml.',
  'help.import.option.config': 'a YAML file with settings such as state_dir; by default none is read',
  'help.import.option.adopt': 'also adopt the apps, by recording them in the state',
  'help.import.option.select':
    'only apps whose key, name, id or connector id matches one of these patterns, separated by ' +
    'commas, such as "订单*,7512345678901234567"',
  'help.import.example.1': 'start from the existing apps',
  'help.import.example.2': 'the same, and adopt them',
  'help.import.example.3': 'only some of them',

  'help.rotate.summary': 'replace a leaked verify_token',
  'help.rotate.description':
    'Makes a new app for the entry, which takes over with its own verify_token: in the token sink it is first ' +
    'KEY.next, then KEY, and the old one KEY.previous. The old app is deleted after the overlap. Each step is ' +
    'continued after a crash. Beside a running daemon, the daemon does it. `protect` does not prevent it.',
  'help.rotate.argument.key': 'the key of the entry',
  'help.rotate.option.overlap': 'how long the old app stays; each event then arrives twice',
  'help.rotate.example.1': 'a new verify_token, with ten minutes in which both are valid',
  'help.rotate.example.2': 'with an hour, and without a question',
  'help.approve.summary': 'approve what the daemon holds for a decision',
  'help.approve.description':
    'Approves the held changes with the given digest, or those of one entry, or a configuration that is ' +
    'held. The plan shows which argument to use. Deletes stay approved for 24 hours until all are done, ' +
    'anything else for one round. An argument that matches nothing that is held is refused. Protected and ' +
    'paused entries stay as they are.',
  'help.approve.argument.digest_or_key':
    'the digest of what is held (its first 8 characters are enough) or the key of an entry',
  'help.approve.example.1': 'approve the held changes with this digest',
  'help.approve.example.2': 'approve what is held for one entry',

  'help.pause.summary': 'pause one entry, or everything, in the daemon',
  'help.pause.description':
    'Without a key, everything is paused. A pause lasts until `resume`, or until the given time. The ' +
    'daemon continues to read and plan; plans show what is held, who paused it and why.',
  'help.pause.argument.key': 'the key of the entry; by default everything is paused',
  'help.pause.option.for': 'the duration, such as 90m or 2h',
  'help.pause.option.until': 'the end, such as 2026-12-01T08:00:00Z',
  'help.pause.option.because': 'the reason, for your colleagues',
  'help.pause.example.1': 'pause one app',
  'help.pause.example.2': 'pause the whole account until `callbackd resume`',

  'help.resume.summary': 'end a pause',
  'help.resume.description':
    'Ends a pause that was set with `pause`. To end a pause that is set in the file, remove `paused:` there.',
  'help.resume.argument.key': 'the key of the entry; by default the pause of everything ends',
  'help.resume.example.1': 'resume one app',

  'help.reconcile.summary': 'make the daemon read the files and run a round now',
  'help.reconcile.description':
    'Starts a round now instead of at the next scheduled time. With --wait the exit code reflects the ' +
    'result of the round.',
  'help.reconcile.option.wait': 'wait for the end of the round',
  'help.reconcile.example.1': 'run a round and wait for its result',

  'help.rehearse.summary': 'test your file against simulated failures',
  'help.rehearse.description':
    'Runs the daemon with your file on an emulated platform with injected faults: lost replies, ' +
    'errors, crashes, full disks, edits, and other people in the console. Every run must keep all ' +
    'promises and be in sync again when the faults end. Time is virtual, no network is used, and ' +
    'nothing is written. Exits with 1 if a promise is broken; the seed replays the run.',
  'help.rehearse.option.runs': 'the number of runs (default: as many as fit in 25 s)',
  'help.rehearse.option.seed': 'show one run line by line, reduced if it fails; 0 is the run without faults',
  'help.rehearse.option.account':
    'the initial content of the account: YAML from `callbackd import` (default: empty)',
  'help.rehearse.example.1': 'a test of about 25 seconds',
  'help.rehearse.example.2': 'a longer one, for a pipeline',
  'help.rehearse.example.3': 'starting from the output of `callbackd import > account.yaml`',
  'help.rehearse.example.4': 'show what happens in run 17',

  'help.sandbox.summary': 'run an emulated platform on loopback',
  'help.sandbox.description':
    'Starts an emulator of the callback-app API, with receivers that pass the challenge. It needs no ' +
    'account and no network, and runs until you interrupt it.',
  'help.sandbox.option.port': 'the port; 0 picks a free one',
  'help.sandbox.option.fleet': 'the apps that the account has at first',
  'help.sandbox.example.1': 'an account with a few apps',

  'help.demo.summary': 'a guided tour on the emulated platform; needs no account',
  'help.demo.description':
    'Shows a dry run, the daemon applying a file, an edit of the file, and a drift that is corrected.',
  'help.demo.option.live': 'keep everything running afterwards, so that you can try it yourself',
  'help.demo.example.1': 'the tour, then keep it running',

  'help.schema.summary': 'print a JSON Schema',
  'help.schema.description':
    'Prints the JSON Schema of the configuration (for editors) or of an output format.',
  'help.schema.argument.name': 'the schema to print (default: config)',
  'help.schema.example.1': 'save it for your editor',

  'help.completion.summary': 'print a shell completion script',
  'help.completion.description':
    'Prints a script that completes commands, flags, their values and the keys in the configuration.',
  'help.completion.argument.shell': 'the shell',
  'help.completion.option.keys': 'print the keys in the configuration instead (used by the scripts)',
  'help.completion.example.1': 'enable completion in this shell; works the same in zsh',
  'help.completion.example.2': 'the same in fish',
} as const;
