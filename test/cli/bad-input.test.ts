/** Bad input at the command line: one clear error, the right exit code, no stack trace, nothing changed. Real processes. */
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeFolder, runCallbackd } from '../builders/run-callbackd.ts';

const APP = 'app_type: normal, callback_url: "https://hooks.example.com/a"';

interface BadFile {
  readonly what: string;
  readonly yaml: string;
  /** Must stand in the error. */
  readonly says: RegExp;
}

const BAD_FILES: readonly BadFile[] = [
  { what: 'an empty file', yaml: '', says: /callbackd\.yaml.* is empty/ },
  { what: 'a file of comments only', yaml: '# nothing\n', says: /is empty/ },
  {
    what: 'tabs for indentation',
    yaml: 'version: 1\napps:\n\torders: {}\n',
    says: /callbackd\.yaml:3:1.*[Tt]ab/s,
  },
  {
    what: 'a key twice',
    yaml: `version: 1\napps:\n  a: {name: a, ${APP}}\n  a: {name: b, ${APP}}\n`,
    says: /callbackd\.yaml:4:3/,
  },
  {
    what: 'an alias bomb',
    yaml: `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\nversion: 1\napps: {}\n`,
    says: /callbackd\.yaml:\d+:\d+/,
  },
  { what: 'an unknown key', yaml: 'version: 1\nappz: {}\napps: {}\n', says: /callbackd\.yaml:2:1.*apps/s },
  {
    what: 'a number for an id',
    yaml: `version: 1\napps:\n  a: {name: a, id: 7512345678901234567, ${APP}}\n`,
    says: /callbackd\.yaml:3:\d+.*quot/s,
  },
  {
    what: 'a name of 129 characters',
    yaml: `version: 1\napps:\n  a: {name: "${'名'.repeat(129)}", ${APP}}\n`,
    says: /callbackd\.yaml:3:\d+.*128/s,
  },
  {
    what: 'one identity twice',
    yaml: `version: 1\napps:\n  a: {name: x, ${APP}}\n  b: {name: x, ${APP}}\n`,
    says: /callbackd\.yaml:4:/,
  },
  {
    what: 'a URL that is none',
    yaml: 'version: 1\napps:\n  a: {app_type: normal, name: a, callback_url: "hooks.example.com"}\n',
    says: /callbackd\.yaml:3:\d+.*callback_url/s,
  },
  {
    what: 'a schedule that is none',
    yaml: 'version: 1\nreconcile: {schedule: "every day"}\napps: {}\n',
    says: /callbackd\.yaml:2:\d+.*(cron|schedule)/s,
  },
];

it.each(BAD_FILES)('refuses $what with one clear error and exit code 3', async ({ yaml, says }) => {
  const cwd = makeFolder();
  writeFileSync(path.join(cwd, 'callbackd.yaml'), yaml);
  for (const command of ['validate', 'plan', 'run']) {
    const environment = { CALLBACKD_STATE_DIR: 'state' };
    const { code, stderr, stdout } = await runCallbackd([command], { cwd, environment });
    expect(stderr + stdout).toMatch(says);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(3);
  }
  expect(readdirSync(cwd)).toEqual(['callbackd.yaml']);
});

it('accepts a name of 128 characters, counted as a person counts them', async () => {
  const cwd = makeFolder();
  const name = '🦜'.repeat(128);
  writeFileSync(path.join(cwd, 'callbackd.yaml'), `version: 1\napps:\n  a: {name: "${name}", ${APP}}\n`);
  expect(await runCallbackd(['validate'], { cwd })).toMatchObject({ code: 0, stderr: '' });
});

it('names the file that is missing, and where it looked', async () => {
  const cwd = makeFolder();
  const named = await runCallbackd(['plan', '-c', 'nope.yaml'], { cwd });
  expect(named).toMatchObject({ code: 3, stdout: '' });
  expect(named.stderr).toContain('nope.yaml');
  const unnamed = await runCallbackd(['plan'], { cwd });
  expect(unnamed).toMatchObject({ code: 3, stdout: '' });
  expect(unnamed.stderr).toContain('./callbackd.yaml');
});

it('exits 6 for a token that is missing, empty or unreadable', async () => {
  const cwd = makeFolder();
  const token = path.join(cwd, 'token');
  const yaml = `version: 1\nstate_dir: ./state\ncoze: {auth: {token_file: ${token}}}\napps: {}\n`;
  writeFileSync(path.join(cwd, 'callbackd.yaml'), yaml);
  const missing = await runCallbackd(['plan'], { cwd });
  expect(missing).toMatchObject({ code: 6, stdout: '' });
  expect(missing.stderr).toContain(token);
  writeFileSync(token, '\n');
  expect(await runCallbackd(['plan'], { cwd })).toMatchObject({ code: 6, stdout: '' });
  mkdirSync(path.join(cwd, 'folder'));
  chmodSync(path.join(cwd, 'folder'), 0o700);
  writeFileSync(path.join(cwd, 'callbackd.yaml'), yaml.replace(token, path.join(cwd, 'folder')));
  expect(await runCallbackd(['plan'], { cwd })).toMatchObject({ code: 6, stdout: '' });
  writeFileSync(path.join(cwd, 'callbackd.yaml'), 'version: 1\nstate_dir: ./state\napps: {}\n');
  const unset = await runCallbackd(['plan'], { cwd, environment: { COZE_API_TOKEN: '' } });
  expect(unset).toMatchObject({ code: 6, stdout: '' });
  expect(unset.stderr).toContain('COZE_API_TOKEN');
});

