import { expect, it } from 'vitest';
import { verbatim } from '../messages/message.ts';
import { type CallContext, type FailureKind, PlatformError } from '../model/calls.ts';
import { asAppId } from '../model/identity.ts';
import { createExistenceProbe } from './create-observer.ts';

const context: CallContext = { signal: new AbortController().signal };
const NOBODY = '1000000000000000001';

/** A platform that answers each question about an id with the next of its answers, the last one for ever. */
function createProbe(answers: Record<string, (FailureKind | 'listed')[]>) {
  return createExistenceProbe({
    listApps: () => Promise.reject(new Error('nobody should list apps')),
    async listEvents(id) {
      const left = answers[id] ?? [];
      const answer = left.length > 1 ? left.shift() : left[0];
      if (answer === undefined || answer === 'listed')
        return { eventTypes: [], hasMore: false, nextPageToken: '' };
      throw new PlatformError({
        kind: answer,
        operation: 'list_events',
        message: verbatim(answer),
        attempts: 1,
      });
    },
  });
}

it('is not switched off by one refusal that came by chance while it was calibrated', async () => {
  const probe = createProbe({ [NOBODY]: ['permission', 'not_found'], '7': ['listed'], '8': ['not_found'] });
  expect(await probe(asAppId('7'), context)).toBe('present');
  expect(await probe(asAppId('8'), context)).toBe('absent');
});

it('asks once more about an app that was refused for another reason', async () => {
  const probe = createProbe({ [NOBODY]: ['not_found'], '7': ['invalid', 'listed'], '8': ['permission'] });
  expect(await probe(asAppId('7'), context)).toBe('present');
  expect(await probe(asAppId('8'), context)).toBe('unknown');
});

it('knows nothing where the platform answers for an id that cannot exist', async () => {
  const probe = createProbe({ [NOBODY]: ['listed'], '7': ['not_found'], '8': ['listed'] });
  expect(await probe(asAppId('7'), context)).toBe('unknown');
  expect(await probe(asAppId('8'), context)).toBe('unknown');
});

it('still believes that an app is there when the calibration was refused for other reasons', async () => {
  const probe = createProbe({ [NOBODY]: ['invalid', 'permission'], '7': ['listed'], '8': ['permission'] });
  expect(await probe(asAppId('7'), context)).toBe('present');
  expect(await probe(asAppId('8'), context)).toBe('unknown');
});

it('tries a calibration again that said neither', async () => {
  const probe = createProbe({
    [NOBODY]: ['permission', 'permission', 'listed'],
    '7': ['permission'],
    '8': ['listed'],
  });
  expect(await probe(asAppId('7'), context)).toBe('unknown');
  expect(await probe(asAppId('8'), context)).toBe('unknown');
});
