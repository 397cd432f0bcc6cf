/** The events of a round, from its plan to its calls: a part of the table in `events.ts`. */

import type { LogEventSpec } from './fields.ts';

const ROUND_FIELDS = [
  'round',
  'triggers',
  'result',
  'durationMs',
  'calls',
  'applied',
  'failed',
  'skipped',
  'withheld?',
  'needDecision?',
  'unchanged?',
  'nextAt?',
  'report',
] as const;
const ROUND_FAILURE_FIELDS = [
  ...ROUND_FIELDS,
  'failure?',
  'err?',
  'advice?',
  'operation?',
  'status?',
  'code?',
  'logid?',
] as const;
const CHANGE_FIELDS = ['action', 'appKey?', 'appId?', 'reason'] as const;
const CHANGE_FAILURE_FIELDS = [
  ...CHANGE_FIELDS,
  'failure',
  'err',
  'advice?',
  'operation?',
  'status?',
  'code?',
  'logid?',
  'durationMs',
] as const;

export const ROUND_EVENTS = {
  round_started: {
    msg: 'round started',
    level: 'debug',
    fields: ['round', 'triggers'],
    meaning: 'A round began.',
    round: 'begins',
  },
  round_ended: {
    msg: 'round ended',
    level: 'info',
    fields: ROUND_FIELDS,
    meaning: 'The round made changes, and nothing is left to do.',
    round: 'ends',
  },
  round_quiet: {
    msg: 'round found nothing to do',
    level: 'debug',
    fields: ROUND_FIELDS,
    meaning: 'The account matches the configuration.',
    round: 'ends',
  },
  round_held: {
    msg: 'round ended with changes held',
    level: 'warn',
    fields: ROUND_FIELDS,
    meaning: 'Nothing failed, but changes need a decision; see `decision needed`.',
    round: 'ends',
  },
  round_cut_short: {
    msg: 'round cut short',
    level: 'info',
    fields: ROUND_FIELDS,
    meaning: 'A new configuration, a stop or a deadline ended it early. The next round does the rest.',
    round: 'ends',
  },
  round_failed: {
    msg: 'round failed',
    level: 'warn',
    fields: ROUND_FAILURE_FIELDS,
    meaning: 'A change failed, or the account could not be listed completely. The next round tries again.',
    round: 'ends',
  },
  round_blocked: {
    msg: 'round blocked',
    level: 'error',
    fields: ROUND_FAILURE_FIELDS,
    meaning:
      'No round can succeed until someone fixes the cause: the token, a permission, the disk, or a bug in callbackd.',
    round: 'ends',
  },
  round_threw: {
    msg: 'round failed unexpectedly',
    level: 'error',
    fields: ['round', 'err'],
    meaning: 'An unexpected error. The daemon keeps running and tries again; report it as a bug.',
    round: 'ends',
  },
  stood_still: {
    msg: 'process was suspended',
    level: 'warn',
    fields: ['stoodMs', 'patienceMs'],
    meaning:
      'The process was stopped, suspended or starved of CPU after the account was listed. That listing is no longer used for deletes, and the round plans again.',
  },
  round_stuck: {
    msg: 'round stuck',
    level: 'error',
    fields: ['round', 'silentMs'],
    meaning: 'The round made no progress for too long and was told to stop.',
  },
  round_abandoned: {
    msg: 'round abandoned',
    level: 'error',
    fields: ['round'],
    meaning:
      'The round did not stop when told to; `/healthz` fails until it ends. If that persists, restart the daemon.',
    round: 'ends',
  },
  plan_made: {
    msg: 'plan made',
    level: 'info',
    fields: [
      'digest',
      'create',
      'update',
      'replace',
      'delete',
      'adopt',
      'rebind',
      'forget',
      'unchanged',
      'withheld',
      'unmanaged',
    ],
    meaning: 'What this round will do.',
  },
  plan_empty: {
    msg: 'plan has no changes',
    level: 'debug',
    fields: ['digest', 'unchanged', 'withheld', 'unmanaged'],
    meaning: 'There is nothing to apply.',
  },
  decision_needed: {
    msg: 'decision needed',
    level: 'warn',
    fields: ['reason', 'held', 'appKeys', 'detail', 'release'],
    meaning:
      'Changes are held for this reason and need a decision. One line per reason; `detail` and `release` describe the first change.',
  },
  another_writer: {
    msg: 'another writer works here',
    level: 'warn',
    fields: ['appIds', 'marks'],
    meaning:
      'Apps carry the mark of another callbackd that is creating apps in this account, or crashed while it did. They are never touched; an entry with the same name is held (`another_writer`) for up to ten minutes.',
  },
  change_withheld: {
    msg: 'change held',
    level: 'debug',
    fields: ['action', 'appKey?', 'appId?', 'reason', 'detail', 'release', 'until?'],
    meaning: 'One change is held.',
  },
  change_applied: {
    msg: 'change applied',
    level: 'info',
    fields: [...CHANGE_FIELDS, 'paths', 'durationMs', 'calls', 'logid?'],
    meaning: 'The account, or the record of owned apps, was changed. `logid` belongs to the last request.',
  },
  change_failed: {
    msg: 'change failed',
    level: 'warn',
    fields: CHANGE_FAILURE_FIELDS,
    meaning: 'Retried in a later round, after a pause that grows up to 1 h.',
  },
  change_refused: {
    msg: 'change refused',
    level: 'error',
    fields: CHANGE_FAILURE_FIELDS,
    meaning:
      'It will fail again until someone fixes the cause: the values, the token, a permission, the disk, or a bug in callbackd.',
  },
  change_skipped: {
    msg: 'change skipped',
    level: 'debug',
    fields: [...CHANGE_FIELDS, 'detail'],
    meaning: 'The round ended before this change started; nothing was sent for it.',
  },
  change_warning: {
    msg: 'change needs attention',
    level: 'warn',
    fields: [...CHANGE_FIELDS, 'warning'],
    meaning:
      'The change was applied, but something needs attention: a receiver failed its preflight, or a token was not delivered.',
  },
  coze_api_call: {
    msg: 'coze api call',
    level: 'info',
    fields: [
      'operation',
      'method',
      'path',
      'status?',
      'code?',
      'logid?',
      'durationMs',
      'attempt',
      'appKey?',
      'appId?',
      'failure?',
      'err?',
      'next?',
    ],
    meaning:
      'One attempt of one request. Without `status`, no reply was received. With `failure`, `next` says what callbackd does about it.',
  },
} as const satisfies Readonly<Record<string, LogEventSpec>>;
