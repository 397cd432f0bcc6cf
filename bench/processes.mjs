/**
 * The processes of a measurement: the emulated platform, the floor client and callbackd, each one whole, and
 * what each cost.
 */
import { fork, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');
export const MAIN = path.join(ROOT, 'dist', 'main.js');
export const CONCURRENCY = 8;
/**
 * Beyond what any client here reaches: what is measured is the client, not the bound that an operator sets.
 */
const REQUESTS_PER_SECOND = 10_000;

const benchFile = (name) => path.join(ROOT, 'bench', name);

/** Starts the platform, runs `use` on it and stops it again. */
export async function onSandbox({ latency = 0, held = 0 }, use) {
  const child = fork(benchFile('sandbox-process.mjs'), [String(latency), String(held)]);
  const next = () => new Promise((resolve) => child.once('message', resolve));
  const { url } = await next();
  const take = async () => {
    const reply = next();
    child.send('take');
    return reply;
  };
  try {
    return await use({ url, take });
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.disconnect();
    await ended;
  }
}

/**
 * A folder with a configuration, a state directory and the environment that leads callbackd to the platform
 * at `url`.
 */
export async function inFolder(url, use) {
  const folder = mkdtempSync(path.join(tmpdir(), 'callbackd-bench-'));
  const config = path.join(folder, 'callbackd.yaml');
  const socket = path.join(folder, 'control.sock');
  const env = {
    PATH: process.env.PATH,
    COZE_API_BASE: url,
    COZE_API_TOKEN: 'pat_sandbox',
    CALLBACKD_STATE_DIR: path.join(folder, 'state'),
    CALLBACKD_CONTROL_SOCKET: socket,
    CALLBACKD_STATUS_LISTEN: 'off',
  };
  try {
    return await use({ folder, config, socket, env });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A configuration of `count` entries; the URL of the first one is `moved` where that is given. */
export function writeConfiguration(file, { count, moved, schedule = '0 0 1 1 *' }) {
  const entries = Array.from({ length: count }, (_, index) => {
    const target = index === 0 && moved !== undefined ? moved : index;
    return `  app-${index}: {app_type: normal, name: app ${index}, callback_url: "https://hooks.example.com/coze/${target}"}\n`;
  });
  const head = [
    'version: 1',
    `reconcile: {preflight: "off", schedule: "${schedule}"}`,
    `coze: {concurrency: ${CONCURRENCY}, max_requests_per_second: ${REQUESTS_PER_SECOND}}`,
  ];
  writeFileSync(file, `${head.join('\n')}\napps:\n${entries.join('')}`);
}

export function runFloor(url, what, count) {
  return run([benchFile('floor-client.mjs'), url, what, count, CONCURRENCY], { PATH: process.env.PATH });
}

/** One command of callbackd as a whole process. */
export function runCallbackd({ config, env }, command, ...flags) {
  return run([MAIN, command, ...flags, '-c', config], env);
}

/** Wall and CPU time in ms and peak memory in MB, the latter two by the operating system's accounting. */
async function run(words, env) {
  const folder = mkdtempSync(path.join(tmpdir(), 'callbackd-usage-'));
  const report = path.join(folder, 'usage.json');
  const startedAt = Date.now();
  const started = performance.now();
  // Into a file, as under a service manager: a pipe would wake this process for every line, on the cores that
  // are measured.
  const log = path.join(folder, 'stderr.log');
  const stderr = openSync(log, 'w');
  const child = spawn(process.execPath, ['--import', benchFile('report-usage.mjs'), ...words.map(String)], {
    env: { ...env, BENCH_REPORT: report },
    stdio: ['ignore', 'ignore', stderr],
  });
  closeSync(stderr);
  const status = await new Promise((resolve) => child.once('close', resolve));
  const wallMs = performance.now() - started;
  if (status !== 0) {
    throw new Error(`${words.join(' ')} ended with ${status}:\n${readFileSync(log, 'utf8').slice(-2_000)}`);
  }
  const usage = JSON.parse(readFileSync(report, 'utf8'));
  rmSync(folder, { recursive: true });
  return { startedAt, wallMs, ...usage };
}

/**
 * The daemon over `count` apps, until `stop`. A quiet round tells nothing of itself, so its pages are
 * counted.
 */
export async function startDaemon({ config, env }, { count, preload }) {
  const imports = preload === undefined ? [] : ['--import', benchFile(preload)];
  return follow([...imports, MAIN, 'run', '-c', config], env, {
    mark: 'list_apps',
    marks: Math.ceil(count / 50),
  });
}

/** The floor client that lists again whenever it is poked. */
export async function startFloorDaemon(url) {
  return follow(
    [benchFile('floor-client.mjs'), url, 'again', 0, CONCURRENCY],
    { PATH: process.env.PATH },
    { mark: 'listed', marks: 1 },
  );
}

/** A round is over when so many lines with `mark` were written. */
async function follow(words, env, { mark, marks }) {
  const child = spawn(process.execPath, words.map(String), { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = [];
  let seen = 0;
  let rest = '';
  child.stdout.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) if (line.includes(mark)) seen += 1;
    for (const wait of waiting.splice(0)) wait();
  });
  const rounds = () => Math.floor(seen / marks);
  const untilRound = async (number) => {
    while (rounds() < number) {
      if (child.exitCode !== null) throw new Error(`${words.join(' ')} ended with ${child.exitCode}`);
      await new Promise((resolve) => waiting.push(resolve));
    }
  };
  await untilRound(1);
  return {
    rounds,
    untilRound,
    /** Lets the floor client list once more. */
    poke: () => child.stdin.write('\n'),
    cpuMs: () => cpuMsOf(child.pid),
    memoryMb: () => memoryMbOf(child.pid),
    async stop() {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/**
 * Time on a CPU of all threads, as the kernel's scheduler counts it (nanoseconds, the first number of
 * `schedstat`).
 */
function cpuMsOf(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  const times = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'));
  return times.reduce((sum, text) => sum + Number(text.split(' ')[0]), 0) / 1e6;
}

function memoryMbOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kb = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]);
  return { now: kb('VmRSS') / 1_024, peak: kb('VmHWM') / 1_024 };
}
