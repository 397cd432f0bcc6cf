/** What a bundle holds of this host, unmasked: configuration, state directory, versions, systemd. */

import os from 'node:os';
import path from 'node:path';
import type { Context } from '../../app/context.ts';
import { listRecordedFiles, readLastGoodSources } from '../../app/read-recorded.ts';
import { DiskError } from '../../lib/disk.ts';
import { nodeDisk } from '../../lib/disk-node.ts';
import { hostFiles } from '../../lib/file-reader.ts';
import { readCommand } from '../../lib/run-command.ts';
import { type Message, message, verbatim } from '../../messages/message.ts';
import { say } from '../../messages/say.ts';

export interface BundleRequest {
  /** Where the archive goes; named after the instant when absent. */
  readonly file?: string;
  /** Whether the account is read in full, for a plan. */
  readonly plan: boolean;
  /** Neither the account nor a receiver is contacted. */
  readonly offline: boolean;
}

/** What was packed; `manifest` is in the archive, too, and described by schema/bundle.schema.json. */
export interface BundleReport {
  readonly file: string;
  readonly bytes: number;
  readonly manifest: {
    readonly files: readonly { readonly name: string; readonly masked: number }[];
    readonly missing: readonly { readonly name: string; readonly because: string }[];
    readonly not_looked_for: readonly { readonly name: string; readonly because: string }[];
  };
  /** As in the manifest, for a person. */
  readonly missing: readonly Missing[];
  readonly unread: readonly Missing[];
}

/** What is not in a bundle, or was not looked for in it, and why. */
export interface Missing {
  readonly name: string | Message;
  readonly because: Message;
}

/** As the manifest has it. */
export function toMissingJson({ name, because }: Missing): {
  readonly name: string;
  readonly because: string;
} {
  return { name: typeof name === 'string' ? name : say(name), because: say(because) };
}

export interface Inputs {
  /** A file of the bundle. */
  add(input: Omit<Input, 'format'> & Partial<Input>): void;
  /** What could not be had, and why. */
  miss(name: string, because: Message): void;
}

interface Input {
  readonly name: string;
  readonly text: string;
  readonly format: 'yaml' | 'text';
}

export interface Gathered extends Inputs {
  readonly list: Input[];
  readonly missing: Missing[];
}

export function createInputs(): Gathered {
  const list: Input[] = [];
  const missing: Missing[] = [];
  return {
    list,
    missing,
    add: ({ name, text, format = 'text' }) => void list.push({ name, text, format }),
    miss: (name, because) => void missing.push({ name, because }),
  };
}

/** A JSON document, as it stands in a bundle. */
export function asDocument(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The end of the history; each change takes some hundred bytes. */
const HISTORY_BYTES_MAX = 2 * 1024 * 1024;
const CONFIGURATION_BYTES_MAX = 16 * 1024 * 1024;

/** The texts that were read, as they are; also of files that are not valid. */
export async function gatherConfiguration(
  inputs: Inputs,
  files: readonly string[],
): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const [index, file] of files.entries()) {
    const name = `configuration/${index + 1}-${path.basename(file)}`;
    const content = await hostFiles.read(file, CONFIGURATION_BYTES_MAX);
    if (!content.ok) {
      inputs.miss(name, message('cli.bundle_unreadable', { file, reason: content.failure.reason }));
      continue;
    }
    const text = Buffer.from(content.bytes).toString('utf8');
    texts.push(text);
    inputs.add({ name, text, format: 'yaml' });
  }
  return texts;
}

/** Fingerprints and no tokens: the key of the fingerprints stays where it is. */
export async function gatherState(inputs: Inputs, stateDir: string): Promise<readonly string[]> {
  try {
    const names = await nodeDisk.list(stateDir);
    if (names === undefined) {
      inputs.miss('state/', message('cli.bundle_no_dir', { dir: stateDir }));
      return [];
    }
    const listed = await Promise.all(names.map((name) => describeFile(stateDir, name)));
    inputs.add({ name: 'state/listing.json', text: asDocument({ dir: stateDir, files: listed }) });
    for (const file of listRecordedFiles(stateDir).state) await addFile(inputs, file);
    await addHistory(inputs, stateDir);
    return await addLastGood(inputs, stateDir);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    inputs.miss('state/', verbatim(error.message));
    return [];
  }
}

