/** Words that the renderings of a plan, of a history and of one entry share. */

const REASONS = {
  'document.reason_new_entry': 'new entry',
  'document.reason_vanished': 'its app disappeared from the account',
  'document.reason_settled_absent': 'an earlier create did not succeed',
  'document.reason_newborn_found': 'created by an earlier request',
  'document.reason_unfinished': 'setup not finished',
  'document.reason_differs': 'differs',
  'document.reason_identity_changed': 'its type or channel changed',
  'document.reason_pinned': 'pinned by id',
  'document.reason_identical': 'already matches the entry',
  'document.reason_by_name': 'matches the entry by name',
  'document.reason_renamed_key': 'renamed',
  'document.reason_orphan': 'removed from the file',
  'document.reason_unmanaged': 'not in the file',
  'document.reason_rotation': 'a new verify_token was asked for',
  'document.reason_stray': 'created too late by callbackd',
  'document.reason_marked_name': 'still has a marked name',
  'document.reason_orphan_absent': 'removed from the file and the account',
  'document.how_created': 'created',
  'document.how_adopted': 'adopted',
  'document.how_rebound': 'rebound',
  'document.reason_code': ({ code }: { readonly code: string; readonly title: string }) => code,
  /** Stands after a code; in English the code says it. */
  'document.reason_note': (_: { readonly title: string }) => '',
  'document.renamed_from': ({ key }: { readonly key: string }) => `renamed from ${key}`,
  'document.replaced': 'replaced by the new app',
} as const;

const FIELDS = {
  'document.changed_by_file': 'the file changed',
  'document.changed_by_account': 'the account drifted',
  'document.changed_by_both': 'the file changed and the account drifted',
  'document.changed_by_new': '',
  'document.last_applied': ({ value }: { readonly value: string }) => `; last applied ${value}`,
  'document.no_value': 'nothing',
  'document.empty_list': 'none',
  'document.until': ({ instant }: { readonly instant: string }) => `until ${instant}`,
  'document.channel': ({ id }: { readonly id: string }) => `channel ${id}`,
  'document.receiver_fails': ({
    stage,
    problem,
    follows,
  }: {
    readonly stage: string;
    readonly problem: string;
    readonly follows: string;
  }) => `the receiver failed the challenge (${stage}): ${problem}; ${follows}`,
  'document.change_stops': 'the URL will not be set',
  'document.url_likely_refused': 'the platform will probably refuse the URL',
} as const;

type Action = { readonly action: string };

const VERDICTS = {
  'document.verdict_held': ({
    action,
    title,
    explanation,
  }: Action & { readonly title: string; readonly explanation: string }) =>
    `${action} is held: ${title}. ${explanation}`,
  'document.verdict_change': ({ action }: Action) => `the next round will ${action} it`,
  'document.verdict_not_read': 'the account was not read, so there is no decision',
  'document.verdict_unknown': 'neither in the file nor owned',
  'document.verdict_nothing': 'nothing to do',
  'document.verdict_in_sync': 'in sync: the account matches the file',
} as const;

export const DOCUMENTS = { ...REASONS, ...FIELDS, ...VERDICTS } as const;
