import { expect, it } from 'vitest';
import { changeOf, deleteOf } from '../../test/builders/apply-world.ts';
import type { Standstill } from '../lib/standstill.ts';
import { verbatim } from '../messages/message.ts';
import { emptyState } from '../model/state.ts';
import { createPlanBasis, planRound, type RoundRequest } from './plan-round.ts';

function createWatch() {
  const world = { found: undefined as Standstill | undefined, ended: 0, succeeded: 0 };
  const watch = {
    find: () => world.found,
    succeed() {
      world.succeeded += 1;
    },
    end() {
      world.ended += 1;
    },
  };
  return { world, watch };
}

it('stops deletes, and lets creates and updates pass, which heal', async () => {
  const { world, watch } = createWatch();
  const superseded = new AbortController();
  const basis = createPlanBasis(watch, { superseded: superseded.signal });
  expect(await basis.mayLeave('delete_app', deleteOf('a'))).toBeUndefined();
  world.found = { stoodMs: 10_000, patienceMs: 5_000 };
  expect((await basis.mayLeave('delete_app', deleteOf('a')))?.id).toBe('apply.stood_still');
  superseded.abort();
  expect((await basis.mayLeave('delete_app', deleteOf('a')))?.id).toBe('apply.newer_configuration');
  expect(basis.refused?.id).toBe('apply.newer_configuration');
  for (const operation of ['create_app', 'update_app', 'subscribe_events'] as const)
    expect(await basis.mayLeave(operation, changeOf('a'))).toBeUndefined();
});

it('looks for a standstill once more after the files were looked at', async () => {
  const { world, watch } = createWatch();
  const basis = createPlanBasis(watch, {
    async mayDelete() {
      world.found = { stoodMs: 10_000, patienceMs: 5_000 };
      return undefined;
    },
  });
  expect((await basis.mayLeave('delete_app', deleteOf('a')))?.id).toBe('apply.stood_still');
});

it('asks the files about each delete', async () => {
  const basis = createPlanBasis(undefined, {
    mayDelete: async ({ key }) => (key === 'a' ? verbatim('the file names it') : undefined),
  });
  expect(await basis.mayLeave('delete_app', deleteOf('a'))).toEqual(verbatim('the file names it'));
  expect(await basis.mayLeave('delete_app', deleteOf('b'))).toBeUndefined();
});

it('ends its watch, and tells whether something was done', () => {
  const { world, watch } = createWatch();
  createPlanBasis(watch, {}).end();
  createPlanBasis(watch, {}).end(true);
  expect(world).toMatchObject({ ended: 2, succeeded: 1 });
});

it('is watched from before the listing, whose reply may have waited while the process stood still', async () => {
  const { world, watch } = createWatch();
  const order: string[] = [];
  const listing = new Error('the listing broke off');
  const deps = {
    observer: {
      async list(): Promise<never> {
        order.push('listed');
        throw listing;
      },
      answer: async (): Promise<never> => Promise.reject(listing),
    },
    standstill: {
      begin() {
        order.push('watched');
        return watch;
      },
    },
    now: () => 0,
    digest: String,
  };
  const request = { signal: new AbortController().signal } as unknown as RoundRequest;
  await expect(planRound(deps, emptyState('lineage', 'endpoint'), request)).rejects.toBe(listing);
  expect(order).toEqual(['watched', 'listed']);
  expect(world.ended).toBe(1);
});
