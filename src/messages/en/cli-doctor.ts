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
  'cli.label_ok': 'ok',
  'cli.doctor_found': ({ problems }: { readonly problems: string }) => `${problems}.`,
  'cli.check_network': 'network',
  'cli.check_node': 'node',
  'cli.check_configuration': 'configuration',
  'cli.check_token': 'token',
  'cli.check_account': 'account',
  'cli.check_clock': 'clock',
  'cli.check_receiver': 'receiver',
  'cli.check_notify': 'notify',
  'cli.check_state': 'state',
  'cli.check_disk': 'disk',
  'cli.check_lock': 'lock',
  'cli.check_daemon': 'daemon',
  'cli.check_systemd': 'systemd',
  'cli.check_safety': 'safety',
  'cli.doctor_well': 'No problems found.',
  'cli.cures': ({ cures }: { readonly cures: readonly string[] }) => cures.join('; '),
  'cli.configuration_valid': ({ file, count }: Count & { readonly file: string }) =>
    `${file} is valid, ${plural(count, 'app')}`,
  'cli.configuration_wrong': (found: {
    readonly file: string;
    readonly line: number;
    readonly problem: string;
  }) => `${found.file}:${found.line}: ${found.problem}`,
  'cli.configuration_cure': 'correct the file; `callbackd validate` shows where',
  'cli.daemon_cure': 'see `callbackd status`',
  'cli.daemon_start': 'if it should run here, start it: `callbackd run`, or `systemctl start callbackd`',
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
    `${stands}, but the unit file on disk is newer than the loaded one`,
} as const;

const SAFETY = {
  'cli.tls_unchecked': ({ what }: { readonly what: string }) =>
    `${what} is set: certificates are not checked, so anybody on the way can read the token`,
  'cli.tls_old': ({ what }: { readonly what: string }) =>
    `Node was started with ${what}, which allows broken versions of TLS`,
  'cli.inspector': ({ what }: { readonly what: string }) =>
    `Node was started with ${what}: whoever reaches that port can read every secret`,
  'cli.unset': ({ what }: { readonly what: string }) => `start it without ${what}`,
  'cli.others_may_write': ({ place }: { readonly place: string }) => `other users may write ${place}`,
  'cli.other_owner': ({ place }: { readonly place: string }) =>
    `${place} belongs to another user, who may change it`,
  'cli.close_place': ({ place }: { readonly place: string }) =>
    `see \`ls -ld ${place}\`, then \`chmod go-w\` or \`chown\` it`,
} as const;

const ACCOUNT = {
  'cli.token_of_file': ({ file }: { readonly file: string }) => `read from the file ${file}`,
  'cli.token_of_variable': ({ variable }: { readonly variable: string }) => `read from $${variable}`,
  'cli.token_of_key': ({ file }: { readonly file: string }) => `obtained by OAuth with the key ${file}`,
  'cli.token_cure': 'make the service user its owner, with mode 0600',
  'cli.account_lists': ({ url, count }: Url & Count) => `${url} lists ${plural(count, 'app')}`,
  'cli.account_lists_more': ({ url, count }: Url & Count) => `${url} lists more than ${plural(count, 'app')}`,
  'cli.another_writer': ({ ids }: { readonly ids: readonly string[] }) =>
    `another writer works here: ${ids.join(', ')} ${ids.length === 1 ? 'carries' : 'carry'} the mark of another callbackd`,
  'cli.another_writer_cure':
    'stop the other callbackd, or give each one its own entries; a mark that stays longer than ten minutes is left over, and that app can be renamed or deleted',
  'cli.account_try_again': 'try again; `callbackd plan` logs each call',
  'cli.account_cure': ({ advice }: { readonly advice: string }) => `${advice}; see docs/authentication.md`,
  'cli.account_cure_region': ({ advice, url }: Url & { readonly advice: string }) =>
    `${advice}; a token works only in its own region, so ${url} must be the one it was made for; see docs/authentication.md`,
  'cli.account_logid': ({ problem, logid }: { readonly problem: string; readonly logid: string }) =>
    `${problem} (logid ${logid})`,
  'cli.clock_agrees': 'agrees with the platform',
  'cli.clock_ahead': ({ seconds }: { readonly seconds: number }) => `${seconds} s ahead of the platform's`,
  'cli.clock_behind': ({ seconds }: { readonly seconds: number }) => `${seconds} s behind the platform's`,
  'cli.clock_cure': 'synchronise it with NTP: `timedatectl set-ntp true`',
} as const;

