import { describe, expect, it } from 'vitest';
import { say } from '../../messages/say.ts';
import { REASON_ORDER, releaseOf } from '../../plan/reasons.ts';
import { CHINESE } from './words-zh.ts';

describe('the Chinese words for how to release what is withheld', () => {
  it.each(REASON_ORDER)(
    '%s names each command and setting of the planner’s sentence, in its order',
    (reason) => {
      const release = say(releaseOf(reason, { key: 'KEY', digest: 'DIGEST' }));
      const codes = release.split('`').filter((_, index) => index % 2 === 1);
      const named = [...(CHINESE.releases?.[reason] ?? '').matchAll(/%(\d)/g)].map((match) =>
        Number(match[1]),
      );
      expect(named).toEqual(codes.map((_, index) => index + 1));
    },
  );
});
