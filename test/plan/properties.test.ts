/** What holds for every plan, whatever the configuration, the account and the record say. A failure prints its seed. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPlanJson } from '../../src/documents/plan-json.ts';
import { say } from '../../src/messages/say.ts';
import type { DesiredApp } from '../../src/model/desired.ts';
import type { AppId } from '../../src/model/identity.ts';
import type { ObservedState } from '../../src/model/observed.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import type { Policy } from '../../src/model/settings.ts';
import type { MutableState } from '../../src/model/state.ts';
import { normaliseUrl } from '../../src/plan/compare-url.ts';
import { diffApp } from '../../src/plan/diff-app.ts';
import { isKnownType } from '../../src/plan/identify-app.ts';
import { planChanges } from '../../src/plan/plan-changes.ts';
import type { PlanInput } from '../../src/plan/plan-input.ts';
import { createModelAccount, type ModelAccount } from '../builders/model-account.ts';
import { MINUTE, NOW, planInput, planOn } from '../builders/plan-world.ts';
import {
  type ArbitraryAccount,
  arbitraryAccount,
  arbitraryEntries,
  arbitraryPolicy,
  arbitraryState,
} from './arbitrary-worlds.ts';

const DAY = 24 * 60 * MINUTE;
const RUNS = { numRuns: 400 };
const mode = fc.constantFrom('person' as const, 'daemon' as const);

interface World {
  readonly entries: readonly DesiredApp[];
  readonly account: ArbitraryAccount;
  readonly state: MutableState;
  readonly policy: Policy;
  readonly mode: PlanInput['mode'];
}

const world: fc.Arbitrary<World> = fc.record({
  ...{ entries: arbitraryEntries, account: arbitraryAccount, state: arbitraryState },
  ...{ policy: arbitraryPolicy, mode },
});

function inputOf({ entries, state, policy, mode: who }: World, now = NOW): PlanInput {
  return planInput({ entries, state, policy }, { now, mode: who });
}

/** The account as the model holds it, ready to be applied to. */
function modelOf({ account, state }: World): ModelAccount {
  const model = createModelAccount(state, NOW);
  for (const app of account.apps) model.apps.set(app.id, app);
  for (const [appId, events] of account.events) model.events.set(appId, events);
  return model;
}

function planModel(model: ModelAccount, situation: World, entries = situation.entries) {
  const input = planInput(
    { entries, state: model.state, policy: situation.policy },
    { now: model.now, mode: situation.mode },
  );
  return planOn(input, { apps: [...model.apps.values()], events: model.events });
}

const deletesOf = (plan: Plan): AppId[] =>
  plan.changes.flatMap(({ steps }) => steps.flatMap((step) => (step.do === 'delete_app' ? [step.id] : [])));
const shape = ({ action, key, id, reason, steps }: Change) => ({ action, key, id, reason, steps });

describe('every plan', () => {
  it('is the same, byte for byte, in whatever order the account and the record come', () => {
    const property = fc.property(world, fc.infiniteStream(fc.nat()), (situation, random) => {
      const input = inputOf(situation);
      const shuffled: MutableState = {
        ...situation.state,
        apps: new Map(shuffle([...situation.state.apps], random)),
        intents: new Map(shuffle([...situation.state.intents], random)),
      };
      const apps = shuffle(situation.account.apps, random);
      const one = planOn(input, situation.account);
      const two = planOn({ ...input, state: shuffled }, { ...situation.account, apps });
      expect(formatPlanJson(two.plan)).toBe(formatPlanJson(one.plan));
    });
    fc.assert(property, RUNS);
  });

  it('keeps its digest when only time passes and nothing else falls due', () => {
    const property = fc.property(world, fc.integer({ min: 1, max: 900 }), (situation, later) => {
      const quiet = { ...situation, mode: 'person' as const };
      const one = planOn(inputOf(quiet), { ...situation.account, listedAt: NOW });
      const two = planOn(inputOf(quiet, NOW + later), { ...situation.account, listedAt: NOW });
      expect(two.plan.digest).toBe(one.plan.digest);
    });
    fc.assert(property, RUNS);
  });

  it('follows from the answers it asked for: knowing more would not change it', () => {
    const property = fc.property(world, (situation) => {
      const input = inputOf({ ...situation, mode: 'person' });
      const asked = planOn(input, situation.account);
      const everything: ObservedState = {
        ...asked.observed,
        events: situation.account.events,
        evidence: 'confirmed',
      };
      const known = planChanges(input, everything);
      expect(asked.plan.changes.map(shape)).toEqual(known.plan.changes.map(shape));
      expect(asked.plan.withheld.map(({ key, reason }) => [key, reason])).toEqual(
        known.plan.withheld.map(({ key, reason }) => [key, reason]),
      );
    });
    fc.assert(property, RUNS);
  });

  it('covers every difference: each entry and each orphan is in line, changed or withheld with a reason', () => {
    const property = fc.property(world, (situation) => {
      const { plan, observed } = planOn(inputOf(situation), situation.account);
      const covered = new Set([...plan.changes, ...plan.withheld].map(({ key }) => key));
      const moved = new Set(plan.changes.map(({ from }) => from));
      const held = plan.withheld.flatMap(({ candidates }) => candidates);
      for (const entry of situation.entries) {
        const owned = situation.state.apps.get(entry.key);
        const app = owned === undefined ? undefined : observed.apps.get(owned.id);
        const events = owned === undefined ? undefined : situation.account.events.get(owned.id);
        const isRight =
          owned !== undefined &&
          app?.appType === entry.appType &&
          (entry.connectorId === undefined || entry.connectorId === app.connectorId) &&
          (entry.id === undefined || entry.id === app.id) &&
          diffApp(entry, app, { events: observed.events.has(app.id) ? events : undefined, applied: {} })
            .length === 0;
        if (!isRight) expect(covered).toContain(entry.key);
      }
      for (const { key, id: appId } of situation.state.apps.values()) {
        const isDesired = situation.entries.some((entry) => entry.key === key);
        const isCovered = covered.has(key) || moved.has(key) || held.includes(appId);
        if (!isDesired && !isCovered)
          expect(plan.withheld.some((item) => say(item.message).includes(appId))).toBe(true);
      }
    });
    fc.assert(property, RUNS);
  });

  it('writes only to apps that are ours, become ours by a rule, or fall under prune: all', () => {
    const property = fc.property(world, (situation) => {
      const { plan } = planOn(inputOf(situation), situation.account);
      const { apps: owned } = situation.state;
      const ours = new Set([...owned.values()].map(({ id: appId }) => appId));
      for (const change of plan.changes) {
        const becomesOurs = change.steps[0]?.do === 'bind' || change.steps[0]?.do === 'create_app';
        const isPruned = change.key === null && situation.policy.prune === 'all';
        if (change.id !== null && !becomesOurs && !isPruned) expect(ours).toContain(change.id);
        if (change.action === 'adopt') expect(ours).not.toContain(change.id);
        for (const step of change.steps) {
          if (step.do === 'delete_app' && !isPruned) expect(ours).toContain(step.id);
        }
      }
      for (const app of situation.account.apps) {
        const isTouched = plan.changes.some(({ id: appId }) => appId === app.id);
        if (!isKnownType(app.appType)) expect(isTouched).toBe(false);
      }
    });
    fc.assert(property, RUNS);
  });

  it('never deletes what is protected, nor an app whose rename nobody declared', () => {
    const property = fc.property(world, (situation) => {
      const { plan } = planOn(inputOf(situation), situation.account);
      const deleted = new Set(deletesOf(plan));
      for (const orphan of situation.state.apps.values()) {
        if (situation.entries.some(({ key }) => key === orphan.key)) continue;
        if (orphan.protect) expect(deleted).not.toContain(orphan.id);
        const url = situation.account.apps.find(({ id: appId }) => appId === orphan.id)?.callbackUrl;
        const successors = situation.entries.filter(
          (entry) => url !== undefined && entry.callbackUrl !== undefined && sameUrl(entry.callbackUrl, url),
        );
        const [only] = successors;
        const isNew = only !== undefined && !situation.state.apps.has(only.key);
        if (successors.length === 1 && isNew) expect(deleted).not.toContain(orphan.id);
      }
    });
    fc.assert(property, RUNS);
  });
});

