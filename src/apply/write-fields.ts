/**
 * Writes fields of an existing app. After an unknown outcome the state claims neither value, so it is no
 * drift.
 */

import { isDeepStrictEqual } from 'node:util';
import type { AppId, AppKey } from '../model/identity.ts';
import { compareText } from '../model/identity.ts';
import type { Change, FieldChange, Step } from '../model/plan.ts';
import type { AppliedFields, OwnedApp, OwnedAppPatch, ReplacedFields, StateChange } from '../model/state.ts';
import type { ApplyRound, ChangeRun } from './apply-round.ts';
import { mayHaveBeenProcessed } from './failures.ts';

/** As long as the longest `settle`: what was replaced earlier cannot be shown by a listing that lags. */
const LAG_MAX_MS = 60 * 60 * 1000;
/** Of one field. More writes within the settle time are not to be expected. */
const REPLACED_MAX = 8;

type UpdateStep = Extract<Step, { readonly do: 'update_app' }>;
type EventsStep = Extract<Step, { readonly do: 'subscribe' | 'unsubscribe' }>;

export async function updateApp(
  step: UpdateStep,
  id: AppId,
  run: ChangeRun,
  round: ApplyRound,
): Promise<void> {
  // A create that fell back to the plain name has set it already.
  const name = run.isNamed ? undefined : step.name;
  const fields = {
    ...(name === undefined ? {} : { name }),
    ...(step.callbackUrl === undefined ? {} : { callbackUrl: step.callbackUrl }),
  };
  if (Object.keys(fields).length === 0) return;
  const forget = Object.keys(fields) as (keyof AppliedFields)[];
  await write(run, round, {
    send: () => round.deps.writer.updateApp(id, fields, round.contextOf(run)),
    forget,
    before: shownBy(run.change),
    done: () => ({ ...(name === undefined ? {} : { name }), applied: fields }),
  });
  if (name !== undefined) run.nameLeft = undefined;
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
    before: run.events.length === 0 ? {} : { events: run.events },
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
    /** What the account held, as far as we know. */
    readonly before: AppliedFields;
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
  const owned = round.deps.journal.state.apps.get(key);
  const patch = request.done();
  const written = patch.applied ?? {};
  const at = round.deps.clock.now();
  const replaced = owned === undefined ? {} : addReplaced(owned, at, { before: request.before, written });
  const applied = { ...owned?.applied, ...written };
  await round.commit(changed(key, { ...patch, applied, writtenAt: at, ...replaced }));
}

/** Remembers what a write replaced: what the listing had shown, and what we had written before. */
function addReplaced(
  owned: OwnedApp,
  at: number,
  { before, written }: { readonly before: AppliedFields; readonly written: AppliedFields },
): { readonly replaced?: ReplacedFields } {
  const isRecent = owned.writtenAt !== undefined && at - owned.writtenAt < LAG_MAX_MS;
  const replaced: Record<string, readonly unknown[]> = isRecent ? { ...owned.replaced } : {};
  for (const field of Object.keys(written) as (keyof AppliedFields)[]) {
    const values = [...(replaced[field] ?? []), before[field], owned.applied[field]]
      .filter((value) => value !== undefined && !isDeepStrictEqual(value, written[field]))
      .filter((value, index, all) => all.findIndex((other) => isDeepStrictEqual(other, value)) === index);
    if (values.length > 0) replaced[field] = values.slice(-REPLACED_MAX);
    else delete replaced[field];
  }
  const isEmpty = owned.replaced === undefined && Object.keys(replaced).length === 0;
  return isEmpty ? {} : { replaced: replaced as ReplacedFields };
}

function shownBy({ fields }: Change): AppliedFields {
  const before = (path: FieldChange['path']) => fields.find((field) => field.path === path)?.before ?? null;
  const [name, callbackUrl] = [before('name'), before('callback_url')];
  return {
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof callbackUrl === 'string' ? { callbackUrl } : {}),
  };
}

function appliedTo(key: AppKey, round: ApplyRound): AppliedFields {
  return round.deps.journal.state.apps.get(key)?.applied ?? {};
}

function changed(key: AppKey, patch: OwnedAppPatch): StateChange {
  return { type: 'app_changed', key, patch };
}
