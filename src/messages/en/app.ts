/** Messages shown when a command or the daemon cannot start, and what to do about it. */

interface Source {
  readonly source: string;
}

export const APP = {
  'app.bug': 'callbackd hit a bug. You did nothing wrong, and everything recorded is safe.',
  'app.bug_advice': 'Please report it as described in CONTRIBUTING.md, with these lines:',
  'app.state_locked_advice': 'stop that process, or use its control socket',
  'app.control_socket_advice': 'set `control.socket` to another path, or to `off`',
  'app.cannot_listen': ({
    address,
    port,
    code,
  }: {
    readonly address: string;
    readonly port: number;
    readonly code: string;
  }) => `cannot listen on ${address}:${port} (${code})`,
  'app.status_listen_advice': 'set `status.listen` to another address, or to `off`',
  'app.cannot_record_advice': 'callbackd does not change the account while it cannot record what it does',
  'app.no_configuration': ({ name, systemWide }: { readonly name: string; readonly systemWide: string }) =>
    `no configuration found: neither ./${name} nor ${systemWide} exists`,
  'app.no_configuration_advice':
    'pass --config PATH or set CALLBACKD_CONFIG; config.example.yaml shows every field',
  'app.no_state': ({ dir }: { readonly dir: string }) => `nothing is recorded in ${dir}`,
  'app.no_state_advice':
    'plan on the host of the daemon, or read its state: --state-from http://HOST:9643 (or a file with its answer)',
  'app.state_from_no_url': ({ source }: Source) => `${source} is not a URL`,
  'app.state_from_credentials': ({ source }: Source) =>
    `--state-from takes no user name or password: name it as ${source}`,
  'app.state_from_silent': ({ source, reason }: Source & { readonly reason: string }) =>
    `the status server at ${source} does not answer (${reason})`,
  'app.state_from_silent_advice':
    "the daemon's `status.listen` must be an address that this machine reaches; 127.0.0.1 is the daemon's host only",
  'app.state_from_off': ({ source }: Source) => `${source} shows no recorded state`,
  'app.state_from_off_advice': 'the daemon has `status.state: off`, or is of an older version',
  'app.state_from_refused': ({
    source,
    status,
    said,
  }: Source & { readonly status: number; readonly said: string }) => `${source} answered ${status}: ${said}`,
  'app.state_from_no_state': ({ source, what }: Source & { readonly what: string }) =>
    `${source} is not the recorded state of a daemon: ${what}`,
  'app.state_from_no_state_advice':
    'name the address of its status server, or a file made with: curl http://HOST:9643/api/v1/state',
  'app.state_from_foreign': ({
    source,
    theirs,
    ours,
  }: Source & { readonly theirs: string; readonly ours: string }) =>
    `the state at ${source} belongs to ${theirs}, and the configuration names ${ours}`,
  'app.file_exists': ({ file }: { readonly file: string }) => `${file} already exists`,
  'app.file_exists_advice': 'it was not changed; choose another file name',
  'app.port_in_use': ({ port }: { readonly port: number }) => `port ${port} is in use`,
  'app.port_in_use_advice': 'choose another with --port, or 0 for any free port',
  'app.control_off': 'the control socket is disabled (`control.socket: off`)',
  'app.control_off_advice': 'set it to a path and restart the daemon',
  'app.daemon_silent': ({ socket }: { readonly socket: string }) =>
    `${socket}: the daemon did not answer in time`,
  'app.daemon_silent_advice': 'check its log, for example with `journalctl -u callbackd`',
  'app.address_in_file': ({ file }: { readonly file: string }) => `the file ${file}`,
  'app.address_in_variable': ({ variable }: { readonly variable: string }) => `the variable ${variable}`,
  'app.address_in_settings': 'the URL',
  'app.address_no_url': ({ source }: { readonly source: string }) => `${source} does not contain a URL`,
  'app.address_not_https': ({ source }: { readonly source: string }) =>
    `${source} contains a URL that does not begin with https://`,
  'app.address_unreadable': ({ source, reason }: { readonly source: string; readonly reason: string }) =>
    `${source} cannot be read (${reason})`,
  'app.address_empty': ({ source }: { readonly source: string }) => `${source} is empty or not set`,
  'app.variable_not_set': ({ variable }: { readonly variable: string }) =>
    `the variable ${variable} is not set`,
} as const;
