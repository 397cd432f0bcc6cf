/** The single executable: nothing of the checkout, of node_modules or of the host's Node is needed to run it. */
import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder, runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld } from '../builders/sandbox-world.ts';
import { createTokenExchange } from '../contract/exchange-token.ts';
import { walkThrough } from './walk-through.ts';

const MEBIBYTE = 1024 * 1024;
/** With its symbols it has ten more. */
const STRIPPED_MEBIBYTES_MAX = 112;
const built = process.env['CALLBACKD_EXECUTABLE'] ?? '';
if (built === '') throw new Error('start these tests with `npm run test:executable`');

const { version } = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8'));

/** Alone in an empty folder. */
function copyAway(): string {
  const file = path.join(makeFolder(), 'callbackd');
  copyFileSync(built, file);
  return file;
}

it('walks through every command', async () => {
  await walkThrough([copyAway()], version);
});

it('signs in with a JWT, whose library is loaded only then', async () => {
  const client = { clientId: 'app-1', keyId: 'fingerprint' };
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  // Known when the sandbox has a port.
  const audiences: string[] = [];
  const clients = [{ ...client, publicKey, account: 'main' }];
  const exchangeToken = createTokenExchange({ clients, audiences, random: Math.random });
  const { cwd, environment, started } = await openSandboxWorld({ exchangeToken });
  audiences.push(new URL(started.url).host);
  writeFileSync(path.join(cwd, 'key.pem'), privateKey, { mode: 0o600 });
  const jwt = '{client_id: app-1, key_id: fingerprint, private_key_file: key.pem}';
  writeFileSync(path.join(cwd, 'callbackd.yaml'), `version: 1\ncoze: {auth: {jwt: ${jwt}}}\napps: {}\n`);
  const { COZE_API_TOKEN: _, ...withoutToken } = environment;
  const program = [copyAway()];
  const ended = await runCallbackd(['plan'], { cwd, environment: withoutToken, program });
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
});

it('opens no debugger for a signal', async () => {
  const sandbox = startCallbackd(['sandbox', '--port', '0'], { cwd: makeFolder(), program: [copyAway()] });
  await sandbox.waitFor('Press Ctrl-C to stop');
  const url = /listens on (\S+) /.exec(sandbox.output())?.[1] ?? '';
  sandbox.child.kill('SIGUSR1');
  for (let count = 0; count < 20; count += 1) await (await fetch(`${url}/_sandbox/apps`)).text();
  sandbox.child.kill('SIGTERM');
  expect(await sandbox.finished).toMatchObject({ code: 0, stderr: '' });
});

it('is stripped', () => {
  expect(statSync(built).size / MEBIBYTE).toBeLessThan(STRIPPED_MEBIBYTES_MAX);
});

it('brings the licence of everything in it', () => {
  const notices = readFileSync(path.join(path.dirname(built), 'THIRD-PARTY-NOTICES'), 'utf8');
  const manifest = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8'));
  const missing = Object.keys(manifest.dependencies).filter((name) => !notices.includes(`- ${name} `));
  expect(missing).toEqual([]);
  expect(notices).toMatch(/- Node\.js \d+\.\d+\.\d+ \(MIT/);
});
