/** An address that cannot be had is explained to the user, and never reported as a bug of callbackd. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeFolder, runCallbackd } from '../builders/run-callbackd.ts';

const ENVIRONMENT = { COZE_API_TOKEN: 'pat_unused', COZE_API_BASE: 'http://127.0.0.1:1' };

function writeConfiguration(folder: string, extra: string): void {
  writeFileSync(path.join(folder, 'callbackd.yaml'), `version: 1\nstate_dir: state\n${extra}\napps: {}\n`);
}

async function occupyPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}

it('names the port that is taken and the setting that moves the status server', async () => {
  const folder = makeFolder();
  const port = await occupyPort();
  writeConfiguration(folder, `control: {socket: off}\nstatus: {listen: "127.0.0.1:${port}"}`);
  const { code, stderr } = await runCallbackd(['run'], { cwd: folder, environment: ENVIRONMENT });
  expect(stderr).toContain(`error: cannot listen on 127.0.0.1:${port} (EADDRINUSE)`);
  expect(stderr).toContain('`status.listen`');
  expect(stderr).not.toContain('bug');
  expect(code).toBe(1);
});

it('names the control socket that cannot be made and the setting that moves it', async () => {
  const folder = makeFolder();
  writeConfiguration(folder, 'control: {socket: callbackd.yaml}\nstatus: {listen: off}');
  const { code, stderr } = await runCallbackd(['run'], { cwd: folder, environment: ENVIRONMENT });
  expect(stderr).toContain('callbackd.yaml exists and is not a socket');
  expect(stderr).toContain('`control.socket`');
  expect(code).toBe(1);
});

it('says so when the control socket has no folder to be in', async () => {
  const folder = makeFolder();
  writeConfiguration(folder, 'control: {socket: callbackd.yaml/control.sock}\nstatus: {listen: off}');
  const { code, stderr } = await runCallbackd(['run'], { cwd: folder, environment: ENVIRONMENT });
  expect(stderr).toMatch(/control\.sock cannot be made here \(E[A-Z]+\)/);
  expect(stderr).not.toContain('bug');
  expect(code).toBe(1);
});

it('tells a second sandbox on the same port to take another', async () => {
  const port = await occupyPort();
  const { code, stderr } = await runCallbackd(['sandbox', '--port', `${port}`], { cwd: makeFolder() });
  expect(stderr).toContain(`error: port ${port} is in use`);
  expect(code).toBe(1);
});
