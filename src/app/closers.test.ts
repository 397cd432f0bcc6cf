import { expect, it } from 'vitest';
import { type Closers, openWithClosers, withClosers } from './closers.ts';

it('closes the last first, once, and all of them when one fails', async () => {
  const closed: string[] = [];
  const opened = await openWithClosers(async (closers) => {
    closers.add(() => void closed.push('first'));
    closers.add(async () => {
      closed.push('second');
      throw new Error('stuck');
    });
    closers.add(() => void closed.push('third'));
    return { name: 'all' };
  });
  expect(opened.name).toBe('all');
  expect(closed).toEqual([]);
  await expect(opened.close()).rejects.toThrow('stuck');
  expect(closed).toEqual(['third', 'second', 'first']);
  await opened.close();
  expect(closed).toHaveLength(3);
});

it.each<(work: (closers: Closers) => Promise<object>) => Promise<unknown>>([withClosers, openWithClosers])(
  'closes what is open when the work fails, and tells of the work',
  async (run) => {
    const closed: string[] = [];
    const work = run(async (closers) => {
      closers.add(() => {
        closed.push('first');
        throw new Error('stuck, too');
      });
      throw new Error('no second');
    });
    await expect(work).rejects.toThrow('no second');
    expect(closed).toEqual(['first']);
  },
);

it('closes after the work, and hands on what came of it', async () => {
  const closed: string[] = [];
  const result = await withClosers(async (closers) => {
    closers.add(() => void closed.push('first'));
    return closed.length;
  });
  expect(result).toBe(0);
  expect(closed).toEqual(['first']);
});
