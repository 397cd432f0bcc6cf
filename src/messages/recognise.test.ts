/** What was recorded in English is read in Chinese. */

import { describe, expect, it } from 'vitest';
import { message, recorded } from './message.ts';
import { say } from './say.ts';

const facts = ['HTTP 400', 'code 4000', '"callback_url verification failed, sorry"'];
const failed = message('platform.failed', {
  operation: 'update_app',
  meaning: message('platform.invalid_request'),
  facts,
});
const unreached = message('platform.receiver_unconnected', { reason: 'ECONNREFUSED' });

const RECORDED = {
  'a failed request': failed,
  'a create that may have happened': message('platform.may_have_created', { failure: failed }),
  'a receiver': message('apply.receiver_failed', {
    url: 'http://127.0.0.1:9/x',
    stage: 'tcp',
    why: unreached,
  }),
  'a reply without an app': message('apply.token_sink_missing'),
  'a hold': message('plan.pinned_missing', { id: '7512345678901234567' }),
};

describe('a recorded sentence', () => {
  it.each(Object.entries(RECORDED))('of %s is said as when it was made', (_, made) => {
    expect(say(recorded(say(made)), 'zh')).toBe(say(made, 'zh'));
  });

  it('that no catalogue has stays as it is', () => {
    for (const text of ['it was refused.', 'x: y (z)', '', 'update_app: something new (HTTP 400)']) {
      expect(say(recorded(text), 'zh')).toBe(text);
    }
  });

  it('stays as it is in English', () => {
    expect(say(recorded(say(failed)))).toBe(say(failed));
  });
});
