/**
 * The JSON routes of the status server beside its status: history, plan, recorded state, why. The documents are those of the
 * commands.
 */

import { toHistoryJson } from '../documents/history-json.ts';
import { toPlanJson } from '../documents/plan-json.ts';
import { toWhyJson } from '../documents/why-json.ts';
import { message } from '../messages/message.ts';
import { asAppKey } from '../model/identity.ts';
import { maskQueries } from '../model/secret-shapes.ts';
import { judgeReadiness } from './describe-status.ts';
import { type ExplanationSources, explainFromRound } from './explain-from-round.ts';
import { refuse, respondJson } from './respond.ts';
import type { StatusPage } from './status-handler.ts';

const LIMIT_DEFAULT = 20;
/** One answer is held in memory as a whole. */
const LIMIT_MAX = 1_000;

export interface ApiSources extends ExplanationSources {
  /** The document of the recorded state; undefined where it is not shown. */
  readonly recorded: (() => object) | undefined;
}

export function createApiPages(sources: ApiSources): Readonly<Record<string, StatusPage>> {
  return {
    async '/api/v1/history'({ query }) {
      const limit = Number(query.get('limit') ?? LIMIT_DEFAULT);
      if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) {
        return refuse(400, message('server.limit', { max: LIMIT_MAX }));
      }
      const app = query.get('app');
      const changes = await sources.history({ limit, ...(app === null ? {} : { key: asAppKey(app) }) });
      return respondJson(200, maskDeep(toHistoryJson(changes)));
    },
    '/api/v1/plan'() {
      const { facts } = sources.snapshot();
      const plan = facts.loop.lastPlanned?.plan;
      if (plan === undefined)
        return refuse(503, message('server.no_plan', { reason: judgeReadiness(facts).reason }));
      return respondJson(200, maskDeep(toPlanJson(plan)));
    },
    '/api/v1/state'() {
      return sources.recorded === undefined
        ? refuse(404, message('server.no_state'))
        : respondJson(200, maskDeep(sources.recorded()));
    },
    async '/api/v1/why'({ query }) {
      const key = query.get('app');
      if (key === null) return refuse(400, message('server.name_an_entry'));
      const story = await explainFromRound(key, sources);
      return story === undefined
        ? refuse(404, message('server.unknown_entry', { key }))
        : respondJson(200, maskDeep(toWhyJson(story)));
    },
  };
}

/** The document as anybody who reaches the status server may see it: without the values of queries. */
function maskDeep<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value), (_, member: unknown) =>
    typeof member === 'string' ? maskQueries(member) : member,
  ) as Value;
}
