/** What is handed to systemd-notify, and what is not. */
import { describe, expect, it } from 'vitest';
import { createSystemdNotifier, type SystemdEnvironment } from './systemd-notifier.ts';

const ENVIRONMENT: SystemdEnvironment = { notifySocket: '/run/systemd/notify', watchdogUsec: '60000000' };

interface Sent {
  readonly args: readonly string[];
  end(error?: Error): void;
}

/** A service manager whose messages end when the test says so. */
function createManager(environment: SystemdEnvironment = ENVIRONMENT) {
  const sent: Sent[] = [];
  const failures: unknown[] = [];
  const notifier = createSystemdNotifier(environment, {
    run: (command, args, variables) =>
      new Promise((resolve, reject) => {
        expect(command).toBe('systemd-notify');
        expect(variables).toEqual({ NOTIFY_SOCKET: environment.notifySocket });
        sent.push({ args, end: (error) => (error === undefined ? resolve() : reject(error)) });
      }),
    onFailure: (error) => failures.push(error),
  });
  return { notifier, sent, failures };
}

/** Ends every message as soon as it is there. */
async function drain(sent: Sent[], error?: Error): Promise<(readonly string[])[]> {
  const all: (readonly string[])[] = [];
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    const next = sent.shift();
    if (next === undefined) return all;
    all.push(next.args);
    next.end(error);
  }
}

describe('createSystemdNotifier', () => {
  it('says READY and the status in one message, so that neither is shown without the other', async () => {
    const { notifier, sent } = createManager();
    void notifier.ready('42 apps in sync');
    expect(await drain(sent)).toEqual([['READY=1', 'STATUS=42 apps in sync']]);
  });

  it('sends one message at a time, in order', async () => {
    const { notifier, sent } = createManager();
    void notifier.reloading();
    void notifier.ready('good');
    void notifier.alive();
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toHaveLength(1);
    expect(await drain(sent)).toEqual([['RELOADING=1'], ['READY=1', 'STATUS=good'], ['WATCHDOG=1']]);
  });

  it('leaves out a status that was overtaken or is shown already', async () => {
    const { notifier, sent } = createManager();
    void notifier.alive();
    for (const text of ['first', 'second', 'third']) void notifier.status(text);
    expect(await drain(sent)).toEqual([['WATCHDOG=1'], ['STATUS=third']]);
    void notifier.status('third');
    expect(await drain(sent)).toEqual([]);
  });

  it('lets no text smuggle in another assignment', async () => {
    const { notifier, sent } = createManager();
    void notifier.status('bad name\nWATCHDOG=1\u2028MAINPID=1\u0000');
    expect(await drain(sent)).toEqual([['STATUS=bad name WATCHDOG=1 MAINPID=1 ']]);
  });

  it('never rejects, and tells of a run of failures once', async () => {
    const { notifier, sent, failures } = createManager();
    const all = Promise.all([notifier.ready('a'), notifier.alive(), notifier.status('b')]);
    await drain(sent, new Error('ENOENT'));
    await expect(all).resolves.toBeDefined();
    expect(failures).toHaveLength(1);
    void notifier.alive();
    await drain(sent);
    void notifier.alive();
    await drain(sent, new Error('EAGAIN'));
    expect(failures).toHaveLength(2);
  });

  it.each([
    { usec: '60000000', ms: 60_000 },
    { usec: undefined, ms: undefined },
    { usec: '0', ms: undefined },
    { usec: 'soon', ms: undefined },
    { usec: '-5', ms: undefined },
  ])('reads WATCHDOG_USEC=$usec as $ms ms', ({ usec, ms }) => {
    expect(createManager({ notifySocket: '/n', watchdogUsec: usec }).notifier.watchdogMs).toBe(ms);
  });

  it('is silent where no service manager listens', async () => {
    const { notifier, sent } = createManager({ notifySocket: undefined, watchdogUsec: '60000000' });
    await notifier.ready('a');
    await notifier.alive();
    expect(sent).toEqual([]);
    expect(notifier.watchdogMs).toBeUndefined();
  });
});
