/** The control socket of a real daemon: under its own name from the start, back when it was cleaned away, and nobody else's. */
import { lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeFolder, type Running, runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';

interface Site {
  readonly folder: string;
  readonly socket: string;
  readonly environment: Readonly<Record<string, string>>;
}

async function startDaemon(): Promise<Site & { readonly daemon: Running }> {
  const folder = makeFolder();
  const sandbox = startCallbackd(['sandbox', '--port', '0', '--fleet', 'empty'], { cwd: folder });
  await sandbox.waitFor(/listens on \S+ /);
  writeFileSync(path.join(folder, 'callbackd.yaml'), 'version: 1\napps: {}\n');
  const socket = path.join(folder, 'control.sock');
  const environment = {
    COZE_API_BASE: /listens on (\S+) /.exec(sandbox.output())?.[1] ?? '',
    COZE_API_TOKEN: 'pat_sandbox',
    CALLBACKD_STATE_DIR: path.join(folder, 'state'),
    CALLBACKD_CONTROL_SOCKET: socket,
    CALLBACKD_STATUS_LISTEN: 'off',
  };
  const daemon = startCallbackd(['run'], { cwd: folder, environment });
  await daemon.waitFor('daemon started');
  return { folder, socket, environment, daemon };
}

async function stop(daemon: Running): Promise<void> {
  daemon.child.kill('SIGTERM');
  expect((await daemon.finished).code).toBe(0);
}

it('is bound under its own name, which cleaners look for, for owner and group only', async () => {
  const { socket, daemon } = await startDaemon();
  expect(readFileSync('/proc/net/unix', 'utf8')).toContain(` ${socket}\n`);
  expect(lstatSync(socket).mode & 0o777).toBe(0o660);
  await stop(daemon);
  expect(() => lstatSync(socket)).toThrow('ENOENT');
});

it('is bound again when it was removed, and removed once more', async () => {
  const site = await startDaemon();
  for (let time = 1; time <= 2; time += 1) {
    rmSync(site.socket);
    const countBound = () => site.daemon.output().match(/control socket bound again/g)?.length;
    await expect.poll(countBound, { timeout: 20_000 }).toBe(time);
    expect((await runCallbackd(['reconcile'], { cwd: site.folder, ...site })).code).toBe(0);
  }
  expect(lstatSync(site.socket).mode & 0o777).toBe(0o660);
  await stop(site.daemon);
  expect(() => lstatSync(site.socket)).toThrow('ENOENT');
});

it('is left to a process that listens in its place, and comes back after it', async () => {
  const site = await startDaemon();
  renameSync(site.socket, `${site.socket}.away`);
  const other = createServer((connection) => void connection.end());
  await new Promise<void>((resolve) => void other.listen(site.socket, resolve));
  onTestFinished(() => void other.close());
  const theirs = lstatSync(site.socket).ino;
  await site.daemon.waitFor('control socket lost');
  expect(lstatSync(site.socket).ino).toBe(theirs);
  await new Promise((resolve) => void other.close(resolve));
  await site.daemon.waitFor('control socket bound again');
  expect((await runCallbackd(['reconcile'], { cwd: site.folder, ...site })).code).toBe(0);
  await stop(site.daemon);
});
