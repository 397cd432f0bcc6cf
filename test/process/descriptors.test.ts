/** File descriptors run out: while a daemon runs, and before a command starts. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, type Running, startCallbackd, startProcess } from '../builders/run-callbackd.ts';

const MAIN = path.resolve(import.meta.dirname, '../../dist/main.js');
const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0;

interface Site {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  countApps(): Promise<number>;
}

async function openSite(): Promise<Site> {
  const folder = makeFolder();
  const sandbox = startCallbackd(['sandbox', '--port', '0', '--fleet', 'empty'], { cwd: folder });
  await sandbox.waitFor(/listens on \S+ /);
  const url = /listens on (\S+) /.exec(sandbox.output())?.[1] ?? '';
  mkdirSync(path.join(folder, 'apps.d'));
  const settings = ['include: [apps.d/*.yaml]', 'reconcile: {settle: 200ms, schedule: "0 0 1 1 *"}'];
  writeFileSync(
    path.join(folder, 'callbackd.yaml'),
    ['version: 1', ...settings, 'apps:', entry('one')].join('\n'),
  );
  return {
    folder,
    environment: {
      COZE_API_BASE: url,
      COZE_API_TOKEN: 'pat_sandbox',
      CALLBACKD_STATE_DIR: path.join(folder, 'state'),
      CALLBACKD_CONTROL_SOCKET: path.join(folder, 'control.sock'),
      CALLBACKD_STATUS_LISTEN: 'off',
    },
    async countApps() {
      const answer = await fetch(`${url}/_sandbox/apps`);
      return JSON.stringify(await answer.json()).match(/"app-/g)?.length ?? 0;
    },
  };
}

const entry = (name: string) => `  app-${name}: {app_type: normal, name: app-${name}}\n`;

function limit({ child }: Running, soft: number): void {
  expect(spawnSync('prlimit', ['--pid', String(child.pid), `--nofile=${soft}:`]).status).toBe(0);
}

describe.runIf(hasPrlimit)('an edit while a daemon has no descriptor left (needs prlimit)', () => {
  it.each([
    {
      what: 'the file',
      edit: ({ folder }: Site) =>
        writeFileSync(
          path.join(folder, 'callbackd.yaml'),
          `version: 1\napps:\n${entry('one')}${entry('two')}`,
        ),
    },
    {
      what: 'an included file that is new',
      edit: ({ folder }: Site) =>
        writeFileSync(path.join(folder, 'apps.d', 'two.yaml'), `apps:\n${entry('two')}`),
    },
  ])('is in force within seconds after they are free again: $what', async ({ edit }) => {
    const site = await openSite();
    const daemon = startCallbackd(['run'], { cwd: site.folder, environment: site.environment });
    await daemon.waitFor('"result":"converged"');
    limit(daemon, 3);
    edit(site);
    await daemon.waitFor(/configuration rejected|EMFILE/);
    limit(daemon, 1024);
    await expect.poll(site.countApps, { timeout: 15_000 }).toBe(2);
    daemon.child.kill('SIGTERM');
    expect((await daemon.finished).code).toBe(0);
  });
});

const LIMITED = 'ulimit -n "$0"; exec "$@"';

/** How few suffice for Node itself. */
function countForNode(): number {
  for (let count = 10; ; count += 1) {
    const { status } = spawnSync('bash', ['-c', LIMITED, String(count), process.execPath, '-e', '0']);
    if (status === 0) return count;
  }
}

describe('a command that has too few descriptors', () => {
  it.each(['run', 'apply --yes', 'status', 'doctor'])(
    'says so in one line, by name, and prints no stack: %s',
    { timeout: 120_000 },
    async (command) => {
      const site = await openSite();
      const failures: string[] = [];
      // From hardly enough for Node and the file it starts to more than enough.
      const few = countForNode() + 4;
      for (let descriptors = few; descriptors <= few + 18; descriptors += 3) {
        const line = ['-c', LIMITED, String(descriptors), process.execPath, MAIN, ...command.split(' ')];
        const running = startProcess('bash', line, { cwd: site.folder, environment: site.environment });
        if (command === 'run')
          void running.waitFor('daemon started').then(
            () => running.child.kill('SIGTERM'),
            () => {},
          );
        const { code, stdout, stderr } = await running.finished;
        expect(stderr, `with ${descriptors}`).not.toMatch(/bug|\n {4}at /);
        if (code !== 0) failures.push(stdout + stderr);
      }
      for (const output of failures) expect(output).toMatch(/EMFILE/);
      expect(readdirSync(site.folder)).toContain('callbackd.yaml');
    },
  );
});
