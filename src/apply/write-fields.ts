/**
 * Writes fields of an existing app. After an unknown outcome the state claims neither value, so it is no
 * drift.
 */

import type { AppId, AppKey } from '../model/identity.ts';
import { compareText } from '../model/identity.ts';
import type { Step } from '../model/plan.ts';
import type { AppliedFields, OwnedAppPatch, StateChange } from '../model/state.ts';
import type { ApplyRound, ChangeRun } from './apply-round.ts';
import { mayHaveBeenProcessed } from './failures.ts';

type UpdateStep = Extract<Step, { readonly do: 'update_app' }>;
type EventsStep = Extract<Step, { readonly do: 'subscribe' | 'unsubscribe' }>;

export async function updateApp(
  step: UpdateStep,
  id: AppId,
  run: ChangeRun,
  round: ApplyRound,
): Promise<void> {
  const fields = {
    ...(step.name === undefined ? {} : { name: step.name }),
    ...(step.callbackUrl === undefined ? {} : { callbackUrl: step.callbackUrl }),
  };
  const forget = Object.keys(fields) as (keyof AppliedFields)[];
  await write(run, round, {
    send: () => round.deps.writer.updateApp(id, fields, round.contextOf(run)),
    forget,
    done: () => ({
      ...(step.name === undefined ? {} : { name: step.name }),
      applied: fields,
    }),
  });
}

export async function writeEvents(
  step: EventsStep,
  id: AppId,
  run: ChangeRun,
  round: ApplyRound,
): Promise<void> {
  const { writer, clock } = round.deps;
  const send = step.do === 'subscribe' ? writer.subscribeEvents : writer.unsubscribeEvents;
  await write(run, round, {
    send: () => send.call(writer, id, step.events, round.contextOf(run)),
    forget: ['events'],
    done: () => {
      const others = run.events.filter((event) => !step.events.includes(event));
      run.events = step.do === 'subscribe' ? [...others, ...step.events].sort(compareText) : others;
      return { applied: { events: run.events }, eventsSeenAt: clock.now() };
    },
  });
}

async function write(
  run: ChangeRun,
  round: ApplyRound,
  request: {
    readonly send: () => Promise<void>;
    readonly forget: readonly (keyof AppliedFields)[];
    readonly done: () => OwnedAppPatch;
  },
): Promise<void> {
  const { key } = run.change;
  try {
    await request.send();
  } catch (error) {
    if (key !== null && mayHaveBeenProcessed(error)) {
      const kept = Object.entries(appliedTo(key, round)).filter(
        ([field]) => !request.forget.includes(field as keyof AppliedFields),
      );
      await round.commit(changed(key, { applied: Object.fromEntries(kept) }));
    }
    throw error;
  }
  if (key === null) return;
  const patch = request.done();
  const applied = { ...appliedTo(key, round), ...patch.applied };
  await round.commit(changed(key, { ...patch, applied, writtenAt: round.deps.clock.now() }));
}

function appliedTo(key: AppKey, round: ApplyRound): AppliedFields {
  return round.deps.journal.state.apps.get(key)?.applied ?? {};
}

function changed(key: AppKey, patch: OwnedAppPatch): StateChange {
  return { type: 'app_changed', key, patch };
}
