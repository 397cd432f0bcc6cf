/**
 * Receivers on loopback that fail at every stage, and a counting transport for what must not be probed at
 * all.
 */
import { createServer, type RequestListener } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient } from '../lib/http-client.ts';
import { type HttpReply, type Transport, TransportError } from '../lib/http-transport.ts';
import { isPublicAddress } from '../lib/public-address.ts';
import { createVirtualClock } from '../lib/virtual-clock.ts';
import { say } from '../messages/say.ts';
import type { CallContext } from '../model/calls.ts';
import { createReceiverCheck, type ReceiverCheckOptions } from './create-receiver-check.ts';
import { createSecretGate } from './secret-gate.ts';

const anywhere = createHttpClient({ connectionsMax: 8, keepAlive: false });
const context: CallContext = { signal: new AbortController().signal };
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function createCheck(options: Partial<ReceiverCheckOptions> = {}) {
  let uuids = 0;
  return createReceiverCheck({
    transport: anywhere,
    clock: createVirtualClock(1_700_000_000_000),
    newUuid: () => `uuid-${++uuids}`,
    userAgent: 'callbackd/test',
    gate: createSecretGate(),
    ...options,
  });
}

function sayVerdict(verdict: Awaited<ReturnType<ReturnType<typeof createReceiverCheck>['check']>>) {
  return verdict.ok ? verdict : { ...verdict, message: say(verdict.message) };
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/coze?secret=s3cret`;
}

const answering = (status: number, body: string, headers = {}): RequestListener => {
  return (_request, response) => response.writeHead(status, headers).end(body);
};

describe('the challenge', () => {
  it('is what the platform sends, and a receiver that echoes it passes', async () => {
    let seen: unknown;
    const url = await serve(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const body = JSON.parse(text);
      seen = { method: request.method, type: request.headers['content-type'], body };
      response.end(JSON.stringify({ challenge: body.event.challenge, more: true }));
    });
    expect(await createCheck().check(url, context)).toEqual({ ok: true });
    expect(seen).toEqual({
      method: 'POST',
      type: 'application/json; charset=utf-8',
      body: {
        header: { event_type: 'url_verification', event_id: 'uuid-2', created_at: 1_700_000_000_000 },
        event: { challenge: 'uuid-1' },
      },
    });
  });

  it('finds a receiver by name, on whichever of its addresses it listens', async () => {
    const url = await serve(answering(200, '{"challenge":"uuid-1"}'));
    expect(await createCheck().check(url.replace('127.0.0.1', 'localhost'), context)).toEqual({ ok: true });
  });

  it.each([
    { name: 'another challenge', listener: answering(200, '{"challenge":"x"}'), stage: 'echo' },
    {
      name: 'the challenge in the wrong place',
      listener: answering(200, '{"event":{"challenge":"uuid-1"}}'),
      stage: 'echo',
    },
    { name: 'no JSON', listener: answering(200, 'ok'), stage: 'echo' },
    { name: 'null', listener: answering(200, 'null'), stage: 'echo' },
    { name: '404', listener: answering(404, '{"challenge":"uuid-1"}'), stage: 'http' },
    {
      name: 'a redirect',
      listener: answering(302, '', { location: 'https://x.test/a?k=s3cret' }),
      stage: 'http',
    },
    { name: 'an endless reply', listener: answering(200, 'x'.repeat(70_000)), stage: 'http' },
  ])('is failed by a receiver that answers with $name', async ({ listener, stage }) => {
    const verdict = await createCheck().check(await serve(listener), context);
    expect(verdict).toMatchObject({ ok: false, stage });
    expect(JSON.stringify(verdict)).not.toContain('s3cret');
  });

  it('is failed by a receiver that hangs up', async () => {
    const url = await serve((request) => request.socket.destroy());
    expect(await createCheck().check(url, context)).toMatchObject({ ok: false, stage: 'http' });
  });

  it('is failed by a receiver that is too slow', async () => {
    const hasty: Transport = {
      send: (request, signal) => anywhere.send({ ...request, timeoutMs: 100 }, signal),
    };
    const url = await serve(() => undefined);
    expect(sayVerdict(await createCheck({ transport: hasty }).check(url, context))).toMatchObject({
      ok: false,
      stage: 'time',
      message: 'the receiver is too slow: no reply within 3000 ms (reached http); the platform waits 3 s',
    });
  });

  it('is failed where nobody listens, where TLS fails and where there is no such name', async () => {
    const closed = net.createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const plain = await serve(answering(200, ''));
    const check = createCheck();
    expect(await check.check(`http://127.0.0.1:${port}/`, context)).toMatchObject({ stage: 'tcp' });
    expect(await check.check(plain.replace('http:', 'https:'), context)).toMatchObject({ stage: 'tls' });
    expect(await check.check('http://callbackd.invalid/', context)).toMatchObject({ stage: 'dns' });
  });

  it.each(['ftp://x.test/', 'file:///etc/passwd', 'http://', 'orders', ''])(
    'is not sent to %j',
    async (url) => {
      expect(await createCheck().check(url, context)).toMatchObject({ ok: false, stage: 'url' });
    },
  );
});