const RECEIVERS = {
  'cli.network_direct': ({ hosts, because }: { readonly hosts: string; readonly because: string }) =>
    `${hosts}: reached directly${because === '' ? '' : ` (${because})`}`,
  'cli.network_proxy': (way: { readonly hosts: string; readonly proxy: string; readonly because: string }) =>
    `${way.hosts}: reached through the proxy ${way.proxy} (${way.because})`,
  'cli.network_cure': ({ section }: { readonly section: string }) =>
    `correct \`${section}.proxy\`, or HTTPS_PROXY, HTTP_PROXY and NO_PROXY; \`off\` goes without a proxy`,
  'cli.mount_detached': ({ file }: { readonly file: string }) =>
    `${file} is mounted by itself and was replaced on the host: this is the old content, and no edit is seen`,
  'cli.mount_of_file': ({ file }: { readonly file: string }) =>
    `${file} is mounted by itself: when it is replaced on the host, as most editors do, that is not seen`,
  'cli.mount_cure': ({ folder }: { readonly folder: string }) =>
    `mount the folder instead, at ${folder}, and start the container again`,
  'cli.token_expiry_cure':
    'make a new token, replace the old one, and correct `coze.auth.expires`; see “Rotate the token” in docs/operations.md',
  'cli.receiver_keys': ({ keys, more }: { readonly keys: readonly string[]; readonly more: number }) =>
    `${keys.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
  'cli.receiver_ok': ({ who }: { readonly who: string }) => `${who}: answers the challenge`,
  'cli.receiver_failed': (failed: {
    readonly who: string;
    readonly stage: string;
    readonly problem: string;
  }) => `${failed.who}: failed at ${failed.stage}: ${failed.problem}`,
  'cli.receiver_cure_url': 'use a URL that begins with https://',
  'cli.receiver_cure_dns': ({ url, host }: Url & { readonly host: string }) =>
    `correct the host name in ${url}, or its DNS record: \`getent hosts ${host}\` must find it`,
  'cli.receiver_cure_address':
    'nothing to do if the platform can reach it; set `reconcile.preflight_allow_private` to challenge it from this host',
  'cli.receiver_cure_tcp': ({ url }: Url) => `start the receiver at ${url}, and open the firewall for it`,
  'cli.receiver_cure_tls': ({ url, address }: Url & { readonly address: string }) =>
    `serve a valid certificate with its full chain at ${url}; check it with \`openssl s_client -connect ${address}\``,
  'cli.receiver_cure_time': ({ url }: Url) =>
    `make ${url} answer within 3 s, which is how long the platform waits`,
  'cli.receiver_cure_http': ({ url }: Url) => `make ${url} answer a POST with status 200, without a redirect`,
  'cli.receiver_cure_echo': ({ url }: Url) =>
    `make ${url} answer POST {"event":{"challenge":"X"}} with {"challenge":"X"}`,
  'cli.webhook_ok': ({ name, format }: { readonly name: string; readonly format: string }) =>
    `${name}: the URL of its ${format} webhook is set`,
  'cli.webhook_wrong': ({ name, problem }: { readonly name: string; readonly problem: string }) =>
    `${name}: ${problem}`,
  'cli.webhook_cure': 'put the URL there, and give the user that callbackd runs as read access',
} as const;

