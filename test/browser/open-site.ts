/** The daemon and the sandbox as processes, with a status page to look at. Everything ends with the test. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { findPort } from '../builders/find-port.ts';
import { makeFolder, type Running, runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';

export interface Site {
  /** Of the status page. */
  readonly url: string;
  readonly daemon: Running;
  save(text: string): void;
  /** Runs a command of callbackd, given as one line, beside the daemon. */
  command(line: string): Promise<{ readonly code: number | null; readonly output: string }>;
  /** Speaks to the control API of the sandbox. */
  ask(method: string, target: string, body?: object): Promise<unknown>;
  receiverUrl(name: string): string;
  /** Starts the daemon again where it was. */
  restart(): Promise<Running>;
}

/** `write` gets the URL of a receiver by its name, and gives the configuration. */
export async function openSite(write: (receiverUrl: (name: string) => string) => string): Promise<Site> {
  const cwd = makeFolder();
  const sandbox = startCallbackd(['sandbox', '--port', '0', '--fleet', 'empty'], { cwd });
  await sandbox.waitFor(/listens on \S+ /);
  const account = /listens on (\S+) /.exec(sandbox.output())?.[1] ?? '';
  const receiverUrl = (name: string): string => `${account}/_receivers/${name}`;
  const save = (text: string): void => writeFileSync(path.join(cwd, 'callbackd.yaml'), text);
  save(write(receiverUrl));
  const environment = {
    TZ: 'UTC',
    COZE_API_BASE: account,
    COZE_API_TOKEN: 'pat_sandbox',
    CALLBACKD_STATE_DIR: path.join(cwd, 'state'),
    CALLBACKD_CONTROL_SOCKET: path.join(cwd, 'control.sock'),
    CALLBACKD_STATUS_LISTEN: `127.0.0.1:${await findPort()}`,
  };
  const url = `http://${environment.CALLBACKD_STATUS_LISTEN}`;
  const start = async (): Promise<Running> => {
    const daemon = startCallbackd(['run'], { cwd, environment });
    await expect
      .poll(async () => (await fetch(`${url}/healthz`).catch(() => undefined))?.status, { timeout: 30_000 })
      .toBe(200);
    return daemon;
  };
  return {
    url,
    daemon: await start(),
    save,
    async command(line) {
      const [, ...words] = line.split(' ');
      const { code, stdout, stderr } = await runCallbackd(words, { cwd, environment });
      return { code, output: stdout + stderr };
    },
    async ask(method, target, body) {
      const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
      return (await fetch(`${account}/_sandbox/${target}`, init)).json();
    },
    receiverUrl,
    restart: start,
  };
}
