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
    if (secrets.some((secret) => text.includes(secret))) scene.violate('G7', `${path} holds a secret`);
  }
  const log = haystacks.log.join('\n');
  for (const secret of secrets) {
    if (log.includes(secret))
      scene.violate('G7', `the log holds a secret: ${lineWith(haystacks.log, secret)}`);
  }
}

function lineWith(lines: readonly string[], secret: string): string {
  const line = lines.find((candidate) => candidate.includes(secret)) ?? '';
  return line.replaceAll(secret, '[the secret]').slice(0, 200);
}
