/** G7: no secret in any log, plan, state or history; only the sink holds it. It searches everything for every secret. */

import type { Scene } from './scene.ts';
import { SINK_DIR } from './write-configuration.ts';

/** Looks through the disk and the log for tokens that the world has handed out. */
export function searchSecrets(
  scene: Scene,
  haystacks: { readonly files: ReadonlyMap<string, Uint8Array>; readonly log: readonly string[] },
  apiTokens: readonly string[],
): void {
  const verifyTokens = scene.sandbox
    .apps()
    .map((app) => scene.sandbox.verifyTokenOf(app.id)?.reveal())
    .filter((token) => token !== undefined);
  const secrets = [...verifyTokens, ...apiTokens];
  for (const [path, bytes] of haystacks.files) {
    if (path.startsWith(`${SINK_DIR}/`)) continue;
    const text = Buffer.from(bytes).toString('latin1');
    if (findSecrets(text, secrets).length > 0) scene.violate('G7', `${path} holds a secret`);
  }
  const log = haystacks.log.join('\n');
  for (const secret of findSecrets(log, secrets)) {
    scene.violate('G7', `the log holds a secret: ${lineWith(haystacks.log, secret)}`);
  }
}

/** Those that the text holds. Secrets of letters and digits are looked up by every stretch of their length: one pass for any number. */
function findSecrets(text: string, secrets: readonly string[]): readonly string[] {
  const plain = secrets.filter((secret) => /^[A-Za-z0-9]+$/.test(secret));
  const wanted = new Set(plain);
  const found = new Set(secrets.filter((secret) => !wanted.has(secret) && text.includes(secret)));
  for (const length of new Set(plain.map((secret) => secret.length))) {
    for (const [run] of text.matchAll(new RegExp(`[A-Za-z0-9]{${length},}`, 'g'))) {
      for (let start = 0; start + length <= run.length; start += 1) {
        const stretch = run.slice(start, start + length);
        if (wanted.has(stretch)) found.add(stretch);
      }
    }
  }
  return secrets.filter((secret) => found.has(secret));
}

function lineWith(lines: readonly string[], secret: string): string {
  const line = lines.find((candidate) => candidate.includes(secret)) ?? '';
  return line.replaceAll(secret, '[the secret]').slice(0, 200);
}
