/**
 * Upgrades and downgrades: one stored file of every format that was released continues to be read, and what a later version wrote
 * is refused with the way out. Formats of the state are in `src/record/load-state.test.ts`.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../src/cli/apply/parse-plan.ts';
import { nodeDisk } from '../../src/lib/disk-node.ts';
import { createLastGood } from '../../src/record/last-good.ts';
import { makeFolder, runCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld } from '../builders/sandbox-world.ts';

const STORED = path.resolve(import.meta.dirname, '../file-formats');
const STATES = path.resolve(import.meta.dirname, '../state-formats');
const stored = (kind: string) => readdirSync(STORED).filter((name) => name.startsWith(`${kind}-`));
const read = (name: string) => readFileSync(path.join(STORED, name), 'utf8');

describe('what an earlier version wrote', () => {
  it.each(stored('configuration'))('is a configuration that validates: %s', async (name) => {
    const cwd = makeFolder();
    const environment = { COZE_API_TOKEN: 'pat_sandbox' };
    const words = ['validate', '-c', path.join(STORED, name)];
    expect(await runCallbackd(words, { cwd, environment })).toMatchObject({ code: 0, stderr: '' });
  });

  it.each(stored('plan'))('is a plan that is read: %s', (name) => {
    const parsed = parsePlan(read(name));
    expect(parsed).toMatchObject({ ok: true, plan: { endpoint: expect.stringMatching(/^http/) } });
    expect(parsed.ok && parsed.plan.changes.map(({ action }) => action)).toEqual(['adopt', 'adopt']);
  });

  it.each(stored('last-good'))('is a last good configuration that is read: %s', async (name) => {
    const dir = makeFolder();
    copyFileSync(path.join(STORED, name), path.join(dir, 'last-good.json'));
    const { stored: found, damage } = await createLastGood({ disk: nodeDisk, dir }).load();
    expect(damage).toBeUndefined();
    expect(found?.sources.get('/etc/callbackd/callbackd.yaml')).toBe(read('configuration-1.yaml'));
  });
});

describe('what a later version wrote', () => {
  it('is a state that every command refuses with exit 1, and leaves as it is', async () => {
    const { cwd, environment } = await openSandboxWorld();
    const dir = path.join(cwd, 'state');
    const file = path.join(dir, 'state.json');
    writeFileSync(path.join(cwd, 'callbackd.yaml'), 'version: 1\napps: {}\n');
    await runCallbackd(['apply', '--yes'], { cwd, environment });
    writeFileSync(file, ofNextFormat(path.join(STATES, 'format-1', 'state.json')));
    const before = readFileSync(file, 'utf8');
    for (const words of [['plan'], ['apply', '--yes'], ['run'], ['status']]) {
      const refused = await runCallbackd(words, { cwd, environment });
      expect(refused, words.join(' ')).toMatchObject({ code: 1, signal: null });
      const said = refused.stdout + refused.stderr;
      expect(said).toContain('has format 2, but this version reads formats up to 1');
      expect(said).toContain('Run the callbackd version that wrote it');
    }
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('is a plan that apply refuses with exit 1', async () => {
    const { cwd, environment, started } = await openSandboxWorld();
    writeFileSync(path.join(cwd, 'callbackd.yaml'), 'version: 1\napps: {}\n');
    const plan = { ...JSON.parse(read('plan-1.json')), format_version: 2 };
    writeFileSync(path.join(cwd, 'later.plan'), JSON.stringify(plan));
    const refused = await runCallbackd(['apply', 'later.plan', '--yes'], { cwd, environment });
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain('its format_version is 2, but this version reads only 1');
    expect(refused.stderr).toContain('create a new plan with');
    expect(started.sandbox.apps()).toEqual([]);
  });

  it('is a configuration that is invalid, with exit 3, at its line', async () => {
    const cwd = makeFolder();
    writeFileSync(path.join(cwd, 'callbackd.yaml'), 'version: 2\napps: {}\n');
    const refused = await runCallbackd(['validate'], { cwd });
    expect(refused.code).toBe(3);
    expect(refused.stdout + refused.stderr).toContain('callbackd.yaml:1:10');
    expect(refused.stdout + refused.stderr).toContain('install the version that the file is for');
  });
});

/** The snapshot as a later version would have written it, with a checksum that fits. */
function ofNextFormat(file: string): string {
  const { checksum: _, ...content } = JSON.parse(readFileSync(file, 'utf8'));
  const next = { ...content, format_version: content.format_version + 1 };
  const checksum = createHash('sha256').update(JSON.stringify(next)).digest('hex');
  return JSON.stringify({ ...next, checksum: `sha256:${checksum}` });
}