async function describeFile(dir: string, name: string) {
  const found = await nodeDisk.stat(path.join(dir, name));
  if (found === undefined) return { name, gone: true };
  const { kind, bytes, mode, modifiedAt } = found;
  return { name, kind, bytes, mode: mode.toString(8), modified_at: new Date(modifiedAt).toISOString() };
}

async function addFile(inputs: Inputs, file: string): Promise<void> {
  const bytes = await nodeDisk.read(file);
  if (bytes === undefined) return;
  inputs.add({ name: `state/${path.basename(file)}`, text: Buffer.from(bytes).toString('utf8') });
}

/** The newest lines, over as many rotated files as they fill. */
async function addHistory(inputs: Inputs, dir: string): Promise<void> {
  let left = HISTORY_BYTES_MAX;
  for (const file of listRecordedFiles(dir).history) {
    const handle = left > 0 ? await nodeDisk.openRead(file) : undefined;
    if (handle === undefined) continue;
    try {
      const length = Math.min(left, handle.bytes);
      const text = Buffer.from(await handle.read(handle.bytes - length, length)).toString('utf8');
      const whole = length < handle.bytes ? text.slice(text.indexOf('\n') + 1) : text;
      inputs.add({ name: `state/${path.basename(file)}`, text: whole });
      left -= length;
    } finally {
      await handle.close();
    }
  }
}

async function addLastGood(inputs: Inputs, dir: string): Promise<readonly string[]> {
  const name = 'state/last-good';
  const texts = [...(await readLastGoodSources(dir, (problem) => inputs.miss(name, verbatim(problem))))];
  for (const [index, [file, text]] of texts.entries()) {
    inputs.add({ name: `${name}/${index + 1}-${path.basename(file)}`, text, format: 'yaml' });
  }
  return texts.map(([, text]) => text);
}

const UNITS = ['callbackd.service', 'callbackd@*.service'];
const JOURNAL_LINES = 5_000;
const OS_RELEASE_BYTES_MAX = 64 * 1024;

/** The host's part of a bundle: versions, the environment, and what systemd knows of the service. */
export async function gatherHost(inputs: Inputs, context: Context): Promise<void> {
  const { clock, environment, program, runtime, version } = context;
  const release = await hostFiles.read('/etc/os-release', OS_RELEASE_BYTES_MAX);
  const osRelease = release.ok ? Buffer.from(release.bytes).toString('utf8') : '';
  const variables = Object.entries(environment)
    .filter(([name]) => /^(COZE_|CALLBACKD_|NODE_|HTTPS?_PROXY$|NO_PROXY$|TZ$|LANG$|LC_)/i.test(name))
    .map(([name, value]) => [name, /^(CALLBACKD_|TZ$|LANG$|LC_)/.test(name) ? value : '(set)']);
  const about = {
    callbackd: version,
    node: runtime.versions,
    exec_path: program[0],
    platform: runtime.platform,
    os: /^PRETTY_NAME="?(.*?)"?$/m.exec(osRelease)?.[1] ?? os.version(),
    kernel: os.release(),
    cpus: os.availableParallelism(),
    memory_bytes: { total: os.totalmem(), free: os.freemem() },
    uptime_seconds: Math.round(os.uptime()),
    uid: runtime.uid ?? null,
    now: new Date(clock.now()).toISOString(),
    environment: Object.fromEntries(variables),
  };
  inputs.add({ name: 'about.json', text: asDocument(about) });
}

/** Units, their drop-ins and the end of the journal; nothing where there is no systemd. */
export async function gatherSystemd(
  inputs: Inputs,
  { environment }: Pick<Context, 'environment'>,
): Promise<void> {
  const shown = await readCommand('systemctl', ['show', '--no-pager', ...UNITS], environment);
  if (shown === undefined) return inputs.miss('systemd/', message('cli.bundle_no_systemd'));
  inputs.add({ name: 'systemd/properties.txt', text: shown });
  const asked: readonly (readonly [string, string, readonly string[]])[] = [
    ['systemd/units.txt', 'systemctl', ['cat', '--no-pager', ...UNITS]],
    [
      'systemd/journal.ndjson',
      'journalctl',
      ['--no-pager', '-o', 'cat', '-n', String(JOURNAL_LINES), ...UNITS.flatMap((unit) => ['-u', unit])],
    ],
  ];
  for (const [name, command, words] of asked) {
    const text = await readCommand(command, words, environment);
    if (text === undefined)
      inputs.miss(name, message('cli.bundle_no_output', { command: `${command} ${words[0]}` }));
    else inputs.add({ name, text });
  }
}
