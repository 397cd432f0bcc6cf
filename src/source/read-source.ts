/**
 * Reads one file of the operator: UTF-8 text of a regular file within bounds, without its byte order mark.
 */

import type { FileReader, ReadFailure } from '../lib/file-reader.ts';
import { message } from '../messages/message.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { assertNever } from '../model/invariant.ts';
import { createDiagnostic } from './diagnostics.ts';
import { startOf } from './mark.ts';

/** All files of a configuration together. 10,000 entries of four fields are 1.1 MB. */
export const CONFIGURATION_BYTES_MAX = 16 * 1024 * 1024;

export type SourceText =
  | { readonly ok: true; readonly text: string; readonly bytes: number }
  | {
      readonly ok: false;
      readonly diagnostic: Diagnostic;
      /** By the system, perhaps for a passing reason. */
      readonly isRefused: boolean;
    };

/** `bytesLeft`: what the files that were read before leave of `CONFIGURATION_BYTES_MAX`. */
export async function readSource(path: string, files: FileReader, bytesLeft: number): Promise<SourceText> {
  const read = await files.read(path, bytesLeft);
  if (!read.ok) {
    const isRefused = read.failure.reason === 'refused';
    return { ok: false, diagnostic: explainReadFailure(path, read.failure), isRefused };
  }
  const { bytes } = read;
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), bytes: bytes.length };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { ok: false, diagnostic: explainEncoding(path, bytes), isRefused: false };
  }
}

function explainReadFailure(file: string, failure: ReadFailure): Diagnostic {
  const mark = startOf(file);
  switch (failure.reason) {
    case 'missing':
      return createDiagnostic('file_missing', message('source.file_missing', { file }), mark, {
        hint: message('source.file_missing_hint'),
      });
    case 'directory':
      return createDiagnostic('file_not_regular', message('source.file_is_folder', { file }), mark);
    case 'not_a_file':
      return createDiagnostic('file_not_regular', message('source.file_not_regular', { file }), mark);
    case 'too_large': {
      const size = { file, bytes: failure.bytes, limit: CONFIGURATION_BYTES_MAX };
      return createDiagnostic('file_too_large', message('source.file_too_large', size), mark);
    }
    case 'refused': {
      const problem = message('source.file_unreadable', { file, reason: failure.code });
      return createDiagnostic('file_unreadable', problem, mark, {
        hint: failure.code === 'EACCES' ? message('source.file_unreadable_hint') : undefined,
      });
    }
    default:
      return assertNever(failure);
  }
}

/**
 * Points at the first byte that is not UTF-8, found as the first replacement character of a lenient reading.
 */
function explainEncoding(file: string, bytes: Uint8Array): Diagnostic {
  const before = new TextDecoder('utf-8').decode(bytes).split('\uFFFD', 1)[0] ?? '';
  const lines = before.split(/\r\n|\r|\n/);
  const position = { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  const mark = { position, length: 1 };
  return createDiagnostic('file_not_utf8', message('source.file_not_utf8', { file }), mark, {
    hint: message('source.file_not_utf8_hint'),
  });
}
