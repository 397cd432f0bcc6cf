/** Standard output that fails or is stuck: a full disk, a terminal that is gone, a reader that does not read. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type Finished,
  makeFolder,
  type Running,
  startCallbackd,
  startProcess,
} from '../builders/run-callbackd.ts';

const MAIN = path.resolve(import.meta.dirname, '../../dist/main.js');
const STOP_LIMIT_MS = 10_000;

interface Site {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  countApps(): Promise<number>;
}

async function openSite(apps: number): Promise<Site> {
  const folder = makeFolder();
  const sandbox = startCallbackd(['sandbox', '--port', '0', '--fleet', 'empty'], { cwd: folder });
  await sandbox.waitFor(/listens on \S+ /);
  const url = /listens on (\S+) /.exec(sandbox.output())?.[1] ?? '';
  const entries = Array.from(
    { length: apps },
    (_, index) => `  app-${index}: {app_type: normal, name: app-${index}}`,
  );
  const settings = [
    'coze: {max_requests_per_second: 500}',
    'reconcile: {settle: 200ms, schedule: "* * * * * *"}',
    'status: {listen: off}',
    'log: {level: debug}',
  ];
  writeFileSync(
    path.join(folder, 'callbackd.yaml'),
    ['version: 1', ...settings, 'apps:', ...entries, ''].join('\n'),
  );
  return {
    folder,
    environment: {
      COZE_API_BASE: url,
      COZE_API_TOKEN: 'pat_sandbox',
      CALLBACKD_STATE_DIR: path.join(folder, 'state'),
      CALLBACKD_CONTROL_SOCKET: path.join(folder, 'control.sock'),
    },
    async countApps() {
      const answer = await fetch(`${url}/_sandbox/apps`);
      return JSON.stringify(await answer.json()).match(/"app-\d+/g)?.length ?? 0;
    },
  };
}

function runInto(file: string, words: readonly string[], { folder, environment }: Site): Promise<Finished> {
  const line = ['-c', 'exec "$@" > "$0"', file, process.execPath, MAIN, ...words];
  return startProcess('sh', line, { cwd: folder, environment }).finished;
}

describe('a command whose output cannot be written', () => {
  it.each(['import', 'plan -o json', 'plan', 'schema', 'help', 'validate -o json', '--version'])(
    'fails with one line, and no stack, on a full disk: %s',
    async (command) => {
      const site = await openSite(3);
      const { code, stderr } = await runInto('/dev/full', command.split(' '), site);
      expect(stderr).toBe(
        `${stderr.replace(/error: .*\n$/, '')}error: cannot write standard output: no space left on the device (ENOSPC)\n`,
      );
      expect(stderr).not.toMatch(/bug|\n {4}at /);
      expect(code).toBe(1);
    },
  );

  it('fails where the disk takes a part of it (needs root)', async ({ skip }) => {
    const site = await openSite(60);
    const disk = path.join(site.folder, 'disk');
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', disk]);
    if (mounted.status !== 0) skip('this host does not let us mount a tmpfs');
    onTestFinished(() => void spawnSync('umount', ['-l', disk]));
    const expectCut = async (...words: string[]) => {
      const { code, stderr } = await runInto(path.join(disk, 'out'), words, site);
      expect(stderr).toContain('error: cannot write standard output: no space left on the device (ENOSPC)');
      expect(code).toBe(1);
    };
    await expectCut('plan', '-o', 'json');
    expect((await startCallbackd(['apply', '--yes'], { cwd: site.folder, ...site }).finished).code).toBe(0);
    await expectCut('import');
  });

  it('does not mind a reader that went away', async () => {
    const site = await openSite(3);
    const line = ['-c', `"$@" | true; echo "\${PIPESTATUS[0]}"`, 'bash', process.execPath, MAIN, 'schema'];
    const { stdout, stderr } = await startProcess('bash', line, { cwd: site.folder, ...site }).finished;
    expect([stdout, stderr]).toEqual(['0\n', '']);
  });
});

/** Starts a program on a pipe, terminal or socket that nobody reads (or, `gone`, that ends); prints its pid and its exit. */
const UNREAD = `
import os, pty, socket, subprocess, sys
kind = sys.argv[1]
if kind == 'pipe': reader, writer = os.pipe()
elif kind in ('terminal', 'gone'): reader, writer = pty.openpty()
else: reader, writer = (end.detach() for end in socket.socketpair())
child = subprocess.Popen(sys.argv[2:], stdout=writer, stdin=subprocess.DEVNULL)
os.close(writer)
if kind == 'gone': os.close(reader)
print(child.pid, flush=True)
print('exit', child.wait(), flush=True)
`;

