/** The summary of an account, the same wherever it stands. */

import { plural } from '../plural.ts';

interface Count {
  readonly count: number;
}

const ENTRIES = {
  'summary.line': ({ parts }: { readonly parts: readonly string[] }) => parts.join(' · '),
  'summary.failing': ({ count }: Count) => `${count} failing`,
  'summary.needs_approval': ({ count }: Count) =>
    `${plural(count, 'delete')} ${count === 1 ? 'needs' : 'need'} approval`,
  'summary.needs_decision': ({ count, action }: Count & { readonly action: string }) =>
    `${plural(count, action)} ${count === 1 ? 'needs' : 'need'} a decision`,
  'summary.deletion_scheduled': ({ count }: Count) => `${count} scheduled for deletion`,
  'summary.settling': ({ count }: Count) => `${count} waiting for the listing`,
  'summary.due': ({
    count,
    changed,
    action,
  }: Count & { readonly changed: number; readonly action: string }) => {
    const todo = `${count} to ${action}`;
    if (changed === 0) return todo;
    return count === 1 ? `${todo} and change` : `${todo}, ${changed} of them changed`;
  },
  'summary.paused': ({ count }: Count) => `${count} paused`,
  'summary.kept': ({ count }: Count) => `${count} kept on purpose`,
  'summary.in_sync': ({ count }: Count) => `${count} in sync`,
  'summary.unmanaged': ({ count }: Count) => `${count} unmanaged`,
  'summary.nothing_to_do': 'nothing to do',
} as const;

/** What is true of the whole account. */
const STANDINGS = {
  'summary.stopping': 'stopping',
  'summary.stalled': ({ seconds }: { readonly seconds: number }) => `no progress for ${seconds} s`,
  'summary.token_refused': 'the platform refuses the token',
  'summary.unreachable': ({ count, reason }: Count & { readonly reason: string }) =>
    `the account cannot be read (${plural(count, 'failed round')}: ${reason})`,
  'summary.rounds_failing': ({ count, reason }: Count & { readonly reason: string }) =>
    `${plural(count, 'failed round')} (${reason})`,
  'summary.starting': 'the account has not been read yet',
  'summary.stale': ({ since }: { readonly since: string }) => `not read since ${since}`,
  'summary.file_changed': 'the file changed and is applied next',
  'summary.paused_all': ({ until }: { readonly until: string | undefined }) =>
    until === undefined ? 'everything is paused' : `everything is paused until ${until}`,
  'summary.no_apps': 'no apps configured: add one, or run `callbackd import`',
} as const;

export const SUMMARY = { ...ENTRIES, ...STANDINGS } as const;
