/**
 * Creates the parts of the daemon: loop, configuration keeper, control, status. Nothing runs yet when this
 * returns.
 */

import type { Clock } from '../lib/clock.ts';
import type { EventWriter } from '../log/event-log.ts';
import { type Message, message } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import { listPauses } from '../model/pauses.ts';
import type { Change } from '../model/plan.ts';
import type { RoundReport } from '../model/round.ts';
import { judgeFiles } from '../reconcile/judge-files.ts';
import type { AccountView } from './account-view.ts';
import { type Boot, ConfigurationKeeper } from './configuration-keeper.ts';
import { createDaemonControl, type DaemonControl } from './daemon-control.ts';
import { describeStatus, type StatusFacts } from './describe-status.ts';
import { createZoneReader, type ZoneReader } from './local-time.ts';
import type {
  CallsToday,
  Configuration,
  Configurations,
  DecisionJournal,
  LogStanding,
  Notifier,
  Rounds,
} from './ports.ts';
import { RoundLoop } from './round-loop.ts';
import { createProgressMonitor, type ProgressMonitor } from './systemd-notifier.ts';

export interface DaemonDeps {
  /** From `chooseBootConfiguration`. */
  readonly boot: Extract<Boot, { ok: true }>;
  readonly configurations: Configurations;
  readonly rounds: Rounds;
  readonly journal: DecisionJournal;
  readonly notifier: Notifier;
  readonly events: EventWriter;
  readonly clock: Clock;
  readonly random: () => number;
  readonly version: string;
  readonly callsToday: () => CallsToday;
  /** Follows the plan of a round while it is applied; without it the last round's counts until the next one ended. */
  readonly view?: Pick<AccountView, 'plan' | 'outcomes'>;
  /** When the token ends, where somebody said so. */
  readonly tokenExpiresAt?: () => number | undefined;
  readonly log: () => LogStanding;
}

/** The daemon at one instant. */
export interface DaemonSnapshot {
  readonly facts: StatusFacts;
  /** The configuration that rounds use. */
  readonly configuration: Configuration;
}

export interface DaemonParts {
  readonly loop: RoundLoop;
  readonly progress: ProgressMonitor;
  readonly control: DaemonControl;
  facts(): StatusFacts;
  snapshot(): DaemonSnapshot;
  /** Reads the files again and requests a round when they changed. Never rejects. */
  reload(trigger: ReloadTrigger): Promise<void>;
  /** Files whose mount still shows what the host replaced. */
  onDetached(files: readonly string[]): void;
  stop(): void;
}

type ReloadTrigger = 'file' | 'signal' | 'control';

export function createDaemonParts(deps: DaemonDeps): DaemonParts {
  const { clock, journal, notifier, boot } = deps;
  const startedAt = clock.now();
  let isStopping = false;
  const progress = createProgressMonitor(clock);
  const keeper = new ConfigurationKeeper(boot, deps);
  const configuration = () => keeper.inForce;
  const readZone = createZoneReaders();
  const facts = (): StatusFacts => ({
    version: deps.version,
    callsToday: deps.callsToday(),
    tokenExpiresAt: deps.tokenExpiresAt?.(),
    log: deps.log(),
    endpoint: journal.state.endpoint,
    startedAt,
    now: clock.now(),
    aheadMs: Math.round((clock.wall?.() ?? clock.now()) - clock.now()),
    zone: readZone(keeper.inForce.settings.schedule.timezone),
    loop: loop.facts,
    configuration: keeper.standing,
    isStalled: progress.isStalled,
    silentMs: progress.silentMs,
    isStopping,
    pauses: listPauses(
      {
        state: journal.state,
        desired: keeper.inForce.desired,
        all: keeper.inForce.settings.policy.paused,
      },
      clock.now(),
    ),
    seen: seenOf(deps.view, loop.facts.lastPlanned),
  });
  const onChange = () => void notifier.status(say(describeStatus(facts())));
  const mayDelete = (made: Configuration, change: Change) => judgeDelete(change, made, { keeper, ...deps });
  const loop: RoundLoop = new RoundLoop({ ...deps, progress, configuration, mayDelete, onChange });
  const reload = createReload(deps, { keeper, loop, facts });
  return {
    loop,
    progress,
    control: createDaemonControl({ ...deps, keeper, loop, facts, reload }),
    facts,
    snapshot: () => ({ facts: facts(), configuration: keeper.inForce }),
    reload,
    onDetached: (files) => keeper.noteDetached(files),
    stop() {
      isStopping = true;
      loop.stop();
    },
  };
}

/** The round that runs, else how the last one that planned ended. */
function seenOf(view: DaemonDeps['view'], lastPlanned: RoundReport | null): StatusFacts['seen'] {
  if (view?.plan !== undefined) return { plan: view.plan, outcomes: [...view.outcomes.values()] };
  return { plan: lastPlanned?.plan, outcomes: lastPlanned?.outcomes ?? [] };
}

function createReload(
  { notifier, events }: DaemonDeps,
  parts: { keeper: ConfigurationKeeper; loop: RoundLoop; facts: () => StatusFacts },
): (trigger: ReloadTrigger) => Promise<void> {
  const { keeper, loop, facts } = parts;
  return async (trigger) => {
    if (trigger === 'signal') await notifier.reloading();
    let hasChanged = false;
    try {
      hasChanged = (await keeper.reload()) === 'changed';
    } catch (error) {
      events.write('loop_failed', { err: error });
    }
    if (hasChanged) loop.supersede();
    // A file that was merely touched is no reason for a round; SIGHUP always is.
    if (hasChanged || trigger === 'signal') loop.request(trigger);
    if (trigger === 'signal') await notifier.ready(say(describeStatus(facts())));
    else await notifier.status(say(describeStatus(facts())));
  };
}

/**
 * Zone readers by name, the last one kept: the zone hardly ever changes, and each costs a fifth of a
 * millisecond.
 */
function createZoneReaders(): (timezone: string | undefined) => ZoneReader {
  let last: { readonly timezone: string | undefined; readonly zone: ZoneReader } | undefined;
  return (timezone) => {
    if (last === undefined || last.timezone !== timezone)
      last = { timezone, zone: createZoneReader(timezone) };
    return last.zone;
  };
}

/** Why the delete must not leave; undefined lets it pass. `made`: the configuration it was planned on. */
async function judgeDelete(
  change: Change,
  made: Configuration,
  {
    keeper,
    configurations,
  }: { readonly keeper: ConfigurationKeeper; readonly configurations: Configurations },
): Promise<Message | undefined> {
  const refused = judgeStanding(keeper);
  if (refused !== undefined) return refused;
  const { judge } = configurations;
  const now = await configurations.look(made);
  return (
    judgeFiles(change, { made, now, ...(judge === undefined ? {} : { judge }) }) ?? judgeStanding(keeper)
  );
}

/** What is known already, without a look at the files. */
function judgeStanding(keeper: ConfigurationKeeper): Message | undefined {
  const { problem } = keeper.standing;
  if (problem === undefined) return undefined;
  return message(problem.kind === 'invalid' ? 'apply.files_invalid' : 'apply.files_held');
}
