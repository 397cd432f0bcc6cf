// Speed as ratios: callbackd as a whole process against a bare client doing the same requests, interleaved in one run on the
// same emulator. Absolute times on shared machines mean nothing; the ratio does. Usage: npm run bench [-- --rounds N --check]
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const ROOT = path.resolve(import.meta.dirname, '..');
const MAIN = path.join(ROOT, 'dist', 'main.js');
const CONCURRENCY = 8;
const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, check: { type: 'boolean', default: false } },
});

// What is measured: `most` is the ratio of wall times that must not be exceeded with --check.
const WORKS = [
  { name: '0 -> 1,000 apps, 20 ms', what: 'create', count: 1_000, latency: 20, most: 1.25 },
  { name: '0 -> 1,000 apps, 0 ms', what: 'create', count: 1_000, latency: 0, most: 3.5 },
  { name: 'quiet round of 1,000 apps, 0 ms', what: 'quiet', count: 1_000, latency: 0, most: 6 },
  { name: 'one changed of 1,000, 20 ms', what: 'change', count: 1_000, latency: 20, most: 2 },
];

const folder = mkdtempSync(path.join(tmpdir(), 'callbackd-bench-'));
try {
  const results = [];
  for (const work of WORKS) results.push(await measure(work));
  print(results);
  if (flags.check) check(results);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(work) {
  const floor = [];
  const ours = [];
  for (let round = 0; round < Number(flags.rounds); round += 1) {
    floor.push(await onSandbox(work, (url) => runFloor(work, url)));
    ours.push(await onSandbox(work, (url) => runCallbackd(work, url)));
  }
  return { work, floor: summarise(floor), ours: summarise(ours) };
}

async function onSandbox({ what, count, latency }, run) {
  const held = what === 'create' ? 0 : count;
  const sandbox = spawn(process.execPath, [path.join(ROOT, 'bench', 'sandbox-process.mjs'), latency, held], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await new Promise((resolve) =>
    createInterface({ input: sandbox.stdout }).once('line', (text) => resolve([text])),
  );
  try {
    return run(JSON.parse(line).url);
  } finally {
    sandbox.stdin.end();
  }
}

function runFloor({ what, count }, url) {
  return time([path.join(ROOT, 'bench', 'floor-client.mjs'), url, what, count, CONCURRENCY], {});
}

function runCallbackd({ what, count }, url) {
  const stateDir = path.join(folder, `state-${Math.random()}`);
  const config = path.join(folder, 'callbackd.yaml');
  const environment = { COZE_API_BASE: url, COZE_API_TOKEN: 'pat_sandbox', CALLBACKD_STATE_DIR: stateDir };
  const write = (movedFirst) => {
    const entries = Array.from({ length: count }, (_, index) => {
      const target = movedFirst && index === 0 ? 'moved' : index;
      return `  app-${index}: {app_type: normal, name: app ${index}, callback_url: "https://hooks.example.com/coze/${target}"}\n`;
    });
    const head = `version: 1\nreconcile: {preflight: "off"}\ncoze: {concurrency: ${CONCURRENCY}, max_requests_per_second: 1000}\n`;
    writeFileSync(config, `${head}apps:\n${entries.join('')}`);
  };
  write(false);
  const words = [MAIN, 'apply', '--yes', '-c', config];
  if (what === 'create') return time(words, environment);
  // The account is adopted first; only what follows is measured.
  time(words, environment);
  if (what === 'change') write(true);
  return time(words, environment);
}

// Wall time in ms, CPU time in ms and peak memory in MB, the latter two by the operating system's accounting.
function time(words, environment) {
  const report = path.join(folder, 'usage.json');
  const started = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', path.join(ROOT, 'bench', 'report-usage.mjs'), ...words.map(String)],
    { env: { ...process.env, ...environment, BENCH_REPORT: report }, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  const wallMs = performance.now() - started;
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}:\n${stderr.slice(-2_000)}`);
  return { wallMs, ...JSON.parse(readFileSync(report, 'utf8')) };
}

function summarise(runs) {
  const median = (pick) => runs.map(pick).toSorted((a, b) => a - b)[Math.floor(runs.length / 2)];
  return {
    wallMs: median((run) => run.wallMs),
    cpuMs: median((run) => run.cpuMs),
    peakMb: median((run) => run.peakMb),
  };
}

function print(results) {
  console.log('| work | floor wall / CPU / MB | callbackd wall / CPU / MB | ratio of wall |');
  console.log('| --- | --- | --- | --- |');
  const show = ({ wallMs, cpuMs, peakMb }) =>
    `${Math.round(wallMs)} / ${Math.round(cpuMs)} ms / ${Math.round(peakMb)}`;
  for (const { work, floor, ours } of results) {
    console.log(
      `| ${work.name} | ${show(floor)} | ${show(ours)} | ${(ours.wallMs / floor.wallMs).toFixed(2)} |`,
    );
  }
}

function check(results) {
  const slow = results.filter(({ work, floor, ours }) => ours.wallMs / floor.wallMs > work.most);
  for (const { work, floor, ours } of slow) {
    console.error(
      `${work.name}: ${(ours.wallMs / floor.wallMs).toFixed(2)} x the floor, at most ${work.most}`,
    );
  }
  process.exitCode = slow.length === 0 ? 0 : 1;
}
