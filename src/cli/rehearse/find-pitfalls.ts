/** What an operator's file is in for, by arithmetic alone: batches of deletes, renames, and the calls of a day. Pure. */

import { formatDuration } from '../../messages/format-duration.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { DesiredApp } from '../../model/desired.ts';
import type { CalmRun } from '../../model/drill.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const NAMED_MAX = 3;

/** Sentences, the most important first. */
export function findPitfalls({ desired, settings }: Configuration, calm: CalmRun): readonly string[] {
  const apps = [...desired.apps.values()];
  return [
    ...describeCalls(calm, settings.platform.callBudgetPerDay),
    ...describeDeletes(apps.length, settings.policy),
    ...describeRenames(apps),
  ];
}

function describeCalls({ callsPerQuietRound, periodMs }: CalmRun, budget: number | undefined): string[] {
  const perRound = Math.ceil(callsPerQuietRound);
  const perDay = Math.ceil((DAY_MS / periodMs) * perRound);
  const usual =
    `With nothing to do a round makes ${perRound} call${perRound === 1 ? '' : 's'}, ` +
    `which is about ${perDay} a day, one round every ${formatDuration(periodMs)}`;
  if (budget === undefined) return [`${usual}.`];
  return perDay > budget
    ? [`${usual}: more than \`call_budget.per_day\` of ${budget}. Make the schedule sparser or raise it.`]
    : [`${usual}, of the ${budget} of \`call_budget.per_day\`.`];
}

function describeDeletes(
  owned: number,
  { prune, limits }: Configuration['settings']['policy'],
): readonly string[] {
  if (prune === 'never') return ['Nothing is ever deleted: `prune: never`.'];
  if (owned === 0) return [];
  const byShare = Math.max(1, Math.floor(limits.deletesShare * owned));
  const most = Math.min(limits.deletesPerRound, byShare, limits.deletesPerDay, Math.max(1, owned - 1));
  const which =
    most === limits.deletesPerRound
      ? '`limits.deletes_per_round`'
      : most === limits.deletesPerDay
        ? '`limits.deletes_per_day`'
        : most === byShare
          ? '`limits.deletes_share`'
          : 'that everything would go';
  if (most >= owned) return [];
  return [
    most === 0
      ? `No delete is done without approval, because of ${which}.`
      : `Removing more than ${most} of the ${owned} entries at once waits for approval, because of ${which}.`,
  ];
}

/** A rename of key and name at once is only recognised by a receiver of the entry's own, or by its channel. */
function describeRenames(apps: readonly DesiredApp[]): readonly string[] {
  const sharers = new Map<string, number>();
  for (const { callbackUrl = '' } of apps) sharers.set(callbackUrl, (sharers.get(callbackUrl) ?? 0) + 1);
  const blind = apps.filter(
    ({ appType, callbackUrl = '' }) =>
      appType === 'normal' && (callbackUrl === '' || (sharers.get(callbackUrl) ?? 0) > 1),
  );
  if (blind.length === 0) return [];
  const named = blind.slice(0, NAMED_MAX).map(({ key }) => key);
  const more = blind.length > named.length ? ` and ${blind.length - named.length} more` : '';
  return [
    `A new key together with a new name is not recognised as a rename for ${named.join(', ')}${more}, which ` +
      'have no `callback_url` of their own: the app would be deleted and made again. Write `was:`.',
  ];
}
