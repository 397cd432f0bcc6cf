/** The Debian package in a booted Debian, from an empty host to a purge: what docs/packaging.md promises of it. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootMachine, type Machine } from '../systemd/machine.ts';

const [earlier = '', current = ''] = (process.env['CALLBACKD_DEBS'] ?? '').split(':');
const roots = (process.env['CALLBACKD_ROOTS'] ?? '').split(':');
if (current === '') throw new Error('start these tests with `npm run test:deb`');

const YAML = '/etc/callbackd/callbackd.yaml';
const TOKEN = 'pat_sandbox';
const versionOf = (deb: string) => /_(.+)-1_/.exec(deb)?.[1] ?? '';

/** The shipped file, with an address, a pace and apps put in as an operator would. */
const edit = (names: readonly string[]) => {
  const apps = names.map((name) => `  ${name}: {app_type: normal, name: ${name}}`).join('\\n');
  const base = 's|^  base_url: .*|  base_url: http://127.0.0.1:9650\\n  max_requests_per_second: 50|';
  return `sed -i -e '${base}' -e 's|^apps: .*|apps:\\n${apps}|' ${YAML}`;
};

it('is what lintian finds nothing wrong with, but for what its overrides explain', () => {
  const words = ['--pedantic', '--display-info', '--allow-root', '--tag-display-limit', '0', current];
  expect(execFileSync('lintian', words, { encoding: 'utf8' })).toBe('');
});

