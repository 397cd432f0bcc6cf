/**
 * The status of a running daemon, and its commands. Decisions are written to the journal and a round follows;
 * no command touches the account by itself.
 */

import type { Clock } from '../lib/clock.ts';
import { nearestWord } from '../lib/nearest-word.ts';
import type { EventWriter } from '../log/event-log.ts';
import { type Message, message } from '../messages/message.ts';
import type { Language } from '../messages/say.ts';
import type { Pause } from '../model/desired.ts';
import { type AppKey, asAppKey } from '../model/identity.ts';
import { listPauses } from '../model/pauses.ts';
import type { RoundReport, RoundResult } from '../model/round.ts';
import { beginRotation, describeRotation } from '../plan/begin-rotation.ts';
import type { ConfigurationKeeper } from './configuration-keeper.ts';
import { type DaemonStatus, renderStatus } from './daemon-status.ts';
import type { StatusFacts } from './describe-status.ts';
import { type Approval, findApproval } from './find-approval.ts';
import type { DecisionJournal } from './ports.ts';
import type { RoundLoop } from './round-loop.ts';

/** The answer to a command. */
export type ControlResult =
  | {
      readonly ok: true;
      readonly message: Message;
      /** Of the round that followed, for a `reconcile` that waited. */
      readonly result?: RoundResult;
    }
  | { readonly ok: false; readonly message: Message };

interface PauseRequest {
  /** Absent: everything. */
  readonly key?: string;
  readonly until?: number;
  readonly because?: string;
}

export interface DaemonControl {
  /** English unless a person is to read it. */
  status(language?: Language): DaemonStatus;
  /** Reads the files again and runs a round; with `wait` it resolves when that round has ended. */
  reconcile(by: string, options: { readonly wait: boolean }): Promise<ControlResult>;
  /**
   * A one-shot grant: the digest of what a limit holds, that of a held configuration or plan, or the key of a held
   * entry. Refused where nothing of that name is held.
   */
  approve(subject: string, by: string): Promise<ControlResult>;
  pause(request: PauseRequest, by: string): Promise<ControlResult>;
  resume(key: string | undefined, by: string): Promise<ControlResult>;
  /** A new app with a new verify_token for an entry; the old one stays for the overlap. */
  rotate(key: string, overlapMs: number, by: string): Promise<ControlResult>;
}

export interface DaemonControlDeps {
  readonly loop: RoundLoop;
  readonly keeper: ConfigurationKeeper;
  readonly facts: () => StatusFacts;
  readonly reload: (trigger: 'control') => Promise<void>;
  readonly journal: DecisionJournal;
  readonly events: EventWriter;
  readonly clock: Clock;
}

export function createDaemonControl(deps: DaemonControlDeps): DaemonControl {
  const { loop, journal, events, clock } = deps;
  const log = (command: string, by: string, subject?: string): void =>
    events.write('control_used', { command, by, subject });
  return {
    status: (language) => renderStatus(deps.facts(), language),
    async reconcile(by, { wait }) {
      log('reconcile', by);
      await deps.reload('control');
      const ending = loop.requestReport('control');
      if (!wait) return accept(message('control.round_follows'));
      const report = await ending;
      return report === undefined ? refuse(message('control.stopped')) : acceptEnd(report);
    },
    async approve(subject, by) {
      log('approve', by, subject);
      if (await deps.keeper.accept(subject)) {
        loop.supersede();
        loop.request('control');
        return accept(message('control.configuration_accepted'));
      }
      const found = approvalOf(deps, subject);
      if (!found.ok) return found;
      const { granted, ids } = found;
      const grant = { subject: granted, by, at: clock.now(), ...(ids.length === 0 ? {} : { ids }) };
      await journal.commit({ type: 'granted', grant });
      loop.request('control');
      return accept(found.message);
    },
    async pause({ key: text, until, because }, by) {
      const key = text === undefined ? null : findKey(deps, text);
      if (key === undefined) return refuse(unknownKey(deps, String(text)));
      if (until !== undefined && until <= clock.now()) return refuse(message('control.pause_in_past'));
      log('pause', by, text);
      const pause: Pause = {
        by,
        ...(until === undefined ? {} : { until }),
        ...(because === undefined ? {} : { because }),
      };
      await journal.commit({ type: 'paused', key, pause });
      loop.request('control');
      return accept(key === null ? message('control.all_paused') : message('control.paused', { key }));
    },
    async resume(text, by) {
      const key = text === undefined ? null : findKey(deps, text);
      if (key === undefined) return refuse(unknownKey(deps, String(text)));
      const problem = findNotPaused(deps, key);
      if (problem !== undefined) return refuse(problem);
      log('resume', by, text);
      await journal.commit({ type: 'resumed', key });
      loop.request('control');
      return accept(key === null ? message('control.all_resumed') : message('control.resumed', { key }));
    },
    async rotate(text, overlapMs, by) {
      const key = asAppKey(text);
      const entry = deps.keeper.inForce.desired.apps.get(key);
      const wish = { by, at: clock.now(), overlapMs };
      const begun = beginRotation(key, { state: journal.state, entry }, wish);
      if (!begun.ok) return refuse(begun.problem);
      log('rotate', by, text);
      await journal.commit(begun.changes);
      loop.request('control');
      const { owned } = begun;
      return accept(describeRotation(owned, owned.rotation?.overlapMs ?? overlapMs));
    },
  };
}

function accept(answer: Message): ControlResult {
  return { ok: true, message: answer };
}

function acceptEnd({ round, result }: RoundReport): ControlResult {
  const ended = message('control.round_ended', { round, result: message(`page.result_${result}`) });
  return { ok: true, message: ended, result };
}

function refuse(reason: Message): ControlResult {
  return { ok: false, message: reason };
}

function approvalOf(deps: DaemonControlDeps, subject: string): Approval {
  const asked = findDelete(deps, subject);
  if (asked !== undefined) {
    return { ok: true, granted: asked, ids: [], message: message('control.approved', { subject: asked }) };
  }
  return findApproval(deps.loop.facts.lastPlanned?.plan, subject, () => {
    const isKnown = findKey(deps, subject) !== undefined;
    return isKnown ? message('control.not_held', { key: subject }) : unknownKey(deps, subject);
  });
}

/** Undefined where a command set a pause that can be ended. */
function findNotPaused(
  { journal, keeper, clock }: DaemonControlDeps,
  key: AppKey | null,
): Message | undefined {
  const all = keeper.inForce.settings.policy.paused;
  const pauses = listPauses({ state: journal.state, desired: keeper.inForce.desired, all }, clock.now());
  const found = pauses.filter((pause) => pause.key === key);
  if (found.some(({ from }) => from === 'command')) return undefined;
  if (key === null)
    return message(found.length > 0 ? 'control.paused_all_in_file' : 'control.nothing_paused');
  return message(found.length > 0 ? 'control.paused_in_file' : 'control.not_paused', { key });
}

function unknownKey({ keeper, journal }: DaemonControlDeps, key: string): Message {
  const near = nearestWord(key, [...keeper.inForce.desired.apps.keys(), ...journal.state.apps.keys()]);
  return message('control.unknown_key', { key, near });
}

/** What `callbackd delete ID` asks for: the end of an app that is not ours. */
function findDelete({ journal }: DaemonControlDeps, subject: string): string | undefined {
  const [, id] = /^delete:(\d{1,32})$/.exec(subject) ?? [];
  const isOurs = [...journal.state.apps.values()].some((app) => app.id === id || app.replaces === id);
  return id === undefined || isOurs ? undefined : subject;
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
