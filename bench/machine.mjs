/** What the figures were measured on, and how much else it had to do. */
import os from 'node:os';

export function describeMachine() {
  const cpus = os.cpus();
  return {
    cpu: `${cpus.length} x ${cpus[0]?.model.trim() ?? 'unknown'}`,
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.platform()} ${os.release().split('-')[0]} ${os.arch()}`,
    node: process.version,
    /** Runnable processes on average over the last five minutes, the measured ones included. */
    load: Math.round(os.loadavg()[1] * 10) / 10,
    on: new Date().toISOString().slice(0, 10),
  };
}
