import { expect, it } from 'vitest';
import { ownedOf } from '../../test/builders/apply-world.ts';
import { findLatestInstant } from '../record/elapsed-time.ts';
import { asAppKey } from './identity.ts';
import { emptyState } from './state.ts';

it('finds the latest of what happened, and leaves out what is yet to come', () => {
  const state = emptyState('lineage', 'https://api.example.com');
  expect(findLatestInstant(state)).toBeUndefined();
  state.apps.set(asAppKey('a'), ownedOf('a', { boundAt: 10, condemnedAt: 30 }));
  state.backoffs.set(asAppKey('a'), { failures: 1, until: 99, entryDigest: '', reason: '' });
  state.deletions = [5, 20];
  expect(findLatestInstant(state)).toBe(30);
  state.grants = [{ subject: 'a', by: 'ops', at: 40 }];
  expect(findLatestInstant(state)).toBe(40);
});
