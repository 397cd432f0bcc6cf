/** Words that the renderings of a plan, of a history and of one entry share. */

import { plural } from '../plural.ts';

const REASONS = {
  'document.reason_new_entry': 'new entry',
  'document.reason_vanished': 'its app is gone from the account',
  'document.reason_settled_absent': 'an earlier create came to nothing',
  'document.reason_newborn_found': 'an earlier create did succeed',
  'document.reason_unfinished': 'not all set yet',
  'document.reason_differs': 'differs',
  'document.reason_identity_changed': 'its type or channel changed',
  'document.reason_pinned': 'pinned by id',
  'document.reason_identical': 'already equals the entry',
  'document.reason_by_name': 'matches the entry',
  'document.reason_renamed_key': 'renamed',
  'document.reason_orphan': 'gone from the file',
  'document.reason_unmanaged': 'not in the file',
  'document.reason_orphan_absent': 'gone from the file and the account',
  'document.renamed_from': ({ key }: { readonly key: string }) => `renamed from ${key}`,
  'document.replaced': 'replaced by its successor',
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
  }) => `the receiver fails its challenge (${stage}): ${problem}; ${follows}`,
  'document.change_stops': 'the change will stop there',
  'document.url_likely_refused': 'the platform will likely refuse the URL',
} as const;

type Action = { readonly action: string };
type Count = { readonly count: number };

const COUNTS = {
  'document.counts': ({
    actions,
    rest,
  }: {
    readonly actions: readonly string[];
    readonly rest: readonly string[];
  }) => `${actions.join(', ') || 'nothing to do'}; ${rest.join(', ')}`,
  'document.to_do': ({ count, action }: Count & Action) => `${count} to ${action}`,
  'document.unchanged': ({ count }: Count) => `${count} unchanged`,
  'document.withheld': ({ count }: Count) => `${count} withheld`,
  'document.withheld_decisions': ({ count, decisions }: Count & { readonly decisions: number }) =>
    `${count} withheld (${plural(decisions, 'needs a decision', 'need a decision')})`,
  'document.unmanaged': ({ count }: Count) => `${count} unmanaged`,
} as const;

const VERDICTS = {
  'document.verdict_withheld': ({
    action,
    title,
    explanation,
  }: Action & { readonly title: string; readonly explanation: string }) =>
    `${action} is withheld: ${title}. ${explanation}`,
  'document.verdict_change': ({ action }: Action) => `the next round will ${action} it`,
  'document.verdict_not_read': 'the account was not read, so nothing was decided',
  'document.verdict_unknown': 'it is neither in the file nor owned',
  'document.verdict_nothing': 'nothing is to be done about it',
  'document.verdict_in_sync': 'in sync: the account holds what the file asks for',
} as const;

export const DOCUMENTS = { ...REASONS, ...FIELDS, ...COUNTS, ...VERDICTS } as const;