describe('applying plans', () => {
  it('comes to rest: what is applied needs no second plan, and three rounds settle anything', async () => {
    const property = fc.asyncProperty(world, async (situation) => {
      const model = modelOf(situation);
      for (let round = 0; round < 3; round += 1) {
        const { plan, remember } = planModel(model, situation);
        model.remember(remember);
        const outcomes = await model.apply(plan);
        expect(outcomes.map(({ failure }) => failure)).toEqual(outcomes.map(() => undefined));
        model.now += 2 * MINUTE;
      }
      const last = planModel(model, situation);
      expect(last.plan.changes.filter(({ action }) => action !== 'delete')).toEqual([]);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it('is finished after one round where nothing has to be settled first', async () => {
    const property = fc.asyncProperty(arbitraryEntries, async (entries) => {
      const distinct = entries.map(({ id: _, ...entry }) => entry);
      const situation = { entries: distinct, policy: planInput().policy, mode: 'person' as const };
      const model = createModelAccount(planInput().state as MutableState, NOW);
      const first = planModel(model, situation as unknown as World);
      await model.apply(first.plan);
      const second = planModel(model, situation as unknown as World);
      expect(second.plan).toMatchObject({ changes: [], withheld: [] });
      expect(second.plan.summary.unchanged).toBe(distinct.length);
      model.remember(second.remember);
      expect(planModel(model, situation as unknown as World).remember).toEqual([]);
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it('never passes a limit over any sequence of configurations, rounds and pauses between them', async () => {
    const steps = fc.array(fc.tuple(arbitraryEntries, fc.integer({ min: 1, max: 600 })), { maxLength: 8 });
    const property = fc.asyncProperty(world, steps, async (situation, sequence) => {
      const model = modelOf(situation);
      const { limits } = situation.policy;
      for (const [entries, minutes] of sequence) {
        const before = model.deleted.length;
        const owned = model.state.apps.size;
        const { plan, remember } = planModel(model, situation, entries);
        model.remember(remember);
        await model.apply(plan);
        const count = model.deleted.length - before;
        expect(count).toBeLessThanOrEqual(limits.deletesPerRound);
        if (count > 1) expect(count / owned).toBeLessThanOrEqual(limits.deletesShare);
        const inDay = model.deleted.filter(({ at }) => at > model.now - DAY).length;
        expect(inDay).toBeLessThanOrEqual(limits.deletesPerDay);
        model.now += minutes * MINUTE;
      }
    });
    await fc.assert(property, { numRuns: 150 });
  });
});

function sameUrl(left: string, right: string): boolean {
  return normaliseUrl(left) === normaliseUrl(right);
}

function shuffle<Item>(items: readonly Item[], random: Iterator<number>): Item[] {
  const left = [...items];
  const shuffled: Item[] = [];
  while (left.length > 0) shuffled.push(...left.splice(random.next().value % left.length, 1));
  return shuffled;
}
