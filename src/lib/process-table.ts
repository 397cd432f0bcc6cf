/**
 * Processes of this host, as far as a lock must tell them apart. Reads /proc; elsewhere it can only tell
 * whether a pid lives.
 */

import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { presenceSockets } from './presence.ts';

/**
 * Field 22 of /proc/PID/stat, counted after the command in parentheses: start time in clock ticks since boot
 * (proc(5)).
 */
const START_FIELD_AFTER_COMMAND = 19;
/**
 * Ended, and not yet collected by its parent (proc(5)): a container without an init keeps such entries for
 * ever.
 */
const ENDED_STATES = ['Z', 'X'];

/** This process and its neighbours. */
export function createProcessTable(pid: number) {
  const namespace = readNamespace();
  return {
    pid,
    host: hostname(),
    ...(namespace === undefined ? {} : { namespace }),
    startOf: readStart,
    sockets: presenceSockets,
  };
}

/** In which a pid means one process; undefined where it cannot be told (pid_namespaces(7)). */
function readNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

/** Another text after each boot of the host; undefined where nothing tells. A container has that of its host. */
export function readBootId(): string | undefined {
  return readText('/proc/sys/kernel/random/boot_id')?.trim();
}

/** A text that two processes with the same pid never share; undefined when no such process runs. */
function readStart(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat !== undefined) {
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (ENDED_STATES.includes(fields[0] ?? '')) return undefined;
    const boot = readBootId() ?? '';
    return `${boot}/${fields[START_FIELD_AFTER_COMMAND] ?? ''}`;
  }
  return isRunning(pid) ? 'running' : undefined;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** For hosts without /proc. A process of another user answers EPERM, which means that it is there. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
