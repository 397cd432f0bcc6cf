import { describe, expect, it } from 'vitest';
import {
  type Account,
  digest,
  entry,
  id,
  MINUTE,
  NOW,
  observedApp,
  ownedApp,
  planInput,
  planOn,
} from '../../test/builders/plan-world.ts';
import { parsePlan } from '../cli/apply/parse-plan.ts';
import { sealPlanJson } from '../documents/plan-json.ts';
import { say } from '../messages/say.ts';
import type { Plan } from '../model/plan.ts';
import type { PlanInput } from './plan-input.ts';
import { refitPlan } from './refit-plan.ts';

const WANTED = entry('orders', { callbackUrl: 'https://a.example.com/' });
const OWNED = ownedApp('orders', 1, { name: 'orders', applied: { name: 'orders' } });
const DRIFTED = observedApp(1, { name: 'orders', callbackUrl: 'https://b.example.com/' });

const plan = (input: PlanInput, account: Account) => planOn(input, account).plan;
const update = () => plan(planInput({ entries: [WANTED], owned: [OWNED] }), { apps: [DRIFTED] });
const refit = (saved: Plan, fresh: Plan, now = NOW) => refitPlan(saved, fresh, { now, digest });

describe('refitPlan', () => {
  it('keeps an item whose entry and app are what they were, even through a file and a later minute', () => {
    const saved = parsePlan(sealPlanJson(update()));
    if (!saved.ok) throw new Error(say(saved.problem));
    const later = planInput({ entries: [WANTED], owned: [OWNED] }, { now: NOW + MINUTE });
    const fresh = plan(later, { apps: [DRIFTED] });
    const result = refit(saved.plan, fresh, NOW + MINUTE);
    expect(result).toMatchObject({ ok: true, refused: [], further: 0 });
    expect(result.ok && result.plan).toEqual(fresh);
  });

  it('refuses an item whose app changed, and shows what was planned beside what is', () => {
    const moved = observedApp(1, { name: 'orders', callbackUrl: 'https://c.example.com/' });
    const fresh = plan(planInput({ entries: [WANTED], owned: [OWNED] }), { apps: [moved] });
    const result = refit(update(), fresh);
    expect(result).toMatchObject({
      plan: { changes: [], summary: { update: 0 } },
      refused: [
        {
          why: 'observed_moved',
          fields: [
            {
              path: 'callback_url',
              planned: { before: 'https://b.example.com/', after: 'https://a.example.com/' },
              now: { before: 'https://c.example.com/', after: 'https://a.example.com/' },
            },
          ],
        },
      ],
    });
  });

  it('refuses an item whose entry was edited', () => {
    const edited = entry('orders', { callbackUrl: 'https://a.example.com/', name: 'orders 2' });
    const fresh = plan(planInput({ entries: [edited], owned: [OWNED] }), { apps: [DRIFTED] });
    expect(refit(update(), fresh)).toMatchObject({
      refused: [
        { why: 'desired_moved', fields: [{ path: 'callback_url' }, { path: 'name', planned: null }] },
      ],
    });
  });

  it('refuses an item that a rule holds back now, and says which', () => {
    const paused = entry('orders', { callbackUrl: 'https://a.example.com/', paused: {} });
    const fresh = plan(planInput({ entries: [paused], owned: [OWNED] }), { apps: [DRIFTED] });
    const result = refit(update(), fresh);
    expect(result).toMatchObject({ refused: [{ why: 'held' }] });
    const [item] = result.ok ? result.refused : [];
    expect(item && say(item.message)).toContain('(paused)');
  });

  it('refuses an item that nothing is left to do for', () => {
    const right = observedApp(1, { name: 'orders', callbackUrl: 'https://a.example.com/' });
    const fresh = plan(planInput({ entries: [WANTED], owned: [OWNED] }), { apps: [right] });
    const result = refit(update(), fresh);
    expect(result).toMatchObject({ refused: [{ why: 'not_needed', fields: [{ now: null }] }] });
  });

  it('refuses the same action on another app, and another action on the same', () => {
    const rebound = ownedApp('orders', 2, { name: 'orders' });
    const other = observedApp(2, { name: 'orders' });
    const fresh = plan(planInput({ entries: [WANTED], owned: [rebound] }), { apps: [other] });
    expect(refit(update(), fresh)).toMatchObject({ refused: [{ why: 'observed_moved' }] });
    const create = plan(planInput({ entries: [WANTED] }), { apps: [] });
    expect(refit(update(), create)).toMatchObject({ refused: [{ why: 'observed_moved' }], further: 1 });
  });

  it('never adds what the saved plan did not hold, and counts it', () => {
    const more = planInput({ entries: [WANTED, entry('new')], owned: [OWNED] });
    const result = refit(update(), plan(more, { apps: [DRIFTED] }));
    expect(result).toMatchObject({ ok: true, plan: { changes: [{ key: 'orders' }] }, further: 1 });
    expect(result.ok && result.plan.digest).not.toBe(plan(more, { apps: [DRIFTED] }).digest);
  });

  it('finds an unmanaged app again by its id', () => {
    const policy = { prune: 'all' as const };
    const make = (...apps: readonly number[]) => {
      const strays = apps.map((number) => observedApp(number, { name: `stray ${number}` }));
      const kept = observedApp(1, { name: 'orders' });
      const input = planInput({ entries: [entry('orders')], owned: [OWNED], policy });
      return plan({ ...input, grants: { ...input.grants, allowDeletes: true } }, { apps: [kept, ...strays] });
    };
    const result = refit(make(8), make(8, 9));
    expect(result).toMatchObject({ plan: { changes: [{ id: id(8) }] }, refused: [], further: 1 });
  });

  it.each([
    ['expired', { expiresAt: NOW }],
    ['foreign_endpoint', { endpoint: 'https://other.example.com' }],
    ['foreign_lineage', { state: { lineage: 'other', serial: 0 } }],
  ])('refuses the whole plan when it is %s', (reason, overrides) => {
    expect(refit({ ...update(), ...overrides }, update())).toMatchObject({ ok: false, reason });
  });
});
