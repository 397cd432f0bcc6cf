/** G7: no secret in any log, plan, state or history; only the token sink holds it. */

import { message } from '../messages/message.ts';
import type { CheckContext } from './check-context.ts';
import type { Exchange } from './network.ts';
import { SINK_DIR } from './write-configuration.ts';

/** Fewer characters of a secret are not taken for it. */
const PART_LENGTH_MIN = 12;

/** Searches disk and log for every token that the world issued. */
export function searchSecrets(
  context: CheckContext,
  haystacks: { readonly files: ReadonlyMap<string, Uint8Array>; readonly log: readonly string[] },
  apiTokens: readonly string[],
): void {
  const verifyTokens = context.sandbox
    .apps()
    .map((app) => context.sandbox.verifyTokenOf(app.id)?.reveal())
    .filter((token) => token !== undefined);
  const secrets = [...verifyTokens, ...apiTokens];
  for (const [path, bytes] of haystacks.files) {
    if (path.startsWith(`${SINK_DIR}/`)) continue;
    const text = Buffer.from(bytes).toString('latin1');
    if (findSecrets(text, secrets).length > 0)
      context.violate('G7', message('rehearsal.file_holds_secret', { path }));
  }
  const log = haystacks.log.join('\n');
  for (const secret of findSecrets(log, secrets)) {
    context.violate('G7', message('rehearsal.log_holds_secret', { line: lineWith(haystacks.log, secret) }));
  }
}

/** What the platform quoted of secrets, as it was written; ends of replies that were cut off are no whole secret. */
export function findEchoes(exchanges: readonly Exchange[]): readonly string[] {
  const quoted = exchanges.flatMap(({ end }) => {
    const body = end?.reply?.body ?? '';
    return /"debug":"([^"]*)"|<\/h1>([^<]+)</.exec(body)?.slice(1) ?? [];
  });
  const parts = quoted.flatMap((text: string | undefined) => text?.split(',') ?? []);
  return [...new Set(parts)].filter((part) => part.length >= PART_LENGTH_MIN);
}

/** The secrets in the text. Those of letters and digits are found in one pass, however many there are. */
function findSecrets(text: string, secrets: readonly string[]): readonly string[] {
  const plain = secrets.filter((secret) => /^[A-Za-z0-9]+$/.test(secret));
  const wanted = new Set(plain);
  const found = new Set(secrets.filter((secret) => !wanted.has(secret) && text.includes(secret)));
  for (const length of new Set(plain.map((secret) => secret.length))) {
    for (const run of listRuns(text, length)) {
      for (let start = 0; start + length <= run.length; start += 1) {
        const stretch = run.slice(start, start + length);
        if (wanted.has(stretch)) found.add(stretch);
      }
    }
  }
  return secrets.filter((secret) => found.has(secret));
}

/**
 * Runs of at least `length` letters and digits. Each covers every `length`-th place, so only those are looked
 * at.
 */
function listRuns(text: string, length: number): readonly string[] {
  const runs: string[] = [];
  for (let at = length - 1; at < text.length; at += length) {
    if (!isAlphanumeric(text.charCodeAt(at))) continue;
    let start = at;
    let end = at + 1;
    while (isAlphanumeric(text.charCodeAt(start - 1))) start -= 1;
    while (isAlphanumeric(text.charCodeAt(end))) end += 1;
    if (end - start >= length) runs.push(text.slice(start, end));
    at = Math.max(at, end - length);
  }
  return runs;
}

/** Of an ASCII code; false for NaN, which `charCodeAt` gives outside of a text. */
function isAlphanumeric(code: number): boolean {
  const letter = code | 0x20;
  return (code >= 0x30 && code <= 0x39) || (letter >= 0x61 && letter <= 0x7a && code < 0x80);
}

function lineWith(lines: readonly string[], secret: string): string {
  const line = lines.find((candidate) => candidate.includes(secret)) ?? '';
  return line.replaceAll(secret, '[the secret]').slice(0, 200);
}
