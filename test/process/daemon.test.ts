/**
 * The built daemon as a process on the built sandbox: signals in each phase of a round, a second signal, SIGHUP, a boot
 * on a broken file. What it leaves behind is looked at by starting it again.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createControlClient } from '../../src/daemon/control-client.ts';
import type { DaemonStatus } from '../../src/daemon/daemon-status.ts';
import { requestOverSocket } from '../../src/lib/unix-socket.ts';
import { makeFolder, type Running, startCallbackd } from '../builders/run-callbackd.ts';

const STOP_LIMIT_MS = 10_000;

interface Site {
  readonly folder: string;
  readonly url: string;
  readonly environment: Readonly<Record<string, string>> & { readonly CALLBACKD_CONTROL_SOCKET: string };
}

type LastRound = NonNullable<DaemonStatus['rounds']['last']>;

/** A sandbox, and a folder with a configuration for it. */
async function openSite(names: readonly string[], settings: readonly string[] = []): Promise<Site> {
  const folder = makeFolder();
  const sandbox = startCallbackd(['sandbox', '--port', '0', '--fleet', 'empty'], { cwd: folder });
  await sandbox.waitFor(/listens on \S+ /);
  const url = /listens on (\S+) /.exec(sandbox.output())?.[1] ?? '';
  const environment = {
    COZE_API_BASE: url,
    COZE_API_TOKEN: 'pat_sandbox',
    CALLBACKD_STATE_DIR: path.join(folder, 'state'),
    CALLBACKD_CONTROL_SOCKET: path.join(folder, 'control.sock'),
    CALLBACKD_STATUS_LISTEN: 'off',
  };
  const site = { folder, url, environment };
  save(site, names, settings);
  return site;
}

function save({ folder }: Site, names: readonly string[], settings: readonly string[] = []): void {
  const apps = names.flatMap((name) => [`  ${name}:`, '    app_type: normal', `    name: ${name}`]);
  const text = ['version: 1', ...settings, 'apps:', ...apps, ''].join('\n');
  writeFileSync(path.join(folder, 'callbackd.yaml'), text);
}

const startDaemon = ({ folder, environment }: Site): Running =>
  startCallbackd(['run'], { cwd: folder, environment });

async function ask(site: Site, method: string, target: string, body?: object): Promise<unknown> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const answer = await fetch(`${site.url}/_sandbox/${target}`, init);
  return answer.json();
}

async function namesOf(site: Site): Promise<string[]> {
  const answer = (await ask(site, 'GET', 'apps')) as { apps?: { name: string }[] } | { name: string }[];
  const apps = Array.isArray(answer) ? answer : (answer.apps ?? []);
  return apps.map(({ name }) => name).sort();
}

/** Resolves once the sandbox has received a request of this kind. */
async function waitForRequest(site: Site, operation: string): Promise<void> {
  await expect
    .poll(async () => JSON.stringify(await ask(site, 'GET', 'requests')), { timeout: 10_000 })
    .toContain(operation);
}

/** Asks the daemon over its control socket until its last round says so. */
async function waitForRound(
  site: Site,
  isRight: (last: LastRound, status: DaemonStatus) => boolean,
): Promise<void> {
  const client = createControlClient(
    (request) =>
      requestOverSocket(site.environment.CALLBACKD_CONTROL_SOCKET, request, AbortSignal.timeout(5_000)),
    'the control socket',
  );
  const ask = async (): Promise<boolean> => {
    const status = await client.status().catch(() => undefined);
    const last = status?.rounds.last;
    return status !== undefined && last !== undefined && last !== null && isRight(last, status);
  };
  await expect.poll(ask, { timeout: 15_000 }).toBe(true);
}

const FAST = ['coze: {max_requests_per_second: 100}', 'reconcile: {settle: 200ms}'];

