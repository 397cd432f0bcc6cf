/**
 * The bytes of `state.json` and `state.log`, and the proof that what is read is what was written. Which files
 * there are and what to do about a problem is for `load-state.ts`.
 */

import { sha256 } from '../lib/sha256.ts';
import { type Message, message } from '../messages/message.ts';
import { foldStateChange } from '../model/fold-state.ts';
import type { MutableState, State, StateChange } from '../model/state.ts';
import { decodeChange, decodeState, encodeChange, encodeState, type JsonObject } from './state-codec.ts';

export const STATE_FORMAT_VERSION = 1;

/** How one format version becomes the next one. */
interface Migration {
  snapshot(content: JsonObject): JsonObject;
  /** One change of a log record. */
  change(content: JsonObject): JsonObject;
}

/** By the version that is read. */
export type Migrations = ReadonlyMap<number, Migration>;

/** Format 1 is the first, so there is nothing to turn into it. */
const STATE_MIGRATIONS: Migrations = new Map();

export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: 'damaged' | 'newer'; readonly problem: Message };

/** The log's first line: which state it continues from. */
export interface LogHeader {
  readonly lineage: string;
  /** The serial of the snapshot that was written when this log began. */
  readonly baseSerial: number;
}

/** One flush of the store: everything that was committed with one write and one sync. */
export interface LogRecord {
  /** The state's serial after these changes. */
  readonly serial: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly changes: readonly StateChange[];
}

export interface ParsedLog {
  readonly header: LogHeader;
  readonly records: readonly LogRecord[];
  /** Whether it is of the format that is written now. */
  readonly isCurrent: boolean;
  /** Bytes of an unfinished record at the end: written when the machine stopped, never acknowledged. */
  readonly droppedBytes: number;
}

const NEWLINE = 0x0a;
const CHECKSUM_MEMBER = /,"checksum":"([0-9a-f]{16})"\}$/;
const RECORD_END_INSIDE = /,"checksum":"[0-9a-f]{16}"\}.{2}/s;

/** The snapshot: indented JSON, its last member the checksum of everything else in compact JSON. */
export function formatSnapshot(state: State): Uint8Array {
  const content = { format_version: STATE_FORMAT_VERSION, ...encodeState(state) };
  const checksum = checksumOf(content);
  return Buffer.from(`${JSON.stringify({ ...content, checksum }, null, 2)}\n`);
}

function checksumOf(content: JsonObject): string {
  return `sha256:${sha256(JSON.stringify(content))}`;
}

export function parseSnapshot(
  bytes: Uint8Array,
  migrations: Migrations = STATE_MIGRATIONS,
): Parsed<MutableState> {
  if (bytes.length === 0) return damaged(message('state.empty'));
  const json = parseJson(bytes);
  if (json === undefined) return damaged(message('state.not_json'));
  const { checksum, ...content } = json;
  const version = content['format_version'];
  if (typeof version !== 'number') return damaged(message('state.no_version'));
  if (version > STATE_FORMAT_VERSION) return newer(version);
  if (checksum !== checksumOf(content)) return damaged(message('state.wrong_checksum'));
  const steps = migrationsFrom(version, migrations);
  if (steps === undefined) return damaged(message('state.unreadable_version', { version }));
  const current = steps.reduce((migrated, step) => step.snapshot(migrated), content as JsonObject);
  return { ok: true, value: decodeState(current) };
}

export function formatLogHeader({ lineage, baseSerial }: LogHeader): Uint8Array {
  const header = { format_version: STATE_FORMAT_VERSION, lineage, base_serial: baseSerial };
  return formatLine(header);
}

export function formatLogRecord({ serial, at, changes }: LogRecord): Uint8Array {
  return formatLine({ serial, at: new Date(at).toISOString(), changes: changes.map(encodeChange) });
}

/**
 * Reads a log. Only its last record may be bad, because each record was synced before the next one was
 * written: then it was never acknowledged and is dropped. A bad line with a good one after it is damage.
 */
