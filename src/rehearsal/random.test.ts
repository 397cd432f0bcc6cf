import { expect, it } from 'vitest';
import { createRng } from './random.ts';

const draw = (rng: ReturnType<typeof createRng>) => Array.from({ length: 20 }, () => rng.between(1, 6));

it('gives the same numbers for the same seed, and others for its neighbour', () => {
  expect(draw(createRng(1))).toEqual(draw(createRng(1)));
  expect(draw(createRng(1))).not.toEqual(draw(createRng(2)));
});

it('keeps its streams apart: drawing from one moves no number of another', () => {
  const rng = createRng(5);
  draw(rng.fork('a'));
  draw(rng);
  expect(draw(rng.fork('b'))).toEqual(draw(createRng(5).fork('b')));
  expect(draw(createRng(5).fork('a'))).not.toEqual(draw(createRng(5).fork('b')));
});

it('is even enough: every face of a die comes about as often', () => {
  const rng = createRng(9);
  const counts = new Map<number, number>();
  for (let throws = 0; throws < 6_000; throws += 1) {
    const face = rng.between(1, 6);
    counts.set(face, (counts.get(face) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});
