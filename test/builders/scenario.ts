/**
 * Loads a folder of test/scenarios: `config.yaml` through the real source, `observed.json` (the account and the moment),
 * `state.json` (what was recorded; absent: nothing). It answers the planner's questions as `observe/` would, and only those.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { hostFiles } from '../../src/lib/file-reader.ts';
import { sha256 } from '../../src/lib/sha256.ts';
import { say } from '../../src/messages/say.ts';
import type { DesiredApp } from '../../src/model/desired.ts';
import { type AppKey, asAppId } from '../../src/model/identity.ts';
import {
  type Evidence,
  type Listing,
  type ObservedApp,
  type ObservedState,
  type ProbeResult,
  type Questions,
  readMark,
} from '../../src/model/observed.ts';
import type { PlanResult } from '../../src/model/plan.ts';
import { Secret } from '../../src/model/secret.ts';
import { type Deleted, emptyState, type MutableState } from '../../src/model/state.ts';
import { askQuestions } from '../../src/plan/ask-questions.ts';
import { fingerprintEntry } from '../../src/plan/fingerprint.ts';
import { planChanges } from '../../src/plan/plan-changes.ts';
import type { PlanInput } from '../../src/plan/plan-input.ts';
import { loadConfiguration } from '../../src/source/load-configuration.ts';

export const SCENARIOS = path.join(import.meta.dirname, '..', 'scenarios');
const ENDPOINT = 'https://api.coze.cn';
const SECRET = 'never-to-be-seen-verify-token';

/** `observed.json`. Instants are ISO texts. */
interface ObservedFile {
  readonly about: string;
  readonly now: string;
  readonly mode?: PlanInput['mode'];
  readonly allow_deletes?: boolean;
  /** `DIGEST` stands for the digest of the plan that results without it. */
  readonly approve?: readonly string[];
  /** What a second listing would say; only used when one is asked for. */
  readonly evidence?: Evidence;
  /** How long before `now` the listing began. */
  readonly listed_ms_ago?: number;
  readonly probes?: Readonly<Record<string, ProbeResult>>;
  readonly apps: readonly {
    readonly id: string;
    readonly app_type: string;
    readonly name?: string;
    readonly connector_id?: string;
    readonly callback_url?: string;
    readonly events?: readonly string[];
  }[];
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly questions: Questions;
  readonly result: PlanResult;
}

