/** A configuration that is bind-mounted by itself, in a mount namespace of its own, and replaced on the host. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createControlClient } from '../../src/daemon/control-client.ts';
import { requestOverSocket } from '../../src/lib/unix-socket.ts';
import { makeFolder, runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';

const isPossible = spawnSync('unshare', ['-m', 'true']).status === 0;
it.runIf(!isPossible)('is not tested', ({ skip }) => skip('this host lets nobody make a mount namespace'));

function openSite() {
  const folder = makeFolder();
  mkdirSync(path.join(folder, 'host'));
  mkdirSync(path.join(folder, 'here'));
  const onHost = path.join(folder, 'host/callbackd.yaml');
  const here = path.join(folder, 'here/callbackd.yaml');
  writeFileSync(onHost, 'version: 1\nstatus: {listen: off}\napps: {}\n');
  writeFileSync(here, '');
  const replace = () => {
    writeFileSync(`${onHost}.new`, 'version: 1\napps: {orders: {app_type: normal, name: orders}}\n');
    renameSync(`${onHost}.new`, onHost);
  };
  const inside = (before: string) => [
    ...['unshare', '-m', 'sh', '-c', `mount --bind "$0" "$1"; ${before} shift; exec "$@"`, onHost, here],
    ...[process.execPath, path.resolve('dist/main.js')],
  ];
  const socket = path.join(folder, 'control.sock');
  const environment = {
    CALLBACKD_CONFIG: here,
    COZE_API_BASE: 'http://127.0.0.1:1',
    COZE_API_TOKEN: 'pat_sandbox',
    CALLBACKD_STATE_DIR: path.join(folder, 'state'),
    CALLBACKD_CONTROL_SOCKET: socket,
  };
  return { folder, here, onHost, replace, inside, environment, socket };
}

it.skipIf(!isPossible)('is told by the daemon, with the cure', { timeout: 60_000 }, async () => {
  const { folder, here, replace, inside, environment, socket } = openSite();
  const daemon = startCallbackd(['run'], { cwd: folder, environment, program: inside('') });
  await daemon.waitFor('"msg":"daemon started"');
  expect(daemon.output()).not.toContain('behind its mount');
  replace();
  await daemon.waitFor('"msg":"configuration file replaced behind its mount"');
  const control = createControlClient(
    (request) => requestOverSocket(socket, request, AbortSignal.timeout(20_000)),
    socket,
  );
  const status = await control.status();
  expect(status.configuration.detached).toEqual([here]);
  expect(status.sentence).toContain('mount its folder instead');
});

it.skipIf(!isPossible)('is told by doctor, before and after it happened', { timeout: 60_000 }, async () => {
  const { folder, here, onHost, inside, environment } = openSite();
  const before = await runCallbackd(['doctor', '--offline'], {
    cwd: folder,
    environment,
    program: inside(''),
  });
  expect(before.stdout).toContain(`${here} is mounted by itself: when it is replaced`);
  const replaced = inside(`cp "$0" "$0.new"; mv "$0.new" "$0";`);
  const after = await runCallbackd(['doctor', '--offline'], { cwd: folder, environment, program: replaced });
  expect(after.stdout).toContain(`${here} is mounted by itself and was replaced on the host`);
  expect(after.stdout).toContain(`mount the folder instead, at ${path.dirname(here)}`);
  expect(after.code).toBe(1);
  expect(onHost).not.toBe(here);
});
