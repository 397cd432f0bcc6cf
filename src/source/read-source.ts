/**
 * Reads one file of the operator: path in, text or one Diagnostic out. It bounds what it reads, insists on UTF-8 and takes
 * off a byte order mark; it never parses.
 */

import type { FileReader, ReadFailure } from '../lib/file-reader.ts';
import type { SourcePosition } from '../model/desired.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { assertNever } from '../model/invariant.ts';
import type { DiagnosticCode } from './diagnostic-codes.ts';

/**
 * Largest file that is read. 100,000 entries are 11 MB; parsing them takes 2.2 s of CPU time and 270 MB, or 11 s and 700 MB where the
 * file is not plain (measured on 2 shared cores), so a larger file would more likely exhaust the host than be meant.
 */
export const FILE_BYTES_MAX = 16 * 1024 * 1024;

export type SourceText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

export async function readSource(path: string, files: FileReader): Promise<SourceText> {
  const read = await files.read(path, FILE_BYTES_MAX);
  if (!read.ok) return { ok: false, diagnostic: explainReadFailure(path, read.failure) };
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(read.bytes) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { ok: false, diagnostic: explainEncoding(path, read.bytes) };
  }
}

function explainReadFailure(file: string, failure: ReadFailure): Diagnostic {
  const position = { file, line: 1, column: 1 };
  switch (failure.reason) {
    case 'missing':
      return fault(
        'file_missing',
        `${file} does not exist`,
        position,
        'Check the path, or give one with --config.',
      );
    case 'directory':
      return fault('file_not_regular', `${file} is a folder, not a file`, position);
    case 'not_a_file':
      return fault('file_not_regular', `${file} is not a regular file`, position);
    case 'too_large':
      return fault(
        'file_too_large',
        `${file} has ${failure.bytes} bytes; at most ${FILE_BYTES_MAX} are read`,
        position,
      );
    case 'refused':
      return fault(
        'file_unreadable',
        `${file} cannot be read (${failure.code})`,
        position,
        failure.code === 'EACCES' ? 'Let the user that runs callbackd read it.' : undefined,
      );
    default:
      return assertNever(failure);
  }
}

/** Points at the first byte that is not UTF-8, found as the first replacement character of a lenient reading. */
function explainEncoding(file: string, bytes: Uint8Array): Diagnostic {
  const before = new TextDecoder('utf-8').decode(bytes).split('\uFFFD', 1)[0] ?? '';
  const lines = before.split(/\r\n|\r|\n/);
  const position = { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  return fault('file_not_utf8', `${file} is not UTF-8 text`, position, 'Save it as UTF-8.');
}

function fault(code: DiagnosticCode, message: string, position: SourcePosition, hint?: string): Diagnostic {
  return { code, severity: 'error', message, position, length: 1, ...(hint === undefined ? {} : { hint }) };
}
