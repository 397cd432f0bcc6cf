/** A plan where the state is not: what it says of itself, and what it sees with the recorded state of a daemon. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { findPort } from '../builders/find-port.ts';
import { openPipelineWorld, type PipelineWorld } from '../builders/pipeline-world.ts';
import { runCallbackd } from '../builders/run-callbackd.ts';

function plan(world: PipelineWorld, line = '') {
  const words = ['plan', '-q', ...line.split(' ').filter((word) => word !== '')];
  return runCallbackd(words, { cwd: world.checkout, environment: world.environment });
}

describe('a plan without a state', () => {
  it('says so in each format, and what it cannot see', async () => {
    const world = await openPipelineWorld();
    const blind =
      /without a recorded state: renamed keys show as creates; deletes, drift, protected apps and pauses/;
    for (const format of ['text', 'markdown']) {
      const { code, stdout } = await plan(world, `-o ${format}`);
      expect({ code, says: blind.test(stdout) }).toEqual({ code: 0, says: true });
      expect(stdout).toContain('--state-from http://HOST:9643');
      expect(stdout).not.toContain('to delete');
    }
    const document = JSON.parse((await plan(world, '-o json')).stdout);
    expect(document).toMatchObject({ state: 'absent', summary: { delete: 0, rebind: 0 } });
    expect(document.unseen).toEqual(expect.arrayContaining(['renamed_keys', 'deletes', 'drift']));
  });

  it('fails with --require-state before it asks the platform anything, and leaves nothing behind', async () => {
    const world = await openPipelineWorld();
    const before = world.started.sandbox.records.total;
    const { code, stdout, stderr } = await plan(world, '--require-state');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`nothing is recorded in ${path.join(world.checkout, 'state')}`);
    expect(stderr).toContain('--state-from http://HOST:9643');
    expect(world.started.sandbox.records.total).toBe(before);
    expect(readdirSync(world.checkout)).toEqual(['callbackd.yaml']);
  });

  it('is none where a state is', async () => {
    const world = await openPipelineWorld();
    const environment = { ...world.environment, CALLBACKD_STATE_DIR: path.join(world.home, 'state') };
    const { stdout } = await runCallbackd(['plan', '-q', '-o', 'json', '--require-state'], {
      cwd: world.checkout,
      environment,
    });
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ summary: { create: 1, delete: 1, rebind: 1, unchanged: 1 } });
    expect(document.state.lineage).toMatch(/./);
    expect(document).not.toHaveProperty('unseen');
  });
});

describe('plan --state-from', () => {
  it('sees from elsewhere what a plan beside the daemon sees, with a token that may only list', async () => {
    const world = await openPipelineWorld();
    const moments = { created_at: '', expires_at: '', seal: '' };
    const far = JSON.parse((await plan(world, `-o json --state-from ${world.statusUrl}`)).stdout);
    const near = await runCallbackd(['plan', '-q', '-o', 'json'], {
      cwd: world.checkout,
      environment: { ...world.environment, CALLBACKD_STATE_DIR: path.join(world.home, 'state') },
    });
    expect({ ...far, ...moments }).toEqual({ ...JSON.parse(near.stdout), ...moments });
    expect(far.summary).toMatchObject({ create: 1, delete: 1, rebind: 1, unchanged: 1 });
    expect(readdirSync(world.checkout)).toEqual(['callbackd.yaml']);
  });

  it('knows who moved a URL whose query the daemon masks', async () => {
    const world = await openPipelineWorld();
    const file = path.join(world.checkout, 'callbackd.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('of-app-0002', 'another'));
    const { stdout } = await plan(world, `-o json --state-from ${world.statusUrl}`);
    const [update] = JSON.parse(stdout).changes.filter(
      ({ action }: { action: string }) => action === 'update',
    );
    expect(update.fields).toMatchObject([{ path: 'callback_url', changed_by: 'file' }]);
    expect(update.fields[0].last_applied).toContain('?key=of-app-0002');
  });

  it('asks the daemon for one document, which tells no secret, and a file of it will do', async () => {
    const world = await openPipelineWorld();
    const rounds = () => world.daemon.output().match(/"msg":"round ended"/g)?.length;
    const before = rounds();
    const answer = await fetch(`${world.statusUrl}/api/v1/state`);
    const text = await answer.text();
    const schema = JSON.parse(
      readFileSync(path.resolve(import.meta.dirname, '../../schema/recorded-state.schema.json'), 'utf8'),
    );
    const check = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
    expect(check(JSON.parse(text)) ? [] : check.errors).toEqual([]);
    const { sandbox } = world.started;
    const secrets = sandbox.apps().map(({ id }) => sandbox.verifyTokenOf(id)?.reveal() ?? id);
    for (const secret of [...secrets, world.started.token, 'of-app-0001', 'fingerprint"']) {
      expect(text).not.toContain(secret);
    }
    writeFileSync(path.join(world.checkout, 'state.of-daemon'), text);
    const challenges = sandbox.records.total;
    const { code, stdout } = await plan(world, '-o json --state-from state.of-daemon --require-state');
    expect({ code, rebind: JSON.parse(stdout).summary.rebind }).toEqual({ code: 0, rebind: 1 });
    expect(rounds()).toBe(before);
    expect(sandbox.records.total).toBeGreaterThan(challenges);
  });

  it('is refused where the daemon shows no state', async () => {
    const world = await openPipelineWorld('status: {state: off}\n');
    expect(await (await fetch(`${world.statusUrl}/api/v1/state`)).json()).toMatchObject({ ok: false });
    const { code, stdout, stderr } = await plan(world, `--state-from ${world.statusUrl}`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('`status.state: off`');
  });

  it('is refused with what is wrong: nobody there, another page, another account, a password', async () => {
    const world = await openPipelineWorld();
    const answer = await fetch(`${world.statusUrl}/api/v1/state`);
    const state = JSON.parse(await answer.text());
    const [key = '', app = {}] = Object.entries<object>(state.apps)[0] ?? [];
    const files: readonly [string, unknown, string][] = [
      ['empty', '', 'no JSON'],
      ['status', { condition: 'in_sync' }, 'is not the recorded state of a daemon'],
      ['newer', { ...state, format_version: 2 }, '/format_version'],
      ['foreign', { ...state, endpoint: 'https://api.coze.com' }, 'belongs to https://api.coze.com'],
      ['crooked', { ...state, apps: { [key]: { ...app, id: 7 } } }, `/apps/${key}/id must be string`],
    ];
    for (const [name, value, problem] of files) {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      writeFileSync(path.join(world.checkout, name), text);
      const { code, stdout, stderr } = await plan(world, `--state-from ${name}`);
      expect({ name, code, stdout }).toEqual({ name, code: 1, stdout: '' });
      expect(stderr).toContain(problem);
    }
    const urls: readonly [string, string][] = [
      [`http://127.0.0.1:${await findPort()}`, 'does not answer (ECONNREFUSED)'],
      [world.statusUrl.replace('http://', 'http://ops:hunter2@'), 'takes no user name or password'],
      [`${world.started.url}`, 'shows no recorded state'],
      ['http://', 'is not a URL'],
      ['no-such-file', 'no-such-file'],
    ];
    for (const [url, problem] of urls) {
      const { code, stdout, stderr } = await plan(world, `--state-from ${url}`);
      expect({ url, code, stdout }).toEqual({ url, code: 1, stdout: '' });
      expect(stderr).toContain(problem);
      expect(stderr).not.toContain('hunter2');
    }
  });
});
