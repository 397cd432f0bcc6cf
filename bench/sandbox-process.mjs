// The emulated platform as a process of its own, so that its CPU is not counted with the client's. Arguments:
// latency in ms, number of apps to begin with. Sends its URL as the first message; answers `take` with the
// requests since the last `take` (how many, by operation, and when the first came); ends when its parent lets
// go.
import { systemClock } from '../out/modules/lib/clock.js';
import { createReceivers } from '../out/modules/sandbox/receivers.js';
import { createSandbox } from '../out/modules/sandbox/sandbox.js';
import { startSandboxServer } from '../out/modules/sandbox/sandbox-server.js';

const [latency = '0', count = '0'] = process.argv.slice(2);
const latencyMs = Number(latency);
// Receivers are assumed to answer: the platform's own challenge is not what is measured.
const sandbox = createSandbox(
  { clock: systemClock, random: Math.random },
  { recordsKept: 0, ...(latencyMs > 0 ? { latencyMs: { min: latencyMs, max: latencyMs } } : {}) },
);
for (let index = 0; index < Number(count); index += 1) {
  const callbackUrl = `https://hooks.example.com/coze/${index}`;
  sandbox.console().create({ name: `app ${index}`, callbackUrl });
}
let firstAt = null;
const observed = Object.create(sandbox, {
  handle: {
    value(request) {
      firstAt ??= Date.now();
      return sandbox.handle(request);
    },
  },
});
const receivers = createReceivers({ clock: systemClock, tokenOf: sandbox.verifyTokenOf });
const server = await startSandboxServer({ sandbox: observed, receivers, port: 0 });
process.on('disconnect', () => process.exit(0));
process.on('message', () => {
  const counts = Object.entries(sandbox.records.counts()).map(([name, { received }]) => [name, received]);
  process.send({ total: sandbox.records.total, counts: Object.fromEntries(counts), firstAt });
  sandbox.records.clear();
  firstAt = null;
});
process.send({ url: server.url });
