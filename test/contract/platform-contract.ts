/** What the rest of callbackd relies on in `AppLister` and `AppWriter`, through the real client. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallContext } from '../../src/model/calls.ts';
import { type AppId, asAppId } from '../../src/model/identity.ts';
import { cutName, markName } from '../../src/model/mark.ts';
import { createObserver } from '../../src/observe/create-observer.ts';
import type { Platform } from '../../src/platform/ports.ts';
import { type ContractSubject, openPlatform } from './subject.ts';

const context: CallContext = { signal: new AbortController().signal };
const UNKNOWN_ID = asAppId('1000000000000000001');

export function describePlatformContract(title: string, open: () => Promise<ContractSubject>): void {
  describe(`the client on ${title}`, () => {
    let subject: ContractSubject;
    let client: ReturnType<typeof openPlatform>;
    beforeAll(async () => {
      subject = await open();
      client = openPlatform(subject);
    });
    afterAll(() => subject.close());

    it('leads an app through its life, every attempt reported with its logid', async () => {
      await leadThroughLife(subject, client.platform);
      expect(client.reports.length).toBeGreaterThan(5);
      for (const report of client.reports) expect(report.logid).toMatch(/^\w{20,}$/);
    });

    it('takes a marked name of full length, lists it as sent, and takes the real one right after', async () => {
      const { platform } = client;
      const wanted = `${subject.namePrefix}${'订单 order-1 '.repeat(20)}`.slice(0, 120);
      const sent = markName(wanted, { tag: '0aef', nonce: '0123abcd' });
      expect([...sent]).toHaveLength(128);
      const { id } = await platform.createApp({ appType: 'normal', name: sent }, context);
      const observer = createObserver({ lister: platform, clock: subject.clock, concurrency: 2 });
      const marked = await untilListed(subject, async () => {
        const app = (await observer.list(context)).apps.find((each) => each.id === id);
        return { app, matches: app !== undefined };
      });
      expect(marked).toMatchObject({ name: cutName(wanted), mark: { tag: '0aef', nonce: '0123abcd' } });
      const next = await platform.createApp({ appType: 'normal', name: sent }, context);
      await platform.updateApp(next.id, { name: wanted }, context);
      const named = await untilListed(subject, async () => {
        const app = (await observer.list(context)).apps.find((each) => each.id === next.id);
        return { app, matches: app?.name === wanted };
      });
      expect(named?.mark).toBeUndefined();
      for (const made of [id, next.id]) expect(await platform.deleteApp(made, context)).toBe('deleted');
    });

    it('tells a refused request, a missing app and a refused token apart', async () => {
      const { platform } = client;
      const invalid = platform.createApp({ appType: 'normal', name: 'x'.repeat(129) }, context);
      await expect(invalid).rejects.toMatchObject({
        details: { kind: 'invalid', logid: expect.any(String) },
      });
      const missing = platform.updateApp(UNKNOWN_ID, { name: 'x' }, context);
      await expect(missing).rejects.toMatchObject({ details: { kind: 'not_found' } });
      expect(await platform.deleteApp(UNKNOWN_ID, context)).toBe('already_gone');
      const stranger = openPlatform(subject, 'pat_wrong').platform.listApps('', context);
      await expect(stranger).rejects.toMatchObject({ details: { kind: 'auth' } });
    });
  });
}

/** Create, set the URL, subscribe, rename, unsubscribe, delete; each step is looked at afterwards. */
export async function leadThroughLife(
  subject: ContractSubject,
  platform: Platform,
  { canUnsubscribe = true }: { readonly canUnsubscribe?: boolean } = {},
): Promise<void> {
  const observer = createObserver({ lister: platform, clock: subject.clock, concurrency: 2 });
  const name = `${subject.namePrefix}life`;
  const { id, verifyToken } = await platform.createApp({ appType: 'normal', name }, context);
  const shows = (expected: Record<string, unknown> | undefined) =>
    untilListed(subject, async () => {
      const app = (await observer.list(context)).apps.find((each) => each.id === id);
      return { app, matches: expected === undefined ? app === undefined : isLike(app, expected) };
    });
  const subscribes = (events: readonly string[]) =>
    untilListed(subject, async () => {
      const listed = await eventsOf(platform, id);
      return { app: listed, matches: listed.join() === events.join() };
    });
  const created = await shows({ name, appType: 'normal', callbackUrl: undefined });
  expect(created?.verifyToken.reveal()).toBe(verifyToken.reveal());
  const callbackUrl = subject.receiver?.url;
  if (callbackUrl !== undefined) {
    await platform.updateApp(id, { callbackUrl }, context);
    await shows({ name, callbackUrl });
    await platform.subscribeEvents(id, ['bot.deleted', 'bot.published'], context);
    await subscribes(['bot.deleted', 'bot.published']);
    if (canUnsubscribe) {
      await platform.unsubscribeEvents(id, ['bot.deleted'], context);
      await subscribes(['bot.published']);
    }
  }
  const refused = platform.updateApp(id, { callbackUrl: subject.brokenReceiverUrl }, context);
  await expect(refused).rejects.toMatchObject({ details: { kind: 'invalid' } });
  await platform.updateApp(id, { name: `${name} renamed` }, context);
  await shows({ name: `${name} renamed`, callbackUrl });
  expect(await platform.deleteApp(id, context)).toBe('deleted');
  await shows(undefined);
  expect(await platform.deleteApp(id, context)).toBe('already_gone');
}

async function eventsOf(platform: Platform, id: AppId): Promise<readonly string[]> {
  const { eventTypes, hasMore } = await platform.listEvents(id, '', context);
  expect(hasMore).toBe(false);
  return [...eventTypes].sort();
}

function isLike(app: object | undefined, expected: Record<string, unknown>): boolean {
  if (app === undefined) return false;
  return Object.entries(expected).every(([field, value]) => Reflect.get(app, field) === value);
}

/** The listing may lag behind writes, by how much is undocumented; ten seconds is what `reconcile.settle` gives it. */
async function untilListed<App>(
  { clock }: ContractSubject,
  look: () => Promise<{ readonly app: App; readonly matches: boolean }>,
): Promise<App> {
  const deadline = clock.monotonic() + 10_000;
  for (;;) {
    const { app, matches } = await look();
    if (matches) return app;
    expect(clock.monotonic(), 'the listing did not follow within 10 s').toBeLessThan(deadline);
    await clock.sleep(100);
  }
}
