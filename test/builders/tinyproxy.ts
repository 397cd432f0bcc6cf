/** Debian's tinyproxy on loopback: a forward proxy that really forwards, and writes down what it was asked for. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findPort } from './find-port.ts';
import { startProcess } from './run-callbackd.ts';

export interface Tinyproxy {
  /** Host and port. */
  readonly address: string;
  /** The request lines so far, such as `CONNECT localhost:443 HTTP/1.1`. */
  requests(): readonly string[];
}

export async function startTinyproxy(folder: string, user: string, password: string): Promise<Tinyproxy> {
  const port = await findPort();
  const log = path.join(folder, 'tinyproxy.log');
  const lines = [
    `Port ${port}`,
    'Listen 127.0.0.1',
    `LogFile "${log}"`,
    'LogLevel Info',
    `BasicAuth ${user} ${password}`,
    '',
  ];
  writeFileSync(path.join(folder, 'tinyproxy.conf'), lines.join('\n'));
  const running = startProcess('tinyproxy', ['-d', '-c', 'tinyproxy.conf'], { cwd: folder });
  const read = () => readFileSync(log, { encoding: 'utf8', flag: 'a+' });
  const ended = running.finished.then(({ stderr }) =>
    Promise.reject(new Error(`tinyproxy ended: ${stderr}`)),
  );
  const isUp = async () => {
    while (!read().includes('Accepting connections')) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await Promise.race([isUp(), ended]);
  ended.catch(() => undefined);
  const requests = () =>
    [...read().matchAll(/Request \(file descriptor \d+\): (.*)/g)].map(([, line]) => line ?? '');
  return { address: `127.0.0.1:${port}`, requests };
}
