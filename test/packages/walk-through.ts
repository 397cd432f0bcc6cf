/**
 * Walks one packaged callbackd through every command of the catalogue, on its own sandbox: what a package lacks (a schema,
 * a lazily loaded module, a file of its own) shows here. What the commands mean is tested elsewhere.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { COMMANDS } from '../../src/cli/catalogue.ts';
import { findPort } from '../builders/find-port.ts';
import { type Finished, makeFolder, runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';

const YAML = `version: 1
coze: {max_requests_per_second: 200}
apps:
  orders: {app_type: normal, name: 订单, callback_url: "RECEIVERS/orders", events: [bot.published]}
  bills: {app_type: normal, name: Bills}
`;

/**
 * `program` are the words that start it. Ends with an error when a command of the catalogue was left out; the tour starts
 * the program by itself, which an emulator cannot.
 */
export async function walkThrough(
  program: readonly string[],
  version: string,
  { isEmulated = false } = {},
): Promise<void> {
  const cwd = makeFolder();
  const walked = new Set<string>();
  const note = ([name = '']: readonly string[]) => void walked.add(name);
  const sandbox = startCallbackd(['sandbox', '--port', '0'], { cwd, program });
  note(['sandbox']);
  await sandbox.waitFor(/listens on \S+ /);
  const url = /listens on (\S+) /.exec(sandbox.output())?.[1] ?? '';
  const port = await findPort();
  const environment = {
    COZE_API_BASE: url,
    COZE_API_TOKEN: 'pat_sandbox',
    CALLBACKD_STATE_DIR: path.join(cwd, 'state'),
    CALLBACKD_CONTROL_SOCKET: path.join(cwd, 'control.sock'),
    CALLBACKD_STATUS_LISTEN: `127.0.0.1:${port}`,
  };
  const file = path.join(cwd, 'callbackd.yaml');
  const text = YAML.replace('RECEIVERS', `${url}/_receivers`);
  writeFileSync(file, text);
  const walk = (...words: string[]): Promise<Finished> => {
    note(words);
    return runCallbackd(words, { cwd, environment, program });
  };
  const must = async (...words: string[]): Promise<string> => {
    const ended = await walk(...words);
    expect(ended, `${words.join(' ')}: ${ended.stderr}`).toMatchObject({ code: 0, signal: null });
    return ended.stdout;
  };

  expect(await must('--version')).toBe(`${version}\n`);
  const schemas = COMMANDS.find(({ name }) => name === 'schema')?.arguments[0]?.choices ?? [];
  expect(schemas).not.toEqual([]);
  for (const name of schemas) JSON.parse(await must('schema', name));
  for (const shell of ['bash', 'zsh', 'fish']) expect(await must('completion', shell)).toContain('callbackd');
  await must('init', '--config', path.join(cwd, 'first.yaml'), '--yes');
  expect(await must('validate')).toContain('is valid: 2 apps');
  expect(await must('import')).toContain('apps: {}');
  expect(await must('plan')).toContain('2 to create');
  expect(await must('apply', '--yes')).toContain('Done: 2 applied');
  expect(await must('plan')).toContain('nothing to do · 2 in sync');
  expect(await must('doctor')).toContain('Node');

  const daemon = startCallbackd(['run'], { cwd, environment, program });
  note(['run']);
  await daemon.waitFor('"msg":"daemon started"');
  await must('reconcile', '--wait');
  await readPages(`http://127.0.0.1:${port}`);
  expect(await must('status', '--check')).toContain('healthy');
  expect(await must('status')).toContain('2 in sync');
  await must('pause', 'bills', '--because', 'a walk');
  await must('resume', 'bills');
  const approved = await walk('approve', 'bills');
  expect(approved).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing of bills is held') });
  const deleted = await walk('delete', '7000000000000000001', '--yes');
  expect(deleted).toMatchObject({ code: 1, stderr: expect.stringContaining('7000000000000000001') });
  writeFileSync(file, text.replace('name: Bills', 'name: Invoices'));
  expect(await must('reconcile', '--wait')).toContain('converged');
  expect(await must('history')).toContain('updated');
  expect(await must('why', 'bills')).toContain('in sync');
  await must('rotate', 'bills', '--yes', '--overlap', '0s');
  expect(await must('bundle', '--output-file', 'bundle.tar.gz')).toContain('bundle.tar.gz');
  daemon.child.kill('SIGTERM');
  expect(await daemon.finished).toMatchObject({ code: 0, signal: null });
  await must('rehearse', '--runs', '2');
  if (isEmulated) note(['demo']);
  else expect(await must('demo')).toContain('The daemon restored the URL.');
  expect(readFileSync(path.join(cwd, 'state', 'history.ndjson'), 'utf8')).toContain('logid');

  expect(COMMANDS.map(({ name }) => name).filter((name) => !walked.has(name))).toEqual([]);
}

/** The status page with every file that it names, and the document that it is drawn from. */
export async function readPages(origin: string): Promise<void> {
  const page = await read(new URL('/', origin));
  const assets = [...page.matchAll(/(?:href|src)="([^"]*\/assets\/[^"]+)"/g)].map(
    ([, address = '']) => address,
  );
  const ends = new Set(assets.map((address) => path.extname(address)));
  expect([...ends].sort()).toEqual(['.css', '.js', '.svg']);
  for (const address of assets) expect(await read(new URL(address, origin)), address).not.toBe('');
  JSON.parse(await read(new URL('/api/v1/status', origin)));
}

async function read(address: URL): Promise<string> {
  const reply = await fetch(address);
  expect(reply.status, address.pathname).toBe(200);
  return await reply.text();
}
