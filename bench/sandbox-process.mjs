// The emulated platform as a process of its own, so that its CPU is not counted with the client's.
// Arguments: latency in ms, number of apps to begin with. Prints its URL as one line of JSON; ends when stdin closes.
import { systemClock } from '../dist/lib/clock.js';
import { createReceivers } from '../dist/sandbox/receivers.js';
import { createSandbox } from '../dist/sandbox/sandbox.js';
import { startSandboxServer } from '../dist/sandbox/sandbox-server.js';

const [latency = '0', count = '0'] = process.argv.slice(2);
const latencyMs = Number(latency);
// Receivers are assumed to answer: the platform's own challenge is not what is measured.
const sandbox = createSandbox(
  { clock: systemClock, random: Math.random },
  { recordsKept: 10, ...(latencyMs > 0 ? { latencyMs: { min: latencyMs, max: latencyMs } } : {}) },
);
const receivers = createReceivers({ clock: systemClock, tokenOf: sandbox.verifyTokenOf });
const server = await startSandboxServer({ sandbox, receivers, port: 0 });
for (let index = 0; index < Number(count); index += 1) {
  sandbox.console().create({ name: `app ${index}`, callbackUrl: urlOf(index) });
}
console.log(JSON.stringify({ url: server.url }));
process.stdin.resume().on('end', () => process.exit(0));

function urlOf(index) {
  return `https://hooks.example.com/coze/${index}`;
}
