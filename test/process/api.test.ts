/** The JSON of the status server of a real daemon: it keeps its schemas, says what the commands say, and tells no secret. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { expect, it } from 'vitest';
import { findPort } from '../builders/find-port.ts';
import { runCallbackd, startCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld, type SandboxWorld, writeFleet } from '../builders/sandbox-world.ts';

const NAMES = ['history', 'plan', 'recorded-status', 'status', 'why'] as const;
type Name = (typeof NAMES)[number];

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
formats.default(ajv);
// All of them at once: some refer to others.
for (const name of NAMES) {
  const file = path.resolve(import.meta.dirname, `../../schema/${name}.schema.json`);
  ajv.addSchema(JSON.parse(readFileSync(file, 'utf8')), name);
}

type Document = Record<string, unknown>;

const DOCUMENT_POLICY = "default-src 'none'; frame-ancestors 'none'";
/** Nothing from elsewhere, nothing inline, nothing evaluated. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

interface Api extends SandboxWorld {
  readonly url: string;
  get(target: string): Promise<{ readonly status: number; readonly text: string }>;
  /** The document at `/api/v1/TARGET`, which keeps its schema. */
  read(target: string): Promise<Document>;
  /** What a command prints as JSON; `exit` is how it must end. */
  print(line: string, exit?: number): Promise<Document>;
}

const fleetOf = (count: number, { started }: SandboxWorld): string =>
  writeFleet(count, started.receiverUrl, 'reconcile: {delete_grace: 0s, limits: {deletes_per_round: 1}}\n');

/** A daemon with `count` apps in sync. */
async function openApi(count: number): Promise<Api> {
  const world = await openSandboxWorld();
  const listen = `127.0.0.1:${await findPort()}`;
  const url = `http://${listen}`;
  writeFileSync(path.join(world.cwd, 'callbackd.yaml'), fleetOf(count, world));
  const daemon = startCallbackd(['run'], {
    cwd: world.cwd,
    environment: { ...world.environment, CALLBACKD_STATUS_LISTEN: listen },
  });
  await daemon.waitFor(/"msg":"round ended"/);
  const get: Api['get'] = async (target) => {
    const answer = await fetch(url + target);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    return { status: answer.status, text: await answer.text() };
  };
  return {
    ...world,
    url,
    get,
    async read(target) {
      const { status, text } = await get(`/api/v1/${target}`);
      expect(status).toBe(200);
      return keepsSchema(target.split('?')[0] as Name, JSON.parse(text));
    },
    async print(line, exit = 0) {
      const words = [...line.split(' '), '-q', '-o', 'json'];
      const { code, stdout, stderr } = await runCallbackd(words, world);
      expect({ line, code, stderr }).toEqual({ line, code: exit, stderr: '' });
      return keepsSchema(line.split(' ')[0] as Name, JSON.parse(stdout));
    },
  };
}

function keepsSchema(name: Name, document: Document): Document {
  expect(ajv.validate(name, document) ? [] : ajv.errors).toEqual([]);
  return document;
}

/** The moments at which two documents of one state were made. */
const withoutMoments = ({ now: _, created_at: __, expires_at: ___, ...document }: Document): Document =>
  document;

it('says the same as the commands of the same names: in sync, and with deletes that are held', async () => {
  const api = await openApi(8);
  const changes = await api.read('history');
  expect(changes['changes']).toHaveLength(8);
  expect(changes).toEqual(await api.print('history'));
  expect(await api.read('history?app=app-0002&limit=1')).toEqual(
    await api.print('history --app app-0002 --limit 1'),
  );
  expect(await api.read('why?app=app-0002')).toEqual(await api.print('why app-0002'));
  expect(withoutMoments(await api.read('status'))).toEqual(withoutMoments(await api.print('status')));

  const without = fleetOf(8, api).replace(/^ {2}app-0003:[\s\S]*?(?= {2}app-0005:)/m, '');
  writeFileSync(path.join(api.cwd, 'callbackd.yaml'), without);
  await expect.poll(async () => (await api.read('plan'))['withheld'], { timeout: 30_000 }).toHaveLength(2);
  const status = await api.read('status');
  expect(status['condition']).toBe('held');
  expect(withoutMoments(status)).toEqual(withoutMoments(await api.print('status', 4)));
  const plan = await api.read('plan');
  // Only what may be applied carries a seal.
  const { seal, ...printed } = await api.print('plan');
  expect(seal).toMatch(/^[0-9a-f]{64}$/);
  expect(withoutMoments(plan)).toEqual(withoutMoments(printed));
  expect(await api.read('why?app=app-0003')).toEqual(await api.print('why app-0003'));
});

