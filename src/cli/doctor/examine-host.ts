/** Whether this host is fit: Node, systemd, how the process was started, who may write its files, the state. */

import { constants, type StatsFs } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import type { Context } from '../../app/context.ts';
import { inspectLock, openRecord, StateRefusedError } from '../../app/read-recorded.ts';
import { DiskError } from '../../lib/disk.ts';
import { readCommand } from '../../lib/run-command.ts';
import { message, verbatim } from '../../messages/message.ts';
import type { Settings } from '../../model/settings.ts';
import type { Finding } from './view.ts';

/** As package.json says under `engines`. */
const NODE_OLDEST = [20, 19] as const;
const UNIT = 'callbackd.service';
/** systemctl matches it against what is running. */
const INSTANCES = 'callbackd@*.service';
const PROPERTIES = [
  'Id',
  'LoadState',
  'ActiveState',
  'UnitFileState',
  'NeedDaemonReload',
  'FragmentPath',
  'Result',
];

export function examineNode({ runtime }: Context): Finding {
  const { node = '' } = runtime.versions;
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = NODE_OLDEST;
  const found = message('cli.node', { version: node });
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) {
    return { check: 'node', level: 'ok', message: found };
  }
  const cure = message('cli.node_cure', { oldest: NODE_OLDEST.join('.') });
  return { check: 'node', level: 'error', message: found, cure };
}

/**
 * Every unit of ours that is installed or running, instances of the template included; nothing where there is
 * no systemd.
 */
export async function examineSystemd({
  environment,
}: Pick<Context, 'environment'>): Promise<readonly Finding[]> {
  const words = ['show', UNIT, INSTANCES, `--property=${PROPERTIES.join(',')}`, '--no-pager'];
  const shown = await readCommand('systemctl', words, environment);
  if (shown === undefined) return [];
  const units = shown
    .split(/\n{2,}/)
    .map(parseUnit)
    .filter((unit) => unit.get('LoadState') === 'loaded');
  if (units.length > 0) return units.map(judgeUnit);
  return [{ check: 'systemd', level: 'ok', message: message('cli.no_unit', { unit: UNIT }) }];
}

function parseUnit(block: string): ReadonlyMap<string, string> {
  return new Map(
    block.split('\n').map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)] as const;
    }),
  );
}

function judgeUnit(unit: ReadonlyMap<string, string>): Finding {
  const name = unit.get('Id') ?? UNIT;
  const active = unit.get('ActiveState') ?? 'unknown';
  const enabled = unit.get('UnitFileState') || message('cli.unit_not_enabled');
  const stands = message('cli.unit', { name, path: String(unit.get('FragmentPath')), active, enabled });
  if (active === 'failed') {
    const failed = message('cli.unit_failed', { stands, result: String(unit.get('Result')) });
    const cure = message('cli.unit_failed_cure', { name });
    return { check: 'systemd', level: 'error', message: failed, cure };
  }
  if (unit.get('NeedDaemonReload') === 'yes') {
    const cure = verbatim(`systemctl daemon-reload && systemctl restart ${name}`);
    const changed = message('cli.unit_changed', { stands });
    return { check: 'systemd', level: 'warning', message: changed, cure };
  }
  return { check: 'systemd', level: 'ok', message: stands };
}

const OTHERS_MAY_WRITE = 0o022;
/** Everybody may add files there, and only the owner of one may remove it, as in /tmp. */
const STICKY = 0o1000;

/** `execArguments` are the flags that Node itself was started with; NODE_OPTIONS holds some, too. */
export function examineProcess(
  { environment }: Pick<Context, 'environment'>,
  execArguments: readonly string[],
): readonly Finding[] {
  const options = [...execArguments, ...(environment['NODE_OPTIONS'] ?? '').split(/\s+/)];
  const has = (pattern: RegExp) => options.find((option) => pattern.test(option));
  const oldTls = has(/^--tls-min-v1\.[01]$/);
  const inspector = has(/^--inspect(?!-publish)/);
  const warn = (id: 'cli.tls_unchecked' | 'cli.tls_old' | 'cli.inspector', what: string): Finding => ({
    check: 'safety',
    level: 'warning',
    message: message(id, { what }),
    cure: message('cli.unset', { what }),
  });
  return [
    ...(environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0'
      ? [warn('cli.tls_unchecked', 'NODE_TLS_REJECT_UNAUTHORIZED=0')]
      : []),
    ...(oldTls === undefined ? [] : [warn('cli.tls_old', oldTls)]),
    ...(inspector === undefined ? [] : [warn('cli.inspector', inspector)]),
  ];
}

/** The configuration, its folder, the state and the sink: whether another user could have written them. */
export async function examineWriters(
  files: readonly string[],
  { stateDir, tokenSinkDir }: Pick<Settings, 'stateDir' | 'tokenSinkDir'>,
  { cwd }: Pick<Context, 'cwd'>,
): Promise<readonly Finding[]> {
  const configuration = files.flatMap((file) => [
    path.resolve(cwd, file),
    path.dirname(path.resolve(cwd, file)),
  ]);
  const places = [...configuration, stateDir, ...(tokenSinkDir === undefined ? [] : [tokenSinkDir])];
  const found = await Promise.all([...new Set(places)].map(examinePlace));
  return found.filter((finding) => finding !== undefined);
}

async function examinePlace(place: string): Promise<Finding | undefined> {
  const found = await stat(place).catch(() => undefined);
  if (found === undefined) return undefined;
  const isOpen = (found.mode & OTHERS_MAY_WRITE) !== 0 && (found.mode & STICKY) === 0;
  const isForeign = ![0, userInfo().uid].includes(found.uid);
  if (!isOpen && !isForeign) return undefined;
  const id = isOpen ? 'cli.others_may_write' : 'cli.other_owner';
  return {
    check: 'safety',
    level: 'warning',
    message: message(id, { place }),
    cure: message('cli.close_place', { place }),
  };
}

const MEGABYTE = 1024 * 1024;
/** A state of a thousand apps with its history stays below this. */
const FREE_WARNS_BYTES = 256 * MEGABYTE;
const FREE_FAILS_BYTES = 16 * MEGABYTE;
/** Each replaced file needs one for a moment. */
const INODES_WARN = 1_000;
const INODES_FAIL = 16;

/**
 * The state directory: whether it is there and ours, whether the state can be read, who holds it, how much
 * room is left.
 */
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
