import { describe, expect, it } from 'vitest';
import { PLAN_REASONS } from './en/plan-reasons.ts';
import { createTranslator } from './say.ts';
import { CHINESE } from './zh.ts';

/** The commands and settings of a sentence. */
const codesOf = (sentence: string) => sentence.split('`').filter((_, index) => index % 2 === 1);

describe('how to release a hold, in Chinese', () => {
  const releases = Object.keys(PLAN_REASONS).filter((id) => id.endsWith('_release'));

  it.each(releases as 'plan.backoff_release'[])(
    '%s names the same commands and settings in the same order',
    (id) => {
      const subject = { key: 'KEY', digest: 'DIGEST' };
      expect(CHINESE).toHaveProperty([id]);
      expect(codesOf(createTranslator('zh')(id, subject))).toEqual(
        codesOf(createTranslator('en')(id, subject)),
      );
    },
  );
});
