import { describe, expect, it } from 'vitest';
import { nextBackoff } from './apply-change.ts';

const failed = { at: 1_000, entryDigest: 'v1', reason: 'refused' };

describe('the backoff of an entry', () => {
  it('doubles from ten seconds to an hour and stays there', () => {
    const waits: number[] = [];
    let backoff = nextBackoff(undefined, failed);
    for (let failures = 1; failures <= 11; failures += 1) {
      waits.push((backoff.until - failed.at) / 1000);
      backoff = nextBackoff(backoff, failed);
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]);
  });

  it('stays a finite number after years of failures', () => {
    const years = { failures: 100_000, until: 0, entryDigest: 'v1', reason: 'refused' };
    expect(nextBackoff(years, failed).until).toBe(failed.at + 3_600_000);
  });

  it('starts again when the entry was edited', () => {
    const before = { failures: 9, until: 0, entryDigest: 'v0', reason: 'refused' };
    expect(nextBackoff(before, failed)).toEqual({
      failures: 1,
      until: 11_000,
      entryDigest: 'v1',
      reason: 'refused',
    });
  });

  it('waits as long as the platform asked, up to an hour', () => {
    expect(nextBackoff(undefined, { ...failed, retryAfterMs: 60_000 }).until).toBe(61_000);
    expect(nextBackoff(undefined, { ...failed, retryAfterMs: 1e9 }).until).toBe(3_601_000);
  });
});
