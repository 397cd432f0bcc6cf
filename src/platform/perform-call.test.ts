/** Calls over a scripted transport on a virtual clock: what is repeated, when, and what stands in the end. */

import { describe, expect, it } from 'vitest';
import { type HttpReply, type HttpRequest, TransportError } from '../lib/http-transport.ts';
import { createVirtualClock } from '../lib/virtual-clock.ts';
import { verbatim } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import { type CallContext, type CallReport, PlatformError } from '../model/calls.ts';
import { CredentialsError } from '../model/credentials.ts';
import { asAppId } from '../model/identity.ts';
import { Secret } from '../model/secret.ts';
import { createPlatform, type PacedPlatform } from './create-platform.ts';
import type { TokenProvider, WriteGate } from './ports.ts';
import { createSecretGate } from './secret-gate.ts';

const START = Date.parse('2026-03-01T12:00:00Z');
const ID = asAppId('7512345678901234567');
const EMPTY = answer(200, { code: 0, data: { items: [], has_more: false } });
const CREATED = answer(200, { code: 0, data: { id: ID, app_type: 'normal', verify_token: 'vt' } });
const DONE = answer(200, { code: 0, msg: '' });
const NEW_APP = { appType: 'normal', name: 'n' } as const;

type Step = HttpReply | TransportError | ((request: HttpRequest, signal?: AbortSignal) => Promise<HttpReply>);

