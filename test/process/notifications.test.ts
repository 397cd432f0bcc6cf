/** The built daemon on the built sandbox tells a real receiver what happens, is never held up by it, and never shows its URL. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createControlClient } from '../../src/daemon/control-client.ts';
import { requestOverSocket } from '../../src/lib/unix-socket.ts';
import { findPort } from '../builders/find-port.ts';
import { makeFolder, startCallbackd } from '../builders/run-callbackd.ts';
import { startWebhookReceiver, WEBHOOK_SECRET } from '../builders/webhook-receiver.ts';

const WITHIN = { timeout: 15_000 };

async function openSite(notify: string) {
  const folder = makeFolder();
  const receiver = await startWebhookReceiver();
  const sandbox = startCallbackd(['sandbox', '--port', '0', '--fleet', 'empty'], { cwd: folder });
  await sandbox.waitFor(/listens on \S+ /);
  const url = /listens on (\S+) /.exec(sandbox.output())?.[1] ?? '';
  const target = `127.0.0.1:${await findPort()}`;
  const socket = path.join(folder, 'control.sock');
  writeFileSync(path.join(folder, 'webhook'), `${receiver.url}\n`, { mode: 0o600 });
  const save = (more: string) => {
    const settings = [
      'version: 1',
      `notify: [{name: ops, ${notify}}]`,
      'coze: {max_requests_per_second: 50}',
    ];
    const text = [...settings, 'apps:', '  orders: {app_type: normal, name: orders}', more, ''].join('\n');
    writeFileSync(path.join(folder, 'callbackd.yaml'), text);
  };
  save('');
  const daemon = startCallbackd(['run'], {
    cwd: folder,
    environment: {
      COZE_API_BASE: url,
      COZE_API_TOKEN: 'pat_sandbox',
      HOOK_SECRET: WEBHOOK_SECRET,
      HOOK_HOST: new URL(receiver.url).host,
      FEISHU_SECRET: 'S1gnature',
      CALLBACKD_STATE_DIR: path.join(folder, 'state'),
      CALLBACKD_CONTROL_SOCKET: socket,
      CALLBACKD_STATUS_LISTEN: target,
      CALLBACKD_LOG_LEVEL: 'trace',
    },
  });
  await daemon.waitFor('"msg":"round ended"');
  const control = createControlClient(
    (request) => requestOverSocket(socket, request, AbortSignal.timeout(20_000)),
    socket,
  );
  return { folder, receiver, target, save, daemon, control };
}

it('tells of a broken file and of its repair, and shows the URL nowhere', { timeout: 60_000 }, async () => {
  const site = await openSite('format: json, url_file: webhook, on: [failing, held, recovered, applied]');
  const { receiver, save, daemon, target, control, folder } = site;
  const told = () => receiver.bodies.map(({ kind }) => kind);
  await expect.poll(told, WITHIN).toEqual(['applied']);
  save('  broken: [');
  await expect.poll(told, WITHIN).toEqual(['applied', 'held']);
  expect(receiver.bodies[1]?.text).toMatch(/configuration invalid: callbackd\.yaml:\d+: /);
  save('');
  await expect.poll(told, WITHIN).toEqual(['applied', 'held', 'recovered']);
  receiver.answer = { status: 500, body: receiver.url };
  save('  broken: [');
  await daemon.waitFor('"msg":"notification failed"');
  expect(daemon.output()).toContain('"detail":"HTTP 500"');

  const metrics = await (await fetch(`http://${target}/metrics`)).text();
  expect(metrics).toContain('callbackd_notifications_total{receiver="ops",result="sent"} 3');
  const status = JSON.stringify(await control.status());
  daemon.child.kill('SIGTERM');
  const { code, stdout, stderr } = await daemon.finished;
  expect(code).toBe(0);
  expect(stdout).toContain('"msg":"notification dropped"');
  const files = readdirSync(path.join(folder, 'state')).map((name) =>
    readFileSync(path.join(folder, 'state', name), 'latin1'),
  );
  expect(files.length).toBeGreaterThan(1);
  for (const text of [metrics, status, stdout, stderr, ...files]) expect(text).not.toContain(WEBHOOK_SECRET);
});

it('continues with its rounds, and stops at once, while a receiver hangs', { timeout: 60_000 }, async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how the file names a variable.
  const url = '"http://${HOOK_HOST}/hook/${HOOK_SECRET}"';
  const { receiver, save, daemon, control } = await openSite(
    `format: feishu, language: zh, secret_env: FEISHU_SECRET, url: ${url}`,
  );
  receiver.answer = 'hang';
  save('  broken: [');
  await expect.poll(() => receiver.bodies.length, WITHIN).toBe(1);
  expect(receiver.bodies[0]).toMatchObject({ sign: expect.stringMatching(/=$/) });
  expect(receiver.bodies[0]?.content?.text).toContain('有变更待确认');
  for (let round = 0; round < 3; round += 1) {
    const result = await control.reconcile({ by: 'test', wait: true });
    expect(result.ok).toBe(true);
  }
  expect(receiver.bodies).toHaveLength(1);
  const startedAt = performance.now();
  daemon.child.kill('SIGTERM');
  const { code, stdout } = await daemon.finished;
  expect(code).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  expect(stdout).toContain('"msg":"notification dropped"');
  expect(stdout).not.toMatch(/S1gnature|T0pSecret/);
});
