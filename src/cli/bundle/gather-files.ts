/** The configuration as it stands, the last good one, and the state directory. */

import path from 'node:path';
import { listRecordedFiles, readLastGoodSources } from '../../app/read-recorded.ts';
import { DiskError } from '../../lib/disk.ts';
import { nodeDisk } from '../../lib/disk-node.ts';
import { hostFiles } from '../../lib/file-reader.ts';
import { message, verbatim } from '../../messages/message.ts';
import { asDocument, type Inputs } from './inputs.ts';

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