function answer(status: number, body: unknown, headers: Record<string, string> = {}): HttpReply {
  return { status, headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
}

function createWorld(
  script: Step[],
  options: {
    tokens?: TokenProvider;
    baseUrl?: string;
    random?: number;
    writeGates?: readonly WriteGate[];
  } = {},
) {
  const clock = createVirtualClock(START);
  const world = { sentAt: [] as number[], requests: [] as HttpRequest[], reports: [] as CallReport[] };
  const token = new Secret('pat_secret');
  const platform = createPlatform({
    settings: {
      baseUrl: options.baseUrl ?? 'https://api.coze.cn',
      timeoutMs: 5_000,
      concurrency: 4,
      maxRequestsPerSecond: 1_000,
    },
    tokens: options.tokens ?? { current: async () => token, renew: async () => false },
    transport: {
      async send(request, signal) {
        world.sentAt.push(clock.now() - START);
        world.requests.push(request);
        const step = script.shift() ?? answer(500, 'the script is over');
        if (step instanceof TransportError) throw step;
        return typeof step === 'function' ? step(request, signal) : step;
      },
    },
    ...(options.writeGates === undefined ? {} : { writeGates: options.writeGates }),
    clock,
    random: () => options.random ?? 1,
    onCall: (report) => world.reports.push(report),
    userAgent: 'callbackd/test',
    gate: createSecretGate(),
  });
  const controller = new AbortController();

  /** Runs one call to its end and gives its result or its error. */
  async function settle<Result>(call: (platform: PacedPlatform, context: CallContext) => Promise<Result>) {
    let ended: { value: Result } | { error: unknown } | undefined;
    call(platform, { signal: controller.signal }).then(
      (value) => {
        ended = { value };
      },
      (error: unknown) => {
        ended = { error };
      },
    );
    await clock.run(() => ended !== undefined);
    return ended as unknown as { value?: Result; error?: PlatformError };
  }
  return { world, clock, controller, settle };
}

const lost = () => new TransportError('maybe_processed', 'timeout');
const unsent = () => new TransportError('not_sent', 'ECONNREFUSED');
const list = (platform: PacedPlatform, context: CallContext) => platform.listApps('', context);
const create = (platform: PacedPlatform, context: CallContext) => platform.createApp(NEW_APP, context);
const rename = (platform: PacedPlatform, context: CallContext) =>
  platform.updateApp(ID, { name: 'x' }, context);

const adviceOf = (error: PlatformError | undefined) =>
  error?.details.advice === undefined ? undefined : say(error.details.advice);

describe('repeating', () => {
  it('gives up after four attempts, with pauses that double and never exceed full jitter', async () => {
    const { world, settle } = createWorld([]);
    const { error } = await settle(list);
    expect(error?.details).toMatchObject({ kind: 'transient', status: 500, attempts: 4 });
    expect(world.sentAt).toEqual([0, 500, 1_500, 3_500]);
    expect(world.reports.map(({ attempt, failure }) => [attempt, failure])).toEqual([
      [1, 'transient'],
      [2, 'transient'],
      [3, 'transient'],
      [4, 'transient'],
    ]);
  });

  it('repeats what broke on the way, for every operation but a create', async () => {
    for (const step of [lost(), unsent(), new TransportError('truncated', 'reset', { status: 200 })]) {
      const { settle } = createWorld([step, DONE]);
      expect(await settle(rename)).toEqual({ value: undefined });
    }
  });

  it.each([
    { step: lost(), reason: 'no reply' },
    { step: new TransportError('truncated', 'reset', { status: 200 }), reason: 'half a reply' },
    { step: new TransportError('oversized', 'too much', { status: 200 }), reason: 'an endless reply' },
    { step: answer(502, '<html>'), reason: 'a gateway page' },
    { step: answer(200, '<html>'), reason: 'a page instead of JSON' },
    { step: answer(500, { code: 4009 }), reason: 'busy, next to a 5xx' },
    { step: answer(200, { code: 4009 }), reason: 'busy, perhaps after it had begun' },
    { step: answer(200, { code: 5000 }), reason: 'an internal error' },
    { step: answer(200, { code: 0, data: {} }), reason: 'a success without an id' },
    { step: answer(307, ''), reason: 'a redirect' },
  ])('never repeats a create that may have been processed: $reason', async ({ step }) => {
    const { world, settle } = createWorld([step, CREATED]);
    const { error } = await settle(create);
    expect(error?.details).toMatchObject({ kind: 'unknown_outcome', attempts: 1 });
    expect(error?.message).toContain('the app may have been created');
    expect(world.requests).toHaveLength(1);
    expect(world.reports[0]?.failure).toBe('unknown_outcome');
  });

  it.each([
    { step: unsent(), reason: 'no connection' },
    { step: answer(429, ''), reason: '429' },
    { step: answer(200, { code: 4020 }), reason: 'requests per minute' },
  ])('repeats a create that surely was not processed: $reason', async ({ step }) => {
    const { settle } = createWorld([step, CREATED]);
    expect((await settle(create)).value?.id).toBe(ID);
  });

  it.each([
    { header: '7', waits: 7_000, reason: 'seconds' },
    { header: 'Sun, 01 Mar 2026 12:00:09 GMT', waits: 9_000, reason: 'a date' },
    { header: '86400', waits: 60_000, reason: 'no header silences us for a day' },
    { header: 'Sun, 01 Mar 2026 11:00:00 GMT', waits: 500, reason: 'a date in the past' },
    { header: 'soon', waits: 500, reason: 'nonsense' },
    { header: '-5', waits: 500, reason: 'a negative number' },
  ])('honours Retry-After: $header, $reason', async ({ header, waits }) => {
    const { world, settle } = createWorld([answer(429, '', { 'retry-after': header }), EMPTY]);
    await settle(list);
    expect(world.sentAt).toEqual([0, waits]);
  });

  it('measures a date in Retry-After by the clock of the server', async () => {
    const headers = { 'retry-after': 'Sun, 01 Mar 2026 15:00:04 GMT', date: 'Sun, 01 Mar 2026 15:00:00 GMT' };
    const { world, settle } = createWorld([answer(503, { code: 4009 }, headers), EMPTY]);
    await settle(list);
    expect(world.sentAt).toEqual([0, 4_000]);
  });

  it('is more patient with a rate limit than with a fault', async () => {
    const { settle } = createWorld(Array.from({ length: 20 }, () => answer(429, '')));
    expect((await settle(list)).error?.details).toMatchObject({ kind: 'rate_limited', attempts: 8 });
  });

  it('stops repeating when everything fails, so that an outage is not made worse', async () => {
    const { world, settle } = createWorld([]);
    for (let call = 0; call < 10; call += 1) await settle(list);
    expect(world.requests).toHaveLength(10 + 20);
  });

  it.each(['4000', '4100', '4102', '4200', '777074011'])('does not repeat code %s', async (code) => {
    const { world, settle } = createWorld([answer(200, { code }), DONE]);
    expect((await settle(rename)).error?.details.code).toBe(Number(code));
    expect(world.requests).toHaveLength(1);
  });
});

describe('stopping', () => {
  it('lets any number of calls share one signal without a warning of a leak', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const { settle } = createWorld(Array.from({ length: 40 }, () => EMPTY));
    await settle((platform, context) =>
      Promise.all(Array.from({ length: 40 }, () => platform.listApps('', context))),
    );
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  it('sends nothing once stopped', async () => {
    const { world, controller, settle } = createWorld([EMPTY]);
    controller.abort();
    expect((await settle(list)).error?.details).toMatchObject({ kind: 'aborted', attempts: 0 });
    expect(world.requests).toHaveLength(0);
    expect(world.reports).toHaveLength(0);
  });

  it('keeps the result of a write that was under way when it was stopped', async () => {
    const { controller, settle } = createWorld([
      async (_request, signal) => {
        controller.abort();
        expect(signal).toBeUndefined();
        return CREATED;
      },
    ]);
    expect((await settle(create)).value?.id).toBe(ID);
  });

  it('cuts a read that is under way', async () => {
    const { controller, settle } = createWorld([
      async (_request, signal) => {
        controller.abort();
        throw new TransportError(signal?.aborted ? 'aborted' : 'maybe_processed', 'stopped');
      },
    ]);
    expect((await settle(list)).error?.details).toMatchObject({ kind: 'aborted' });
  });

  it('lets the last failure stand when stopped in the pause before another attempt', async () => {
    const { world, clock, controller, settle } = createWorld([lost(), EMPTY]);
    clock.after(100, () => controller.abort());
    expect((await settle(rename)).error?.details).toMatchObject({ kind: 'transient', attempts: 1 });
    expect(world.requests).toHaveLength(1);
  });
});

describe('the token', () => {
  const rotating = (): TokenProvider & { renewals: number } => {
    let current = 'pat_old';
    const provider = {
      renewals: 0,
      current: async () => new Secret(current),
      renew: async () => {
        provider.renewals += 1;
        const isOther = current !== 'pat_new';
        current = 'pat_new';
        return isOther;
      },
    };
    return provider;
  };

  it.each([
    { step: answer(401, { code: 700012006 }), reason: 'expired' },
    { step: answer(200, { code: 4100 }), reason: 'wrong' },
    { step: answer(200, { code: 4101 }), reason: '4101, which a wrong token gives as well' },
  ])('is renewed once when refused, also for a create: $reason', async ({ step }) => {
    const { world, settle } = createWorld([step, CREATED], { tokens: rotating() });
    expect((await settle(create)).value?.id).toBe(ID);
    expect(world.requests.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer pat_old',
      'Bearer pat_new',
    ]);
  });

  it('stays refused when the new one is refused too', async () => {
    const tokens = rotating();
    const refusal = answer(401, { code: 4100 });
    const { world, settle } = createWorld([refusal, refusal, EMPTY], { tokens });
    expect((await settle(list)).error?.details).toMatchObject({ kind: 'auth', attempts: 2 });
    expect([world.requests.length, tokens.renewals]).toEqual([2, 1]);
  });

  it('stays refused when looking for another one fails', async () => {
    const gone = new CredentialsError('missing', verbatim('the token file is gone'), {
      advice: verbatim('create it'),
    });
    const tokens = { current: async () => new Secret('pat_old'), renew: () => Promise.reject(gone) };
    const { settle } = createWorld([answer(401, '')], { tokens });
    expect((await settle(list)).error?.details).toMatchObject({ kind: 'auth', status: 401 });
  });

  it('sends nothing when there is none, and says why', async () => {
    const gone = new CredentialsError('missing', verbatim('the token file is gone'), {
      advice: verbatim('create it'),
    });
    const { world, settle } = createWorld([EMPTY], {
      tokens: { current: () => Promise.reject(gone), renew: async () => false },
    });
    const { error } = await settle(list);
    expect(error?.details).toMatchObject({ kind: 'auth', advice: verbatim('create it'), attempts: 0 });
    expect(error?.message).toContain('the token file is gone');
    expect(world.requests).toHaveLength(0);
  });

  it('never shows in an error or a report, even where the platform quotes it', async () => {
    const { world, settle } = createWorld([answer(401, { code: 4100, msg: 'bad token pat_secret!' })]);
    const { error } = await settle(list);
    expect(error?.details.msg).toBe('bad token [secret]!');
    expect(JSON.stringify([error, error?.message, error?.stack, world.reports])).not.toContain('pat_secret');
  });
});

describe('what the operator reads', () => {
  it.each([
    { baseUrl: 'https://api.coze.com', other: 'https://api.coze.cn' },
    { baseUrl: 'https://api.coze.cn', other: 'https://api.coze.com' },
  ])('names the other region when $baseUrl refuses the token', async ({ baseUrl, other }) => {
    for (const reply of [{ code: 4100 }, { code: 4101 }, { code: 700012006 }]) {
      const { settle } = createWorld([answer(200, reply)], { baseUrl });
      const { error } = await settle(list);
      expect(error?.details.kind).toBe('auth');
      expect(adviceOf(error)).toContain(`set coze.base_url to ${other}`);
    }
  });

  it('names the permission that is missing', async () => {
    const { settle } = createWorld([answer(200, { code: 4101, msg: 'The token you entered is incorrect' })]);
    const { error } = await settle(create);
    expect(error?.details).toMatchObject({ kind: 'permission', code: 4101 });
    expect(adviceOf(error)).toContain('createApiApp');
  });

  it('holds operation, status, code, message, logid and attempts together', async () => {
    const { settle } = createWorld([
      answer(
        400,
        { code: 4000, msg: 'bad\nname', detail: { logid: 'L-body' } },
        { 'x-tt-logid': 'L-header' },
      ),
    ]);
    const { error } = await settle(rename);
    expect(error).toBeInstanceOf(PlatformError);
    expect(error?.message).toBe(
      'update_app: the platform rejected the values (HTTP 400, code 4000, "bad name")',
    );
    expect(adviceOf(error)).toContain('check the values');
    expect(error?.details).toEqual({
      kind: 'invalid',
      operation: 'update_app',
      message: expect.anything(),
      advice: expect.anything(),
      status: 400,
      code: 4000,
      msg: 'bad name',
      logid: 'L-body',
      attempts: 1,
    });
  });

  it('waits at least 10 s for a PUT that sets a callback_url, because the receiver is challenged first', async () => {
    const { world, settle } = createWorld([DONE, DONE]);
    await settle((platform, context) => platform.updateApp(ID, { callbackUrl: 'https://x.test/' }, context));
    await settle(rename);
    expect(world.requests.map(({ timeoutMs }) => timeoutMs)).toEqual([10_000, 5_000]);
    expect(world.requests.map(({ body }) => body)).toEqual([
      '{"callback_url":"https://x.test/"}',
      '{"name":"x"}',
    ]);
  });
});

describe('the gate', () => {
  /** Lets `passes` writes through, then none; notes what it was asked. */
  function createGate(passes: number) {
    const asked: string[] = [];
    const gate: WriteGate = {
      async allow({ operation }) {
        asked.push(operation);
        return asked.length <= passes ? undefined : verbatim('the file names it again');
      },
    };
    return { gate, asked };
  }

  it('is asked before every attempt of every write, and never before a read', async () => {
    const { gate, asked } = createGate(10);
    const { settle } = createWorld([EMPTY, lost(), DONE, CREATED], { writeGates: [gate] });
    await settle(list);
    await settle(rename);
    await settle(create);
    expect(asked).toEqual(['update_app', 'update_app', 'create_app']);
  });

  it('a refusal sends nothing, is not repeated, and says why', async () => {
    const { world, settle } = createWorld([CREATED], { writeGates: [createGate(0).gate] });
    const { error } = await settle(create);
    expect(error?.details).toMatchObject({ kind: 'aborted', refused: verbatim('the file names it again') });
    expect(error?.message).toContain('the file names it again');
    expect(world.requests).toEqual([]);
    expect(world.reports).toEqual([]);
  });

  it('one of several is enough', async () => {
    const writeGates = [createGate(10).gate, createGate(0).gate, createGate(10).gate];
    const { world, settle } = createWorld([DONE], { writeGates });
    expect((await settle(rename)).error?.details.kind).toBe('aborted');
    expect(world.requests).toEqual([]);
  });

  it('what the plan rests on is asked last, however long another gate took', async () => {
    const asked: string[] = [];
    const slow: WriteGate = { allow: async () => void asked.push('state') };
    const mayLeave = async () => void asked.push('plan');
    const { settle } = createWorld([DONE], { writeGates: [slow] });
    await settle((platform, context) => platform.deleteApp(ID, { ...context, mayLeave }));
    expect(asked).toEqual(['state', 'plan']);
  });

  it('before a second attempt it leaves standing that the first may have been processed', async () => {
    const remove = (platform: PacedPlatform, context: CallContext) => platform.deleteApp(ID, context);
    const { world, settle } = createWorld([lost(), DONE], { writeGates: [createGate(1).gate] });
    expect((await settle(remove)).error?.details.kind).toBe('transient');
    expect(world.requests).toHaveLength(1);
    const paced = createWorld([answer(429, { code: 4013 }), DONE], { writeGates: [createGate(1).gate] });
    expect((await paced.settle(remove)).error?.details.kind).toBe('aborted');
  });
});