describe('addresses inside the network', () => {
  it.each([
    'http://127.0.0.1:PORT/',
    'http://localhost:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://0x7f.1:PORT/',
  ])('are not contacted through %s unless that is allowed', async (pattern) => {
    let requests = 0;
    const url = await serve((_request, response) => {
      requests += 1;
      response.end();
    });
    const check = createCheck({
      transport: createHttpClient({
        connectionsMax: 8,
        keepAlive: false,
        isAddressAllowed: isPublicAddress,
      }),
    });
    const verdict = await check.check(pattern.replace('PORT', new URL(url).port), context);
    expect(verdict).toMatchObject({ ok: false, stage: 'address' });
    expect(requests).toBe(0);
  });
});

describe('sparing the receivers', () => {
  const createCounted = (result: () => HttpReply | Promise<HttpReply>) => {
    const clock = createVirtualClock(1_700_000_000_000);
    const posted: number[] = [];
    const transport: Transport = {
      async send() {
        posted.push(clock.now() - 1_700_000_000_000);
        return result();
      },
    };
    const passTime = async (ms: number) => {
      let isOver = false;
      clock.after(ms, () => {
        isOver = true;
      });
      await clock.run(() => isOver);
    };
    return { posted, passTime, check: createCheck({ transport, clock }) };
  };
  const replying = (status: number, body: string): HttpReply => ({
    status,
    headers: {},
    body: Buffer.from(body),
  });
  const refused = (): Promise<HttpReply> => Promise.reject(new TransportError('not_sent', 'ECONNREFUSED'));

  it('probes a URL once per round, whoever asks and how often', async () => {
    const { posted, check } = createCounted(() => replying(500, ''));
    const url = 'https://hooks.example.com/a';
    await Promise.all([check.check(url, context), check.check(url, context)]);
    await check.check(url, context);
    expect(posted).toHaveLength(1);
  });

  it('probes a receiver that works again in every round', async () => {
    let challenge = 0;
    const { posted, check } = createCounted(() => {
      challenge += 2;
      return replying(200, `{"challenge":"uuid-${challenge - 1}"}`);
    });
    for (let round = 0; round < 3; round += 1) {
      check.beginRound();
      expect(await check.check('https://hooks.example.com/a', context)).toEqual({ ok: true });
    }
    expect(posted).toHaveLength(3);
  });

  it('leaves a receiver that failed alone, twice as long each time, and repeats the verdict meanwhile', async () => {
    const { posted, passTime, check } = createCounted(refused);
    for (let second = 0; second < 240; second += 10) {
      check.beginRound();
      expect(await check.check('https://hooks.example.com/a', context)).toMatchObject({ stage: 'tcp' });
      await passTime(10_000);
    }
    expect(posted).toEqual([0, 30_000, 90_000, 210_000]);
  });

  it('says of a reply that is too long, and of a name that is not resolved in time, what each was', async () => {
    const oversized = new TransportError('oversized', 'more than 65536 bytes', { status: 200 });
    const unresolved = new TransportError('not_sent', 'timeout', { stage: 'dns' });
    const explain = async (error: Error) =>
      sayVerdict(
        await createCounted(() => Promise.reject(error)).check.check('https://hooks.example.com/a', context),
      );
    expect(await explain(oversized)).toMatchObject({
      stage: 'http',
      message: 'the receiver did not send a usable reply (a reply of more than 65536 bytes)',
    });
    expect(await explain(unresolved)).toMatchObject({
      stage: 'dns',
      message: 'the host name of the receiver cannot be resolved (no answer within 3000 ms)',
    });
  });

  it('has no verdict on a probe that was stopped, and asks again', async () => {
    let isStopped = true;
    const { posted, check } = createCounted(() =>
      isStopped ? Promise.reject(new Error('stopped')) : refused(),
    );
    await expect(check.check('https://hooks.example.com/a', context)).rejects.toThrow('stopped');
    isStopped = false;
    expect(await check.check('https://hooks.example.com/a', context)).toMatchObject({ stage: 'tcp' });
    expect(posted).toHaveLength(2);
  });
});
