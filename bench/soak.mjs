// The built daemon as a process on the sandbox for some minutes: a round every second, edits of the file,
// drift made by hand, faults by chance. Prints memory and descriptors at the start and the end; exits 1 when
// they grew. Usage: npm run soak [-- minutes]
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../out/modules/lib/clock.js';
import { createHttpClient } from '../out/modules/lib/http-client.js';
import { startSandbox } from '../out/modules/sandbox/start-sandbox.js';
import { MAIN } from './processes.mjs';

const minutes = Number(process.argv[2] ?? 5);
const APPS = 60;
/** Node's heap settles within this; what grows afterwards is a leak. */
const WARM_UP_MS = 60_000;
const GROWTH_MB_MAX = 15;

const folder = mkdtempSync(path.join(tmpdir(), 'callbackd-soak-'));
const transport = createHttpClient({ connectionsMax: 16 });
const started = await startSandbox({ clock: systemClock, random: Math.random, transport, port: 0 });
const { sandbox } = started;
sandbox.faults.setRandom({
  share: 0.01,
  faults: [{ kind: 'drop_before' }, { kind: 'drop_after' }, { kind: 'fail', status: 503 }],
});
const config = path.join(folder, 'callbackd.yaml');
writeConfiguration(0);
const daemon = spawn(process.execPath, [MAIN, 'run', '-c', config], {
  cwd: folder,
  stdio: ['ignore', 'pipe', 'inherit'],
  env: {
    PATH: process.env.PATH,
    HOME: folder,
    COZE_API_BASE: started.url,
    COZE_API_TOKEN: started.token,
    CALLBACKD_STATE_DIR: path.join(folder, 'state'),
    CALLBACKD_CONTROL_SOCKET: path.join(folder, 'control.sock'),
    CALLBACKD_STATUS_LISTEN: 'off',
  },
});
let logBytes = 0;
daemon.stdout.on('data', (chunk) => {
  logBytes += chunk.length;
});
let edits = 0;
const startedAt = Date.now();
const samples = [];
while (Date.now() - startedAt < WARM_UP_MS + minutes * 60_000) {
  await sleep(1_000);
  if (Date.now() - startedAt > WARM_UP_MS) samples.push(sample());
  disturb();
}
const [first, last] = [median(samples.slice(0, 20)), median(samples.slice(-20))];
daemon.kill('SIGTERM');
const code = await new Promise((resolve) => daemon.on('close', resolve));
await started.close();
transport.close();
console.log(
  `${minutes} minutes, ${edits} edits, ${sandbox.records.total} requests, log ${(logBytes / 1e6).toFixed(1)} MB`,
);
console.log(`state directory ${(folderBytes(path.join(folder, 'state')) / 1e6).toFixed(2)} MB`);
console.log(
  `memory ${first.rssMb.toFixed(1)} -> ${last.rssMb.toFixed(1)} MB, descriptors ${first.fds} -> ${last.fds}, exit ${code}`,
);
rmSync(folder, { recursive: true, force: true });
const grew = last.rssMb - first.rssMb > GROWTH_MB_MAX || last.fds > first.fds + 2;
process.exit(grew || code !== 0 ? 1 : 0);

function writeConfiguration(version) {
  const entries = Array.from({ length: APPS }, (_, index) => {
    const url = started.receiverUrl(`app-${index}-${index === version % APPS ? version : 0}`);
    return `  app-${index}: {app_type: normal, name: app ${index}, callback_url: "${url}", events: [bot.published]}\n`;
  });
  const head =
    'version: 1\nreconcile: {schedule: "* * * * * *", settle: 1s}\ncoze: {max_requests_per_second: 200}\n';
  writeFileSync(config, `${head}apps:\n${entries.join('')}`);
}

// An edit of the file every five seconds, drift by hand every seven.
function disturb() {
  const second = Math.round((Date.now() - startedAt) / 1_000);
  if (second % 5 === 0) writeConfiguration(++edits);
  const apps = sandbox.apps();
  const app = apps[second % Math.max(1, apps.length)];
  if (second % 7 === 0 && app !== undefined) sandbox.console().setUrl(app.id, started.receiverUrl('by-hand'));
}

function sample() {
  const status = readFileSync(`/proc/${daemon.pid}/status`, 'utf8');
  return {
    rssMb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024,
    fds: readdirSync(`/proc/${daemon.pid}/fd`).length,
  };
}

function median(list) {
  const middle = (pick) => list.map(pick).toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
  return { rssMb: middle((each) => each.rssMb), fds: middle((each) => each.fds) };
}

function folderBytes(dir) {
  return readdirSync(dir).reduce((sum, name) => sum + statSync(path.join(dir, name)).size, 0);
}