it.each([
  { phase: 'while the account is listed', operation: 'list_apps', fault: { kind: 'delay', ms: 1_500 } },
  { phase: 'while a create is on its way', operation: 'create_app', fault: { kind: 'delay', ms: 1_500 } },
  {
    phase: 'while the reply to a create is late',
    operation: 'create_app',
    fault: { kind: 'delay', ms: 1_500, when: 'after' },
  },
  { phase: 'while it waits to repeat a call', operation: 'list_apps', fault: { kind: 'fail', status: 503 } },
  { phase: 'while a create settles', operation: 'create_app', fault: { kind: 'drop_after' } },
  { phase: 'while a call hangs', operation: 'list_apps', fault: { kind: 'hang' } },
  {
    phase: 'while a create hangs that was processed',
    operation: 'create_app',
    fault: { kind: 'hang', when: 'after' },
  },
])('ends on SIGTERM in time and loses nothing $phase', { timeout: 30_000 }, async ({ operation, fault }) => {
  const names = ['bills', 'orders', 'refunds'];
  const site = await openSite(names, FAST);
  await ask(site, 'POST', 'faults', { rules: [{ match: { operation }, do: fault }] });
  const daemon = startDaemon(site);
  await waitForRequest(site, operation);
  const startedAt = performance.now();
  daemon.child.kill('SIGTERM');
  const { code } = await daemon.finished;
  expect(performance.now() - startedAt).toBeLessThan(STOP_LIMIT_MS);
  expect(code).toBe(0);

  await ask(site, 'DELETE', 'faults');
  startDaemon(site);
  await waitForRound(site, (last) => last.result === 'converged');
  // A create that was lost settles first; then its app is found by its mark and gets its name.
  await expect.poll(() => namesOf(site), { timeout: 15_000 }).toEqual(names);
});

it('survives SIGHUP while it starts', async () => {
  const site = await openSite(['orders'], FAST);
  const daemon = startDaemon(site);
  await daemon.waitFor('state opened');
  const hangups = setInterval(() => daemon.child.kill('SIGHUP'), 1);
  await daemon.waitFor('"result":"converged"').finally(() => clearInterval(hangups));
  daemon.child.kill('SIGTERM');
  expect((await daemon.finished).code).toBe(0);
});

it('ends at once on a second signal', async () => {
  const site = await openSite(['orders'], FAST);
  await ask(site, 'POST', 'faults', { rules: [{ match: { operation: 'list_apps' }, do: { kind: 'hang' } }] });
  const daemon = startDaemon(site);
  await waitForRequest(site, 'list_apps');
  daemon.child.kill('SIGTERM');
  await daemon.waitFor('daemon stopping');
  const startedAt = performance.now();
  daemon.child.kill('SIGTERM');
  const { code } = await daemon.finished;
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect(code).toBe(130);
});

it('answers a saved file, and SIGHUP, with a round', async () => {
  const site = await openSite(['orders'], FAST);
  const daemon = startDaemon(site);
  await waitForRound(site, ({ result }) => result === 'converged');
  save(site, ['orders', 'bills'], FAST);
  await waitForRound(site, ({ triggers }) => triggers.includes('file'));
  daemon.child.kill('SIGHUP');
  await waitForRound(site, ({ triggers }) => triggers.includes('signal'));
  expect(await namesOf(site)).toEqual(['bills', 'orders']);
});

it('starts on a broken file from what was good last, and deletes nothing', async () => {
  const site = await openSite(['orders', 'bills'], FAST);
  const first = startDaemon(site);
  await waitForRound(site, ({ result }) => result === 'converged');
  first.child.kill('SIGTERM');
  await first.finished;
  writeFileSync(
    path.join(site.folder, 'callbackd.yaml'),
    readFileSync(path.join(site.folder, 'callbackd.yaml'), 'utf8').slice(0, -12),
  );
  startDaemon(site);
  await waitForRound(
    site,
    (_last, { apps, configuration }) => apps.in_sync === 2 && configuration.origin === 'last_good',
  );
  expect(await namesOf(site)).toEqual(['bills', 'orders']);
});

it('exits 3 on a broken file when nothing was ever good', async () => {
  const site = await openSite(['orders']);
  writeFileSync(path.join(site.folder, 'callbackd.yaml'), 'version: 1\napps: [\n');
  const { code, stdout, stderr } = await startDaemon(site).finished;
  expect(code).toBe(3);
  expect(stdout + stderr).toContain('callbackd.yaml:3');
});
