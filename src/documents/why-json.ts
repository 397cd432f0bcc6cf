/** The explanation of one entry as the JSON document of schema/why.schema.json. Holds no secret. Pure. */

import { say } from '../messages/say.ts';
import type { EntryExplanation } from './explain-entry.ts';
import { toChangeJson, toWithheldJson } from './plan-json.ts';

export function formatWhyJson(story: EntryExplanation): string {
  return `${JSON.stringify(toWhyJson(story), null, 2)}\n`;
}

export function toWhyJson(story: EntryExplanation): object {
  const { desired, owned, observed, backoff, intent } = story;
  return {
    format_version: 1,
    key: story.key,
    verdict: say(story.verdict),
    position: desired?.position ?? null,
    recorded:
      owned === undefined
        ? null
        : {
            id: owned.id,
            app_type: owned.appType,
            connector_id: owned.connectorId ?? null,
            how: owned.how,
            bound_at: iso(owned.boundAt),
            protect: owned.protect,
            activating: owned.activating,
            condemned_at: owned.condemnedAt === undefined ? null : iso(owned.condemnedAt),
          },
    /** Whether the account was read; without that `observed` says nothing. */
    account_read: observed !== undefined,
    observed:
      observed == null
        ? null
        : {
            id: observed.id,
            app_type: observed.appType,
            name: observed.name ?? null,
            connector_id: observed.connectorId ?? null,
          },
    fields: story.fields.map(({ path, desired: wanted, lastApplied, observed: now }) => ({
      path,
      desired: wanted,
      last_applied: lastApplied,
      observed: now ?? null,
    })),
    changes: story.changes.map(toChangeJson),
    withheld: story.withheld.map(toWithheldJson),
    open_create_since: intent === undefined ? null : iso(intent.openedAt),
    backoff:
      backoff === undefined
        ? null
        : { until: iso(backoff.until), failures: backoff.failures, reason: backoff.reason },
    history: story.history,
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
