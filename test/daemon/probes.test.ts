/** /healthz, /readyz and their metrics over real HTTP, on a daemon whose loop really stands still; only time is virtual. */

import { expect, it, onTestFinished } from 'vitest';
import { startServers } from '../../src/daemon/start-servers.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { verbatim } from '../../src/messages/message.ts';
import { createMetrics } from '../../src/record/metrics.ts';
import { type DaemonWorld, startDaemonWorld } from '../builders/daemon-world.ts';

const MINUTE = 60_000;

/** Serves the probes of a world; asks one of them. */
async function serve(
  world: DaemonWorld,
): Promise<(path: string) => Promise<{ status: number; body: string }>> {
  const pacing = { requestsPerSecond: 5, concurrency: 8, inFlight: 0, waiting: 0, waitedMs: 0 };
  const metrics = createMetrics({
    clock: world.clock,
    version: '0.0.0-test',
    withProcess: false,
    sources: {
      state: () => world.state,
      pacing: () => pacing,
      logLinesLost: () => 0,
      callsToday: () => 0,
      callBudget: () => undefined,
      tokenWrittenAt: async () => undefined,
    },
  });
  let port = 0;
  const servers = await startServers(
    world.control,
    { statusListen: { host: '127.0.0.1', port: 0 } },
    {
      onError: (error) => expect.unreachable(String(error)),
      clock: systemClock,
      onControlSocket: () => expect.unreachable('there is none'),
      onStatusPort: (chosen) => {
        port = chosen;
      },
      metrics: metrics.render,
    },
  );
  onTestFinished(() => Promise.all(servers.map((server) => server.close())).then(() => {}));
  return async (path) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: answer.status, body: await answer.text() };
  };
}

it('turn red when the loop stands still, and green again when it moves on', async () => {
  const endings: (() => void)[] = [];
  const world = await startDaemonWorld({
    script: () => new Promise((resolve) => endings.push(() => resolve({}))),
  });
  const ask = await serve(world);
  await world.pass(MINUTE);
  expect(await ask('/healthz')).toMatchObject({
    status: 200,
    body: expect.stringContaining('"reason":"the main loop is running"'),
  });

  await world.pass(60 * MINUTE);
  const red = await ask('/healthz');
  expect(red.status).toBe(503);
  expect(JSON.parse(red.body)).toEqual({
    ok: false,
    reason: expect.stringMatching(/^no progress for \d+ s$/),
    sentence: expect.stringContaining('3 failed rounds (the round hung and was abandoned)'),
  });
  expect((await ask('/metrics')).body).toMatch(/^callbackd_healthy 0$/m);

  for (const end of endings) end();
  await world.pass(MINUTE);
  expect((await ask('/healthz')).status).toBe(200);
  expect((await ask('/metrics')).body).toMatch(/^callbackd_healthy 1$/m);
});

it('are red until the account was listed, say why, and stay green when a later listing fails', async () => {
  const failure = {
    kind: 'transient',
    operation: 'list_apps',
    message: verbatim('HTTP 503'),
    attempts: 5,
  } as const;
  let isDown = true;
  const world = await startDaemonWorld({
    script: () => (isDown ? { result: 'unreadable', failure, plan: undefined as never } : {}),
  });
  const ask = await serve(world);
  await world.pass(1_000);
  const red = await ask('/readyz');
  expect(red.status).toBe(503);
  expect(JSON.parse(red.body)).toMatchObject({
    ok: false,
    reason: 'the account could not be listed: HTTP 503',
  });
  expect((await ask('/healthz')).status).toBe(200);
  expect((await ask('/metrics')).body).toMatch(/^callbackd_ready 0$/m);

  isDown = false;
  await world.pass(MINUTE);
  expect(await ask('/readyz')).toMatchObject({
    status: 200,
    body: expect.stringContaining('the account has been listed completely'),
  });
  isDown = true;
  await world.pass(20 * MINUTE);
  expect((await ask('/readyz')).status).toBe(200);
});