export function parseLog(bytes: Uint8Array, migrations: Migrations = STATE_MIGRATIONS): Parsed<ParsedLog> {
  if (bytes.length === 0) return damaged(message('state.empty'));
  const [first, ...rest] = splitLines(bytes);
  const head = first === undefined ? undefined : parseLine(first);
  const version = head?.['format_version'];
  if (head === undefined || typeof version !== 'number') return damaged(message('state.damaged_first_line'));
  if (version > STATE_FORMAT_VERSION) return newer(version);
  const steps = migrationsFrom(version, migrations);
  if (steps === undefined) return damaged(message('state.unreadable_version', { version }));
  const header = { lineage: head['lineage'] as string, baseSerial: head['base_serial'] as number };

  const records: LogRecord[] = [];
  let goodBytes = lengthOf(first);
  for (const [index, line] of rest.entries()) {
    const json = parseLine(line);
    if (json === undefined) {
      const isWholeLater = rest.slice(index + 1).some((later) => parseLine(later) !== undefined);
      if (!isWholeLater && !holdsTwoRecords(line)) break;
      return damaged(message('state.damaged_line', { line: index + 2 }));
    }
    records.push(toRecord(json, steps));
    goodBytes += lengthOf(line);
  }
  const isCurrent = version === STATE_FORMAT_VERSION;
  return { ok: true, value: { header, records, isCurrent, droppedBytes: bytes.length - goodBytes } };
}

/**
 * Folds the records that the state does not hold yet. Answers a problem when they do not follow on from it.
 */
export function foldRecords(state: MutableState, records: readonly LogRecord[]): Message | undefined {
  for (const record of records) {
    if (record.serial <= state.serial) continue;
    const from = record.serial - record.changes.length;
    if (from !== state.serial) return message('state.gap_inside', { from, end: state.serial });
    for (const change of record.changes) foldStateChange(state, change);
  }
  return undefined;
}

function toRecord(json: JsonObject, steps: readonly Migration[]): LogRecord {
  const changes = (json['changes'] as JsonObject[]).map((change) =>
    decodeChange(steps.reduce((migrated, step) => step.change(migrated), change)),
  );
  return { serial: json['serial'] as number, at: Date.parse(json['at'] as string), changes };
}

/**
 * One JSON object per line, its checksum as the last member; the checksum is over the line without that
 * member.
 */
function formatLine(content: JsonObject): Uint8Array {
  const body = JSON.stringify(content);
  return Buffer.from(`${body.slice(0, -1)},"checksum":"${sha256(body).slice(0, 16)}"}\n`);
}

function parseLine(line: Uint8Array): JsonObject | undefined {
  if (line.at(-1) !== NEWLINE) return undefined;
  const text = Buffer.from(line.subarray(0, -1)).toString('utf8');
  const checksum = CHECKSUM_MEMBER.exec(text);
  if (checksum === null) return undefined;
  const body = `${text.slice(0, checksum.index)}}`;
  if (sha256(body).slice(0, 16) !== checksum[1]) return undefined;
  return JSON.parse(body) as JsonObject;
}

/**
 * Whether a record ends inside the line: then the newline between two records was damaged, and the first of
 * them was acknowledged. The text cannot stand inside a record, where quotes in strings are escaped. One byte
 * may follow: a newline that is not one.
 */
function holdsTwoRecords(line: Uint8Array): boolean {
  return RECORD_END_INSIDE.test(Buffer.from(line).toString('latin1'));
}

/** Lines with their newline; the last one may lack it. */
function splitLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}

function lengthOf(line: Uint8Array | undefined): number {
  return line?.length ?? 0;
}

function parseJson(bytes: Uint8Array): JsonObject | undefined {
  try {
    const json: unknown = JSON.parse(viewOf(bytes).toString('utf8'));
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The same bytes, not a copy: a snapshot of 10,000 apps has 6 MB. */
function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The steps from that version to this one, or `undefined` when one is missing. */
function migrationsFrom(version: number, migrations: Migrations): readonly Migration[] | undefined {
  const steps: Migration[] = [];
  for (let from = version; from < STATE_FORMAT_VERSION; from += 1) {
    const step = migrations.get(from);
    if (step === undefined) return undefined;
    steps.push(step);
  }
  return steps;
}

function damaged(problem: Message): Parsed<never> {
  return { ok: false, reason: 'damaged', problem };
}

function newer(version: number): Parsed<never> {
  return {
    ok: false,
    reason: 'newer',
    problem: message('state.newer', { version, known: STATE_FORMAT_VERSION }),
  };
}
