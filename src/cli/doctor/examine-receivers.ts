/** Challenges every receiver of the configuration as the platform would, and names the stage that fails. */

import type { Context } from '../../app/context.ts';
import { openReceivers, type ReceiverStage } from '../../app/open-account.ts';
import { type Message, message } from '../../messages/message.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { Finding } from './finding.ts';

/** How many receivers are challenged at once; each may take its three seconds. */
const AT_ONCE = 16;
/** Of the entries that share a receiver, so many are named. */
const KEYS_MAX = 3;

/** What helps, by the stage that was reached. */
const CURES: Readonly<Record<ReceiverStage, (url: string) => Message>> = {
  url: () => message('cli.receiver_cure_url'),
  dns: (url) => message('cli.receiver_cure_dns', { url, host: hostOf(url) }),
  address: () => message('cli.receiver_cure_address'),
  proxy: () => message('cli.network_cure', { section: 'reconcile.receivers' }),
  tcp: (url) => message('cli.receiver_cure_tcp', { url }),
  tls: (url) => message('cli.receiver_cure_tls', { url, address: `${hostOf(url)}:${portOf(url)}` }),
  time: (url) => message('cli.receiver_cure_time', { url }),
  http: (url) => message('cli.receiver_cure_http', { url }),
  echo: (url) => message('cli.receiver_cure_echo', { url }),
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
      const shown = keys.slice(0, KEYS_MAX);
      const who = message('cli.receiver_keys', { keys: shown, more: keys.length - shown.length });
      if (verdict.ok) {
        return { check: 'receiver', level: 'ok', message: message('cli.receiver_ok', { who }) };
      }
      const isUntried = verdict.stage === 'address';
      const cure = CURES[verdict.stage](withoutQuery(url));
      const { stage } = verdict;
      const failed = message('cli.receiver_failed', { who, stage, problem: verdict.message });
      return { check: 'receiver', level: isUntried ? 'warning' : 'error', message: failed, cure };
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
