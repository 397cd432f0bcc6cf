/**
 * A plan as the JSON document of schema/plan.schema.json. Equal plans give equal bytes. Holds no secret.
 * Pure.
 */

import { sha256 } from '../lib/sha256.ts';
import { say } from '../messages/say.ts';
import {
  type Change,
  type FieldChange,
  hasState,
  type Plan,
  type Step,
  UNSEEN_WITHOUT_STATE,
  type Withheld,
} from '../model/plan.ts';

export function formatPlanJson(plan: Plan): string {
  return `${JSON.stringify(toPlanJson(plan), null, 2)}\n`;
}

/**
 * The plan as a file for `apply`, with a seal over everything in it: a change of any part shows. Anybody can make a
 * seal, so it guards against mistakes and transport, not against who may write the file.
 */
export function sealPlanJson(plan: Plan): string {
  const document = toPlanJson(plan);
  return `${JSON.stringify({ ...document, seal: sealOf(document) }, null, 2)}\n`;
}

/** The seal of a document without one. */
export function sealOf(document: object): string {
  return sha256(JSON.stringify(document));
}

export function toPlanJson(plan: Plan): object {
  return {
    format_version: plan.formatVersion,
    digest: plan.digest,
    created_at: toInstant(plan.createdAt),
    expires_at: toInstant(plan.expiresAt),
    endpoint: plan.endpoint,
    evidence: plan.evidence,
    source_digest: plan.sourceDigest,
    ...(hasState(plan)
      ? { state: { lineage: plan.state.lineage, serial: plan.state.serial } }
      : { state: 'absent', unseen: UNSEEN_WITHOUT_STATE }),
    summary: plan.summary,
    changes: plan.changes.map(toChangeJson),
    withheld: plan.withheld.map(toWithheldJson),
    ...(plan.held === undefined ? {} : { held: plan.held }),
    unmanaged: plan.unmanaged.map(({ id, appType, name, mark }) => ({ id, app_type: appType, name, mark })),
  };
}

export function toChangeJson(change: Change): object {
  return {
    action: change.action,
    key: change.key,
    id: change.id,
    app_type: change.appType,
    name: change.name,
    connector_id: change.connectorId,
    reason: change.reason,
    ...(change.from === undefined ? {} : { from: change.from }),
    fields: change.fields.map(toFieldJson),
    steps: change.steps.map(toStepJson),
    destroys: change.destroys.map((loss) => say(loss)),
    protect: change.protect,
    entry_digest: change.entryDigest,
    observed_digest: change.observedDigest,
    ...(change.position === undefined ? {} : { position: change.position }),
  };
}

function toFieldJson({ path, before, after, lastApplied, changedBy }: FieldChange): object {
  return { path, before, after, last_applied: lastApplied, changed_by: changedBy };
}

function toStepJson(step: Step): object {
  switch (step.do) {
    case 'create_app': {
      const { appType, name, connectorId, mark, lookAlikes } = step;
      return {
        ...{ do: step.do, app_type: appType, name, connector_id: connectorId, mark },
        look_alikes: lookAlikes,
      };
    }
    case 'update_app':
      return { do: step.do, name: step.name, callback_url: step.callbackUrl };
    case 'check_receiver': {
      const { verdict } = step;
      if (verdict === undefined || verdict.ok) return step;
      return { ...step, verdict: { ...verdict, message: say(verdict.message) } };
    }
    default:
      return step;
  }
}

export function toWithheldJson(item: Withheld): object {
  return {
    action: item.action,
    key: item.key,
    id: item.id,
    app_type: item.appType,
    name: item.name,
    reason: item.reason,
    needs_decision: item.needsDecision,
    message: say(item.message),
    release: say(item.release),
    fields: item.fields.map(toFieldJson),
    candidates: item.candidates,
    ...(item.until === undefined ? {} : { until: toInstant(item.until) }),
    ...(item.position === undefined ? {} : { position: item.position }),
  };
}

function toInstant(at: number): string {
  return new Date(at).toISOString();
}
