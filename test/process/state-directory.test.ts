/** What happens to a state directory from outside: taken away under a daemon, in a place where nothing can be made, not of files. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeFolder, type Running, runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';

const APPS = 60;
/** Slow enough that the directory is taken away between two creates. */
const SLOWLY = 'coze: {max_requests_per_second: 15}';

interface Site {
  readonly folder: string;
  readonly stateDir: string;
  readonly environment: Readonly<Record<string, string>>;
  countApps(): Promise<number>;
}

async function openSite(): Promise<Site> {
  const folder = makeFolder();
  const sandbox = startCallbackd(['sandbox', '--port', '0', '--fleet', 'empty'], { cwd: folder });
  await sandbox.waitFor(/listens on \S+ /);
  const url = /listens on (\S+) /.exec(sandbox.output())?.[1] ?? '';
  const stateDir = path.join(folder, 'state');
  const apps = Array.from(
    { length: APPS },
    (_, index) => `  app-${index}: {app_type: normal, name: app-${index}}`,
  );
  const reconcile = 'reconcile: {settle: 200ms, schedule: "* * * * * *"}';
  writeFileSync(
    path.join(folder, 'callbackd.yaml'),
    ['version: 1', SLOWLY, reconcile, 'control: {socket: control.sock}', 'apps:', ...apps, ''].join('\n'),
  );
  return {
    folder,
    stateDir,
    environment: {
      COZE_API_BASE: url,
      COZE_API_TOKEN: 'pat_sandbox',
      CALLBACKD_STATE_DIR: stateDir,
      CALLBACKD_STATUS_LISTEN: 'off',
    },
    async countApps() {
      const answer = await fetch(`${url}/_sandbox/apps`);
      return JSON.stringify(await answer.json()).match(/"app-\d+/g)?.length ?? 0;
    },
  };
}

/** A daemon that has made a few of its apps. */
async function startMidway(site: Site): Promise<Running> {
  const daemon = startCallbackd(['run'], { cwd: site.folder, environment: site.environment });
  await expect.poll(site.countApps, { timeout: 20_000, interval: 50 }).toBeGreaterThan(4);
  return daemon;
}

const GONE = /it is not the file that was opened/;
/** Creates of the second in which it may still be believed, and those that were under way. */
const CREATES_MAX = 30;

async function expectStandstill(site: Site, daemon: Running, before: number): Promise<void> {
  await daemon.waitFor(GONE);
  const ask = (...words: string[]) =>
    runCallbackd(words, { cwd: site.folder, environment: site.environment });
  expect((await ask('reconcile', '--wait')).code).toBe(1);
  const after = await site.countApps();
  expect(after - before).toBeLessThan(CREATES_MAX);
  expect((await ask('reconcile', '--wait')).code).toBe(1);
  expect(await site.countApps()).toBe(after);
  expect((await ask('status', '-o', 'json')).stdout).toMatch(GONE);
}

describe('a state directory that is taken away under a daemon', () => {
  const away = (site: Site) => path.join(site.folder, 'away');
  it.each([
    {
      how: 'deleted',
      take: (site: Site) => rmSync(site.stateDir, { recursive: true }),
    },
    {
      how: 'deleted and created again',
      take(site: Site) {
        rmSync(site.stateDir, { recursive: true });
        mkdirSync(site.stateDir);
      },
    },
    {
      how: 'swapped for its copy',
      take(site: Site) {
        cpSync(site.stateDir, away(site), { recursive: true, filter: (file) => !file.endsWith('.sock') });
        rmSync(site.stateDir, { recursive: true });
        renameSync(away(site), site.stateDir);
      },
    },
    {
      how: 'robbed of its log',
      take: (site: Site) => rmSync(path.join(site.stateDir, 'state.log')),
    },
  ])('is noticed when it was $how: nothing more is sent, and log and status say so', async ({ take }) => {
    const site = await openSite();
    const daemon = await startMidway(site);
    const before = await site.countApps();
    take(site);
    await expectStandstill(site, daemon, before);
    daemon.child.kill('SIGTERM');
    const { stderr } = await daemon.finished;
    expect(stderr).not.toContain('bug');
  });

  it('is used again when it is back', async () => {
    const site = await openSite();
    const daemon = await startMidway(site);
    renameSync(site.stateDir, away(site));
    await daemon.waitFor(GONE);
    renameSync(away(site), site.stateDir);
    await expect.poll(site.countApps, { timeout: 30_000 }).toBe(APPS);
    await daemon.waitFor('"result":"converged"');
    const state = readFileSync(path.join(site.stateDir, 'state.json'), 'utf8');
    expect(state + readFileSync(path.join(site.stateDir, 'state.log'), 'utf8')).toContain('app-59');
  });

  it('gets its lock back when somebody removed that', async () => {
    const site = await openSite();
    const daemon = await startMidway(site);
    spawnSync('sh', ['-c', `rm ${site.stateDir}/lock.*`]);
    await daemon.waitFor(GONE);
    await expect.poll(site.countApps, { timeout: 30_000 }).toBe(APPS);
    const second = await runCallbackd(['run'], { cwd: site.folder, environment: site.environment });
    expect(second.code).toBe(5);
  });

  it('is noticed when its file system was unmounted (needs root)', async ({ skip }) => {
    const site = await openSite();
    mkdirSync(site.stateDir);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', site.stateDir]);
    if (mounted.status !== 0) skip('this host does not let us mount a tmpfs');
    onTestFinished(() => void spawnSync('umount', ['-l', site.stateDir]));
    const daemon = await startMidway(site);
    const before = await site.countApps();
    spawnSync('umount', ['-l', site.stateDir]);
    await expectStandstill(site, daemon, before);
  });
});

const LOCAL = { COZE_API_BASE: 'http://127.0.0.1:1', COZE_API_TOKEN: 'pat_unused' };

describe('a place where no state directory can be made', () => {
  it.each(['/proc/x', '/proc/self/x/y', '/sys/x', '/dev/null/x', '/dev/null', '/proc/self/fd/999/x'])(
    'is one clear error: %s',
    async (stateDir) => {
      const cwd = makeFolder();
      writeFileSync(path.join(cwd, 'callbackd.yaml'), 'version: 1\napps: {}\n');
      const { code, stderr } = await runCallbackd(['apply', '--yes', '--state-dir', stateDir], {
        cwd,
        environment: LOCAL,
      });
      expect(stderr).toContain(`error: cannot make directory ${stateDir.split('/', 3).join('/')}`);
      expect(stderr).not.toMatch(/bug|\n {4}at /);
      expect(code).toBe(1);
    },
    10_000,
  );

  it('is one for the control socket, too', async () => {
    const cwd = makeFolder();
    writeFileSync(
      path.join(cwd, 'callbackd.yaml'),
      'version: 1\nstate_dir: state\nstatus: {listen: off}\ncontrol: {socket: /proc/x/y}\napps: {}\n',
    );
    const { code, stderr } = await runCallbackd(['run'], { cwd, environment: LOCAL });
    expect(stderr).toContain('/proc/x/y cannot be made here (ENOENT)');
    expect(code).toBe(1);
  }, 10_000);
});

describe('a file of the state directory that is not a file', () => {
  const FILES = ['state.json', 'state.log', 'lock.1-00000000'];
  const KINDS = [
    { kind: 'FIFO', make: (file: string) => spawnSync('mkfifo', [file]) },
    { kind: 'endless device', make: (file: string) => spawnSync('ln', ['-s', '/dev/zero', file]) },
    { kind: 'directory', make: (file: string) => spawnSync('mkdir', [file]) },
    {
      kind: 'socket',
      make: (file: string) =>
        spawnSync('python3', [
          '-c',
          'import socket,sys;socket.socket(socket.AF_UNIX).bind(sys.argv[1])',
          file,
        ]),
    },
  ];
  it.each(KINDS.flatMap((kind) => FILES.map((name) => ({ ...kind, name }))))(
    'is one clear error at once: $name as a $kind',
    async ({ name, make }) => {
      const cwd = makeFolder();
      const stateDir = path.join(cwd, 'state');
      mkdirSync(stateDir);
      writeFileSync(path.join(cwd, 'callbackd.yaml'), 'version: 1\napps: {}\n');
      expect(make(path.join(stateDir, name)).status).toBe(0);
      // Another state file makes the log part of a state.
      if (name === 'state.log') writeFileSync(path.join(stateDir, 'state.json'), '{}');
      for (const words of [['apply', '--yes'], ['run'], ...(name.startsWith('lock') ? [] : [['plan']])]) {
        const { code, stderr } = await runCallbackd([...words, '--state-dir', stateDir], {
          cwd,
          environment: { ...LOCAL, CALLBACKD_STATUS_LISTEN: 'off', CALLBACKD_CONTROL_SOCKET: 'off' },
        });
        expect(stderr).toMatch(new RegExp(`error: .*${path.join(stateDir, name)}.*(regular file|directory)`));
        expect(stderr).not.toMatch(/bug|\n {4}at /);
        expect(code).toBe(1);
      }
    },
    15_000,
  );
});
