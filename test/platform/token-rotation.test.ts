/** The token expires amid a large run of writes and the file is replaced: the client against the sandbox, on a virtual clock. */
import { describe, expect, it } from 'vitest';
import { createMemoryFiles } from '../../src/lib/file-reader.ts';
import { createVirtualClock } from '../../src/lib/virtual-clock.ts';
import { type CallReport, PlatformError } from '../../src/model/calls.ts';
import { createPlatform } from '../../src/platform/create-platform.ts';
import { createSecretGate } from '../../src/platform/secret-gate.ts';
import { createTokenFile } from '../../src/platform/token-file.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createInProcessTransport } from '../contract/in-process-transport.ts';

const START = Date.parse('2026-03-01T12:00:00Z');
const EXPIRES_MS = 3_000;
const APPS = 60;

/** Creates the apps while the old token expires; the new one is in the file from `replacedMs` on. */
async function createAppsWhileTheTokenExpires(replacedMs: number) {
  const clock = createVirtualClock(START);
  let drawn = 0;
  const random = () => {
    drawn = (drawn * 1_103_515_245 + 12_345) % 2_147_483_648;
    return drawn / 2_147_483_648;
  };
  const tokens = [{ token: 'pat_old', expiresAt: START + EXPIRES_MS }, { token: 'pat_new' }];
  const sandbox = createSandbox(
    { clock, random },
    { accounts: [{ name: 'main', tokens }], latencyMs: { min: 20, max: 80 } },
  );
  // Equal lengths give equal stamps here, so that only the refusal can tell that the file has changed.
  const texts = new Map([['/run/token', 'pat_old\n']]);
  clock.after(replacedMs, () => texts.set('/run/token', 'pat_new\n'));
  const reports: CallReport[] = [];
  const platform = createPlatform({
    settings: { baseUrl: 'https://api.coze.cn', timeoutMs: 5_000, concurrency: 4, maxRequestsPerSecond: 10 },
    tokens: createTokenFile({
      path: '/run/token',
      files: createMemoryFiles(texts),
      onWarning: () => undefined,
    }),
    transport: createInProcessTransport(sandbox, clock),
    clock,
    random,
    onCall: (report) => reports.push(report),
    userAgent: 'callbackd/test',
    gate: createSecretGate(),
  });
  const context = { signal: new AbortController().signal };
  const failures: unknown[] = [];
  let ended = 0;
  for (let index = 0; index < APPS; index += 1) {
    platform
      .createApp({ appType: 'normal', name: `app ${index}` }, context)
      .catch((error: unknown) => failures.push(error))
      .finally(() => {
        ended += 1;
      });
  }
  await clock.run(() => ended === APPS);
  return { sandbox, failures, reports };
}

describe('a token that expires amid the work', () => {
  it('costs nothing when the file was replaced in time: every app is made once', async () => {
    const { sandbox, failures, reports } = await createAppsWhileTheTokenExpires(EXPIRES_MS - 500);
    expect(failures).toEqual([]);
    expect(new Set(sandbox.apps().map(({ name }) => name)).size).toBe(APPS);
    expect(sandbox.apps()).toHaveLength(APPS);
    const refused = reports.filter(({ failure }) => failure === 'auth');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(4);
  });

  it('fails what is sent until the file is replaced, plainly and without any app made twice', async () => {
    const { sandbox, failures } = await createAppsWhileTheTokenExpires(EXPIRES_MS + 1_000);
    expect(failures.length).toBeGreaterThan(0);
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(PlatformError);
      expect((failure as PlatformError).details.kind).toBe('auth');
    }
    expect(sandbox.apps()).toHaveLength(APPS - failures.length);
  });
});