it('says that the host cannot be reached, and exits 1', async () => {
  const cwd = makeFolder();
  writeFileSync(path.join(cwd, 'callbackd.yaml'), 'version: 1\nstate_dir: ./state\napps: {}\n');
  const port = await findClosedPort();
  const { code, stderr, stdout } = await runCallbackd(['plan', '-q'], {
    cwd,
    environment: { COZE_API_TOKEN: 'pat_x', COZE_API_BASE: `http://127.0.0.1:${port}` },
  });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(`127.0.0.1:${port}`);
  expect(stderr).not.toMatch(/^\s+at /m);
});

it('says that the answer was no JSON when a proxy answers with a page', async () => {
  const cwd = makeFolder();
  writeFileSync(path.join(cwd, 'callbackd.yaml'), 'version: 1\nstate_dir: ./state\napps: {}\n');
  const url = await serve((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<html><body>Welcome to the hotel</body></html>');
  });
  const { code, stderr } = await runCallbackd(['plan', '-q'], {
    cwd,
    environment: { COZE_API_TOKEN: 'pat_x', COZE_API_BASE: url },
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/JSON|HTML/);
  expect(stderr).not.toMatch(/^\s+at /m);
});

it('exits 6 for a refused token and never prints it', async () => {
  const cwd = makeFolder();
  writeFileSync(path.join(cwd, 'callbackd.yaml'), 'version: 1\nstate_dir: ./state\napps: {}\n');
  const url = await serve((_request, response) => {
    response.statusCode = 401;
    response.end('{"code":700012006,"msg":"access token invalid","detail":{"logid":"L1"}}');
  });
  const { code, stderr, stdout } = await runCallbackd(['plan'], {
    cwd,
    environment: { COZE_API_TOKEN: 'pat_VerySecretToken', COZE_API_BASE: url },
  });
  expect(code).toBe(6);
  expect(stderr).toContain('L1');
  expect(stderr + stdout).not.toContain('VerySecretToken');
});

it('leaves one JSON document on stdout for -o json, also when all there is to tell is a failure', async () => {
  const cwd = makeFolder();
  const environment = { COZE_API_TOKEN: '', CALLBACKD_STATE_DIR: 'state' };
  writeFileSync(path.join(cwd, 'callbackd.yaml'), 'version: 1\napps: {}\n');
  const refused = await runCallbackd(['plan', '-o', 'json'], { cwd, environment });
  expect(JSON.parse(refused.stdout)).toMatchObject({ format_version: 1, error: { exit_code: 6 } });
  const nobody = await runCallbackd(['apply', '-o', 'json'], { cwd, environment });
  expect(JSON.parse(nobody.stdout)).toMatchObject({ error: { exit_code: 64 } });
  writeFileSync(path.join(cwd, 'callbackd.yaml'), 'version: 1\nappz: {}\n');
  const invalid = await runCallbackd(['plan', '-o', 'json'], { cwd, environment });
  expect(JSON.parse(invalid.stdout)).toMatchObject({
    valid: false,
    errors: 2,
  });
  expect(invalid.code).toBe(3);
});

it('obeys --no-color and -q on every command that reads a file', async () => {
  const cwd = makeFolder();
  writeFileSync(path.join(cwd, 'callbackd.yaml'), 'version: 1\nappz: {}\napps: {}\n');
  const environment = { FORCE_COLOR: '1' };
  const colored = await runCallbackd(['validate'], { cwd, environment });
  expect(colored.stderr).toContain('\u001b[');
  const plain = await runCallbackd(['validate', '--no-color', '-q'], { cwd, environment });
  expect(plain.stderr).not.toContain('\u001b[');
  expect(plain.code).toBe(3);
});

it('exits 64 for wrong usage and suggests the right word', async () => {
  const cwd = makeFolder();
  const unknown = await runCallbackd(['plam'], { cwd });
  expect(unknown).toMatchObject({ code: 64, stdout: '' });
  expect(unknown.stderr).toContain('plan');
  expect(await runCallbackd(['plan', '--detailed-exit'], { cwd })).toMatchObject({ code: 64 });
  expect(await runCallbackd(['plan', '-o', 'xml'], { cwd })).toMatchObject({ code: 64 });
  writeFileSync(path.join(cwd, 'callbackd.yaml'), 'version: 1\nstate_dir: ./state\napps: {}\n');
  const nobody = await runCallbackd(['apply'], { cwd, environment: { COZE_API_TOKEN: 'pat_x' } });
  expect(nobody).toMatchObject({ code: 64 });
  expect(nobody.stderr).toContain('--yes');
});

async function findClosedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function serve(handle: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
