/** What the daemon says of itself, what it answers to commands, and why it does not answer. */

import { plural } from '../plural.ts';

type Reason = { readonly reason: string };

const STATUS = {
  'daemon.healthy': 'the main loop is running',
  'daemon.stalled': ({ seconds }: { readonly seconds: number }) => `no progress for ${seconds} s`,
  'daemon.ready': ({ summary }: { readonly summary: string }) =>
    `the account has been listed completely; now: ${summary}`,
  'daemon.first_round_running': 'the first round is still running',
  'daemon.not_listed': ({ reason }: Reason) => `the account could not be listed: ${reason}`,
  'daemon.file_detached': ({ file }: { readonly file: string }) =>
    `${file} was replaced on the host, which its mount does not show: mount its folder instead`,
  'daemon.next_round': ({ time }: { readonly time: string }) => `next round ${time}`,
  'daemon.round_running': ({ round }: { readonly round: number }) => `round ${round} running`,
  'daemon.configuration_held': ({ reason }: Reason) => `configuration held (${reason})`,
  'daemon.configuration_invalid': 'configuration invalid, running on the last good one',
  'daemon.configuration_invalid_at': ({
    file,
    line,
    problem,
  }: {
    readonly file: string;
    readonly line: number;
    readonly problem: string;
  }) => `configuration invalid, running on the last good one (${file}:${line}: ${problem})`,
  'daemon.round_ended_as': ({ result }: { readonly result: string }) => `the round ended as ${result}`,
  'daemon.round_threw': ({ error }: { readonly error: string }) => `unexpected error: ${error}`,
  'daemon.round_threw_no_error': 'unexpected error without a description',
  'daemon.round_hung': 'the round hung and was abandoned',
  'daemon.base_url_changed': ({ url }: { readonly url: string }) =>
    `coze.base_url changed to ${url}: restart callbackd to use it`,
  'daemon.state_dir_changed': ({ dir }: { readonly dir: string }) =>
    `state_dir changed to ${dir}: restart callbackd to use it`,
} as const;

type Field = { readonly field: string };

