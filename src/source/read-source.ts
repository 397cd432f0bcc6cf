/** Reads one file of the operator: UTF-8 text of a regular file within bounds, without its byte order mark. */

import type { FileReader, ReadFailure } from '../lib/file-reader.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { assertNever } from '../model/invariant.ts';
import { createDiagnostic } from './diagnostics.ts';
import { startOf } from './mark.ts';

/** All files of a configuration together. 10,000 entries of four fields are 1.1 MB. */
export const CONFIGURATION_BYTES_MAX = 16 * 1024 * 1024;

export type SourceText =
  | { readonly ok: true; readonly text: string; readonly bytes: number }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

/** `bytesLeft`: what the files that were read before leave of `CONFIGURATION_BYTES_MAX`. */
export async function readSource(path: string, files: FileReader, bytesLeft: number): Promise<SourceText> {
  const read = await files.read(path, bytesLeft);
  if (!read.ok) return { ok: false, diagnostic: explainReadFailure(path, read.failure) };
  const { bytes } = read;
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), bytes: bytes.length };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { ok: false, diagnostic: explainEncoding(path, bytes) };
  }
}

function explainReadFailure(file: string, failure: ReadFailure): Diagnostic {
  const mark = startOf(file);
  switch (failure.reason) {
    case 'missing':
      return createDiagnostic('file_missing', `${file} does not exist`, mark, {
        hint: 'Check the path, or give one with --config.',
      });
    case 'directory':
      return createDiagnostic('file_not_regular', `${file} is a folder, not a file`, mark);
    case 'not_a_file':
      return createDiagnostic('file_not_regular', `${file} is not a regular file`, mark);
    case 'too_large': {
      const limit = `at most ${CONFIGURATION_BYTES_MAX} are read, of all files together`;
      return createDiagnostic('file_too_large', `${file} has ${failure.bytes} bytes; ${limit}`, mark);
    }
    case 'refused':
      return createDiagnostic('file_unreadable', `${file} cannot be read (${failure.code})`, mark, {
        hint: failure.code === 'EACCES' ? 'Let the user that runs callbackd read it.' : undefined,
      });
    default:
      return assertNever(failure);
  }
}

/** Points at the first byte that is not UTF-8, found as the first replacement character of a lenient reading. */
function explainEncoding(file: string, bytes: Uint8Array): Diagnostic {
  const before = new TextDecoder('utf-8').decode(bytes).split('\uFFFD', 1)[0] ?? '';
  const lines = before.split(/\r\n|\r|\n/);
  const position = { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  const mark = { position, length: 1 };
  return createDiagnostic('file_not_utf8', `${file} is not UTF-8 text`, mark, { hint: 'Save it as UTF-8.' });
}
