/** What `doctor` finds and advises, and what `bundle` packs and misses. */

import { plural } from '../plural.ts';

interface Count {
  readonly count: number;
}

interface Url {
  readonly url: string;
}

interface Directory {
  readonly dir: string;
}

const DOCTOR = {
  'cli.doctor_well': 'All is well.',
  'cli.cures': ({ cures }: { readonly cures: readonly string[] }) => cures.join('; '),
  'cli.configuration_valid': ({ file, count }: Count & { readonly file: string }) =>
    `${file} is valid, ${plural(count, 'app')}`,
  'cli.configuration_wrong': (found: {
    readonly file: string;
    readonly line: number;
    readonly problem: string;
  }) => `${found.file}:${found.line}: ${found.problem}`,
  'cli.configuration_cure': 'correct the file; `callbackd validate` shows the place',
  'cli.daemon_cure': 'see `callbackd status`',
  'cli.daemon_start': 'where it should run, start it: `callbackd run`, or `systemctl start callbackd`',
} as const;

const HOST = {
  'cli.node': ({ version }: { readonly version: string }) => `Node ${version}`,
  'cli.node_cure': ({ oldest }: { readonly oldest: string }) => `install Node ${oldest} or newer`,
  'cli.no_unit': ({ unit }: { readonly unit: string }) => `no unit ${unit} is installed`,
  'cli.unit_not_enabled': 'not enabled',
  'cli.unit': (unit: {
    readonly name: string;
    readonly path: string;
    readonly active: string;
    readonly enabled: string;
  }) => `${unit.name} (${unit.path}) is ${unit.active}, ${unit.enabled}`,
  'cli.unit_failed': ({ stands, result }: { readonly stands: string; readonly result: string }) =>
    `${stands} (${result})`,
  'cli.unit_failed_cure': ({ name }: { readonly name: string }) =>
    `see \`journalctl -u ${name}\`, then \`systemctl restart ${name}\``,
  'cli.unit_changed': ({ stands }: { readonly stands: string }) =>
    `${stands}, but the file on disk is newer than what is in force`,
} as const;

const ACCOUNT = {
  'cli.token_of_file': ({ file }: { readonly file: string }) => `there is one, from the file ${file}`,
  'cli.token_of_variable': ({ variable }: { readonly variable: string }) => `there is one, from $${variable}`,
  'cli.token_of_key': ({ file }: { readonly file: string }) => `there is one, by OAuth with the key ${file}`,
  'cli.token_cure': 'give the file to the service user with mode 0600',
  'cli.account_lists': ({ url, count }: Url & Count) => `${url} lists ${count} apps`,
  'cli.account_lists_more': ({ url, count }: Url & Count) => `${url} lists ${count} and more apps`,
  'cli.account_try_again': 'try again; `callbackd plan` shows each call',
  'cli.account_cure': ({ advice }: { readonly advice: string }) => `${advice}; see docs/authentication.md`,
  'cli.account_cure_region': ({ advice, url }: Url & { readonly advice: string }) =>
    `${advice}; a token of one region is refused by the other: ${url} has to be its own; see docs/authentication.md`,
  'cli.account_logid': ({ problem, logid }: { readonly problem: string; readonly logid: string }) =>
    `${problem} (logid ${logid})`,
  'cli.clock_agrees': 'agrees with the platform',
  'cli.clock_ahead': ({ seconds }: { readonly seconds: number }) => `${seconds} s ahead of the platform's`,
  'cli.clock_behind': ({ seconds }: { readonly seconds: number }) => `${seconds} s behind the platform's`,
  'cli.clock_cure': 'set it by NTP: `timedatectl set-ntp true`',
} as const;

const RECEIVERS = {
  'cli.receiver_keys': ({ keys, more }: { readonly keys: readonly string[]; readonly more: number }) =>
    `${keys.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
  'cli.receiver_ok': ({ who }: { readonly who: string }) => `${who}: answers the challenge`,
  'cli.receiver_failed': (failed: {
    readonly who: string;
    readonly stage: string;
    readonly problem: string;
  }) => `${failed.who}: failed at ${failed.stage}: ${failed.problem}`,
  'cli.receiver_cure_url': 'write a URL that begins with https://',
  'cli.receiver_cure_dns': ({ url, host }: Url & { readonly host: string }) =>
    `correct the name in ${url}, or its DNS record: \`getent hosts ${host}\` has to find it`,
  'cli.receiver_cure_address':
    'nothing, if the platform can reach it; `reconcile.preflight_allow_private` challenges it from here',
  'cli.receiver_cure_tcp': ({ url }: Url) =>
    `start the receiver of ${url}, and let the firewall through to it`,
  'cli.receiver_cure_tls': ({ url, address }: Url & { readonly address: string }) =>
    `serve a valid certificate with its whole chain at ${url}: \`openssl s_client -connect ${address}\` shows it`,
  'cli.receiver_cure_time': ({ url }: Url) => `make ${url} answer within 3 s: the platform waits no longer`,
  'cli.receiver_cure_http': ({ url }: Url) =>
    `make ${url} answer a POST itself, with status 200 and no redirect`,
  'cli.receiver_cure_echo': ({ url }: Url) =>
    `make ${url} answer POST {"event":{"challenge":"X"}} with {"challenge":"X"}`,
  'cli.webhook_ok': ({ name, format }: { readonly name: string; readonly format: string }) =>
    `${name}: its ${format} webhook has an address`,
  'cli.webhook_wrong': ({ name, problem }: { readonly name: string; readonly problem: string }) =>
    `${name}: ${problem}`,
  'cli.webhook_cure': 'put the URL there, and let the user that callbackd runs as read it',
} as const;