describe.each(roots.map((root) => ({ name: path.basename(root), root })))('$name', ({ root }) => {
  let machine: Machine;
  const appsOf = async () => {
    const text = await machine.must(
      `COZE_API_BASE=http://127.0.0.1:9650 COZE_API_TOKEN=${TOKEN} callbackd import -q`,
    );
    return [...text.matchAll(/^ {4}name: (\S+)$/gm)].map(([, name]) => name).sort();
  };
  const inSync = (count: number, unit = 'callbackd') =>
    machine.until(`systemctl show ${unit} -p StatusText --value`, (text) =>
      text.startsWith(`${count} in sync`),
    );
  const stateOf = (name = 'callbackd') =>
    machine
      .must(`cat /var/lib/private/${name}/state.json`)
      .then((text) => JSON.parse(text) as { lineage: string; serial: number });

  beforeAll(async () => {
    machine = await bootMachine(root, { [path.dirname(current)]: '/opt/debs' });
  });
  afterAll(async () => {
    await machine?.close();
  });
  // As unattended upgrades do: the operator's file wins, without a question.
  const install = (deb: string) =>
    machine.must(`dpkg --force-confold -i /opt/debs/${path.basename(deb)} 2>&1 </dev/null`);

  it('installs on a bare Debian, and neither enables nor starts anything', async () => {
    await install(earlier);
    expect(await machine.must('callbackd --version')).toBe(`${versionOf(earlier)}\n`);
    expect((await machine.sh('systemctl is-enabled callbackd')).out.trim()).toBe('disabled');
    expect((await machine.sh('systemctl is-active callbackd')).out.trim()).toBe('inactive');
    const checked = await machine.must('CREDENTIALS_DIRECTORY=/etc/callbackd callbackd validate');
    expect(checked).toContain(`${YAML} is valid: 0 apps`);
    expect((await machine.sh('systemctl is-system-running')).out.trim()).toBe('running');
  });

  it('brings everything where Debian looks for it', async () => {
    const verified = await machine.must(
      'systemd-analyze verify --man=no callbackd.service callbackd@a.service 2>&1',
    );
    expect(verified.trim()).toBe('');
    await machine.must('test -s /usr/share/doc/callbackd/operations.md');
    await machine.must('test -s /usr/share/callbackd/schema/config.schema.json');
    await machine.must(
      'bash -c ". /usr/share/bash-completion/completions/callbackd && complete -p callbackd"',
    );
    await machine.must('zcat -f /usr/share/doc/callbackd/THIRD-PARTY-NOTICES.gz >/dev/null || true');
    expect((await machine.must('dpkg --verify callbackd')).trim()).toBe('');
  });

  it('is configured, enabled and started, and converges', async ({ annotate }) => {
    await machine.must(
      'systemd-run --quiet --unit=sandbox callbackd sandbox --port 9650 --fleet empty && ' +
        'for i in $(seq 100); do journalctl -u sandbox | grep -q loopback && exit 0; sleep .1; done; exit 1',
    );
    await machine.write('/etc/callbackd/coze_token', `${TOKEN}\n`, 0o600);
    await machine.must(edit(['orders', 'bills']));
    await machine.must('systemctl enable --now callbackd 2>&1');
    await annotate(`status line: ${(await inSync(2)).trim()}`);
    expect(await appsOf()).toEqual(['bills', 'orders']);
    expect(await machine.must('callbackd status --check')).toBe('healthy: the main loop is running\n');
    expect(await machine.must('callbackd history')).toContain('created');
  });

  it('runs a second account as an instance', async () => {
    const off = 's|^version: .*|version: 1\\nstatus: {listen: "off"}|';
    await machine.must(
      `sed '${off}; s|orders|east-orders|g; s|bills|east-bills|g' ${YAML} > /etc/callbackd/east.yaml`,
    );
    await machine.write('/etc/callbackd/east.token', `${TOKEN}\n`, 0o600);
    await machine.must('systemctl enable --now callbackd@east 2>&1');
    await inSync(2, 'callbackd@east');
    expect(await appsOf()).toHaveLength(4);
  });

  it('is upgraded: state and edited file are kept, what runs is restarted, nothing is made twice', async ({
    annotate,
  }) => {
    const [pid, lineage] = [await machine.property('callbackd', 'MainPID'), (await stateOf()).lineage];
    const said = await install(current);
    await annotate(said.trim());
    expect(await machine.must('callbackd --version')).toBe(`${versionOf(current)}\n`);
    await inSync(2);
    await inSync(2, 'callbackd@east');
    expect(await machine.property('callbackd', 'MainPID')).not.toBe(pid);
    expect(await machine.property('callbackd', 'NRestarts')).toBe('0');
    expect((await stateOf()).lineage).toBe(lineage);
    expect(await machine.must(`cat ${YAML}`)).toContain('bills');
    expect(await appsOf()).toHaveLength(4);
    const log = await machine.must(`journalctl -u callbackd -o cat --no-pager`);
    expect(log.split('\n').filter((line) => line.includes('"operation":"create_app"'))).toHaveLength(2);
    expect(log).not.toContain(TOKEN);
  });

  it('keeps the file of the operator where the package brings another one', async () => {
    // The package of the same version, but with another example in it.
    await machine.must(
      [
        'cp -r /opt/debs /tmp/debs && cd /tmp/debs',
        `dpkg-deb -R ${path.basename(current)} tree`,
        "echo '# another example' >> tree/etc/callbackd/callbackd.yaml",
        `sed -i 's/^Version: .*/Version: ${versionOf(current)}-2/' tree/DEBIAN/control`,
        'dpkg-deb -Znone --root-owner-group --build tree next.deb',
        'dpkg --force-confold -i next.deb </dev/null',
      ].join(' && '),
    );
    expect(await machine.must(`cat ${YAML}`)).not.toContain('another example');
    expect(await machine.must(`cat ${YAML}.dpkg-dist`)).toContain('another example');
    await inSync(2);
  });

  it('does not start on an upgrade what was stopped', async () => {
    await machine.must('systemctl stop callbackd');
    await install(current);
    expect((await machine.sh('systemctl is-active callbackd')).out.trim()).toBe('inactive');
    expect((await machine.sh('systemctl is-enabled callbackd')).out.trim()).toBe('enabled');
    await machine.must('systemctl start callbackd');
  });

  it('is removed: nothing runs any more, file and state stay, and a new installation continues from there', async () => {
    const { lineage } = await stateOf();
    await machine.must('dpkg -r callbackd 2>&1');
    expect((await machine.must("systemctl list-units --no-legend 'callbackd*'")).trim()).toBe('');
    expect((await machine.sh('command -v callbackd')).code).not.toBe(0);
    await machine.must(`test -f ${YAML} -a -f /etc/callbackd/coze_token`);
    expect((await stateOf()).lineage).toBe(lineage);
    await install(current);
    expect((await machine.sh('systemctl is-enabled callbackd')).out.trim()).toBe('enabled');
    await machine.must('systemctl start callbackd');
    await inSync(2);
    expect((await stateOf()).lineage).toBe(lineage);
  });

  it('is purged: state and shipped file are gone, what others own stays, and the account is untouched', async () => {
    // What only looks like a state directory of ours.
    await machine.must('mkdir -p /var/lib/callbackd-archive && touch /var/lib/callbackd-archive/keep');
    const said = await machine.must('dpkg -P callbackd 2>&1');
    expect(said).toContain('kept what is left in /etc/callbackd');
    for (const gone of [
      YAML,
      '/var/lib/callbackd',
      '/var/lib/private/callbackd',
      '/var/lib/private/callbackd-east',
    ]) {
      expect((await machine.sh(`test -e ${gone}`)).code, gone).toBe(1);
    }
    await machine.must('test -f /etc/callbackd/coze_token -a -f /var/lib/callbackd-archive/keep');
    expect((await machine.sh('systemctl is-enabled callbackd')).code).not.toBe(0);
    expect((await machine.sh('find /etc/systemd /usr/share -name "*callbackd*"')).out).not.toContain(
      '.service',
    );
    const ask =
      'exec 3<>/dev/tcp/127.0.0.1/9650; printf "GET /_sandbox/apps HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3';
    const answer = await machine.must(`bash -c '${ask}'`);
    for (const name of ['orders', 'bills', 'east-orders', 'east-bills'])
      expect(answer).toContain(`"${name}"`);
  });
});
