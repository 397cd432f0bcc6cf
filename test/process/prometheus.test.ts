/**
 * The built daemon on the built sandbox, scraped by a real Prometheus with the alerting rules that are shipped, only made
 * quicker: what goes wrong fires the alert that is meant for it, and clears when it is over.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createControlClient } from '../../src/daemon/control-client.ts';
import { requestOverSocket } from '../../src/lib/unix-socket.ts';
import { findPort } from '../builders/find-port.ts';
import { hasPrograms } from '../builders/has-programs.ts';
import { startPrometheus } from '../builders/prometheus.ts';
import { makeFolder, startCallbackd } from '../builders/run-callbackd.ts';

const WITHIN = { timeout: 30_000, interval: 250 };
const TOKEN = 'pat_sandbox';

/** A sandbox and a daemon on it, with ways to break both. */
async function openSite() {
  const folder = makeFolder();
  const sandbox = startCallbackd(['sandbox', '--port', '0', '--fleet', 'empty'], { cwd: folder });
  await sandbox.waitFor(/listens on \S+ /);
  const url = /listens on (\S+) /.exec(sandbox.output())?.[1] ?? '';
  const target = `127.0.0.1:${await findPort()}`;
  const socket = path.join(folder, 'control.sock');
  const save = (keys: readonly string[], more = '') => {
    const settings = ['version: 1', 'coze: {max_requests_per_second: 50}', 'reconcile: {delete_grace: 0s}'];
    const apps = keys.map(
      (key) =>
        `  ${key}: {app_type: normal, name: ${key}, callback_url: "${url}/_receivers/${key}?key=s3cr3t"}`,
    );
    writeFileSync(path.join(folder, 'callbackd.yaml'), [...settings, 'apps:', ...apps, more, ''].join('\n'));
  };
  const startDaemon = () =>
    startCallbackd(['run'], {
      cwd: folder,
      environment: {
        COZE_API_BASE: url,
        COZE_API_TOKEN: TOKEN,
        CALLBACKD_STATE_DIR: path.join(folder, 'state'),
        CALLBACKD_CONTROL_SOCKET: socket,
        CALLBACKD_STATUS_LISTEN: target,
      },
    });
  const control = createControlClient(
    (request) => requestOverSocket(socket, request, AbortSignal.timeout(30_000)),
    socket,
  );
  return {
    folder,
    target,
    save,
    startDaemon,
    control,
    readMetrics: async () => (await fetch(`http://${target}/metrics`)).text(),
    async fail(operation: string, status: number, code?: number) {
      const fault = { kind: 'fail', status, ...(code === undefined ? {} : { code }) };
      const body = JSON.stringify({ rules: [{ match: { operation }, do: fault }] });
      await fetch(`${url}/_sandbox/faults`, { method: 'POST', body });
    },
    async heal() {
      await fetch(`${url}/_sandbox/faults`, { method: 'DELETE' });
      await control.reconcile({ by: 'test', wait: true });
    },
  };
}

const KEYS = ['bills', 'credits', 'orders', 'refunds'];

it.skipIf(!hasPrograms('prometheus'))(
  'fires the alert that is meant for each incident, and clears it',
  { timeout: 150_000 },
  async () => {
    const site = await openSite();
    site.save(KEYS);
    let daemon = site.startDaemon();
    await daemon.waitFor('"msg":"round ended"');
    const prometheus = await startPrometheus(site.folder, site.target);
    const fires = (alert: string) => expect.poll(prometheus.firing, WITHIN).toContain(alert);
    const isSilent = () => expect.poll(prometheus.firing, WITHIN).toEqual([]);
    await expect.poll(() => prometheus.query('callbackd_apps{ownership="owned"}'), WITHIN).toBe(4);
    await isSilent();

    // A file that does not parse.
    site.save(KEYS, '  broken: [');
    await fires('CallbackdConfigurationRefused');
    site.save(KEYS);
    await isSilent();

    // A platform that is down.
    await site.fail('list_apps', 503);
    for (let round = 0; round < 3; round += 1) await site.control.reconcile({ by: 'test', wait: true });
    await fires('CallbackdRoundsFailing');
    await site.heal();
    await isSilent();

    // A token that was revoked.
    await site.fail('list_apps', 401, 4100);
    for (let round = 0; round < 3; round += 1) await site.control.reconcile({ by: 'test', wait: true });
    await fires('CallbackdRoundsFailing');
    await expect
      .poll(async () => {
        await site.control.reconcile({ by: 'test', wait: true });
        return prometheus.firing();
      }, WITHIN)
      .toContain('CallbackdCredentialsRefused');
    await site.heal();
    await isSilent();

    // More deletes than the limits allow, then a person's word.
    site.save(KEYS.slice(2));
    await fires('CallbackdDeletesHeld');
    await fires('CallbackdDecisionNeeded');
    const { plan } = await site.control.status();
    await site.control.approve(plan?.digest ?? '', 'test');
    await isSilent();
    expect(await prometheus.query('callbackd_apps{ownership="owned"}')).toBe(2);

    // A daemon that is gone.
    daemon.child.kill('SIGKILL');
    await daemon.finished;
    await fires('CallbackdDown');
    daemon = site.startDaemon();
    await isSilent();
  },
);

it.skipIf(!hasPrograms('promtool'))(
  'shows metrics that promtool has nothing to say about, without a URL, an id or a secret',
  async () => {
    const site = await openSite();
    site.save(KEYS);
    await site.fail('update_app', 400, 4000);
    const daemon = site.startDaemon();
    await daemon.waitFor('"msg":"round failed"');
    const text = await site.readMetrics();
    expect(text).toMatch(/^callbackd_entry_out_of_sync_seconds\{app_key="orders"\}/m);
    expect(text).toMatch(/^process_resident_memory_bytes /m);
    const labels = [...text.matchAll(/="([^"]*)"/g)].map(([, value]) => value);
    expect(labels.length).toBeGreaterThan(50);
    const telling = /:\/\/|s3cr3t|_receivers|pat_|^\d{15,}$|[A-Za-z0-9]{32}/;
    expect(labels.filter((label) => telling.test(label ?? ''))).toEqual([]);
    expect(text).not.toMatch(/s3cr3t|pat_sandbox/);
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    });
    expect({ status, output: stdout + stderr }).toEqual({ status: 0, output: '' });
  },
);
