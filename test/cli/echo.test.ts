/** A platform that quotes secrets in every way: nothing of them is in any log, file or output of a command. */

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ECHO_FORMS } from '../../src/sandbox/faults.ts';
import { writeSecret } from '../../src/sandbox/inject-faults.ts';
import { runCallbackd } from '../builders/run-callbackd.ts';
import { openSandboxWorld } from '../builders/sandbox-world.ts';

const CONFIGURATION =
  'version: 1\napps:\n  a: {app_type: normal, name: a, callback_url: "https://h.example/x"}\n';

function readAll(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'latin1'))
    .join('\n');
}

describe('a platform that quotes secrets', () => {
  it.each(ECHO_FORMS)('is heard without them: %s', async (echo) => {
    const { cwd, environment, started } = await openSandboxWorld();
    writeFileSync(path.join(cwd, 'callbackd.yaml'), CONFIGURATION);
    await runCallbackd(['apply', '--yes'], { cwd, environment });
    writeFileSync(path.join(cwd, 'callbackd.yaml'), CONFIGURATION.replace('/x', '/y'));
    const { id = '' } = started.sandbox.apps()[0] ?? {};
    const secrets = [started.sandbox.verifyTokenOf(id)?.reveal() ?? '', environment['COZE_API_TOKEN'] ?? ''];
    started.sandbox.faults.add({
      match: { operation: 'update_app' },
      do: { kind: 'fail', status: 400, code: 4000, echo },
    });
    let shown = '';
    for (const words of [
      ['apply', '--yes', '--log-level', 'trace'],
      ['plan'],
      ['why', 'a'],
      ['history', '-o', 'json'],
    ]) {
      const ran = await runCallbackd(words, { cwd, environment });
      shown += ran.stdout + ran.stderr;
    }
    expect(shown).toContain('4000');
    const everything = shown + readAll(cwd);
    for (const secret of secrets.filter(({ length }) => length >= 12)) {
      const written = writeSecret(secret, echo);
      expect(everything.includes(written)).toBe(false);
      expect(everything.includes(written.slice(0, 24))).toBe(false);
      expect(everything.includes(secret.slice(0, 12))).toBe(false);
    }
  });
});
