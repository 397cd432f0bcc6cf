import { expect, it } from 'vitest';
import { foldStateChange } from '../model/fold-state.ts';
import { asAppId, asAppKey } from '../model/identity.ts';
import { emptyState, type OwnedApp } from '../model/state.ts';
import { decodeRecordedState, encodeRecordedState, fillMaskedUrls } from './recorded-state.ts';

const NOW = Date.UTC(2026, 10, 29);
const [KEY, ID] = [asAppKey('orders'), asAppId('7512345678901234567')];
const URL_WITH_SECRET = 'https://hooks.example.com/x?key=secret';

function stateWith(app: Partial<OwnedApp>) {
  const state = emptyState('lineage', 'https://api.coze.cn');
  const parts = { key: KEY, id: ID, appType: 'normal' as const, how: 'created' as const, boundAt: NOW };
  const bound = { ...parts, applied: {}, protect: false, activating: false, ...app };
  foldStateChange(state, { type: 'app_bound', app: bound });
  return state;
}

it('tells whether a token was delivered, and never its fingerprint', () => {
  for (const [tokenFingerprint, isDelivered] of [
    ['f00d', true],
    [undefined, false],
  ] as const) {
    const shown = encodeRecordedState(
      stateWith(tokenFingerprint === undefined ? {} : { tokenFingerprint }),
      NOW,
    );
    expect(JSON.stringify(shown)).not.toMatch(/fingerprint|f00d/);
    const app = decodeRecordedState(shown).apps.get(KEY);
    expect(app?.tokenFingerprint !== undefined).toBe(isDelivered);
  }
});

it('is the same state again but for what concerns the host of the daemon', () => {
  const state = stateWith({ applied: { name: 'a', events: ['bot.published'] }, condemnedAt: NOW });
  foldStateChange(state, { type: 'paused', key: KEY, pause: { by: 'ops', until: NOW } });
  foldStateChange(state, { type: 'calls_counted', calls: { day: '2026-11-29', count: 3 } });
  foldStateChange(state, { type: 'boot_noted', boot: { bootId: 'this-host', bootAt: NOW } });
  const shown = encodeRecordedState(state, NOW);
  expect(JSON.stringify(shown)).not.toContain('this-host');
  const { calls: _, boot: __, ...rest } = state;
  expect(decodeRecordedState(shown)).toEqual(rest);
});

it.each([
  ['the app', { observed: URL_WITH_SECRET, wanted: 'https://hooks.example.com/y' }, URL_WITH_SECRET],
  ['the entry', { observed: 'https://elsewhere.example.com/', wanted: URL_WITH_SECRET }, URL_WITH_SECRET],
  ['neither', { observed: 'https://a.example.com/', wanted: 'https://b.example.com/?key=x' }, undefined],
])('puts a masked query back where %s tells it', (_, { observed, wanted }, expected) => {
  const masked = 'https://hooks.example.com/x?key=***';
  const state = stateWith({ applied: { callbackUrl: masked } });
  fillMaskedUrls(state, {
    apps: [{ id: ID, callbackUrl: observed }],
    entries: new Map([[KEY, { callbackUrl: wanted }]]),
  });
  expect(state.apps.get(KEY)?.applied.callbackUrl).toBe(expected ?? masked);
});
