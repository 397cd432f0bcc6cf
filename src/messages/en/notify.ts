/** What receivers of notifications are told, and why a delivery failed. */

export const NOTIFY = {
  'notify.summary': ({ summary }: { readonly summary: string }) => `Now: ${summary}`,
  'notify.title': ({
    host,
    kind,
    endpoint,
  }: {
    readonly host: string;
    readonly kind: string;
    readonly endpoint: string;
  }) => `callbackd@${host}: ${kind} (${endpoint})`,
  'notify.kind_failing': 'a problem needs attention',
  'notify.kind_held': 'a decision is needed',
  'notify.kind_recovered': 'back to normal',
  'notify.kind_applied': 'changes were made',
  'notify.problem': ({
    subject,
    reason,
    message,
  }: {
    readonly subject: string;
    readonly reason: string;
    readonly message: string;
  }) => `- ${subject} ${reason}: ${message}`,
  'notify.logid': ({ logid }: { readonly logid: string }) => ` (logid ${logid})`,
  'notify.release': ({ release }: { readonly release: string }) => ` — to unblock: ${release}`,
  'notify.more': ({ count }: { readonly count: number }) => `and ${count} more`,
  'notify.standing': ({ count }: { readonly count: number }) => `Reported before and still open: ${count}`,
  'notify.over': ({ subject, reason }: { readonly subject: string; readonly reason: string }) =>
    `Resolved: ${subject} ${reason}`,
  'notify.applied': ({
    counts,
    keys,
  }: {
    readonly counts: readonly string[];
    readonly keys: readonly string[];
  }) => `Applied: ${counts.join(', ')} (${keys.join(', ')})`,
  'notify.configuration': 'configuration',
  'notify.round': 'round',
  'notify.file_invalid': 'it is invalid',
  'notify.file_problem': ({
    file,
    line,
    problem,
  }: {
    readonly file: string;
    readonly line: number;
    readonly problem: string;
  }) => `${file}:${line}: ${problem}`,
  'notify.http_status': ({ status }: { readonly status: number }) => `HTTP ${status}`,
  'notify.redirect': ({ status }: { readonly status: number }) =>
    `HTTP ${status}: redirects are not followed`,
  'notify.not_feishu': 'the reply does not come from Feishu',
  'notify.feishu_refused': ({ code, cause }: { readonly code: number; readonly cause: string }) =>
    `code ${code}: ${cause}`,
  'notify.feishu_9499': 'the bot does not accept this message format',
  'notify.feishu_11232': 'too many messages',
  'notify.feishu_19001': 'the bot does not exist, or its URL is wrong',
  'notify.feishu_19021': 'the signature does not match, or the clock is more than an hour off',
  'notify.feishu_19022': 'the bot does not allow the IP address of this host',
  'notify.feishu_19024': 'the bot requires a keyword that the message does not contain',
  'notify.feishu_other': 'refused',
  'notify.through_proxy': ({ reason, proxy }: { readonly reason: string; readonly proxy: string }) =>
    `${reason}, through the proxy ${proxy}`,
  'notify.tls': ({ reason, receiver }: { readonly reason: string; readonly receiver: string }) =>
    `${reason}: the certificate does not verify; for a private authority set \`ca_file\` of ${receiver} under \`notify:\`, or NODE_EXTRA_CA_CERTS`,
  'notify.unexpected': ({ error }: { readonly error: string }) => `unexpected ${error}: please report it`,
} as const;
