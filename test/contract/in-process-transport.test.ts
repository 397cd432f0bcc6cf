import { beforeEach, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/lib/http-transport.ts';
import { createVirtualClock, type VirtualClock } from '../../src/lib/virtual-clock.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { seededRandom, settle } from '../builders/call-sandbox.ts';
import { createInProcessTransport } from './in-process-transport.ts';

const REQUEST: HttpRequest = {
  method: 'POST',
  url: 'https://sandbox.example/v1/api_apps',
  headers: { authorization: 'Bearer pat_sandbox', 'content-type': 'application/json' },
  body: '{"app_type":"normal","name":"a"}',
  timeoutMs: 2000,
  bodyBytesMax: 1000,
};

let clock: VirtualClock;
let sandbox: Sandbox;
const send = (signal?: AbortSignal) =>
  settle(clock, createInProcessTransport(sandbox, clock).send(REQUEST, signal));

beforeEach(() => {
  clock = createVirtualClock(0);
  sandbox = createSandbox({ clock, random: seededRandom(4) });
});

it('brings a reply back as bytes', async () => {
  const reply = await send();
  expect(reply).toMatchObject({ status: 200, headers: { 'x-tt-logid': expect.any(String) } });
  expect(JSON.parse(Buffer.from(reply.body).toString('utf8'))).toMatchObject({ code: 0 });
});

it.each([
  [{ kind: 'drop_after' }, { fate: 'maybe_processed', reason: 'ECONNRESET' }, 1],
  [{ kind: 'reset' }, { fate: 'maybe_processed', reason: 'ECONNRESET' }, 0],
  [{ kind: 'hang', when: 'after' }, { fate: 'maybe_processed', reason: 'timeout' }, 1],
  [{ kind: 'truncate' }, { fate: 'truncated', status: 200 }, 1],
  [{ kind: 'oversize', bytes: 1001 }, { fate: 'oversized', status: 200 }, 1],
] as const)('shows %j as a socket would', async (fault, failure, apps) => {
  sandbox.faults.add({ match: {}, do: fault });
  await expect(send()).rejects.toMatchObject(failure);
  expect(sandbox.apps()).toHaveLength(apps);
});

it('gives up after the timeout; the request is processed all the same', async () => {
  sandbox.faults.add({ match: {}, do: { kind: 'delay', ms: 5000 } });
  await expect(send()).rejects.toMatchObject({ fate: 'maybe_processed', reason: 'timeout' });
  expect(clock.monotonic()).toBe(2000);
  expect(sandbox.apps()).toHaveLength(0);
  await clock.run(() => sandbox.apps().length === 1);
  expect(clock.monotonic()).toBe(5000);
});

it('stops waiting when the caller says so', async () => {
  sandbox.faults.add({ match: {}, do: { kind: 'delay', ms: 5000 } });
  const abort = new AbortController();
  clock.after(300, () => abort.abort());
  await expect(send(abort.signal)).rejects.toMatchObject({ fate: 'aborted' });
  expect(clock.monotonic()).toBe(300);
  await expect(send(AbortSignal.abort())).rejects.toMatchObject({ fate: 'aborted' });
  expect(sandbox.records.total).toBe(0);
});
