/** What a file that cannot be read as a configuration seems to say about `state_dir`. A guess: whoever uses it verifies it. */

import path from 'node:path';
import type { FileReader } from '../lib/file-reader.ts';
import type { Environment } from './overrides.ts';
import { CONFIGURATION_BYTES_MAX } from './read-source.ts';

/** Longer paths do not exist. */
const LINE = /^[ \t{]*["']?state_dir["']?[ \t]*:([^\r\n]{0,4096})/m;

/** Absolute. Undefined where the file has no such line, or none that means a path. */
export async function guessStateDir(
  file: string,
  files: FileReader,
  environment: Environment,
): Promise<string | undefined> {
  const read = await files.read(file, CONFIGURATION_BYTES_MAX);
  if (!read.ok) return undefined;
  // Without its zeros, UTF-16 of ASCII is ASCII.
  const text = new TextDecoder().decode(read.bytes).replaceAll('\0', '');
  const value = readScalar(LINE.exec(text)?.[1]?.trim() ?? '');
  const expanded = value.replaceAll(
    /\$\{([A-Za-z_]\w*)\}/g,
    (whole, name: string) => environment[name] || whole,
  );
  return expanded === '' || expanded.includes('${') ? undefined : path.resolve(path.dirname(file), expanded);
}

/** The value at the beginning of the rest of a line: quoted, or up to a comment or the end of a mapping. */
function readScalar(text: string): string {
  const quote = text.charAt(0);
  if (quote === '"' || quote === "'") return text.slice(1).split(quote, 1)[0] ?? '';
  const [plain = ''] = text.split(/[ \t]#|[,}]/, 1);
  return plain.trim();
}
