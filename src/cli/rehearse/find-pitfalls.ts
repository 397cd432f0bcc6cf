/**
 * What to expect of an operator's file, by arithmetic alone: batches of deletes, renames, and the calls of a
 * day.
 */

import { formatDuration } from '../../messages/format-duration.ts';
import { type Message, message } from '../../messages/message.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { DesiredApp } from '../../model/desired.ts';
import type { FaultFreeRun } from '../../model/drill.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const NAMED_MAX = 3;

/** The most important first. */
export function findPitfalls(
  { desired, settings }: Configuration,
  faultFree: FaultFreeRun,
): readonly Message[] {
  const apps = [...desired.apps.values()];
  return [
    describeCalls(faultFree, settings.platform.callBudgetPerDay),
    ...describeDeletes(apps.length, settings.policy),
    ...describeRenames(apps),
  ];
}

function describeCalls({ callsPerQuietRound, periodMs }: FaultFreeRun, budget: number | undefined): Message {
  const perRound = Math.ceil(callsPerQuietRound);
  const perDay = Math.ceil((DAY_MS / periodMs) * perRound);
  const calls = { perRound, perDay, period: formatDuration(periodMs) };
  if (budget === undefined) return message('cli.pitfall_calls', calls);
  return perDay > budget
    ? message('cli.pitfall_over_budget', { ...calls, budget })
    : message('cli.pitfall_within_budget', { ...calls, budget });
}

function describeDeletes(
  owned: number,
  { prune, limits }: Configuration['settings']['policy'],
): readonly Message[] {
  if (prune === 'never') return [message('cli.pitfall_never_deleted')];
  if (owned === 0) return [];
  const byShare = Math.max(1, Math.floor(limits.deletesShare * owned));
  const most = Math.min(limits.deletesPerRound, byShare, limits.deletesPerDay, Math.max(1, owned - 1));
  if (most >= owned) return [];
  const which =
    most === limits.deletesPerRound
      ? '`limits.deletes_per_round`'
      : most === limits.deletesPerDay
        ? '`limits.deletes_per_day`'
        : most === byShare
          ? '`limits.deletes_share`'
          : message('cli.pitfall_everything');
  return [
    most === 0
      ? message('cli.pitfall_no_delete', { which })
      : message('cli.pitfall_deletes', { most, owned, which }),
  ];
}

/**
 * A rename of key and name at once is only recognised by a receiver of the entry's own, or by its channel.
 */
function describeRenames(apps: readonly DesiredApp[]): readonly Message[] {
  const sharers = new Map<string, number>();
  for (const { callbackUrl = '' } of apps) sharers.set(callbackUrl, (sharers.get(callbackUrl) ?? 0) + 1);
  const blind = apps.filter(
    ({ appType, callbackUrl = '' }) =>
      appType === 'normal' && (callbackUrl === '' || (sharers.get(callbackUrl) ?? 0) > 1),
  );
  if (blind.length === 0) return [];
  const keys = blind.slice(0, NAMED_MAX).map(({ key }) => key);
  return [message('cli.pitfall_renames', { keys, more: blind.length - keys.length })];
}
