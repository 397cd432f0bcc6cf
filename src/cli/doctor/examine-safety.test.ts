import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { say } from '../../messages/say.ts';
import { examineProcess, examineWriters } from './examine-host.ts';

describe('how the process was started', () => {
  it.each([
    [{ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, [], 'certificates are not checked'],
    [{ NODE_OPTIONS: '--max-old-space-size=99 --tls-min-v1.0' }, [], 'broken versions of TLS'],
    [{}, ['--tls-min-v1.1'], 'broken versions of TLS'],
    [{}, ['--inspect=0.0.0.0:9229'], 'can read every secret'],
    [{ NODE_OPTIONS: '--inspect-brk' }, [], 'can read every secret'],
  ])('is warned of: %j %j', (environment, flags, words) => {
    const [finding, ...others] = examineProcess({ environment }, flags);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ check: 'safety', level: 'warning' });
    expect(finding && say(finding.message)).toContain(words);
  });

  it('is no matter where nothing is unsafe', () => {
    const environment = { NODE_TLS_REJECT_UNAUTHORIZED: '1', NODE_OPTIONS: '--tls-min-v1.2' };
    expect(examineProcess({ environment }, ['--enable-source-maps'])).toEqual([]);
  });
});

it('names every place that others may write', async () => {
  const cwd = mkdtempSync(path.join(tmpdir(), 'callbackd-safety-'));
  const stateDir = path.join(cwd, 'state');
  const tokenSinkDir = path.join(cwd, 'tokens');
  for (const folder of [stateDir, tokenSinkDir]) mkdirSync(folder);
  const file = path.join(cwd, 'callbackd.yaml');
  writeFileSync(file, '', { mode: 0o600 });
  const places = async () =>
    (await examineWriters(['callbackd.yaml'], { stateDir, tokenSinkDir }, { cwd })).map(({ message }) =>
      say(message),
    );
  expect(await places()).toEqual([]);
  for (const place of [file, cwd, stateDir, tokenSinkDir]) chmodSync(place, 0o777);
  expect(await places()).toEqual(
    [file, cwd, stateDir, tokenSinkDir].map((place) => `other users may write ${place}`),
  );
});
