/**
 * What may be asked of a running daemon, as plain calls: its status for everyone, and what changes something for the
 * control socket. Decisions go to the journal and a round follows; no call touches the account by itself.
 */

import type { Clock } from '../lib/clock.ts';
import type { Pause } from '../model/desired.ts';
import { type AppKey, asAppKey } from '../model/identity.ts';
import type { RoundResult } from '../model/round.ts';
import type { ConfigurationKeeper } from './configuration-keeper.ts';
import { type DaemonStatus, renderStatus } from './daemon-status.ts';
import type { StatusFacts } from './describe-status.ts';
import type { DaemonEvents, DecisionJournal } from './ports.ts';
import type { RoundLoop } from './round-loop.ts';

/** What came of a command. `message` is a sentence for the person who gave it. */
export type ControlResult =
  | {
      readonly ok: true;
      readonly message: string /** Of the round that followed, for a `reconcile` that waited. */;
      readonly result?: RoundResult;
    }
  | { readonly ok: false; readonly message: string };

interface PauseRequest {
  /** Absent: everything. */
  readonly key?: string;
  readonly until?: number;
  readonly because?: string;
}

export interface DaemonControl {
  status(): DaemonStatus;
  /** Reads the files again and runs a round; with `wait` it resolves when that round has ended. */
  reconcile(by: string, options: { readonly wait: boolean }): Promise<ControlResult>;
  /** A one-shot grant: the digest of the plan in force, the digest of a held configuration, or an entry's key. */
  approve(subject: string, by: string): Promise<ControlResult>;
  pause(request: PauseRequest, by: string): Promise<ControlResult>;
  resume(key: string | undefined, by: string): Promise<ControlResult>;
}

export interface DaemonControlDeps {
  readonly loop: RoundLoop;
  readonly keeper: ConfigurationKeeper;
  readonly facts: () => StatusFacts;
  readonly reload: (trigger: 'control') => Promise<void>;
  readonly journal: DecisionJournal;
  readonly events: DaemonEvents;
  readonly clock: Clock;
}

/** Fewer characters of a digest could mean another plan. */
const DIGEST_PREFIX_MIN = 8;

export function createDaemonControl(deps: DaemonControlDeps): DaemonControl {
  const { loop, journal, events, clock } = deps;
  return {
    status: () => renderStatus(deps.facts()),
    async reconcile(by, { wait }) {
      events.report({ type: 'control_used', command: 'reconcile', by });
      await deps.reload('control');
      const ending = loop.requestReport('control');
      if (!wait) return { ok: true, message: 'a round follows' };
      const report = await ending;
      if (report === undefined) return { ok: false, message: 'callbackd stopped before the round began' };
      return { ok: true, message: `round ${report.round} ended: ${report.result}`, result: report.result };
    },
    async approve(subject, by) {
      events.report({ type: 'control_used', command: 'approve', by, subject });
      if (await deps.keeper.accept(subject)) {
        loop.supersede();
        loop.request('control');
        return { ok: true, message: 'the held configuration is in force' };
      }
      const granted = findSubject(deps, subject);
      if (granted === undefined) return { ok: false, message: refuseSubject(subject) };
      await journal.commit({ type: 'granted', grant: { subject: granted, by, at: clock.now() } });
      loop.request('control');
      return { ok: true, message: `${granted} is approved once; a round follows` };
    },
    async pause(request, by) {
      const { key: text, until, because } = request;
      const key = text === undefined ? null : findKey(deps, text);
      if (key === undefined) return { ok: false, message: refuseKey(text) };
      if (until !== undefined && until <= clock.now()) {
        return { ok: false, message: 'the pause would end in the past' };
      }
      events.report({
        type: 'control_used',
        command: 'pause',
        by,
        ...(text === undefined ? {} : { subject: text }),
      });
      const pause: Pause = {
        by,
        ...(until === undefined ? {} : { until }),
        ...(because === undefined ? {} : { because }),
      };
      await journal.commit({ type: 'paused', key, pause });
      loop.request('control');
      return { ok: true, message: `${text ?? 'everything'} is paused` };
    },
    async resume(text, by) {
      const key = text === undefined ? null : findKey(deps, text);
      if (key === undefined) return { ok: false, message: refuseKey(text) };
      events.report({
        type: 'control_used',
        command: 'resume',
        by,
        ...(text === undefined ? {} : { subject: text }),
      });
      await journal.commit({ type: 'resumed', key });
      loop.request('control');
      return { ok: true, message: `${text ?? 'everything'} is resumed` };
    },
  };
}

/** The full digest of the last plan, or a known key. */
function findSubject(deps: DaemonControlDeps, subject: string): string | undefined {
  const digest = deps.loop.facts.lastPlanned?.plan?.digest;
  if (subject.length >= DIGEST_PREFIX_MIN && digest?.startsWith(subject)) return digest;
  return findKey(deps, subject);
}

/** A key of an entry, or of something callbackd owns, has paused or holds back. */
function findKey({ keeper, journal, loop }: DaemonControlDeps, text: string): AppKey | undefined {
  const key = asAppKey(text);
  const { state } = journal;
  const withheld = loop.facts.lastPlanned?.plan?.withheld ?? [];
  const isKnown =
    keeper.inForce.desired.apps.has(key) ||
    state.apps.has(key) ||
    state.pauses.has(key) ||
    withheld.some((held) => held.key === key);
  return isKnown ? key : undefined;
}

function refuseSubject(subject: string): string {
  return `${JSON.stringify(subject)} is neither the digest of the plan in force nor a known key; see \`callbackd status\``;
}

function refuseKey(key: string | undefined): string {
  return `there is no app with the key ${JSON.stringify(key)}`;
}