export function listScenarios(): { readonly name: string; readonly about: string }[] {
  return readdirSync(SCENARIOS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, about: readObserved(name).about }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

export async function runScenario(name: string): Promise<Scenario> {
  const observed = readObserved(name);
  const input = await readInput(name, observed);
  const first = answer(input, observed);
  if (!observed.approve?.includes('DIGEST')) return { name, about: observed.about, ...first };
  const subjects = new Set([...input.grants.subjects, first.result.plan.digest]);
  return {
    name,
    about: observed.about,
    ...answer({ ...input, grants: { ...input.grants, subjects } }, observed),
  };
}

async function readInput(name: string, observed: ObservedFile): Promise<PlanInput> {
  const file = path.join(SCENARIOS, name, 'config.yaml');
  const loaded = await loadConfiguration({ path: file, environment: {}, files: hostFiles });
  if (!loaded.ok)
    throw new Error(`${file}: ${loaded.diagnostics.map(({ message }) => say(message)).join('; ')}`);
  const { desired, settings } = loaded.configuration;
  const apps = [...desired.apps].map(
    ([key, entry]) => [key, { ...entry, position: { ...entry.position, file: 'config.yaml' } }] as const,
  );
  const entries = new Map(apps);
  return {
    desired: { apps: entries, digest: 'digest of config.yaml' },
    state: readState(name, entries),
    policy: settings.policy,
    now: Date.parse(observed.now),
    mode: observed.mode ?? 'person',
    grants: {
      allowDeletes: observed.allow_deletes === true,
      subjects: new Set(observed.approve?.filter((subject) => subject !== 'DIGEST')),
    },
    digest: sha256,
    endpoint: ENDPOINT,
  };
}

/** Plays the observer: events only of the apps that were asked for, probes likewise, a second pass only when wanted. */
function answer(input: PlanInput, file: ObservedFile): { questions: Questions; result: PlanResult } {
  const listedAt = input.now - (file.listed_ms_ago ?? 0);
  const apps = file.apps.map(readApp).sort((left, right) => (left.id < right.id ? -1 : 1));
  const listing: Listing = { apps, pages: 1, startedAt: listedAt, endedAt: listedAt };
  const questions = askQuestions(input, listing);
  const eventsOf = new Map(file.apps.map((app) => [app.id, app.events ?? []]));
  const state: ObservedState = {
    apps: new Map(apps.map((app) => [app.id, app])),
    evidence: questions.confirmListing ? (file.evidence ?? 'confirmed') : 'complete',
    events: new Map(questions.eventsOf.map((id) => [id, eventsOf.get(id) ?? []])),
    probes: new Map(questions.probe.map((id) => [id, file.probes?.[id] ?? 'absent'])),
    listedAt,
  };
  return { questions, result: planChanges(input, state) };
}

function readApp(app: ObservedFile['apps'][number]): ObservedApp {
  return readMark({
    id: asAppId(app.id),
    appType: app.app_type,
    ...(app.name === undefined ? {} : { name: app.name }),
    ...(app.connector_id === undefined ? {} : { connectorId: app.connector_id }),
    ...(app.callback_url === undefined ? {} : { callbackUrl: app.callback_url }),
    verifyToken: new Secret(SECRET),
  });
}

function readObserved(name: string): ObservedFile {
  return JSON.parse(readFileSync(path.join(SCENARIOS, name, 'observed.json'), 'utf8'));
}

/** snake_case keys become camelCase and ISO instants milliseconds; apps, intents and the like are keyed by entry. An entry digest of ENTRY is the real one. */
function readState(name: string, entries: ReadonlyMap<AppKey, DesiredApp>): MutableState {
  const state = emptyState('lineage-of-the-scenario', ENDPOINT);
  const file = path.join(SCENARIOS, name, 'state.json');
  if (!existsSync(file)) return state;
  const recorded = JSON.parse(readFileSync(file, 'utf8'), (_, value) => reviveInstant(value));
  state.serial = 7;
  const fill = (
    part: string,
    into: Map<AppKey, unknown>,
    complete: (key: string, value: object) => unknown,
  ) => {
    for (const [key, value] of Object.entries(recorded[part] ?? {})) {
      into.set(key as AppKey, complete(key, toCamelCase(value) as object));
    }
  };
  fill('apps', state.apps, (key, app) => ({
    ...{ key, how: 'created', boundAt: 0, applied: {}, protect: false, activating: false },
    ...app,
  }));
  fill('intents', state.intents, (key, intent) => ({ key, openedAt: 0, ...intent }));
  fill('backoffs', state.backoffs, (key, backoff) => {
    const entry = entries.get(key as AppKey);
    const isCurrent = 'entryDigest' in backoff && backoff.entryDigest === 'ENTRY' && entry !== undefined;
    return isCurrent ? { ...backoff, entryDigest: fingerprintEntry(entry, sha256) } : backoff;
  });
  fill('drifts', state.drifts, (_, drifts) => Object.values(drifts));
  fill('pauses', state.pauses, (_, pause) => pause);
  for (const [id, deleted] of Object.entries(recorded.deleted ?? {})) {
    state.deleted.set(asAppId(id), deleted as Deleted);
  }
  if (recorded.paused_all !== undefined) state.pausedAll = toCamelCase(recorded.paused_all) as object;
  state.grants = recorded.grants ?? [];
  state.deletions = recorded.deletions ?? [];
  const { first_seen: firstSeen = {}, begun_deletes: begun = [], ...marks } = recorded.marks ?? {};
  const seen = Object.entries(firstSeen as Readonly<Record<string, number>>);
  state.marks = {
    ...{ ...state.marks, ...(toCamelCase(marks) as object) },
    begunDeletes: new Set((begun as readonly string[]).map(asAppId)),
    firstSeen: new Map(seen.map(([id, at]) => [asAppId(id), at])),
  };
  return state;
}

function reviveInstant(value: unknown): unknown {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? Date.parse(value) : value;
}

function toCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toCamelCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      toCamelCase(part),
    ]),
  );
}
