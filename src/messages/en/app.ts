/** What is said when a program of callbackd cannot be put together. */

export const APP = {
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
