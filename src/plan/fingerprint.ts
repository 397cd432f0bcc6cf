/**
 * Fingerprints of an entry, an observed app and a plan. They cover no secret and nothing that depends on the
 * clock.
 */

import type { DesiredApp } from '../model/desired.ts';
import type { ObservedApp } from '../model/observed.ts';
import type { Change, Withheld } from '../model/plan.ts';
import type { Digest } from './plan-input.ts';

/** Everything of an entry that the operator can edit; its position in the file does not count. */
export function fingerprintEntry(entry: DesiredApp, digest: Digest): string {
  const { appType, name, connectorId, callbackUrl, events, protect, replace, was, id, ignore, paused } =
    entry;
  const { acceptDuplicates } = entry;
  return digest(
    JSON.stringify([
      ...[appType, name ?? null, connectorId ?? null, callbackUrl ?? null, events ?? null],
      ...[protect, replace, was ?? null, id ?? null, ignore],
      paused === undefined ? null : [paused.until ?? null, paused.because ?? null, paused.by ?? null],
      ...(acceptDuplicates === undefined ? [] : [acceptDuplicates]),
    ]),
  );
}

/** All data of an observed app except its secret. `events` only where they were listed. */
export function fingerprintObserved(
  app: ObservedApp,
  events: readonly string[] | undefined,
  digest: Digest,
): string {
  const { id, appType, name, mark, connectorId, callbackUrl } = app;
  return digest(
    JSON.stringify([
      ...[id, appType, name ?? null, connectorId ?? null, callbackUrl ?? null],
      events ?? null,
      ...(mark === undefined ? [] : [mark.tag, mark.nonce]),
    ]),
  );
}

/** The changes that a limit holds, by what they would do to which app. */
export function fingerprintHeld(
  endpoint: string,
  items: readonly Pick<Withheld, 'action' | 'key' | 'id'>[],
  digest: Digest,
): string {
  return digest(
    JSON.stringify(['held', endpoint, items.map(({ action, key, id }) => [action, key, id]).sort()]),
  );
}

interface PlanParts {
  readonly changes: readonly Change[];
  readonly withheld: readonly Omit<Withheld, 'release'>[];
}

/**
 * What the plan would do and what it holds. Messages and instants are left out, so that the same context
 * has the same digest a minute later and `approve` finds it again.
 */
export function fingerprintPlan(endpoint: string, parts: PlanParts, digest: Digest): string {
  const { changes, withheld } = parts;
  return digest(
    JSON.stringify([
      endpoint,
      changes.map(({ action, key, id, reason, from, steps }) => [
        ...[action, key, id, reason, from ?? null],
        steps,
      ]),
      withheld.map(({ action, key, id, reason, candidates, fields }) => [
        ...[action, key, id, reason, candidates],
        fields.map(({ path, before, after }) => [path, before, after]),
      ]),
    ]),
  );
}