it('has a schema for what is told where no daemon answers', async () => {
  const world = await openSandboxWorld();
  const file = path.join(world.cwd, 'callbackd.yaml');
  writeFileSync(file, fleetOf(2, world));
  expect(await runCallbackd(['apply', '--yes', '-q'], world)).toMatchObject({ code: 0 });
  writeFileSync(file, fleetOf(3, world));
  const { code, stdout } = await runCallbackd(['status', '-q', '-o', 'json'], world);
  expect(code).toBe(0);
  const status = keepsSchema('recorded-status', JSON.parse(stdout));
  expect(status).toMatchObject({ apps: { desired: 3, owned: 2, unbound: ['app-0003'] } });
  expect(status['last_change']).not.toBeNull();
});

it('answers a bad question with what is wrong, as JSON, and continues', async () => {
  const api = await openApi(1);
  const long = 'x'.repeat(4_000);
  const questions: readonly [string, number, string][] = [
    ['why', 400, 'specify an entry: /api/v1/why?app=KEY'],
    ['why?app=', 404, 'no entry "" in the file, the state or the history'],
    ['why?app=nobody', 404, 'no entry "nobody" in the file, the state or the history'],
    ['why?app=__proto__', 404, 'no entry "__proto__" in the file, the state or the history'],
    [
      'why?app=..%2F..%2Fetc%2Fpasswd',
      404,
      'no entry "../../etc/passwd" in the file, the state or the history',
    ],
    [
      'why?app=%00%0d%0aSet-Cookie:x',
      404,
      String.raw`no entry "\u0000\r\nSet-Cookie:x" in the file, the state or the history`,
    ],
    ['why?app=%ff', 404, 'no entry "\ufffd" in the file, the state or the history'],
    [`why?app=${long}`, 404, `no entry "${long}" in the file, the state or the history`],
    ...['0', '-1', '1.5', '1001', '1e9', 'NaN', 'Infinity', '', '%20', '20;drop'].map(
      (limit): [string, number, string] => [
        `history?limit=${limit}`,
        400,
        'limit takes a whole number from 1 to 1000',
      ],
    ),
    ['constructor', 404, 'unknown path /api/v1/constructor'],
    ['history/', 404, 'unknown path /api/v1/history/'],
  ];
  for (const [target, status, message] of questions) {
    const answer = await api.get(`/api/v1/${target}`);
    expect({ target, status: answer.status, body: JSON.parse(answer.text) }).toEqual({
      target,
      status,
      body: { ok: false, message },
    });
  }
  expect((await api.read('history?app=nobody'))['changes']).toEqual([]);
  expect((await api.read('why?app=app-0001&app=nobody'))['key']).toBe('app-0001');
});

it('tells neither a verify_token nor the API token, in documents and on pages, and guards each answer', async () => {
  const api = await openApi(2);
  const { sandbox } = api.started;
  const tokens = sandbox.apps().map((app) => sandbox.verifyTokenOf(app.id)?.reveal() ?? '');
  expect(new Set(tokens.filter((token) => token !== '')).size).toBe(2);
  const documents = ['/api/v1/status', '/api/v1/plan', '/api/v1/history', '/api/v1/why?app=app-0001'];
  for (const target of [...documents, '/', '/apps/app-0001', '/metrics']) {
    const answer = await fetch(api.url + target);
    const text = await answer.text();
    expect({ target, status: answer.status }).toEqual({ target, status: 200 });
    for (const secret of [...tokens, api.started.token]) expect(text).not.toContain(secret);
    expect(text).not.toContain('verify_token');
    const isPage = target === '/' || target.startsWith('/apps/');
    expect(answer.headers.get('content-security-policy')).toBe(isPage ? PAGE_POLICY : DOCUMENT_POLICY);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  }
});
