/**
 * How long planning takes, and that it grows linearly: the built planner over accounts of growing size, in
 * two situations.
 */

import { sha256 } from '../out/modules/lib/sha256.js';
import { emptyState } from '../out/modules/model/state.js';
import { askQuestions } from '../out/modules/plan/ask-questions.js';
import { planChanges } from '../out/modules/plan/plan-changes.js';

const NOW = Date.UTC(2026, 5, 1);
const SIZES = [1_000, 10_000];
const EVENTS = ['bot.deleted', 'bot.published'];
const position = { file: 'callbackd.yaml', line: 1, column: 1 };
const policy = {
  adopt: 'identical',
  prune: 'owned',
  deleteGraceMs: 600_000,
  limits: { deletesPerRound: 5, deletesShare: 0.3, deletesPerDay: 20, missingShare: 0.3 },
  settleMs: 10_000,
  contested: { reversals: 3, windowMs: 3_600_000 },
  eventsResyncMs: 21_600_000,
  preflight: 'warn',
  deliversTokens: false,
};
const idOf = (index) => String(7_512_000_000_000_000_000n + BigInt(index));
const nameOf = (index) => `订单回调应用 ${index}`;
const urlOf = (index) => `https://hooks.example.com/coze/${index}`;

/** Everything owned; one app in a hundred has drifted, the rest is in line. */
function drifted(size) {
  const state = emptyState('bench', 'https://api.coze.cn');
  const desired = new Map();
  const apps = new Map();
  for (let index = 0; index < size; index += 1) {
    const key = `app-${String(index).padStart(6, '0')}`;
    const [id, name, callbackUrl] = [idOf(index), nameOf(index), urlOf(index)];
    desired.set(key, makeEntry(key, index));
    const applied = { name, callbackUrl, events: EVENTS };
    const owned = { key, id, appType: 'normal', name, how: 'created', boundAt: 0, applied };
    state.apps.set(key, { ...owned, eventsSeenAt: NOW, protect: false, activating: false });
    apps.set(id, {
      id,
      appType: 'normal',
      name,
      callbackUrl: index % 100 === 0 ? urlOf('drift') : callbackUrl,
    });
  }
  return { state, desired, apps };
}

/** Nothing owned, an account full of strangers: every entry is to be created. */
function fresh(size) {
  const { desired, apps } = drifted(size);
  const strangers = [...apps.values()].map((app) => [app.id, { ...app, name: `stranger ${app.id}` }]);
  return { state: emptyState('bench', 'https://api.coze.cn'), desired, apps: new Map(strangers) };
}

function makeEntry(key, index) {
  const entry = { key, appType: 'normal', name: nameOf(index), callbackUrl: urlOf(index), events: EVENTS };
  return { ...entry, protect: false, replace: 'withhold', ignore: [], position };
}

function measure({ state, desired, apps }) {
  const input = {
    ...{ desired: { apps: desired, digest: 'bench' }, state, policy, now: NOW, mode: 'daemon' },
    grants: { allowDeletes: false, subjects: new Set() },
    digest: sha256,
    endpoint: 'https://api.coze.cn',
  };
  const listing = { apps: [...apps.values()], pages: 1, startedAt: NOW, endedAt: NOW };
  const before = process.cpuUsage();
  const questions = askQuestions(input, listing);
  const events = new Map(questions.eventsOf.map((id) => [id, EVENTS]));
  const observed = { apps, evidence: 'complete', events, probes: new Map(), listedAt: NOW };
  const { plan } = planChanges(input, observed);
  const { user, system } = process.cpuUsage(before);
  if (plan.changes.length === 0) throw new Error('nothing was planned');
  return { cpuMs: (user + system) / 1e3 };
}

/** CPU ms (user + system) of askQuestions and planChanges, by situation and size; the best of three. */
export function measurePlanning() {
  return [
    { situation: '1 % drifted', build: drifted },
    { situation: 'all to be created', build: fresh },
  ].flatMap(({ situation, build }) =>
    SIZES.map((size) => {
      const world = build(size);
      const runs = [1, 2, 3].map(() => measure(world));
      const cpuMs = Math.min(...runs.map((run) => run.cpuMs));
      return { situation, size, cpuMs, usPerEntry: (cpuMs * 1_000) / size };
    }),
  );
}