async function startUnread(
  kind: string,
  { folder, environment }: Site,
): Promise<Running & { readonly pid: number }> {
  const line = ['-c', UNREAD, kind, process.execPath, MAIN, 'run'];
  const running = startProcess('python3', line, { cwd: folder, environment });
  await running.waitFor(/^\d+\n/m);
  const pid = Number(/^\d+/m.exec(running.output())?.[0]);
  onTestFinished(() => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended, as it should.
    }
  });
  return { ...running, pid };
}

describe('a daemon whose log cannot be written', () => {
  it.each(['/dev/full', 'gone'])('continues, and ends on request: %s', async (where) => {
    const site = await openSite(20);
    const daemon =
      where === 'gone'
        ? await startUnread('gone', site)
        : startProcess('sh', ['-c', 'echo $$; exec "$@" > /dev/full', 'sh', process.execPath, MAIN, 'run'], {
            cwd: site.folder,
            ...site,
          });
    await daemon.waitFor(/^\d+\n/m);
    await expect.poll(site.countApps, { timeout: 20_000 }).toBe(20);
    const status = await startCallbackd(['status', '-o', 'json'], { cwd: site.folder, ...site }).finished;
    const problem = where === 'gone' ? /\(?EIO|input\/output error/ : /ENOSPC/;
    expect(JSON.parse(status.stdout)).toMatchObject({ log: { problem: expect.stringMatching(problem) } });
    const people = await startCallbackd(['status'], { cwd: site.folder, ...site }).finished;
    expect(people.stdout).toMatch(/^ +log +cannot write the log: /m);
    process.kill(Number(/^\d+/m.exec(daemon.output())?.[0]), 'SIGTERM');
    const { code, stdout, stderr } = await daemon.finished;
    expect(where === 'gone' ? stdout : code).toEqual(
      where === 'gone' ? expect.stringContaining('exit 0') : 0,
    );
    expect(stderr).toBe('');
  });

  it.each(['pipe', 'terminal', 'socket'])('ends in time when the reader of its %s is stuck', async (kind) => {
    const site = await openSite(300);
    const daemon = await startUnread(kind, site);
    // Its lines are more than any of them holds.
    await expect.poll(site.countApps, { timeout: 40_000 }).toBe(300);
    const startedAt = performance.now();
    process.kill(daemon.pid, 'SIGTERM');
    const { stdout } = await daemon.finished;
    expect(performance.now() - startedAt).toBeLessThan(STOP_LIMIT_MS);
    expect(stdout).toContain('exit 0');
  });
});

const hasStrace = spawnSync('strace', ['-V']).status === 0;

describe.runIf(hasStrace)('a disk that fails under apply, at each of its operations (needs strace)', () => {
  it.each([
    'openat:error=ENOSPC',
    'write:error=ENOSPC',
    'fsync:error=EIO',
    'fdatasync:error=EIO',
    'rename:error=ENOSPC',
    'link:error=EDQUOT',
    'unlink:error=EIO',
  ])('is one clear error and no stack, closing included: %s', { timeout: 120_000 }, async (fault) => {
    const site = await openSite(2);
    const stateDir = path.join(site.folder, 'state');
    const call = fault.split(':')[0] ?? '';
    let clean = 0;
    for (let when = 1; when <= 40 && clean < 2; when += 1) {
      const names = ['', ...FILES.map((name) => `/${name}`)].flatMap((name) => ['-P', stateDir + name]);
      const trace = ['-f', '-qq', '-o', path.join(site.folder, 'trace'), '-e', `trace=${call}`, ...names];
      const line = [...trace, '-e', `inject=${fault}:when=${when}`, process.execPath, MAIN, 'apply', '--yes'];
      const { code, stderr } = await startProcess('strace', line, { cwd: site.folder, ...site }).finished;
      expect(stderr, `${fault} at ${when}`).not.toMatch(/bug|\n {4}at /);
      if (code !== 0) expect(stderr, `${fault} at ${when}`).toMatch(/E[A-Z]{2,}/);
      clean = code === 0 ? clean + 1 : 0;
    }
  });
});

const FILES = [
  'state.json',
  'state.json.tmp',
  'state.json.bak.tmp',
  'state.log',
  'state.log.tmp',
  'state.log.bak.tmp',
  'history.ndjson',
];
