/**
 * Holds the configuration in force. Reloads go in; what came of each goes out. A file that is broken, or that is held
 * for a person's word, never replaces a good one, and while it stands like that nothing is deleted on the word of the
 * older configuration. It never touches the account.
 */

import type { Clock } from '../lib/clock.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { diffSettings } from './diff-settings.ts';
import type { Configuration, Configurations, DaemonEvents, Hold } from './ports.ts';
import { withholdDeletes } from './withhold-deletes.ts';

/** Why the files as they are now are not in force. */
export type ConfigurationProblem =
  | { readonly kind: 'invalid'; readonly since: number; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly kind: 'held';
      readonly since: number;
      readonly hold: Hold;
      readonly digest: string;
      readonly releasable: boolean;
    };

export type ReloadResult = 'changed' | 'unchanged' | 'refused' | 'held';

export interface ConfigurationStanding {
  /** `last_good`: started from the copy beside the state, because the files were broken at boot. */
  readonly origin: 'file' | 'last_good';
  readonly digest: string;
  readonly apps: number;
  readonly loadedAt: number;
  readonly lastReload: { readonly at: number; readonly ok: boolean };
  readonly problem: ConfigurationProblem | undefined;
  /** Settings in the file that differ from those the process was started with and cannot be taken over. */
  readonly needsRestart: readonly string[];
}

export interface ConfigurationKeeper {
  /** What rounds go by. */
  readonly inForce: Configuration;
  readonly standing: ConfigurationStanding;
  /** Reads the files again. Calls made meanwhile share one more reading. */
  reload(): Promise<ReloadResult>;
  /** Takes over a held configuration whose digest begins with `digest`; false when none is held under it. */
  accept(digest: string): Promise<boolean>;
}

export type Boot =
  | { readonly ok: true; readonly configuration: Configuration; readonly problem?: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Fewer characters of a digest could mean another one. */
const DIGEST_PREFIX_MIN = 8;

/** The configuration to start with: the files, or, when they are broken, the last good copy. */
export async function loadBootConfiguration(configurations: Configurations): Promise<Boot> {
  const loaded = await configurations.load();
  if (loaded.ok) return loaded;
  const lastGood = await configurations.loadLastGood();
  if (lastGood === undefined) return loaded;
  return { ok: true, configuration: lastGood, problem: loaded.diagnostics };
}

export function createConfigurationKeeper(
  boot: Extract<Boot, { ok: true }>,
  deps: { readonly configurations: Configurations; readonly events: DaemonEvents; readonly clock: Clock },
): ConfigurationKeeper {
  const { configurations, events, clock } = deps;
  const bootedAt = clock.now();
  let current = boot.configuration;
  let origin: ConfigurationStanding['origin'] = boot.problem === undefined ? 'file' : 'last_good';
  let loadedAt = bootedAt;
  let lastReload = { at: bootedAt, ok: boot.problem === undefined };
  let problem: ConfigurationProblem | undefined =
    boot.problem === undefined ? undefined : { kind: 'invalid', since: bootedAt, diagnostics: boot.problem };
  let held: Configuration | undefined;
  let reading: Promise<ReloadResult> | undefined;
  let nextReading: Promise<ReloadResult> | undefined;

  const takeOver = async (next: Configuration): Promise<void> => {
    current = next;
    origin = 'file';
    problem = undefined;
    held = undefined;
    loadedAt = clock.now();
    events.report({
      type: 'configuration_reloaded',
      digest: next.desired.digest,
      apps: next.desired.apps.size,
    });
    const { needsRestart } = diffSettings(boot.configuration.settings, next.settings);
    if (needsRestart.length > 0)
      events.report({ type: 'configuration_needs_restart', settings: needsRestart });
    try {
      await configurations.keep(next);
    } catch (error) {
      events.report({ type: 'configuration_not_kept', error });
    }
  };

  const judge = async (): Promise<ReloadResult> => {
    const loaded = await configurations.load();
    const at = clock.now();
    lastReload = { at, ok: loaded.ok };
    if (!loaded.ok) {
      held = undefined;
      problem = { kind: 'invalid', since: sinceOf(problem, 'invalid', at), diagnostics: loaded.diagnostics };
      events.report({ type: 'configuration_refused', diagnostics: loaded.diagnostics });
      return 'refused';
    }
    const next = loaded.configuration;
    if (isSame(current, next)) {
      const wasTrouble = problem !== undefined;
      origin = 'file';
      problem = undefined;
      held = undefined;
      events.report({ type: 'configuration_unchanged' });
      return wasTrouble ? 'changed' : 'unchanged';
    }
    const moved = judgeMove(boot.configuration, next);
    const hold = moved ?? configurations.judge?.(current, next);
    if (hold === undefined) {
      await takeOver(next);
      return 'changed';
    }
    // Only a restart releases a move; a person's word must not.
    held = moved === undefined ? next : undefined;
    problem = {
      kind: 'held',
      since: sinceOf(problem, 'held', at),
      hold,
      digest: next.desired.digest,
      releasable: held !== undefined,
    };
    events.report({ type: 'configuration_held', reason: hold.reason, digest: next.desired.digest });
    return 'held';
  };

  const read = (): Promise<ReloadResult> => {
    reading = judge().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  return {
    get inForce() {
      return problem === undefined ? current : withholdDeletes(current);
    },
    get standing() {
      return {
        origin,
        digest: current.desired.digest,
        apps: current.desired.apps.size,
        loadedAt,
        lastReload,
        problem,
        needsRestart: diffSettings(boot.configuration.settings, current.settings).needsRestart,
      };
    },
    reload() {
      if (reading === undefined) return read();
      nextReading ??= reading.then(read, read).finally(() => {
        nextReading = undefined;
      });
      return nextReading;
    },
    async accept(digest) {
      if (held === undefined || digest.length < DIGEST_PREFIX_MIN) return false;
      if (!held.desired.digest.startsWith(digest)) return false;
      await takeOver(held);
      return true;
    },
  };
}

function sinceOf(
  problem: ConfigurationProblem | undefined,
  kind: ConfigurationProblem['kind'],
  now: number,
): number {
  return problem?.kind === kind ? problem.since : now;
}

/** Entries meant for another account must not be applied to the one this process is connected to. */
function judgeMove(booted: Configuration, next: Configuration): Hold | undefined {
  const [from, to] = [booted.settings, next.settings];
  if (from.platform.baseUrl !== to.platform.baseUrl) {
    return { reason: `coze.base_url changed to ${to.platform.baseUrl}: restart callbackd to move there` };
  }
  if (from.stateDir === to.stateDir) return undefined;
  return { reason: `state_dir changed to ${to.stateDir}: restart callbackd to move there` };
}

/** The digest covers what bears on planning; the settings beside it are plain values in a fixed order. */
function isSame(left: Configuration, right: Configuration): boolean {
  return (
    left.desired.digest === right.desired.digest &&
    JSON.stringify(left.settings) === JSON.stringify(right.settings)
  );
}
