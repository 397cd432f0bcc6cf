/** A restart on files that cannot say where the state is: the last good configuration is found all the same. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, type Running, runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';

interface Site {
  readonly folder: string;
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The layout of the README: everything is in the file, nothing in the environment. */
const GOOD = [
  'version: 1',
  'state_dir: state',
  'control: {socket: callbackd.sock}',
  'status: {listen: "off"}',
  'reconcile: {settle: 200ms}',
  'apps:',
  '  orders: {app_type: normal, name: orders}',
  '',
].join('\n');

async function openSite(text = GOOD): Promise<Site> {
  const folder = makeFolder();
  const sandbox = startCallbackd(['sandbox', '--port', '0', '--fleet', 'empty'], { cwd: folder });
  await sandbox.waitFor(/listens on \S+ /);
  const environment = {
    COZE_API_BASE: /listens on (\S+) /.exec(sandbox.output())?.[1] ?? '',
    COZE_API_TOKEN: 'pat_sandbox',
  };
  const file = path.join(folder, 'callbackd.yaml');
  writeFileSync(file, text);
  return { folder, file, environment };
}

const start = ({ folder, environment }: Site): Running =>
  startCallbackd(['run'], { cwd: folder, environment });

async function runOnce(site: Site): Promise<void> {
  const daemon = start(site);
  await daemon.waitFor('"result":"converged"');
  daemon.child.kill('SIGTERM');
  expect((await daemon.finished).code).toBe(0);
}

async function expectLastGood(site: Site): Promise<void> {
  const daemon = start(site);
  await daemon.waitFor('coze api call');
  // The socket, too, is where the last good configuration says.
  const { folder: cwd, environment } = site;
  const ask = async () =>
    JSON.parse((await runCallbackd(['status', '-o', 'json'], { cwd, environment })).stdout);
  await expect.poll(ask, { timeout: 20_000 }).toMatchObject({
    configuration: { origin: 'last_good', problem: { kind: 'invalid' } },
    apps: { desired: 1, in_sync: 1 },
  });
  daemon.child.kill('SIGTERM');
  expect((await daemon.finished).code).toBe(0);
}

const BROKEN: readonly { readonly how: string; readonly harm: (file: string) => void }[] = [
  { how: 'has an unknown key', harm: (file) => writeFileSync(file, `${GOOD}colour: red\n`) },
  { how: 'is no YAML', harm: (file) => writeFileSync(file, `${GOOD}  - [}\n`) },
  { how: 'is empty', harm: (file) => writeFileSync(file, '') },
  { how: 'is gone', harm: (file) => rmSync(file) },
  { how: 'ends in the middle of the line', harm: (file) => writeFileSync(file, GOOD.slice(0, 24)) },
  { how: 'ends before the line', harm: (file) => writeFileSync(file, 'version: 1\n') },
  { how: 'is UTF-16', harm: (file) => writeFileSync(file, GOOD, 'utf16le') },
  { how: 'is not text', harm: (file) => writeFileSync(file, Buffer.from([0xff, 0xfe, 0x80, 0x00, 0x0a])) },
  {
    how: 'is a directory',
    harm(file) {
      rmSync(file);
      mkdirSync(file);
    },
  },
  { how: 'is too large', harm: (file) => writeFileSync(file, `${GOOD}#${'x'.repeat(17_000_000)}\n`) },
];

it.each(BROKEN)('a restart continues from the last good copy when the file $how', async ({ harm }) => {
  const site = await openSite();
  await runOnce(site);
  harm(site.file);
  await expectLastGood(site);
});

describe('without a home', () => {
  async function openHomeless(environment: Readonly<Record<string, string>> = {}): Promise<Site> {
    const site = await openSite();
    return { ...site, environment: { ...site.environment, HOME: '', ...environment } };
  }

  it('the broken file still says where the state is', async () => {
    const site = await openHomeless();
    await runOnce(site);
    writeFileSync(site.file, `${GOOD}colour: red\n`);
    await expectLastGood(site);
  });

  it('a directory of systemd holds where the state is', async () => {
    const dir = makeFolder();
    const site = await openHomeless({ STATE_DIRECTORY: dir });
    await runOnce(site);
    rmSync(site.file);
    await expectLastGood(site);
    expect(readFileSync(path.join(site.folder, 'state', 'last-good.json'), 'utf8')).toContain('orders');
  });

  it('a directory of systemd is looked into itself', async () => {
    const dir = makeFolder();
    const text = GOOD.replace('state_dir: state', `state_dir: \${STATE_DIRECTORY}`);
    const site = { ...(await openSite(text)) };
    const homeless = { ...site, environment: { ...site.environment, HOME: '', STATE_DIRECTORY: dir } };
    await runOnce(homeless);
    writeFileSync(site.file, '');
    await expectLastGood(homeless);
  });
});

it('the copy of another file is not taken for it', async () => {
  const site = await openSite();
  await runOnce(site);
  const folder = makeFolder();
  writeFileSync(path.join(folder, 'callbackd.yaml'), '');
  const environment = { ...site.environment, HOME: site.folder };
  expect((await runCallbackd(['run'], { cwd: folder, environment })).code).toBe(3);
  rmSync(path.join(folder, 'callbackd.yaml'));
  expect((await runCallbackd(['run'], { cwd: folder, environment })).code).toBe(3);
  // A file that names another file's state is no reason to run on that file's entries.
  const stateDir = path.join(site.folder, 'state');
  writeFileSync(path.join(folder, 'callbackd.yaml'), `version: 1\nstate_dir: ${stateDir}\napps: [\n`);
  expect((await runCallbackd(['run'], { cwd: folder, environment })).code).toBe(3);
});
