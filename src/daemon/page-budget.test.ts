import { expect, it } from 'vitest';
import { createVirtualClock } from '../lib/virtual-clock.ts';
import { createPageBudget } from './page-budget.ts';

const answer = (body: string) => ({ status: 200, headers: {}, body });

function openBudget(tookMs: number) {
  const clock = createVirtualClock(0);
  const renders: { key: string; at: number }[] = [];
  const budget = createPageBudget(clock);
  const ask = (key: string) =>
    budget.spend('/', key, async () => {
      renders.push({ key, at: clock.monotonic() });
      await clock.sleep(tookMs);
      return answer(`${key} ${renders.length}`);
    });
  return { clock, renders, ask };
}

it('renders once for all who ask for the same, and what is shared is bytes', async () => {
  const { clock, renders, ask } = openBudget(800);
  const asked = Promise.all(Array.from({ length: 24 }, () => ask('/')));
  let answers: Awaited<typeof asked> = [];
  void asked.then((all) => {
    answers = all;
  });
  await clock.run(() => answers.length > 0);
  expect(renders).toEqual([{ key: '/', at: 0 }]);
  expect(new Set(answers.slice(1).map(({ body }) => body)).size).toBe(1);
  expect(answers.map(({ body }) => String(body))).toEqual(Array.from({ length: 24 }, () => '/ 1'));
});

it('gives pages a quarter of the time however many different ones are asked for', async () => {
  const { clock, renders, ask } = openBudget(800);
  const asked = Promise.all(Array.from({ length: 5 }, (_, index) => ask(`/?q=${index}`)));
  let isDone = false;
  void asked.then(() => {
    isDone = true;
  });
  await clock.run(() => isDone);
  expect(renders.map(({ at }) => at)).toEqual([0, 3_200, 6_400, 9_600, 12_800]);
});

it('renders again what is cheap, and what was asked for long ago', async () => {
  const cheap = openBudget(10);
  const dear = openBudget(800);
  for (const { clock, renders, ask } of [cheap, dear]) {
    let rounds = 0;
    const askAll = async () => {
      for (; rounds < 3; rounds += 1) {
        await ask('/');
        if (clock === dear.clock) await clock.sleep(6_000);
      }
    };
    void askAll();
    await clock.run(() => rounds === 3);
    expect(renders).toHaveLength(3);
  }
});

it('continues after a page that throws', async () => {
  const budget = createPageBudget(createVirtualClock(0));
  const failing = budget.spend('/', '/', () => {
    throw new Error('a bug');
  });
  await expect(failing).rejects.toThrow('a bug');
  expect((await budget.spend('/', '/', () => answer('well'))).body).toBe('well');
});
