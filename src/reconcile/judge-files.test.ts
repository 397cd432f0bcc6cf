import { describe, expect, it } from 'vitest';
import { changeOf, deleteOf } from '../../test/builders/apply-world.ts';
import { buildConfiguration, buildSettings } from '../../test/builders/daemon-world.ts';
import { verbatim } from '../messages/message.ts';
import { say } from '../messages/say.ts';
import type { Configuration } from '../model/configuration.ts';
import type { DesiredApp } from '../model/desired.ts';
import { asAppId, asAppKey } from '../model/identity.ts';
import { judgeFiles } from './judge-files.ts';

const MADE = buildConfiguration(['a', 'b']);
const GONE = deleteOf('x');

function judge(change = GONE, next: Configuration = MADE, hold?: string) {
  const refused = judgeFiles(change, {
    made: MADE,
    now: { are: 'others', configuration: next },
    ...(hold === undefined ? {} : { judge: () => ({ reason: verbatim(hold) }) }),
  });
  return refused === undefined ? 'passes' : say(refused);
}

function edit(key: string, fields: Partial<DesiredApp>): Configuration {
  const apps = new Map(MADE.desired.apps);
  apps.set(asAppKey(key), { ...(apps.get(asAppKey(key)) as DesiredApp), ...fields });
  return { ...MADE, desired: { apps, digest: 'edited' } };
}

describe('a delete', () => {
  it('passes while the files are those of the plan, and is stopped at once by broken ones', () => {
    expect(judgeFiles(GONE, { made: MADE, now: { are: 'the_same' } })).toBeUndefined();
    expect(judgeFiles(GONE, { made: MADE, now: { are: 'invalid' } })?.id).toBe('apply.files_invalid');
    expect(judge(GONE, MADE, 'two of two entries are gone')).toContain('needs an approval');
  });

  it('passes when other files still do not name its entry', () => {
    expect(judge(GONE, edit('a', { callbackUrl: 'https://hooks.example.com/new' }))).toBe('passes');
    expect(judge(GONE, buildConfiguration(['a']))).toBe('passes');
  });

  it.each([
    { what: 'the entry is back', next: buildConfiguration(['a', 'b', 'x']) },
    { what: 'an entry is new, which may be its new name', next: buildConfiguration(['a', 'b', 'c']) },
    { what: 'an entry was it', next: edit('a', { was: asAppKey('x') }) },
    { what: 'an entry pins it', next: edit('a', { id: asAppId('id-x') }) },
    { what: 'an entry takes its name', next: edit('a', { name: 'x' }) },
  ])('is stopped when $what', ({ next }) => {
    expect(judge(GONE, next)).toContain('may still need x');
  });

  it('is stopped when the rules changed', () => {
    const settings = buildSettings();
    const policy = { ...settings.policy, prune: 'never' } as const;
    expect(judge(GONE, { ...MADE, settings: { ...settings, policy } })).toContain('settings');
  });

  it('of a replace passes only while its entry is what it was', () => {
    const replace = changeOf('a', { action: 'replace' });
    expect(judge(replace, edit('b', { name: 'B2' }))).toBe('passes');
    expect(judge(replace, edit('a', { replace: 'allow' }))).toContain('may still need a');
    expect(judge(replace, buildConfiguration(['b']))).toContain('may still need a');
  });
});
