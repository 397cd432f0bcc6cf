/** When the token of an account ends, as the settings say, and who is told of it in time. */

import { describeExpiry, type ExpiryStep, expiryStep } from '../documents/token-expiry.ts';
import type { Clock } from '../lib/clock.ts';
import { hostFiles } from '../lib/file-reader.ts';
import type { EventWriter } from '../log/event-log.ts';
import type { PlatformSettings } from '../model/settings.ts';
import type { Closers } from './closers.ts';

/** Often enough for steps of days, and for a file that was replaced meanwhile. */
const LOOK_EVERY_MS = 600_000;

/** Undefined where nothing says it, or the file is not there. */
export async function readTokenExpiry({
  auth,
  tokenExpiry,
}: Pick<PlatformSettings, 'auth' | 'tokenExpiry'>): Promise<number | undefined> {
  if (tokenExpiry === undefined) return undefined;
  if ('at' in tokenExpiry) return tokenExpiry.at;
  if (auth.kind !== 'token_file') return undefined;
  const writtenAt = (await hostFiles.identify(auth.path))?.changedAt;
  return writtenAt === undefined ? undefined : writtenAt + tokenExpiry.afterMs;
}

export interface TokenExpiryWatch {
  /** As of the last look. */
  expiresAt(): number | undefined;
}

/** Writes an event for each step that is reached, and one when another token has taken its place. */
export async function watchTokenExpiry(
  settings: Pick<PlatformSettings, 'auth' | 'tokenExpiry'>,
  { events, clock, closers }: { events: EventWriter; clock: Clock; closers: Closers },
): Promise<TokenExpiryWatch> {
  let expiresAt: number | undefined;
  let told: ExpiryStep | undefined;
  const look = async (): Promise<void> => {
    expiresAt = await readTokenExpiry(settings);
    const step = expiresAt === undefined ? undefined : expiryStep(expiresAt, clock.now());
    if (step === told) return;
    told = step;
    if (step === undefined || expiresAt === undefined) events.write('token_renewed', {});
    else events.write('token_expiring', { daysLeft: step, reason: describeExpiry(expiresAt, clock.now()) });
  };
  if (settings.tokenExpiry === undefined) return { expiresAt: () => undefined };
  await look();
  const ending = new AbortController();
  const keep = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      await clock.sleep(LOOK_EVERY_MS, ending.signal).catch(() => {});
      if (!ending.signal.aborted) await look();
    }
  };
  const keeping = keep();
  closers.add(async () => {
    ending.abort();
    await keeping;
  });
  return { expiresAt: () => expiresAt };
}
