/**
 * Maps an operator's configuration to the entries and rules of a scenario, and lists where the drill deviates
 * from it.
 */

import { createSchedule } from '../daemon/cron-schedule.ts';
import { formatDuration } from '../messages/format-duration.ts';
import { type Message, message } from '../messages/message.ts';
import type { Configuration } from '../model/configuration.ts';
import type { DesiredApp } from '../model/desired.ts';
import type { Settings } from '../model/settings.ts';
import { EPOCH } from './build-world.ts';
import type { Entry, FoundApp, Rules } from './scenario.ts';

export interface DrillParts {
  readonly rules: Rules;
  readonly entries: readonly Entry[];
  readonly found: readonly FoundApp[];
  /** The longest time between two rounds of the schedule, in milliseconds. */
  readonly periodMs: number;
  readonly assumptions: readonly Message[];
}

export interface DrillInput {
  readonly configuration: Configuration;
  /** The apps of the account; only those named by pins when absent. */
  readonly account?: readonly FoundApp[];
  /** Milliseconds since the epoch; pauses that ended before are ignored. */
  readonly now: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const MINUTE_MS = 60_000;
/** Longer waits than this many rounds, or a day, are shortened. */
const ROUNDS_MAX = 300;
const TICKS = 12;
const DAILY = '0 3 * * *';

export function prepareDrill({ configuration, account, now }: DrillInput): DrillParts {
  const { settings, desired } = configuration;
  const assumptions: Message[] = [];
  const schedule = adaptSchedule(settings, assumptions);
  const apps = [...desired.apps.values()];
  const entries = apps.map((app) => toEntry(app, now));
  const pinned = entries.filter(({ id }) => id !== undefined);
  if (account === undefined && pinned.length > 0) {
    assumptions.push(message('rehearsal.account_of_pins', { pins: pinned.length }));
  }
  assumptions.push(...listAssumptions(settings, apps));
  return {
    rules: adaptRules(settings, schedule, assumptions),
    entries,
    found: account ?? pinned,
    periodMs: schedule.periodMs,
    assumptions,
  };
}

function listAssumptions({ platform, policy }: Settings, apps: readonly DesiredApp[]): Message[] {
  const receivers = new Set(apps.flatMap(({ callbackUrl }) => callbackUrl ?? []));
  return [
    message('rehearsal.without_state'),
    ...(receivers.size === 0 ? [] : [message('rehearsal.receivers_answer', { receivers: receivers.size })]),
    ...(platform.auth.kind === 'jwt' ? [message('rehearsal.token_from_file')] : []),
    ...(platform.callBudgetPerDay === undefined ? [] : [message('rehearsal.budget_not_enforced')]),
    ...(policy.paused === undefined ? [] : [message('rehearsal.pause_lifted')]),
  ];
}

interface DrillSchedule {
  readonly cron: string;
  readonly timezone: string;
  readonly periodMs: number;
}

/**
 * A schedule sparser than daily becomes daily. Without a zone it is read in UTC, so that seeds are portable.
 */
function adaptSchedule({ schedule }: Settings, assumptions: Message[]): DrillSchedule {
  const { cron, timezone = 'UTC' } = schedule;
  const periodMs = longestGap(cron, timezone);
  if (periodMs !== undefined && periodMs <= DAY_MS) return { cron, timezone, periodMs };
  assumptions.push(message('rehearsal.schedule_replaced', { cron, by: DAILY }));
  return { cron: DAILY, timezone, periodMs: DAY_MS };
}

function longestGap(cron: string, timezone: string): number | undefined {
  const schedule = createSchedule(cron, timezone);
  let at = EPOCH;
  let longest = 0;
  for (let tick = 0; tick < TICKS; tick += 1) {
    const next = schedule.next(at);
    if (next === null) return undefined;
    longest = Math.max(longest, next - at);
    at = next;
  }
  return longest;
}

function adaptRules(
  { platform, policy, debounce, tokenSinkDir }: Settings,
  { cron, timezone, periodMs }: DrillSchedule,
  assumptions: Message[],
): Rules {
  const longest = Math.max(Math.min(DAY_MS, ROUNDS_MAX * periodMs), MINUTE_MS);
  const shorten = (field: string, ms: number) => {
    if (ms <= longest) return ms;
    const [from, to] = [formatDuration(ms), formatDuration(longest)];
    assumptions.push(message('rehearsal.shortened', { field, from, to }));
    return longest;
  };
  const { limits, contested } = policy;
  return {
    adopt: policy.adopt,
    prune: policy.prune,
    deleteGraceMs: shorten('delete_grace', policy.deleteGraceMs),
    settleMs: policy.settleMs,
    ...limits,
    creates: policy.creates,
    preflight: policy.preflight,
    deliversTokens: tokenSinkDir !== undefined,
    scheduleMinutes: Math.max(1, Math.round(periodMs / MINUTE_MS)),
    eventsResyncMinutes: Math.ceil(shorten('events_resync', policy.eventsResyncMs) / MINUTE_MS),
    concurrency: platform.concurrency,
    timeoutMs: platform.timeoutMs,
    schedule: { cron, timezone },
    maxRequestsPerSecond: platform.maxRequestsPerSecond,
    contested: {
      reversals: contested.reversals,
      windowMs: shorten('contested.window', contested.windowMs),
    },
    debounce,
  };
}

function toEntry(app: DesiredApp, now: number): Entry {
  const { key, appType, name, connectorId, callbackUrl, events, was, id, ignore, paused, acceptDuplicates } =
    app;
  const isPaused = paused !== undefined && (paused.until === undefined || now < paused.until);
  return {
    key,
    appType,
    ...(name === undefined ? {} : { name }),
    ...(connectorId === undefined ? {} : { connectorId }),
    ...(callbackUrl === undefined ? {} : { callbackUrl }),
    ...(events === undefined ? {} : { events }),
    ...(app.protect ? { protect: true } : {}),
    ...(app.replace === 'allow' ? { replace: 'allow' as const } : {}),
    ...(was === undefined ? {} : { was }),
    ...(id === undefined ? {} : { id }),
    ...(ignore.length === 0 ? {} : { ignore }),
    ...(acceptDuplicates === undefined ? {} : { acceptDuplicates }),
    ...(isPaused ? { isPaused } : {}),
  };
}
