/** An app whose name only looks equal is a match to decide on, and never a reason for a second app. */

import { describe, expect, it } from 'vitest';
import { entry, observedApp, planInput, planOn } from '../../test/builders/plan-world.ts';

const NFC = 'Caf\u00e9';
const NFD = 'Cafe\u0301';

function plan(entries: readonly string[], apps: readonly string[], more: object = {}) {
  const input = planInput({
    entries: entries.map((name, at) => entry(`k${at}`, { name })),
    ...more,
  });
  const { plan } = planOn(input, { apps: apps.map((name, at) => observedApp(at + 1, { name })) });
  return {
    changes: plan.changes.map(({ action, key }) => `${action} ${key}`),
    withheld: plan.withheld.map(({ reason, key, candidates }) => `${reason} ${key} ${candidates.length}`),
  };
}

describe('an unowned app', () => {
  it.each([
    [NFC, NFD],
    [NFD, NFC],
    ['orders', 'orders\u200b'],
    ['orders a', 'orders\u00a0a'],
    ['orders', 'orders '],
    ['\u8ba2\u5355', '\u2060\u8ba2\u5355'],
  ])('that is named almost as the entry is held for a decision: %j and %j', (wanted, existing) => {
    for (const adopt of ['identical', 'by_name', 'never'] as const) {
      const { changes, withheld } = plan([wanted], [existing], { policy: { adopt } });
      expect(changes).toEqual([]);
      expect(withheld).toEqual(['unowned_match k0 1']);
    }
  });

  it('belongs to the entry that spells it so, in either order', () => {
    expect(plan([NFC, NFD], [NFD])).toMatchObject({ changes: ['adopt k1', 'create k0'] });
    expect(plan([NFD, NFC], [NFD])).toMatchObject({ changes: ['adopt k0', 'create k1'] });
    expect(plan([NFC, NFD], [NFD, NFC]).changes).toEqual(['adopt k0', 'adopt k1']);
  });

  it('that is spelt the same is preferred to one that only looks so', () => {
    expect(plan([NFC], [NFD, NFC])).toEqual({ changes: ['adopt k0'], withheld: [] });
  });

  it('of another name is none', () => {
    expect(plan(['orders'], ['orders2']).changes).toEqual(['create k0']);
  });
});
