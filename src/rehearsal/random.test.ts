import { expect, it } from 'vitest';
import { createChance } from './random.ts';

const draw = (chance: ReturnType<typeof createChance>) =>
  Array.from({ length: 20 }, () => chance.between(1, 6));

it('gives the same numbers for the same seed, and others for its neighbour', () => {
  expect(draw(createChance(1))).toEqual(draw(createChance(1)));
  expect(draw(createChance(1))).not.toEqual(draw(createChance(2)));
});

it('keeps its streams apart: drawing from one moves no number of another', () => {
  const chance = createChance(5);
  draw(chance.fork('a'));
  draw(chance);
  expect(draw(chance.fork('b'))).toEqual(draw(createChance(5).fork('b')));
  expect(draw(createChance(5).fork('a'))).not.toEqual(draw(createChance(5).fork('b')));
});

it('is even enough: every face of a die comes about as often', () => {
  const chance = createChance(9);
  const counts = new Map<number, number>();
  for (let throws = 0; throws < 6_000; throws += 1) {
    const face = chance.between(1, 6);
    counts.set(face, (counts.get(face) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});
