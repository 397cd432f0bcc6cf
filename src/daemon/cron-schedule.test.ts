/**
 * The schedule against a table of awkward days, against an oracle that tries every second, and against
 * node-cron.
 */
import fc from 'fast-check';
import { createTask } from 'node-cron';
import { describe, expect, it, vi } from 'vitest';
import { createSchedule } from './cron-schedule.ts';
import { createZoneReader } from './local-time.ts';

const at = (text: string): number => Date.parse(text);
const text = (instant: number | null): string | null =>
  instant === null ? null : new Date(instant).toISOString().replace('.000Z', 'Z');

describe('createSchedule', () => {
  it.each([
    {
      cron: '*/10 * * * *',
      zone: 'UTC',
      after: '2026-11-21T03:00:00Z',
      next: '2026-11-21T03:10:00Z',
      reason: 'a match is not its own successor',
    },
    {
      cron: '*/10 * * * *',
      zone: 'UTC',
      after: '2026-11-21T02:59:59.999Z',
      next: '2026-11-21T03:00:00Z',
      reason: 'fractions of a second round up',
    },
    {
      cron: '*/10 * * * * *',
      zone: 'UTC',
      after: '2026-11-21T03:00:05Z',
      next: '2026-11-21T03:00:10Z',
      reason: 'six fields begin with seconds',
    },
    {
      cron: '30 4 * * *',
      zone: 'Asia/Shanghai',
      after: '2026-11-21T00:00:00Z',
      next: '2026-11-21T20:30:00Z',
      reason: 'hours are those of the zone',
    },
    {
      cron: '0 0 1 1 *',
      zone: 'UTC',
      after: '2026-01-01T00:00:00Z',
      next: '2027-01-01T00:00:00Z',
      reason: 'once a year',
    },
    {
      cron: '0 0 29 2 *',
      zone: 'UTC',
      after: '2096-03-01T00:00:00Z',
      next: '2104-02-29T00:00:00Z',
      reason: '2100 is no leap year',
    },
    {
      cron: '0 12 * * 1-5',
      zone: 'UTC',
      after: '2026-11-20T12:00:00Z',
      next: '2026-11-23T12:00:00Z',
      reason: 'the weekend is left out',
    },
    {
      cron: '0 0 L * *',
      zone: 'UTC',
      after: '2026-02-01T00:00:00Z',
      next: '2026-02-28T00:00:00Z',
      reason: 'node-cron knows the last day of a month',
    },
    {
      cron: '0 9 * * 1#1',
      zone: 'UTC',
      after: '2026-11-21T00:00:00Z',
      next: '2026-12-07T09:00:00Z',
      reason: 'and the first Monday',
    },
    {
      cron: '@daily',
      zone: 'UTC',
      after: '2026-11-21T03:00:00Z',
      next: '2026-11-22T00:00:00Z',
      reason: 'and nicknames',
    },
    {
      cron: '30 2 * * *',
      zone: 'Europe/Berlin',
      after: '2026-03-28T12:00:00Z',
      next: '2026-03-29T01:00:00Z',
      reason: '02:30 does not exist that day: the change stands for it',
    },
    {
      cron: '30 2 * * *',
      zone: 'Europe/Berlin',
      after: '2026-03-29T01:00:00Z',
      next: '2026-03-30T00:30:00Z',
      reason: 'and the day after is in order again',
    },
    {
      cron: '30 2 * * *',
      zone: 'Europe/Berlin',
      after: '2026-10-25T00:00:00Z',
      next: '2026-10-25T00:30:00Z',
      reason: '02:30 comes twice: the first time',
    },
    {
      cron: '30 2 * * *',
      zone: 'Europe/Berlin',
      after: '2026-10-25T00:30:00Z',
      next: '2026-10-25T01:30:00Z',
      reason: '02:30 comes twice: the second time',
    },
    {
      cron: '*/10 * * * *',
      zone: 'Europe/Berlin',
      after: '2026-10-25T00:50:00Z',
      next: '2026-10-25T01:00:00Z',
      reason: 'the repeated hour has its rounds too',
    },
    {
      cron: '0 * * * *',
      zone: 'Australia/Lord_Howe',
      after: '2026-10-03T15:00:00Z',
      next: '2026-10-03T15:30:00Z',
      reason: 'half an hour is left out: 02:00 is read as 02:30',
    },
    {
      cron: '15 0 * * *',
      zone: 'America/Sao_Paulo',
      after: '2018-11-03T12:00:00Z',
      next: '2018-11-04T03:00:00Z',
      reason: 'a clock that was set forward at midnight',
    },
    {
      cron: '0 12 30 12 *',
      zone: 'Pacific/Apia',
      after: '2011-12-29T00:00:00Z',
      next: '2011-12-30T10:00:00Z',
      reason: 'a whole day that was left out',
    },
    {
      cron: '0 0 * * *',
      zone: 'Asia/Kathmandu',
      after: '2026-11-21T00:00:00Z',
      next: '2026-11-21T18:15:00Z',
      reason: 'an offset of a quarter of an hour',
    },
  ])('finds $next for "$cron" in $zone after $after: $reason', ({ cron, zone, after, next }) => {
    expect(text(createSchedule(cron, zone).next(at(after)))).toBe(next);
  });

  it('says null for a date that does not come within nine years', () => {
    expect(createSchedule('0 0 L-30 2 *', 'UTC').next(at('2026-11-21T00:00:00Z'))).toBeNull();
  });

  it.each(['', '* * * *', '61 * * * *', '0 0 31 2 *', 'every day'])('refuses "%s"', (cron) => {
    expect(() => createSchedule(cron, 'UTC')).toThrow();
  });

  it('refuses a zone that does not exist', () => {
    expect(() => createSchedule('* * * * *', 'Mars/Olympus')).toThrow(RangeError);
  });

  it('finds the same instant as an oracle that tries every second of two days around each change of the clock', () => {
    const zones = ['UTC', 'Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'];
    const field = (max: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: 2, max: 30 }).map((n) => `*/${n}`),
        fc.integer({ min: 0, max }).map(String),
      );
    const starts = [
      '2026-03-08T05:00:00Z',
      '2026-03-28T22:00:00Z',
      '2026-10-24T22:00:00Z',
      '2026-10-03T13:00:00Z',
      '2026-11-01T04:00:00Z',
    ];
    fc.assert(
      fc.property(
        fc.record({
          zone: fc.constantFrom(...zones),
          minute: field(59),
          hour: field(23),
          start: fc.constantFrom(...starts),
          offset: fc.integer({ min: 0, max: 5 * 3600 }),
        }),
        ({ zone, minute, hour, start, offset }) => {
          const cron = `${minute} ${hour} * * *`;
          const after = at(start) + offset * 1000;
          expect(text(createSchedule(cron, zone).next(after))).toBe(text(searchBySecond(cron, zone, after)));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('differs from node-cron in the hour that a clock set back repeats, which is why the walk is ours', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: at('2026-10-25T00:05:00Z') });
    const task = createTask('*/10 * * * *', () => undefined, { timezone: 'Europe/Berlin' });
    await task.start();
    const theirs = task.getNextRun()?.getTime() ?? null;
    await task.destroy();
    vi.useRealTimers();
    expect(text(theirs)).toBe('2026-10-25T01:10:00Z');
    const ours = createSchedule('*/10 * * * *', 'Europe/Berlin').next(at('2026-10-25T00:05:00Z'));
    expect(text(ours)).toBe('2026-10-25T00:10:00Z');
  });
});

/**
 * What the schedule promises, said in the slowest way: each second, and the readings that a gap before it
 * left out.
 */
function searchBySecond(cron: string, zone: string, after: number): number | null {
  const inZone = createTask(cron, () => undefined, { timezone: zone });
  const inUtc = createTask(cron, () => undefined, { timezone: 'UTC' });
  const { toLocal: read } = createZoneReader(zone);
  let before = read(after);
  for (let instant = after + 1000; instant < after + 2 * 86_400_000; instant += 1000) {
    const here = read(instant);
    for (let skipped = before + 1000; skipped < here; skipped += 1000) {
      if (inUtc.match(new Date(skipped))) return instant;
    }
    if (here % 60_000 === 0 && inZone.match(new Date(instant))) return instant;
    before = here;
  }
  return null;
}
