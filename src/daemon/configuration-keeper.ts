/**
 * Holds the active configuration. An invalid or held reload never replaces it, and while one is pending
 * nothing is deleted by the older configuration.
 */

import type { Clock } from '../lib/clock.ts';
import type { EventWriter } from '../log/event-log.ts';
import { message } from '../messages/message.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { diffSettings } from './diff-settings.ts';
import type { Configuration, ConfigurationResult, Configurations, Hold, JudgeReload } from './ports.ts';

/** Why the current files were rejected. */
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
  /** `last_good`: started from the copy beside the state, because the files were invalid or held at start. */
  readonly origin: 'file' | 'last_good';
  readonly digest: string;
  readonly apps: number;
  readonly loadedAt: number;
  readonly lastReload: { readonly at: number; readonly ok: boolean };
  readonly problem: ConfigurationProblem | undefined;
  /** Settings that differ from those the process started with and take effect at a restart. */
  readonly needsRestart: readonly string[];
  /** Files mounted as single files and replaced on the host since: their new content is not visible here. */
  readonly detached: readonly string[];
}

/** What to start with. `problem` and `held` say why it is the last good copy and not the files. */
export type Boot =
  | {
      readonly ok: true;
      readonly configuration: Configuration;
      readonly problem?: readonly Diagnostic[];
      readonly held?: { readonly configuration: Configuration; readonly hold: Hold };
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Fewer characters of a digest could mean another one. */
const DIGEST_PREFIX_MIN = 8;

/**
 * The configuration to start with: the files, or the last good copy where the files are invalid or a running
 * daemon would have held them. A copy for another account is not compared with the files.
 */
export function chooseBootConfiguration(
  loaded: ConfigurationResult,
  lastGood: Configuration | undefined,
  judge?: JudgeReload,
): Boot {
  if (!loaded.ok) {
    return lastGood === undefined
      ? loaded
      : { ok: true, configuration: lastGood, problem: loaded.diagnostics };
  }
  const { configuration } = loaded;
  if (lastGood === undefined || isSame(lastGood, configuration)) return { ok: true, configuration };
  if (judgeMove(lastGood, configuration) !== undefined) return { ok: true, configuration };
  const hold = judge?.(lastGood, configuration);
  if (hold === undefined) return { ok: true, configuration };
  return { ok: true, configuration: lastGood, held: { configuration, hold } };
}

export interface KeeperDeps {
  readonly configurations: Configurations;
  readonly events: EventWriter;
  readonly clock: Clock;
}

export class ConfigurationKeeper {
  readonly #deps: KeeperDeps;
  readonly #booted: Configuration;
  #current: Configuration;
  #origin: ConfigurationStanding['origin'];
  #loadedAt: number;
  #lastReload: { readonly at: number; readonly ok: boolean };
  #problem: ConfigurationProblem | undefined;
  #detached: readonly string[] = [];
  /** The held configuration, where an approval releases it. */
  #held: Configuration | undefined;
  #reading: Promise<ReloadResult> | undefined;
  #nextReading: Promise<ReloadResult> | undefined;

  constructor(boot: Extract<Boot, { ok: true }>, deps: KeeperDeps) {
    const now = deps.clock.now();
    const { problem, held } = boot;
    const isFile = problem === undefined && held === undefined;
    this.#deps = deps;
    this.#booted = boot.configuration;
    this.#current = boot.configuration;
    this.#origin = isFile ? 'file' : 'last_good';
    this.#loadedAt = now;
    this.#lastReload = { at: now, ok: problem === undefined };
    if (problem !== undefined) this.#refuse(problem);
    if (held !== undefined) this.#hold(held.configuration, held.hold, true);
  }

  /** The configuration that rounds use. */
  get inForce(): Configuration {
    return this.#problem === undefined ? this.#current : withholdDeletes(this.#current);
  }

  get standing(): ConfigurationStanding {
    return {
      origin: this.#origin,
      digest: this.#current.desired.digest,
      apps: this.#current.desired.apps.size,
      loadedAt: this.#loadedAt,
      lastReload: this.#lastReload,
      problem: this.#problem,
      detached: this.#detached,
      needsRestart: diffSettings(this.#booted.settings, this.#current.settings).needsRestart,
    };
  }

  /** Files whose mount still shows what the host replaced. */
  noteDetached(files: readonly string[]): void {
    for (const file of files.filter((name) => !this.#detached.includes(name))) {
      this.#deps.events.write('configuration_detached', { file });
    }
    this.#detached = files;
  }

  /** Reads the files again. Calls during a reading share one more, so that none gets an older result. */
  reload(): Promise<ReloadResult> {
    if (this.#reading === undefined) return this.#read();
    this.#nextReading ??= this.#reading
      .then(
        () => this.#read(),
        () => this.#read(),
      )
      .finally(() => {
        this.#nextReading = undefined;
      });
    return this.#nextReading;
  }

  /** Activates the held configuration if its digest begins with `digest`; false otherwise. */
  async accept(digest: string): Promise<boolean> {
    const held = this.#held;
    if (held === undefined || digest.length < DIGEST_PREFIX_MIN) return false;
    if (!held.desired.digest.startsWith(digest)) return false;
    await this.#putInForce(held);
    return true;
  }

  #read(): Promise<ReloadResult> {
    this.#reading = this.#judge().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #judge(): Promise<ReloadResult> {
    const { configurations, events, clock } = this.#deps;
    const loaded = await configurations.load();
    this.#lastReload = { at: clock.now(), ok: loaded.ok };
    if (!loaded.ok) {
      this.#refuse(loaded.diagnostics);
      return 'refused';
    }
    const next = loaded.configuration;
    if (isSame(this.#current, next)) {
      const wasTrouble = this.#problem !== undefined;
      this.#current = next;
      this.#endTrouble();
      events.write('configuration_unchanged', {});
      // The same entries, but deletes are no longer withheld.
      return wasTrouble ? 'changed' : 'unchanged';
    }
    const move = judgeMove(this.#booted, next);
    const hold = move ?? configurations.judge?.(this.#current, next);
    if (hold === undefined) {
      await this.#putInForce(next);
      return 'changed';
    }
    // Only a restart releases a move to another account; an approval does not.
    this.#hold(next, hold, move === undefined);
    return 'held';
  }

  #refuse(diagnostics: readonly Diagnostic[]): void {
    this.#held = undefined;
    this.#problem = { kind: 'invalid', since: this.#since('invalid'), diagnostics };
    this.#deps.events.write('configuration_refused', { problems: diagnostics });
  }

  #hold(next: Configuration, hold: Hold, releasable: boolean): void {
    const { digest } = next.desired;
    this.#held = releasable ? next : undefined;
    this.#problem = { kind: 'held', since: this.#since('held'), hold, digest, releasable };
    this.#deps.events.write('configuration_held', { reason: hold.reason, digest });
  }

  async #putInForce(next: Configuration): Promise<void> {
    const { configurations, events, clock } = this.#deps;
    this.#current = next;
    this.#loadedAt = clock.now();
    this.#endTrouble();
    const { applied, needsRestart } = diffSettings(this.#booted.settings, next.settings);
    events.write('configuration_reloaded', {
      digest: next.desired.digest,
      apps: next.desired.apps.size,
      settings: applied,
    });
    if (needsRestart.length > 0) events.write('configuration_needs_restart', { settings: needsRestart });
    try {
      await configurations.keep(next);
    } catch (error) {
      events.write('configuration_not_kept', { err: error });
    }
  }

  #endTrouble(): void {
    this.#origin = 'file';
    this.#problem = undefined;
    this.#held = undefined;
  }

  #since(kind: ConfigurationProblem['kind']): number {
    return this.#problem?.kind === kind ? this.#problem.since : this.#deps.clock.now();
  }
}

/** Holds a configuration for another account: its entries must not be applied to this one. */
function judgeMove(booted: Configuration, next: Configuration): Hold | undefined {
  const [from, to] = [booted.settings, next.settings];
  if (from.platform.baseUrl !== to.platform.baseUrl) {
    return { reason: message('daemon.base_url_changed', { url: to.platform.baseUrl }) };
  }
  if (from.stateDir === to.stateDir) return undefined;
  return { reason: message('daemon.state_dir_changed', { dir: to.stateDir }) };
}

/** The digest covers what planning depends on; settings are plain values in a fixed order. */
function isSame(left: Configuration, right: Configuration): boolean {
  return (
    left.desired.digest === right.desired.digest &&
    JSON.stringify(left.settings) === JSON.stringify(right.settings)
  );
}

/** The configuration without deletes: no orphan, no unmanaged app, no replace. */
function withholdDeletes(configuration: Configuration): Configuration {
  const { settings } = configuration;
  const { policy } = settings;
  return {
    ...configuration,
    settings: {
      ...settings,
      policy: { ...policy, prune: 'never', limits: { ...policy.limits, deletesPerRound: 0 } },
    },
  };
}
