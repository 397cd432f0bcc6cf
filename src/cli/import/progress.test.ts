import { expect, it } from 'vitest';
import { createTranslator } from '../../messages/say.ts';
import { createReadProgress } from './view.ts';

/** What is said while so many apps are read, each in so many milliseconds. */
function read(isLive: boolean, apps: number, msEach: number): string[] {
  const notes: string[] = [];
  let now = 0;
  const progress = createReadProgress(
    { note: (text) => void notes.push(text), isLive, translate: createTranslator('en') },
    { monotonic: () => now },
  );
  for (let done = 1; done <= apps; done += 1) {
    now += msEach;
    progress.show(done, apps);
  }
  progress.end();
  return notes;
}

it('says nothing of a short reading', () => {
  expect(read(true, 10, 200)).toEqual([]);
  expect(read(false, 10, 200)).toEqual([]);
});

it('rewrites one line on a terminal, and takes it away', () => {
  const notes = read(true, 50, 200);
  expect(notes[0]).toBe('\r\u001b[Kreading subscriptions: 15 of 50 apps, about 7 s left');
  expect(notes.at(-1)).toBe('\r\u001b[K');
  expect(notes.join('')).not.toContain('\n');
});

it('writes a whole line now and then where nobody watches', () => {
  expect(read(false, 1000, 200)).toEqual([
    'reading subscriptions: 15 of 1000 apps, about 197 s left\n',
    'reading subscriptions: 165 of 1000 apps, about 167 s left\n',
    ...[315, 465, 615, 765, 915].map((done) => expect.stringContaining(` ${done} of 1000 apps`)),
  ]);
});
