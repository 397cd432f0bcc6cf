// What a start costs: `node dist/` against the single executable, for the table of docs/packaging.md. CPU
// time and peak memory by
// the operating system's accounting, because the clock on the wall says more about what else runs here; each
// round takes every
// program once, so that other load on this host affects all of them equally. Needs bash and time (Debian:
// time).
//
//   npm run measure:start [-- --rounds 15]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildExecutable } from './release/build-executable.mjs';
import { installNode } from './release/install-nodes.mjs';
import { readManifest } from './release/package-assets.mjs';
import { endWhereImpossible, findMissingTools, ROOT } from './release/run-tool.mjs';

const MEBI = 1024;
const YAML = 'version: 1\napps: {orders: {app_type: normal, name: orders}}\n';
/** bash counts in milliseconds, time in hundredths of a second but memory, too. */
const ACCOUNT = 'TIMEFORMAT="%3U %3S"; time command time --format=%M --output="$0" "$@" >/dev/null';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } });
const rounds = Number(values.rounds);
endWhereImpossible('measuring the start', findMissingTools(['bash', 'strip', '/usr/bin/time']));
const work = mkdtempSync(path.join(tmpdir(), 'callbackd-start-'));
try {
  writeFileSync(path.join(work, 'callbackd.yaml'), YAML);
  const executable = path.join(work, 'callbackd');
  buildExecutable({ file: executable, arch: process.arch, version: readManifest().version });
  const main = path.join(ROOT, 'dist', 'main.js');
  const programs = {
    '`node dist/` (20)': [installNode('20.19.0'), main],
    '`node dist/` (24)': [installNode('24.21.0'), main],
    executable: [executable],
  };
  const lines = { '`--version`': ['--version'], '`validate` of one entry': ['validate'] };
  const names = Object.keys(programs);
  console.log(`| what | ${names.join(' | ')} |\n| --- |${' --- |'.repeat(names.length)}`);
  for (const [what, words] of Object.entries(lines)) {
    const taken = Object.fromEntries(names.map((name) => [name, []]));
    for (let round = 0; round < rounds; round += 1)
      for (const name of names) taken[name].push(measure([...programs[name], ...words]));
    const cells = names.map((name) => describe(taken[name]));
    console.log(`| ${what}: CPU time, memory | ${cells.join(' | ')} |`);
  }
  console.log(`\nThe executable has ${(statSync(executable).size / MEBI / MEBI).toFixed(0)} MiB.`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function measure(command) {
  const report = path.join(work, 'memory');
  const { status, stderr } = spawnSync('bash', ['-c', ACCOUNT, report, ...command], {
    cwd: work,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command.join(' ')}: exit ${status}\n${stderr}`);
  const [user, system] = stderr.trim().split('\n').at(-1).split(' ').map(Number);
  return { cpuMs: (user + system) * 1000, memory: Number(readFileSync(report, 'utf8')) / MEBI };
}

function describe(runs) {
  const median = (name) => runs.map((run) => run[name]).sort((a, b) => a - b)[Math.floor(runs.length / 2)];
  return `${median('cpuMs').toFixed(0)} ms, ${median('memory').toFixed(0)} MiB`;
}
