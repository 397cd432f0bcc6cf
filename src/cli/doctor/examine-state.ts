/**
 * The state directory: whether it is there and ours, whether the state can be read, who holds it, how much
 * room is left.
 */

import { constants, type StatsFs } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from '../../app/context.ts';
import { inspectLock, openRecord, StateRefusedError } from '../../app/read-recorded.ts';
import { DiskError } from '../../lib/disk.ts';
import { message, verbatim } from '../../messages/message.ts';
import type { Settings } from '../../model/settings.ts';
import type { Finding } from './finding.ts';

const MEGABYTE = 1024 * 1024;
/** A state of a thousand apps with its history stays below this. */
const FREE_WARNS_BYTES = 256 * MEGABYTE;
const FREE_FAILS_BYTES = 16 * MEGABYTE;
/** Each replaced file needs one for a moment. */
const INODES_WARN = 1_000;
const INODES_FAIL = 16;

export async function examineState(settings: Settings, context: Context): Promise<readonly Finding[]> {
  const { stateDir } = settings;
  const existing = await findExisting(stateDir);
  const disk = await examineDisk(existing);
  if (existing !== stateDir) return [await examineParent(stateDir, existing), disk];
  const findings = [await examineContent(settings), disk, await examineLock(stateDir, context)];
  const isWritable = await isAllowed(stateDir, constants.R_OK | constants.W_OK | constants.X_OK);
  if (isWritable) return findings;
  const cure = message('cli.run_as_service');
  return [
    ...findings,
    { check: 'state', level: 'warning', message: message('cli.state_read_only', { dir: stateDir }), cure },
  ];
}

async function examineContent(settings: Settings): Promise<Finding> {
  try {
    const { state } = await openRecord(settings);
    const counts = { dir: settings.stateDir, count: state.apps.size, serial: state.serial };
    return { check: 'state', level: 'ok', message: message('cli.state_holds', counts) };
  } catch (error) {
    if (error instanceof StateRefusedError) {
      return {
        check: 'state',
        level: 'error',
        message: verbatim(error.message),
        cure: error.advice,
      };
    }
    if (!(error instanceof DiskError)) throw error;
    const cure = message('cli.state_permissions');
    return { check: 'state', level: 'error', message: verbatim(error.message), cure };
  }
}

async function examineParent(stateDir: string, existing: string): Promise<Finding> {
  if (await isAllowed(existing, constants.W_OK | constants.X_OK)) {
    return { check: 'state', level: 'ok', message: message('cli.state_absent', { dir: stateDir }) };
  }
  return {
    check: 'state',
    level: 'error',
    message: message('cli.state_impossible', { dir: stateDir }),
    cure: message('cli.state_impossible_cure', { dir: stateDir }),
  };
}

async function examineDisk(folder: string): Promise<Finding> {
  return judgeDisk(await statfs(folder), folder);
}

/** `files` is 0 on file systems that have no fixed number of inodes. */
export function judgeDisk(
  { bavail, bsize, files, ffree }: Pick<StatsFs, 'bavail' | 'bsize' | 'files' | 'ffree'>,
  folder: string,
): Finding {
  const free = bavail * bsize;
  const inodes = files === 0 ? Number.POSITIVE_INFINITY : ffree;
  const room = message('cli.disk_free', { mib: Math.floor(free / MEGABYTE), folder });
  const found = inodes < INODES_WARN ? message('cli.disk_inodes', { room, count: inodes }) : room;
  if (free >= FREE_WARNS_BYTES && inodes >= INODES_WARN) {
    return { check: 'disk', level: 'ok', message: found };
  }
  const cure = message('cli.disk_cure');
  const isFull = free < FREE_FAILS_BYTES || inodes < INODES_FAIL;
  return { check: 'disk', level: isFull ? 'error' : 'warning', message: found, cure };
}

async function examineLock(stateDir: string, context: Context): Promise<Finding> {
  const lock = await inspectLock(stateDir, context).catch(ignoreDiskError);
  const { living = [], hasLeftovers = false } = lock ?? {};
  if (living.length > 0) {
    const pids = living.map((holder) => String(holder.pid));
    return { check: 'lock', level: 'ok', message: message('cli.lock_held', { pids }) };
  }
  const found = hasLeftovers ? message('cli.lock_left') : message('cli.lock_free');
  return { check: 'lock', level: 'ok', message: found };
}

/** The directory itself, or the nearest one above it that is there. */
async function findExisting(folder: string): Promise<string> {
  const parent = path.dirname(folder);
  return (await isAllowed(folder, constants.F_OK)) || parent === folder ? folder : findExisting(parent);
}

function isAllowed(folder: string, mode: number): Promise<boolean> {
  return access(folder, mode).then(
    () => true,
    () => false,
  );
}

/** The finding on its content reports an unreadable directory. */
function ignoreDiskError(error: unknown): undefined {
  if (!(error instanceof DiskError)) throw error;
  return undefined;
}
