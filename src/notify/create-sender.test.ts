/**
 * A sender against real receivers on loopback: well, failing, hanging, gone; only the pauses are made short
 * by hand.
 */
import { expect, it, onTestFinished } from 'vitest';
import { startWebhookReceiver, WEBHOOK_SECRET } from '../../test/builders/webhook-receiver.ts';
import type { Clock } from '../lib/clock.ts';
import { createHttpClient } from '../lib/http-client.ts';
import { verbatim } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import { Secret } from '../model/secret.ts';
import type { NotifySettings } from '../model/settings.ts';
import { createSender, type Sender } from './create-sender.ts';
import type { Delivery } from './ports.ts';
import type { Problem, Problems } from './problems.ts';

/** A clock that stands until it is moved. */
function createStandingClock(): Clock & { advance(ms: number): void } {
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  let now = Date.UTC(2026, 10, 21);
  return {
    now: () => now,
    monotonic: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    advance(ms) {
      now += ms;
      for (const sleeper of sleepers) {
        if (sleeper.at > now) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
  };
}

const SETTINGS: NotifySettings = {
  name: 'ops',
  format: 'json',
  url: { kind: 'env', variable: 'HOOK' },
  on: ['failing', 'held', 'recovered'],
  language: 'en',
  maxPerHour: 20,
  allowHttp: false,
  network: {},
};

function open(url: string, settings: Partial<NotifySettings> = {}) {
  const clock = createStandingClock();
  const deliveries: Record<string, unknown>[] = [];
  const transport = createHttpClient({ connectionsMax: 1 });
  const sender: Sender = createSender(
    { ...SETTINGS, ...settings },
    {
      readAddress: async () => ({ url: new Secret(url) }),
      transport,
      clock,
      random: () => 0,
      origin: { host: 'ops-1', endpoint: 'https://api.coze.cn', version: '1.2.3' },
      onDelivery: (delivery) => deliveries.push(inWords(delivery)),
    },
  );
  onTestFinished(() => {
    sender.close();
    transport.close();
  });
  return { clock, deliveries, sender };
}

function inWords(delivery: Delivery): Record<string, unknown> {
  return delivery.type === 'failed' ? { ...delivery, detail: say(delivery.detail) } : { ...delivery };
}

function problems(...ids: string[]): Problems {
  return new Map(
    ids.map((id): [string, Problem] => [
      id,
      {
        id,
        kind: id.startsWith('held') ? 'held' : 'failing',
        key: id,
        reason: 'auth',
        message: verbatim('refused'),
      },
    ]),
  );
}

it('tells of a problem once while it lasts, and when it is over', async () => {
  const receiver = await startWebhookReceiver();
  const { sender, deliveries } = open(receiver.url);
  sender.update(problems('a'));
  await expect.poll(() => deliveries.length).toBe(1);
  for (let again = 0; again < 50; again += 1) sender.update(problems('a'));
  sender.update(problems());
  await expect.poll(() => deliveries.length).toBe(2);
  expect(receiver.bodies.map(({ kind }) => kind)).toEqual(['failing', 'recovered']);
  expect(deliveries).toMatchObject([{ type: 'sent' }, { type: 'sent', receiver: 'ops', kind: 'recovered' }]);
});

it('tells what is new and counts what still stands', async () => {
  const receiver = await startWebhookReceiver();
  const { sender } = open(receiver.url);
  sender.update(problems('a', 'b'));
  await expect.poll(() => receiver.bodies.length).toBe(1);
  sender.update(problems('b', 'held c'));
  await expect.poll(() => receiver.bodies.length).toBe(2);
  expect(receiver.bodies[1]).toMatchObject({
    kind: 'held',
    problems: { new: { count: 1 }, standing: { count: 1 }, over: { count: 1 } },
  });
});

it('does not let a condition that flaps flood anybody, and tells what it came to', async () => {
  const receiver = await startWebhookReceiver();
  const { sender, clock, deliveries } = open(receiver.url);
  const flap = (time: number) => sender.update(time % 2 === 0 ? problems('a') : problems());
  // A quarter of 20 may go at once, and one each three minutes after that.
  for (let sent = 0; sent < 5; sent += 1) {
    flap(sent);
    await expect.poll(() => deliveries.length).toBe(sent + 1);
  }
  for (let second = 0; second < 150; second += 1) {
    flap(second);
    clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  sender.update(problems('b'));
  clock.advance(30_000);
  await expect.poll(() => receiver.bodies.at(-1)?.text).toContain('- b auth');
  expect(receiver.bodies.map(({ kind }) => kind)).toEqual([
    'failing',
    'recovered',
    'failing',
    'recovered',
    'failing',
    'failing',
  ]);
});

it('tries a receiver again that fails, with growing patience, and tells it the present', async () => {
  const receiver = await startWebhookReceiver();
  receiver.answer = { status: 503 };
  const { sender, clock, deliveries } = open(receiver.url);
  sender.update(problems('a'));
  for (const [attempt, againInMs] of [5_000, 10_000, 20_000].entries()) {
    await expect.poll(() => deliveries.length).toBe(attempt + 1);
    expect(deliveries.at(-1)).toMatchObject({ type: 'failed', detail: 'HTTP 503', againInMs });
    sender.update(problems('a', `b${attempt}`));
    if (attempt === 2) receiver.answer = 'ok';
    clock.advance(againInMs);
  }
  await expect.poll(() => deliveries.at(-1)?.['type']).toBe('sent');
  expect(receiver.bodies.at(-1)).toMatchObject({ problems: { new: { count: 2 } } });
  expect(receiver.bodies.at(-1)?.text).toContain('- b2 auth: refused');
  expect(receiver.bodies.at(-1)?.text).not.toContain('b1');
});

it('is not held up by a receiver that hangs, and a stop cuts the message with a word', async () => {
  const receiver = await startWebhookReceiver();
  receiver.answer = 'hang';
  const { sender, deliveries } = open(receiver.url);
  sender.update(problems('a'));
  await expect.poll(() => receiver.bodies.length).toBe(1);
  sender.close();
  expect(deliveries).toEqual([{ type: 'dropped', receiver: 'ops', kind: 'failing' }]);
  sender.update(problems('a', 'b'));
  sender.close();
  expect(deliveries).toHaveLength(1);
});

it.each([
  {
    what: 'a redirect',
    answer: { status: 302 },
    format: 'json',
    detail: 'HTTP 302: redirects are not followed',
  },
  {
    what: 'a refusal of Feishu',
    answer: { status: 200, body: '{"code":19021,"msg":"sign match fail"}' },
    format: 'feishu',
    detail: 'code 19021: the signature does not match, or the clock is more than an hour off',
  },
  {
    what: 'a page instead of Feishu',
    answer: { status: 200, body: '<html>' },
    format: 'feishu',
    detail: 'the reply does not come from Feishu',
  },
] as const)('takes $what for no delivery', async ({ answer, format, detail }) => {
  const receiver = await startWebhookReceiver();
  receiver.answer = answer;
  const { sender, deliveries } = open(receiver.url, { format });
  sender.update(problems('a'));
  await expect.poll(() => deliveries.length).toBe(1);
  expect(deliveries[0]).toMatchObject({ type: 'failed', detail });
});

it.each([
  { what: 'nobody listens', url: `http://127.0.0.1:1/${WEBHOOK_SECRET}` },
  { what: 'there is no such name', url: `http://${WEBHOOK_SECRET}.invalid/` },
  { what: 'it speaks no TLS', url: 'TLS' },
  { what: 'it is no URL', url: `not a url ${WEBHOOK_SECRET}` },
])('says why it failed, and never the URL: $what', async ({ url }) => {
  const receiver = await startWebhookReceiver();
  const { sender, deliveries } = open(url === 'TLS' ? receiver.url.replace('http:', 'https:') : url);
  sender.update(problems('a'));
  await expect.poll(() => deliveries.length, { timeout: 15_000 }).toBe(1);
  expect(deliveries[0]).toMatchObject({ type: 'failed', detail: expect.stringMatching(/\w/) });
  expect(JSON.stringify(deliveries).toLowerCase()).not.toContain(WEBHOOK_SECRET.toLowerCase());
});

it('tells only of what the receiver wants to hear', async () => {
  const receiver = await startWebhookReceiver();
  const { sender, deliveries } = open(receiver.url, { on: ['held'] });
  sender.update(problems('a', 'held b'));
  await expect.poll(() => deliveries.length).toBe(1);
  sender.update(problems('a'));
  sender.update(problems('a', 'held c'));
  await expect.poll(() => deliveries.length).toBe(2);
  expect(receiver.bodies.map(({ kind, text }) => [kind, text?.includes('- a ')])).toEqual([
    ['held', false],
    ['held', false],
  ]);
});
