/** Challenges every receiver of the configuration as the platform would, and names the stage that fails. */

import type { Context } from '../../app/context.ts';
import { openReceivers, type ReceiverStage } from '../../app/open-account.ts';
import { say } from '../../messages/say.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { Finding } from './finding.ts';

/** How many receivers are challenged at once; each may take its three seconds. */
const AT_ONCE = 16;

/** What helps, by the stage that was reached. */
const CURES: Readonly<Record<ReceiverStage, (url: string) => string>> = {
  url: () => 'write a URL that begins with https://',
  dns: (url) =>
    `correct the name in ${url}, or its DNS record: \`getent hosts ${hostOf(url)}\` has to find it`,
  address: () =>
    'nothing, if the platform can reach it; `reconcile.preflight_allow_private` challenges it from here',
  tcp: (url) => `start the receiver of ${url}, and let the firewall through to it`,
  tls: (url) =>
    `serve a valid certificate with its whole chain at ${url}: \`openssl s_client -connect ${hostOf(url)}:${portOf(url)}\` shows it`,
  time: (url) => `make ${url} answer within 3 s: the platform waits no longer`,
  http: (url) => `make ${url} answer a POST itself, with status 200 and no redirect`,
  echo: (url) => `make ${url} answer POST {"event":{"challenge":"X"}} with {"challenge":"X"}`,
};

export async function examineReceivers(
  { settings, desired }: Configuration,
  context: Context,
): Promise<readonly Finding[]> {
  const receivers = openReceivers(settings, context);
  const { signals } = context;
  const keysByUrl = new Map<string, string[]>();
  for (const { key, callbackUrl } of desired.apps.values()) {
    if (callbackUrl !== undefined) keysByUrl.set(callbackUrl, [...(keysByUrl.get(callbackUrl) ?? []), key]);
  }
  const waiting = [...keysByUrl];
  const findings: Finding[] = [];
  for (let batch = waiting.splice(0, AT_ONCE); batch.length > 0; batch = waiting.splice(0, AT_ONCE)) {
    const verdicts = batch.map(async ([url, keys]): Promise<Finding> => {
      const verdict = await receivers.check(url, { signal: signals.interrupted });
      const who =
        keys.length > 3 ? `${keys.slice(0, 3).join(', ')} and ${keys.length - 3} more` : keys.join(', ');
      if (verdict.ok) return { check: 'receiver', level: 'ok', message: `${who}: answers the challenge` };
      const isUntried = verdict.stage === 'address';
      const cure = CURES[verdict.stage](withoutQuery(url));
      const message = `${who}: failed at ${verdict.stage}: ${say(verdict.message)}`;
      return { check: 'receiver', level: isUntried ? 'warning' : 'error', message, cure };
    });
    findings.push(...(await Promise.all(verdicts)));
  }
  return findings;
}

function hostOf(url: string): string {
  return new URL(url).hostname;
}

function portOf(url: string): string {
  return new URL(url).port || '443';
}

/** A query can hold a secret. */
function withoutQuery(url: string): string {
  return url.split(/[?#]/)[0] ?? url;
}
