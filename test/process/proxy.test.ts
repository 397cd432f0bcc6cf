/** The built callbackd behind a real forward proxy with credentials, and a platform with a certificate of a private authority. */
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findPort } from '../builders/find-port.ts';
import { hasPrograms } from '../builders/has-programs.ts';
import { createPrivateAuthority, type PrivateAuthority } from '../builders/private-authority.ts';
import { makeFolder, runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';
import { startTinyproxy } from '../builders/tinyproxy.ts';

const PASSWORD = 'Tr0ub4dor-3';
const CREDENTIALS = Buffer.from(`ops:${PASSWORD}`).toString('base64');

/** TLS in front of a server on loopback; undefined: it answers 200 to everything. */
async function startTls({ cert, key }: PrivateAuthority, target: string | undefined) {
  const bodies: string[] = [];
  const server = https.createServer({ cert, key }, (request, response) => {
    if (target === undefined) {
      request.setEncoding('utf8').on('data', (text: string) => bodies.push(text));
      return request.on('end', () => response.end('{"code":0}'));
    }
    const { method, headers, url = '' } = request;
    const onward = http.request(`${target}${url}`, { method, headers });
    onward.on('response', (reply) => reply.pipe(response.writeHead(reply.statusCode ?? 0, reply.headers)));
    return request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: `localhost:${(server.address() as AddressInfo).port}`, bodies };
}

async function openSite() {
  const folder = makeFolder();
  const authority = createPrivateAuthority(folder);
  const sandbox = startCallbackd(['sandbox', '--port', '0'], {
    cwd: folder,
    environment: { NODE_EXTRA_CA_CERTS: authority.file },
  });
  await sandbox.waitFor(/listens on \S+ /);
  const url = /listens on (\S+) /.exec(sandbox.output())?.[1] ?? '';
  const platform = await startTls(authority, url);
  const webhook = await startTls(authority, undefined);
  const proxy = await startTinyproxy(folder, 'ops', PASSWORD);
  const save = (coze: string, more = '') =>
    writeFileSync(
      path.join(folder, 'callbackd.yaml'),
      [
        'version: 1',
        `coze: {base_url: "https://${platform.host}", max_requests_per_second: 50${coze}}`,
        more,
        'notify:',
        '  - {name: ops, format: json, url_env: HOOK, on: [applied], ca_file: ca.pem}',
        'apps:',
        `  orders: {app_type: normal, name: orders, callback_url: "https://${platform.host}/_receivers/ok"}`,
        '',
      ].join('\n'),
    );
  const environment = {
    COZE_API_TOKEN: 'pat_sandbox',
    HOOK: `https://${webhook.host}/hook`,
    CALLBACKD_STATE_DIR: path.join(folder, 'state'),
    CALLBACKD_CONTROL_SOCKET: path.join(folder, 'control.sock'),
  };
  const run = (words: string[], more: Record<string, string> = {}) =>
    runCallbackd(words, { cwd: folder, environment: { ...environment, ...more } });
  return { folder, authority, platform, webhook, proxy, save, environment, run, url };
}

const isPossible = hasPrograms('tinyproxy', 'openssl');
it.runIf(!isPossible)('is not tested', ({ skip }) => skip('this host has no tinyproxy or no openssl'));

it.skipIf(!isPossible)(
  'reaches the API, receivers and webhooks through the proxy of the environment',
  { timeout: 60_000 },
  async () => {
    const { authority, platform, webhook, proxy, save, environment, folder } = await openSite();
    save(', ca_file: ca.pem');
    const https_proxy = `http://ops:${PASSWORD}@${proxy.address}`;
    const daemon = startCallbackd(['run'], {
      cwd: folder,
      environment: {
        ...environment,
        https_proxy,
        NODE_EXTRA_CA_CERTS: authority.file,
        CALLBACKD_STATUS_LISTEN: `127.0.0.1:${await findPort()}`,
        CALLBACKD_LOG_LEVEL: 'trace',
      },
    });
    await daemon.waitFor('"msg":"notification sent"');
    expect(webhook.bodies.join()).toContain('orders');
    const asked = new Set(proxy.requests());
    expect(asked).toEqual(new Set([`CONNECT ${platform.host} HTTP/1.1`, `CONNECT ${webhook.host} HTTP/1.1`]));
    for (const secret of [PASSWORD, CREDENTIALS]) expect(daemon.output()).not.toContain(secret);
  },
);

it.skipIf(!isPossible)(
  'names the proxy that refused or is away, not its credentials; a create is then known not to be sent',
  { timeout: 60_000 },
  async () => {
    const { proxy, save, run } = await openSite();
    save(', ca_file: ca.pem');
    const wrong = await run(['plan'], { HTTPS_PROXY: `http://ops:Wr0ng-Horse@${proxy.address}` });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/HTTP 40[17], through the proxy http:\/\/127\.0\.0\.1:\d+/);
    expect(wrong.stderr).not.toContain('Wr0ng-Horse');
    expect(wrong.stderr.match(/"msg":"coze api call"|coze api call/g)?.length).toBe(1);
    const port = await findPort();
    const away = await run(['apply', '--yes'], { HTTPS_PROXY: `http://ops:${PASSWORD}@127.0.0.1:${port}` });
    expect(away.stderr).toContain(`ECONNREFUSED, through the proxy http://127.0.0.1:${port}`);
    expect(away.stderr).not.toContain('may have');
    for (const secret of [PASSWORD, CREDENTIALS]) expect(away.stdout + away.stderr).not.toContain(secret);
  },
);

it.skipIf(!isPossible)(
  'follows the file: a URL with its credentials in a file, or none; doctor shows the way',
  { timeout: 60_000 },
  async () => {
    const { folder, proxy, save, run, platform } = await openSite();
    writeFileSync(path.join(folder, 'proxy'), `ops:${PASSWORD}\n`, { mode: 0o600 });
    const https_proxy = `http://ops:${PASSWORD}@${proxy.address}`;
    save(', ca_file: ca.pem, proxy: off', 'reconcile: {receivers: {proxy: off}}');
    expect((await run(['plan'], { https_proxy })).code).toBe(0);
    save(', ca_file: ca.pem');
    expect((await run(['plan'], { https_proxy, NO_PROXY: 'localhost' })).code).toBe(0);
    expect(proxy.requests()).toEqual([]);
    // Only the receiver is challenged through the proxy.
    save(', ca_file: ca.pem, proxy: off');
    expect((await run(['plan'], { https_proxy })).code).toBe(0);
    expect(proxy.requests()).toEqual([`CONNECT ${platform.host} HTTP/1.1`]);

    save(`, ca_file: ca.pem, proxy: "http://${proxy.address}", proxy_credentials_file: proxy`);
    const through = await run(['plan']);
    expect([through.code, through.stderr]).toEqual([0, expect.any(String)]);
    expect(proxy.requests()).toHaveLength(2);
    const doctor = await run(['doctor']);
    expect(doctor.stdout).toContain(
      `${platform.host}: reached through the proxy http://${proxy.address} (coze.proxy)`,
    );
    expect(doctor.stdout + doctor.stderr).not.toContain(PASSWORD);
  },
);

it.skipIf(!isPossible)('forwards plain http whole', { timeout: 60_000 }, async () => {
  const { proxy, run, url } = await openSite();
  const http_proxy = `http://ops:${PASSWORD}@${proxy.address}`;
  await run(['plan'], { http_proxy, COZE_API_BASE: url }).then(({ code }) => expect(code).toBe(3));
  const { stdout } = await run(['import'], { http_proxy, COZE_API_BASE: url });
  expect(stdout).toContain('apps:');
  expect(proxy.requests().join('\n')).toContain(`GET ${url}/`);
});

it.skipIf(!isPossible)(
  'does not trust a private authority unless told to, tries once, and says both ways to tell it',
  { timeout: 60_000 },
  async () => {
    const { authority, save, run } = await openSite();
    save('');
    const unknown = await run(['plan']);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    expect(unknown.stderr).toMatch(/coze\.ca_file.*NODE_EXTRA_CA_CERTS/);
    expect(unknown.stderr.match(/coze api call/g)?.length).toBe(1);
    expect((await run(['plan'], { NODE_EXTRA_CA_CERTS: authority.file })).code).toBe(0);
    save(', ca_file: ca.pem');
    expect((await run(['plan'])).code).toBe(0);
    save(', ca_file: gone.pem');
    const missing = await run(['plan']);
    expect(missing.stderr).toContain('gone.pem: missing');
  },
);