const STATE = {
  'cli.run_as_service': 'run as the service user, such as `sudo -u callbackd callbackd doctor`',
  'cli.state_read_only': ({ dir }: Directory) => `${dir} is not writable for this user`,
  'cli.state_holds': ({ dir, count, serial }: Directory & Count & { readonly serial: number }) =>
    `${dir} holds ${count} owned apps, serial ${serial}`,
  'cli.state_permissions': 'run as the service user, or correct the permissions',
  'cli.state_absent': ({ dir }: Directory) => `${dir} is not there yet; the first apply makes it`,
  'cli.state_impossible': ({ dir }: Directory) => `${dir} is not there, and this user cannot make it`,
  'cli.state_impossible_cure': ({ dir }: Directory) =>
    `make it for the service user: install -d -m 700 -o callbackd ${dir}; or name another with --state-dir`,
  'cli.disk_free': ({ mib, folder }: { readonly mib: number; readonly folder: string }) =>
    `${mib} MiB free at ${folder}`,
  'cli.disk_inodes': ({ room, count }: Count & { readonly room: string }) => `${room}, and ${count} inodes`,
  'cli.disk_cure': 'make room: without it nothing can be recorded, and so nothing is changed',
  'cli.lock_held': ({ pids }: { readonly pids: readonly string[] }) =>
    `held by the running process ${pids.join(', ')}`,
  'cli.lock_free': 'free',
  'cli.lock_left': 'left behind by a process that is gone; the next run clears it away',
} as const;

const BUNDLE = {
  'cli.bundle_written': ({ file, count, kib }: Count & { readonly file: string; readonly kib: number }) =>
    `Wrote ${file}: ${count} files, ${kib} KiB, readable by you alone.`,
  'cli.bundle_without': ({ name, because }: { readonly name: string; readonly because: string }) =>
    `without ${name}: ${because}`,
  'cli.bundle_unchecked': ({ name, because }: { readonly name: string; readonly because: string }) =>
    `not checked for ${name}: ${because}`,
  'cli.bundle_masked': ({ count }: Count) =>
    `${plural(count, 'place')} masked. Keys, names and URLs of your apps are in it: look before you send it.`,
  'cli.bundle_unreadable': ({ file, reason }: { readonly file: string; readonly reason: string }) =>
    `${file} cannot be read (${reason})`,
  'cli.bundle_no_dir': ({ dir }: Directory) => `${dir} is not there`,
  'cli.bundle_no_systemd': 'no systemd answers here',
  'cli.bundle_no_output': ({ command }: { readonly command: string }) =>
    `\`${command}\` gives nothing for this user`,
  'cli.secret_api_token': 'the API token',
  'cli.secret_private_key': 'the private key',
  'cli.secret_webhook': 'the secret of a webhook',
  'cli.secret_webhook_url': 'a webhook URL',
  'cli.secret_variable': ({ name }: { readonly name: string }) => `the value of $${name}`,
  'cli.secret_verify_token': ({ name }: { readonly name: string }) => `the verify_token of ${name}`,
  'cli.form_as_is': 'as it is',
  'cli.form_json': 'as JSON',
  'cli.form_percent': 'percent-encoded',
  'cli.form_base64': 'in base64',
  'cli.form_hex': 'in hex',
  'cli.bundle_refused': (found: { readonly file: string; readonly what: string; readonly form: string }) =>
    `no bundle was written: ${found.file} would hold ${found.what}, ${found.form}`,
  'cli.bundle_refused_advice':
    'take it out of where it comes from and change it: whoever could read that file could read the secret',
  'cli.bundle_refused_bug':
    'where it comes from callbackd itself, report that first, and privately (CONTRIBUTING.md)',
} as const;

export const CLI_DOCTOR = {
  ...DOCTOR,
  ...HOST,
  ...ACCOUNT,
  ...RECEIVERS,
  ...STATE,
  ...BUNDLE,
} as const;