/** Answers to commands over the control socket. */
const CONTROL = {
  'control.round_follows': 'a round will start',
  'control.stopped': 'callbackd stopped before the round began',
  'control.round_ended': ({ round, result }: { readonly round: number; readonly result: string }) =>
    `round ${round} ended: ${result}`,
  'control.configuration_accepted': 'the held configuration is now in use',
  'control.approved': ({ subject }: { readonly subject: string }) =>
    `${subject} is approved for one round, which starts now`,
  'control.approved_changes': ({
    action,
    count,
    subjects,
    lasts,
  }: {
    readonly action: string;
    readonly count: number;
    readonly subjects: readonly string[];
    readonly lasts: boolean;
  }) => {
    const what = plural(count, action === '' ? 'change' : action);
    const more = count > subjects.length ? ` and ${count - subjects.length} more` : '';
    const until = lasts ? ', valid for 24 h for those that are left' : '';
    return `approved: ${what} (${subjects.join(', ')}${more})${until}; a round starts now`;
  },
  'control.not_held': ({ key }: { readonly key: string }) =>
    `nothing of ${key} is held, so there is nothing to approve; see \`callbackd why ${key}\``,
  'control.not_approvable': ({ subject, release }: { readonly subject: string; readonly release: string }) =>
    `no approval releases ${subject}; instead: ${release}`,
  'control.old_digest': ({ subject }: { readonly subject: string }) =>
    `${subject} is not held any more, and no limit holds anything else; see \`callbackd status\``,
  'control.short_digest': ({ subject, least }: { readonly subject: string; readonly least: number }) =>
    `${subject} is too short for a digest: give its first ${least} characters at least`,
  'control.other_digest': ({
    subject,
    digest,
    count,
  }: {
    readonly subject: string;
    readonly digest: string;
    readonly count: number;
  }) =>
    `${subject} is not what is held now; that is ${digest} (${plural(count, 'change')}): see \`callbackd status\` first`,
  'control.unknown_key': ({ key, near }: { readonly key: string; readonly near: string | undefined }) =>
    `there is no entry with the key ${JSON.stringify(key)}${near === undefined ? '' : `; did you mean ${near}?`}`,
  'control.nothing_paused': 'there is no pause of everything; `callbackd status` lists every pause',
  'control.not_paused': ({ key }: { readonly key: string }) => `${key} is not paused`,
  'control.paused_all_in_file': 'the pause is in the file: remove `reconcile.paused`',
  'control.paused_in_file': ({ key }: { readonly key: string }) =>
    `the pause is in the file: remove \`paused:\` from the entry ${key}`,
  'control.not_duration': ({ field }: { readonly field: string }) =>
    `${JSON.stringify(field)} takes a duration such as "10m"`,
  'control.pause_in_past': 'the end of the pause is in the past',
  'control.paused': ({ key }: { readonly key: string }) => `${key} is paused`,
  'control.all_paused': 'everything is paused',
  'control.resumed': ({ key }: { readonly key: string }) => `${key} is resumed`,
  'control.all_resumed': 'everything is resumed',
  'control.status_takes_get': 'status takes GET',
  'control.takes_post': ({ path }: { readonly path: string }) => `${path} takes POST`,
  'control.no_path': ({ path }: { readonly path: string }) => `unknown path ${path}`,
  'control.missing_field': ({ field }: Field) => `the field "${field}" is missing`,
  'control.not_json': ({ error }: { readonly error: string }) => `the body is not JSON: ${error}`,
  'control.not_object': 'the body is not a JSON object',
  'control.not_text': ({ field, max }: Field & { readonly max: number }) =>
    `the field "${field}" is not a string of 1 to ${max} characters`,
  'control.not_instant': ({ field }: Field) => `the field "${field}" is not an ISO 8601 time`,
  'control.not_boolean': ({ field }: Field) => `the field "${field}" is not a boolean`,
  'control.unknown_field': ({ field }: Field) => `unknown field "${field}"`,
  'control.answered': ({ status }: { readonly status: number }) => `the daemon answered ${status}`,
} as const;

type Socket = { readonly socket: string };

/** Why no daemon answers at the control socket. */
const UNREACHABLE = {
  'control.nobody_listens': ({ socket }: Socket) =>
    `no callbackd daemon listens at ${socket}: check that it is running and that \`control.socket\` is the same`,
  'control.not_a_directory': ({ socket }: Socket) =>
    `there can be no socket at ${socket}, because a part of the path is a file: check \`control.socket\``,
  'control.daemon_gone': ({ socket }: Socket) =>
    `the daemon that created ${socket} has exited: start callbackd again`,
  'control.daemon_ended': ({ socket }: Socket) =>
    `the daemon at ${socket} exited before it answered: check its log`,
  'control.not_permitted': ({ socket }: Socket) =>
    `you are not permitted to open ${socket}: use sudo, or join the group that owns it`,
  'control.not_ours': ({ socket }: Socket) =>
    `${socket} does not belong to a callbackd daemon of this version: find its owner with \`ss -lxp\``,
} as const;

/** Answers of the status server that are no page. */
const SERVER = {
  'server.no_metrics': 'no metrics available',
  'server.no_state': 'the recorded state is not shown here (`status.state: off`)',
  'server.foreign_host': 'this server does not serve that host name',
  'server.read_only': 'this server is read-only',
  'server.foreign_page': 'this server does not answer requests from other sites',
  'server.limit': ({ max }: { readonly max: number }) => `limit takes a whole number from 1 to ${max}`,
  'server.no_plan': ({ reason }: Reason) => `there is no plan yet: ${reason}`,
  'server.name_an_entry': 'specify an entry: /api/v1/why?app=KEY',
  'server.unknown_entry': ({ key }: { readonly key: string }) =>
    `no entry ${JSON.stringify(key)} in the file, the state or the history`,
} as const;

export const DAEMON = { ...STATUS, ...CONTROL, ...UNREACHABLE, ...SERVER } as const;
