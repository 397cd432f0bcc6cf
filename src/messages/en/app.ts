/** What is said when a program of callbackd cannot be put together. */

export const APP = {
  'app.state_locked_advice': 'stop that process, or talk to it over its control socket',
  'app.control_socket_advice': 'name another path in `control.socket`, or `off`',
  'app.cannot_listen': ({
    address,
    port,
    code,
  }: {
    readonly address: string;
    readonly port: number;
    readonly code: string;
  }) => `cannot listen on ${address}:${port} (${code})`,
  'app.status_listen_advice': 'name another address in `status.listen`, or `off`',
  'app.cannot_record_advice': 'callbackd sends nothing to the platform that it cannot record',
  'app.no_configuration': ({ name, systemWide }: { readonly name: string; readonly systemWide: string }) =>
    `no configuration: there is neither ./${name} nor ${systemWide}`,
  'app.no_configuration_advice':
    'name one with --config PATH or CALLBACKD_CONFIG; config.example.yaml shows every field',
  'app.file_exists': ({ file }: { readonly file: string }) => `${file} is there already`,
  'app.file_exists_advice': 'it was left as it is; name another file',
  'app.port_in_use': ({ port }: { readonly port: number }) => `port ${port} is in use`,
  'app.port_in_use_advice': 'choose another with --port, or 0 for any',
  'app.control_off': 'the control socket is switched off (`control.socket: off`)',
  'app.control_off_advice': 'name a path there and restart the daemon',
  'app.daemon_silent': ({ socket }: { readonly socket: string }) =>
    `${socket}: the daemon gave no answer in time`,
  'app.daemon_silent_advice': 'see its log, such as with `journalctl -u callbackd`',
  'app.address_in_file': ({ file }: { readonly file: string }) => `the file ${file}`,
  'app.address_in_variable': ({ variable }: { readonly variable: string }) => `the variable ${variable}`,
  'app.address_in_settings': 'the URL',
  'app.address_no_url': ({ source }: { readonly source: string }) => `${source} holds no URL`,
  'app.address_not_https': ({ source }: { readonly source: string }) =>
    `${source} holds a URL that is not https`,
  'app.address_unreadable': ({ source, reason }: { readonly source: string; readonly reason: string }) =>
    `${source} cannot be read (${reason})`,
  'app.address_empty': ({ source }: { readonly source: string }) => `${source} is empty or not set`,
  'app.variable_not_set': ({ variable }: { readonly variable: string }) =>
    `the variable ${variable} is not set`,
} as const;
