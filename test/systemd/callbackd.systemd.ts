/** The units on a real systemd, one Debian release after the other: what docs/operations.md promises of a host. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootMachineWithProgram, type Machine } from './machine.ts';

const ROOTS = (process.env['CALLBACKD_SYSTEMD_ROOTS'] ?? '').split(':').filter((root) => root !== '');
const TOKEN = 'pat_sandbox';
const UNIT = 'callbackd';
const IN_SYNC = (apps: number) => new RegExp(`^${apps} in sync · next round \\d\\d:\\d\\d$`);

/** A configuration for the sandbox on `port`, with one app per name. */
function buildYaml(names: readonly string[], port = 9650, status = 9643): string {
  return [
    'version: 1',
    'coze:',
    `  base_url: http://127.0.0.1:${port}`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: callbackd expands it, not JavaScript
    '  auth: {token_file: "${CREDENTIALS_DIRECTORY}/coze_token"}',
    '  max_requests_per_second: 50',
    `status: {listen: "127.0.0.1:${status}"}`,
    'apps:',
    ...names.flatMap((name) => [`  ${name}:`, '    app_type: normal', `    name: ${name}`]),
    '',
  ].join('\n');
}

const startSandbox = (machine: Machine, port: number) =>
  machine.must(
    `systemd-run --quiet --unit=sandbox-${port} callbackd sandbox --port ${port} --fleet empty && ` +
      `for i in $(seq 100); do journalctl -u sandbox-${port} | grep -q loopback && exit 0; sleep .1; done; exit 1`,
  );

const accountOf = async (machine: Machine, port = 9650): Promise<string[]> => {
  const script = `fetch("http://127.0.0.1:${port}/_sandbox/apps").then((r) => r.text()).then(console.log)`;
  const answer: unknown = JSON.parse(await machine.must(`node -e '${script}'`));
  const apps = Array.isArray(answer) ? answer : (answer as { apps: unknown[] }).apps;
  return (apps as { name: string }[]).map(({ name }) => name).sort();
};

const statusText = (machine: Machine, isRight: (text: string) => boolean, unit = UNIT) =>
  machine.until(`systemctl show ${unit} -p StatusText --value`, (out) => isRight(out.trim()));

const messages = async (machine: Machine): Promise<Record<string, unknown>[]> => {
  const lines = (await machine.must(`journalctl -u ${UNIT} -o cat --no-pager`)).split('\n');
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
};

if (ROOTS.length === 0) throw new Error('start these tests with `npm run test:systemd`');

