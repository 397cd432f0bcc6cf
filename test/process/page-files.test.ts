/** The page and the API of a daemon whose files turned into something that must not be read. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findPort } from '../builders/find-port.ts';
import { makeFolder, startCallbackd } from '../builders/run-callbackd.ts';

const GOOD = 'version: 1\napps:\n  orders: {app_type: normal, name: orders}\n';
const BROKEN = `${GOOD}colour: red\n`;

it.each([
  { what: 'a FIFO', harm: (file: string) => void spawnSync('mkfifo', [file]) },
  { what: 'an endless device', harm: (file: string) => symlinkSync('/dev/zero', file) },
  {
    what: 'another text',
    harm(file: string) {
      // Written again and again, so that it is not loaded before the page is asked for.
      const write = () => writeFileSync(file, 'swapped: meanwhile\n'.repeat(6));
      const writing = setInterval(write, 50);
      onTestFinished(() => clearInterval(writing));
      write();
    },
  },
])('show what was loaded, and open no file: $what', async ({ harm }) => {
  const folder = makeFolder();
  const sandbox = startCallbackd(['sandbox', '--port', '0', '--fleet', 'empty'], { cwd: folder });
  await sandbox.waitFor(/listens on \S+ /);
  const file = path.join(folder, 'callbackd.yaml');
  writeFileSync(file, GOOD);
  const listen = `127.0.0.1:${await findPort()}`;
  const environment = {
    COZE_API_BASE: /listens on (\S+) /.exec(sandbox.output())?.[1] ?? '',
    COZE_API_TOKEN: 'pat_sandbox',
    CALLBACKD_STATE_DIR: path.join(folder, 'state'),
    CALLBACKD_CONTROL_SOCKET: path.join(folder, 'control.sock'),
    CALLBACKD_STATUS_LISTEN: listen,
  };
  const daemon = startCallbackd(['run'], { cwd: folder, environment });
  await daemon.waitFor('"result":"converged"');
  writeFileSync(file, BROKEN);
  await daemon.waitFor('configuration rejected');
  // Stopped, it cannot load what comes now before it is asked.
  daemon.child.kill('SIGSTOP');
  rmSync(file);
  harm(file);
  const asked = fetch(`http://${listen}/`, { signal: AbortSignal.timeout(10_000) });
  daemon.child.kill('SIGCONT');
  const page = await (await asked).text();
  expect(page).toMatch(/colour.*: red/s);
  expect(page).not.toContain('meanwhile');
  for (const target of ['/api/v1/status', '/healthz', '/metrics', '/apps/orders']) {
    const answer = await fetch(`http://${listen}${target}`, { signal: AbortSignal.timeout(10_000) });
    expect(answer.status).toBe(200);
  }
  expect(readFileSync(`/proc/${daemon.child.pid}/status`, 'utf8')).toContain('State:');
});