const STATE = {
  'cli.run_as_service': 'run as the service user, for example `sudo -u callbackd callbackd doctor`',
  'cli.state_read_only': ({ dir }: Directory) => `${dir} is not writable by this user`,
  'cli.state_holds': ({ dir, count, serial }: Directory & Count & { readonly serial: number }) =>
    `${dir} records ${plural(count, 'owned app')}, serial ${serial}`,
  'cli.state_permissions': 'run as the service user, or correct the permissions',
  'cli.state_absent': ({ dir }: Directory) => `${dir} does not exist yet; the first apply creates it`,
  'cli.state_impossible': ({ dir }: Directory) => `${dir} does not exist, and this user cannot create it`,
  'cli.state_impossible_cure': ({ dir }: Directory) =>
    `create it for the service user: install -d -m 700 -o callbackd ${dir}; or choose another with --state-dir`,
  'cli.disk_free': ({ mib, folder }: { readonly mib: number; readonly folder: string }) =>
    `${mib} MiB free at ${folder}`,
  'cli.disk_inodes': ({ room, count }: Count & { readonly room: string }) => `${room}, and ${count} inodes`,
  'cli.disk_cure': 'free some space: callbackd changes nothing while it cannot record',
  'cli.lock_held': ({ pids }: { readonly pids: readonly string[] }) =>
    `held by the running process ${pids.join(', ')}`,
  'cli.lock_free': 'free',
  'cli.lock_left': 'left behind by a process that has exited; the next run removes it',
} as const;

const BUNDLE = {
  'cli.bundle_written': ({ file, count, kib }: Count & { readonly file: string; readonly kib: number }) =>
    `Wrote ${file}: ${count} files, ${kib} KiB, readable only by you.`,
  'cli.bundle_without': ({ name, because }: { readonly name: string; readonly because: string }) =>
    `without ${name}: ${because}`,
  'cli.bundle_unchecked': ({ name, because }: { readonly name: string; readonly because: string }) =>
    `not searched for ${name}: ${because}`,
  'cli.bundle_masked': ({ count }: Count) =>
    `${plural(count, 'secret')} masked. The archive contains keys, names and URLs of your apps: review it before you send it.`,
  'cli.bundle_unreadable': ({ file, reason }: { readonly file: string; readonly reason: string }) =>
    `${file} cannot be read (${reason})`,
  'cli.bundle_no_dir': ({ dir }: Directory) => `${dir} does not exist`,
  'cli.bundle_no_systemd': 'systemd is not running here',
  'cli.bundle_no_output': ({ command }: { readonly command: string }) =>
    `\`${command}\` prints nothing for this user`,
  'cli.secret_api_token': 'the API token',
  'cli.secret_private_key': 'the private key',
  'cli.secret_webhook': 'the secret of a webhook',
  'cli.secret_webhook_url': 'a webhook URL',
  'cli.secret_variable': ({ name }: { readonly name: string }) => `the value of $${name}`,
  'cli.secret_verify_token': ({ name }: { readonly name: string }) => `the verify_token of ${name}`,
  'cli.form_as_is': 'in plain text',
  'cli.form_json': 'as JSON',
  'cli.form_percent': 'percent-encoded',
  'cli.form_base64': 'in base64',
  'cli.form_hex': 'in hex',
  'cli.bundle_refused': (found: { readonly file: string; readonly what: string; readonly form: string }) =>
    `no bundle was written: ${found.file} would contain ${found.what}, ${found.form}`,
  'cli.bundle_refused_advice':
    'remove it from its source and replace the secret: anyone who could read that file could read it',
  'cli.bundle_refused_bug':
    'if callbackd itself wrote it there, report that first, in private (CONTRIBUTING.md)',
} as const;

export const CLI_DOCTOR = {
  ...DOCTOR,
  ...HOST,
  ...SAFETY,
  ...ACCOUNT,
  ...RECEIVERS,
  ...STATE,
  ...BUNDLE,
} as const;
