/**
 * How well the client finds a server's rate limit: real requests over loopback HTTP against the sandbox's
 * limiter.
 */
import { systemClock } from '../out/modules/lib/clock.js';
import { createHttpClient } from '../out/modules/lib/http-client.js';
import { Secret } from '../out/modules/model/secret.js';
import { createPlatform } from '../out/modules/platform/create-platform.js';
import { startSandbox } from '../out/modules/sandbox/start-sandbox.js';

const LIMITS = [5, 20, 100];
const STYLES = ['http_429', 'http_429_retry_after', 'code_4009'];
/** The client starts four times too fast; finding the limit takes it up to a minute. */
const HEADROOM = 4;
const SETTLED_S = 60;

/**
 * All limits and styles at the same time; shares of the limit that were used and of the requests that were
 * refused.
 */
export function measurePacing(seconds) {
  const runs = LIMITS.flatMap((perSecond) => STYLES.map((style) => ({ perSecond, style })));
  return Promise.all(runs.map((run) => measure(run, seconds)));
}

async function measure({ perSecond, style }, seconds) {
  const transport = createHttpClient({ connectionsMax: 8 });
  const sandbox = await startSandbox({
    clock: systemClock,
    random: Math.random,
    transport,
    port: 0,
    rateLimit: { perSecond, style },
    latencyMs: { min: 5, max: 25 },
  });
  const startedAt = systemClock.monotonic();
  const elapsedS = () => (systemClock.monotonic() - startedAt) / 1_000;
  const tally = { accepted: 0, refused: 0 };
  const platform = createPlatform({
    settings: {
      baseUrl: sandbox.url,
      timeoutMs: 5_000,
      concurrency: 8,
      maxRequestsPerSecond: perSecond * HEADROOM,
    },
    tokens: { current: async () => new Secret(sandbox.token), renew: async () => false },
    transport,
    clock: systemClock,
    random: Math.random,
    onCall: ({ failure }) => {
      if (elapsedS() >= SETTLED_S) tally[failure === undefined ? 'accepted' : 'refused'] += 1;
    },
    userAgent: 'callbackd/bench',
  });
  const context = { signal: new AbortController().signal };
  await Promise.all(
    Array.from({ length: 12 }, () =>
      listAgainAndAgain(platform, context, () => elapsedS() < SETTLED_S + seconds),
    ),
  );
  transport.close();
  await sandbox.close();
  const { accepted, refused } = tally;
  return {
    perSecond,
    style,
    reached: accepted / (perSecond * seconds),
    refused: refused / (accepted + refused),
  };
}

async function listAgainAndAgain(platform, context, goesOn) {
  while (goesOn()) {
    // A call that was refused eight times in a row is one of the figures, not the end of the bench.
    await platform.listApps('', context).catch((error) => {
      if (error.details?.kind !== 'rate_limited' && error.details?.kind !== 'transient') throw error;
    });
  }
}