describe.each(ROOTS.map((root) => ({ name: path.basename(root), root })))('$name', ({ root }) => {
  let machine: Machine;

  beforeAll(async () => {
    machine = await bootMachineWithProgram(root);
    await machine.write('/etc/callbackd/coze_token', `${TOKEN}\n`, 0o600);
    await machine.write('/etc/callbackd/callbackd.yaml', buildYaml(['orders', 'bills']));
    await startSandbox(machine, 9650);
  });

  afterAll(async () => {
    await machine?.close();
  });

  it('has units that systemd finds nothing wrong with', async () => {
    const verified = await machine.must(
      'systemd-analyze verify --man=no callbackd.service callbackd@a.service',
    );
    expect(verified.trim()).toBe('');
    for (const unit of ['callbackd.service', 'callbackd@.service']) {
      await machine.must(
        `systemd-analyze security --offline=true --threshold=15 /etc/systemd/system/${unit}`,
      );
    }
  });

  it('starts: systemctl returns when the daemon is ready, and the status line follows', async ({
    annotate,
  }) => {
    const startedAt = performance.now();
    await machine.must(`systemctl start ${UNIT}`);
    await annotate(`systemd ${machine.systemd}: started in ${Math.round(performance.now() - startedAt)} ms`);
    expect(await machine.property(UNIT, 'ActiveState')).toBe('active');
    await annotate(`status line: ${await statusText(machine, (text) => IN_SYNC(2).test(text))}`);
    expect(await accountOf(machine)).toEqual(['bills', 'orders']);
  });

  it('reads the token as a credential that nobody else on the host can read', async () => {
    const pid = await machine.property(UNIT, 'MainPID');
    const credentials = `/proc/${pid}/root/run/credentials/${UNIT}.service`;
    expect((await machine.must(`stat -c %a ${credentials}/coze_token`)).trim()).toMatch(/^4[04]0$/);
    const nobody = await machine.sh('setpriv --reuid=65534 --clear-groups cat /etc/callbackd/coze_token');
    expect(nobody.code).not.toBe(0);
  });

  it('keeps the logid of every API response in the journal, and the token out of it', async () => {
    const calls = (await messages(machine)).filter(({ msg }) => msg === 'coze api call');
    expect(calls.length).toBeGreaterThanOrEqual(4);
    expect(calls.filter(({ logid }) => typeof logid !== 'string' || logid === '')).toEqual([]);
    expect(await machine.must(`journalctl -u ${UNIT} --no-pager`)).not.toContain(TOKEN);
  });

  it('listens on its control socket and on loopback', async () => {
    expect((await machine.must('stat -c %a /run/callbackd/control.sock')).trim()).toBe('660');
    const ask =
      'require("http").get({socketPath: "/run/callbackd/control.sock", path: "/v1/status"}, (r) => r.pipe(process.stdout))';
    expect(JSON.parse(await machine.must(`node -e '${ask}'`))).toMatchObject({ condition: 'in_sync' });
    const probe = 'fetch("http://127.0.0.1:9643/readyz").then((r) => console.log(r.status))';
    expect((await machine.must(`node -e '${probe}'`)).trim()).toBe('200');
  });

  it('can write nowhere but in its own directories', async () => {
    const pid = await machine.property(UNIT, 'MainPID');
    const ids = await machine.must(`stat -c '%u %g' /proc/${pid}`);
    const [uid, gid] = ids.trim().split(' ');
    const find = 'find / -writable -not -type l \\( -type d -o -type f \\) -not -path "/proc/*" 2>/dev/null';
    const writable = await machine.sh(`nsenter -t ${pid} -m -S ${uid} -G ${gid} sh -c '${find}'`);
    const own =
      /^\/(var\/lib\/private\/callbackd|run\/(private\/)?callbackd|tmp|var\/tmp|dev\/(shm|mqueue|hugepages))(\/|$)/;
    expect(writable.out.split('\n').filter((line) => line !== '' && !own.test(line))).toEqual([]);
    expect(writable.out).toContain('/var/lib/private/callbackd');
  });

  it('reloads a good file under the same process', async () => {
    const pid = await machine.property(UNIT, 'MainPID');
    await machine.write('/etc/callbackd/callbackd.yaml', buildYaml(['orders', 'bills', 'refunds']));
    await machine.must(`systemctl reload ${UNIT}`);
    await statusText(machine, (text) => IN_SYNC(3).test(text));
    expect(await machine.property(UNIT, 'MainPID')).toBe(pid);
    expect(await accountOf(machine)).toEqual(['bills', 'orders', 'refunds']);
  });

  it('says in the status line that a file is bad, changes nothing, and recovers', async ({ annotate }) => {
    await machine.write(
      '/etc/callbackd/callbackd.yaml',
      `${buildYaml(['orders'])}  bills: {app_typ: normal}\n`,
    );
    await machine.must(`systemctl reload ${UNIT}`);
    const text = await statusText(machine, (line) => line.startsWith('configuration invalid'));
    await annotate(`status line: ${text}`);
    expect(text).toContain('callbackd.yaml:11');
    expect(await machine.property(UNIT, 'ActiveState')).toBe('active');
    expect(await accountOf(machine)).toEqual(['bills', 'orders', 'refunds']);
    await machine.write('/etc/callbackd/callbackd.yaml', buildYaml(['orders', 'bills', 'refunds']));
    await statusText(machine, (line) => IN_SYNC(3).test(line));
  });

  it('starts from the last good configuration when the file is broken at boot', async () => {
    await machine.write('/etc/callbackd/callbackd.yaml', 'version: 1\napps: [\n');
    await machine.must(`systemctl restart ${UNIT}`);
    await statusText(machine, (line) => /^configuration invalid.*3 in sync/.test(line));
    expect(await accountOf(machine)).toEqual(['bills', 'orders', 'refunds']);
    await machine.write('/etc/callbackd/callbackd.yaml', buildYaml(['orders', 'bills', 'refunds']));
    await statusText(machine, (line) => IN_SYNC(3).test(line));
  });

  it('is restarted after kill -9, and makes nothing twice', async () => {
    await quicken(machine);
    const pid = await machine.property(UNIT, 'MainPID');
    await machine.must(`kill -9 ${pid}`);
    await machine.until(
      `systemctl show ${UNIT} -p MainPID --value`,
      (out) => Number(out) > 0 && out.trim() !== pid,
    );
    await statusText(machine, (line) => IN_SYNC(3).test(line));
    expect(Number(await machine.property(UNIT, 'NRestarts'))).toBe(1);
    expect(await accountOf(machine)).toEqual(['bills', 'orders', 'refunds']);
  });

  it('is restarted by the watchdog when its loop hangs', async ({ annotate }) => {
    const pid = await machine.property(UNIT, 'MainPID');
    const startedAt = performance.now();
    // The debugger that SIGUSR1 opens on the machine's loopback is the way into a busy loop.
    await machine.sh(
      `kill -USR1 ${pid}; sleep 1; (sleep 1; echo 'exec("for(;;);")'; sleep 2) | timeout 4 node inspect 127.0.0.1:9229`,
    );
    await machine.until(
      `systemctl show ${UNIT} -p MainPID --value`,
      (out) => Number(out) > 0 && out.trim() !== pid,
      30_000,
    );
    await annotate(
      `hung loop: restarted after ${Math.round(performance.now() - startedAt)} ms (WatchdogSec=3s)`,
    );
    await statusText(machine, (line) => IN_SYNC(3).test(line));
    expect(await machine.must(`journalctl -u ${UNIT} --no-pager`)).toContain('Watchdog timeout');
  });

  it('is not restarted by the watchdog while it only waits', async () => {
    const pid = await machine.property(UNIT, 'MainPID');
    await machine.must('sleep 8');
    expect(await machine.property(UNIT, 'MainPID')).toBe(pid);
  });

  it('stops well within its time, also in the middle of a round', async ({ annotate }) => {
    await machine.must(`systemctl kill --kill-whom=main -s HUP ${UNIT}`);
    const startedAt = performance.now();
    await machine.must(`systemctl stop ${UNIT}`);
    const tookMs = performance.now() - startedAt;
    await annotate(`stopped in ${Math.round(tookMs)} ms`);
    expect(tookMs).toBeLessThan(10_000);
    expect(await machine.property(UNIT, 'Result')).toBe('success');
    expect(await machine.property(UNIT, 'ExecMainStatus')).toBe('0');
    expect((await machine.sh('ls /run/callbackd/control.sock')).code).not.toBe(0);
  });

  it('does not try again what a restart cannot heal', async () => {
    await machine.write('/etc/callbackd/broken.yaml', 'version: 1\napps: [\n');
    await machine.write('/etc/callbackd/broken.token', TOKEN, 0o600);
    const started = await machine.sh('systemctl start callbackd@broken');
    expect(started.code).not.toBe(0);
    expect(await machine.property('callbackd@broken', 'ExecMainStatus')).toBe('3');
    expect(await machine.property('callbackd@broken', 'NRestarts')).toBe('0');
    const missing = await machine.sh('systemctl start callbackd@nobody');
    expect(missing.code).not.toBe(0);
  });

  it('runs two accounts side by side', async () => {
    for (const [name, port, status] of [
      ['east', 9651, 9644],
      ['west', 9652, 9645],
    ] as const) {
      await startSandbox(machine, port);
      await machine.write(`/etc/callbackd/${name}.yaml`, buildYaml([`${name}-orders`], port, status));
      await machine.write(`/etc/callbackd/${name}.token`, TOKEN, 0o600);
    }
    await machine.must('systemctl start callbackd@east callbackd@west');
    for (const [name, port] of [
      ['east', 9651],
      ['west', 9652],
    ] as const) {
      await statusText(machine, (line) => IN_SYNC(1).test(line), `callbackd@${name}`);
      expect(await accountOf(machine, port)).toEqual([`${name}-orders`]);
      await machine.must(`test -S /run/callbackd-${name}/control.sock`);
      await machine.must(`test -d /var/lib/private/callbackd-${name}`);
    }
    await machine.must('systemctl stop callbackd@east');
    expect(await machine.property('callbackd@west', 'ActiveState')).toBe('active');
    await machine.must('test -S /run/callbackd-west/control.sock');
  });
});

/** Shortens the waits of the unit, and nothing else of it. */
async function quicken(machine: Machine): Promise<void> {
  const lines = ['[Service]', 'WatchdogSec=3s', 'RestartSec=200ms', 'TimeoutAbortSec=2s', ''];
  await machine.write(`/etc/systemd/system/${UNIT}.service.d/test.conf`, lines.join('\n'));
  await machine.must('systemctl daemon-reload');
  await machine.must(`systemctl restart ${UNIT}`);
  await machine.until(`systemctl show ${UNIT} -p StatusText --value`, (out) => IN_SYNC(3).test(out.trim()));
}
