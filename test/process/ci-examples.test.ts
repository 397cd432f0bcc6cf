/** The examples of packaging/ci/: their shell steps run as a runner would, against a sandbox, a daemon and a platform of one's own. */

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { hasPrograms } from '../builders/has-programs.ts';
import { openPipelineWorld, type PipelineWorld } from '../builders/pipeline-world.ts';
import { startProcess } from '../builders/run-callbackd.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const MARK = '<!-- callbackd plan -->';
const read = (name: string) => parse(readFileSync(path.join(ROOT, 'packaging/ci', name), 'utf8'));

interface Step {
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Written {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** What keeps comments: a list, one more with POST, another text with PATCH or PUT. */
async function openComments(first: readonly { readonly id: number; readonly body: string }[]) {
  const comments = new Map(first.map(({ id, body }) => [id, body]));
  const written: Written[] = [];
  const server = createServer(async (call, reply) => {
    const chunks: Buffer[] = [];
    for await (const chunk of call) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { pathname } = new URL(call.url ?? '/', 'http://x');
    const isForm = call.headers['content-type']?.includes('urlencoded') ?? false;
    if (call.method !== 'GET') {
      const body = isForm ? String(new URLSearchParams(text).get('body')) : text;
      const id = call.method === 'POST' ? comments.size + 100 : Number(pathname.split('/').at(-1));
      comments.set(id, body);
      written.push({ method: String(call.method), path: pathname, body });
    }
    reply.setHeader('content-type', 'application/json');
    reply.end(JSON.stringify([...comments].map(([id, body]) => ({ id, body }))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, written };
}

/** The words of `gh api` that the example uses, over curl and jq, which it stands for. */
const GH = `#!/bin/bash
set -eu
[ "$1" = api ]; shift
method=GET; data=(); filter=cat
while [ $# -gt 0 ]; do
  case "$1" in
    --method) method=$2; shift 2 ;;
    --field) data=(--header 'content-type: text/plain' --data-binary "\${2#body=}"); shift 2 ;;
    --jq) filter="jq -r"; expression=$2; shift 2 ;;
    --paginate | --silent) shift ;;
    *) target=$1; shift ;;
  esac
done
answer=$(curl -fsS --request "$method" "\${data[@]}" "$GITHUB_API_URL/$target")
if [ "$method" = GET ]; then echo "$answer" | $filter "$expression"; fi
`;

/** Runs the steps as a runner does: one shell each, that ends at the first failure. */
async function runSteps(
  steps: readonly { readonly run: string; readonly environment: Readonly<Record<string, string>> }[],
  { checkout, bin }: PipelineWorld & { readonly bin: string },
): Promise<void> {
  for (const { run, environment } of steps) {
    const PATH = `${bin}:${path.dirname(process.execPath)}:${process.env['PATH']}`;
    const step = startProcess('bash', ['-euo', 'pipefail', '-c', run], {
      cwd: checkout,
      environment: { ...environment, PATH },
    });
    const { code, stderr } = await step.finished;
    expect({ run, code, stderr }).toEqual({ run, code: 0, stderr: '' });
  }
}

/** The programs of a runner: callbackd as it was built, an installer that has nothing to do, and what stands for `gh`. */
function installPrograms(checkout: string): string {
  const bin = path.join(checkout, '.bin');
  mkdirSync(bin);
  const program = `#!/bin/sh\nexec "${process.execPath}" "${path.join(ROOT, 'dist/main.js')}" "$@"\n`;
  const programs = { callbackd: program, gh: GH, npm: '#!/bin/sh\n[ "$1 $2" = "install --global" ]\n' };
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(path.join(bin, name), text);
    chmodSync(path.join(bin, name), 0o755);
  }
  return bin;
}

/** Values of `${{ ... }}` and of CI variables, which a runner fills in. */
const expandGithub = (text: string, values: Readonly<Record<string, string>>) =>
  text.replaceAll(/\$\{\{ (\S+) \}\}/g, (_, name: string) => values[name] ?? `no ${name}`);

function expectPlan(body: string): void {
  expect(body.startsWith(MARK)).toBe(true);
  expect(body).toContain('callbackd plan: 1 to create · 1 to delete · 1 to rebind · 1 in sync');
  expect(body).toContain('renamed from app\\-0001');
  expect(body).not.toContain('without a recorded state');
}

it.skipIf(!hasPrograms('bash', 'curl', 'jq'))(
  'comments the plan on GitHub, and renews its own comment',
  async () => {
    const world = await openPipelineWorld();
    const bin = installPrograms(world.checkout);
    const comments = await openComments([{ id: 7, body: 'Looks good' }]);
    const values = {
      'secrets.COZE_PLAN_TOKEN': world.listToken,
      'vars.CALLBACKD_STATE_FROM': world.statusUrl,
      'github.token': 'ghs_of_this_run',
      'github.event.pull_request.number': '12',
    };
    const { steps }: { readonly steps: readonly Step[] } = read('github-actions.yaml').jobs.plan;
    const shell = steps.flatMap(({ run, env = {} }) => {
      if (run === undefined) return [];
      const given = Object.entries(env).map(([name, text]) => [name, expandGithub(text, values)]);
      const environment = { GITHUB_REPOSITORY: 'ops/callbacks', GITHUB_API_URL: comments.url };
      return [{ run, environment: { ...world.environment, ...environment, ...Object.fromEntries(given) } }];
    });
    expect(shell).toHaveLength(4);
    for (let time = 0; time < 2; time += 1) await runSteps(shell, { ...world, bin });
    const [posted, patched, ...more] = comments.written;
    expect(more).toEqual([]);
    expect(posted).toMatchObject({ method: 'POST', path: '/repos/ops/callbacks/issues/12/comments' });
    expect(patched).toMatchObject({ method: 'PATCH', path: '/repos/ops/callbacks/issues/comments/101' });
    for (const { body } of comments.written) expectPlan(body);
  },
);

it.skipIf(!hasPrograms('bash', 'curl'))('notes the plan on GitLab, and renews its own note', async () => {
  const world = await openPipelineWorld();
  const bin = installPrograms(world.checkout);
  const comments = await openComments([{ id: 7, body: 'Looks good' }]);
  const { variables, before_script, script } = read('gitlab-ci.yaml')['callbackd plan'];
  expect(variables).toEqual({ COZE_API_TOKEN: '$COZE_PLAN_TOKEN' });
  const environment = {
    ...{ ...world.environment, COZE_API_TOKEN: world.listToken, CALLBACKD_STATE_FROM: world.statusUrl },
    ...{ CI_API_V4_URL: `${comments.url}/api/v4`, CI_PROJECT_ID: '5', CI_MERGE_REQUEST_IID: '12' },
    CALLBACKD_NOTE_TOKEN: 'glpat_notes',
  };
  // GitLab hands all lines of a job to one shell; a check prints to its log.
  const run = [...before_script, ...script].join('\n');
  for (let time = 0; time < 2; time += 1) await runSteps([{ run, environment }], { ...world, bin });
  const [posted, put, ...more] = comments.written;
  expect(more).toEqual([]);
  const notes = '/api/v4/projects/5/merge_requests/12/notes';
  expect(posted).toMatchObject({ method: 'POST', path: notes });
  expect(put).toMatchObject({ method: 'PUT', path: `${notes}/101` });
  for (const { body } of comments.written) expectPlan(body);
});
