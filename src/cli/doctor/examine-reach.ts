/** Whether the account, the receivers and the webhooks can be reached as configured. */

import type { Context } from '../../app/context.ts';
import { openReceivers, type ReceiverStage } from '../../app/open-account.ts';
import { AddressError, readAddress } from '../../app/open-notifications.ts';
import { type ListedPage, probeAccount } from '../../app/probe-account.ts';
import { openRecord } from '../../app/read-recorded.ts';
import { readTokenExpiry } from '../../app/token-expiry.ts';
import { describeExpiry, expiryStep } from '../../documents/token-expiry.ts';
import { type Message, message } from '../../messages/message.ts';
import { PlatformError } from '../../model/calls.ts';
import type { Configuration } from '../../model/configuration.ts';
import { CredentialsError } from '../../model/credentials.ts';
import { tagOf } from '../../model/mark.ts';
import type { PlatformSettings, Settings } from '../../model/settings.ts';
import type { Finding } from './view.ts';

/**
 * A JWT is refused when the clock is off by more than its short life; logs become hard to compare long
 * before.
 */
const SKEW_WARNS_MS = 30_000;

/**
 * Access to the account: the token's source, whether it may list, and whether this host's clock agrees with
 * the platform's.
 */
export async function examineAccount(settings: Settings, context: Context): Promise<readonly Finding[]> {
  const { platform } = settings;
  try {
    const { warnings, listing, skewMs } = await probeAccount(settings, context);
    const reach: Finding =
      listing instanceof PlatformError
        ? explainReach(listing, platform)
        : {
            check: 'account',
            level: 'ok',
            message: message(listing.hasMore ? 'cli.account_lists_more' : 'cli.account_lists', {
              url: platform.baseUrl,
              count: listing.apps,
            }),
          };
    const expiry = await examineExpiry(platform, context);
    const marked = listing instanceof PlatformError ? [] : listing.marked;
    return [
      describeToken(platform),
      ...expiry,
      ...warnings.map(warnOfToken),
      reach,
      ...(await findOtherWriter(settings, marked)),
      ...describeSkew(skewMs),
    ];
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    const { explanation: problem, advice: cure } = error;
    return [{ check: 'token', level: 'error', message: problem, cure, exit: 'credentials_refused' }];
  }
}

/** Without a state that can be read, every mark is somebody else's. */
async function findOtherWriter(
  settings: Settings,
  marked: ListedPage['marked'],
): Promise<readonly Finding[]> {
  if (marked.length === 0) return [];
  const lineage = await openRecord(settings).then(
    ({ state }) => state.lineage,
    () => '',
  );
  const ids = marked.filter(({ mark }) => mark.tag !== tagOf(lineage)).map(({ id }) => id);
  if (ids.length === 0) return [];
  const cure = message('cli.another_writer_cure');
  return [{ check: 'account', level: 'warning', message: message('cli.another_writer', { ids }), cure }];
}

function describeToken({ auth }: PlatformSettings): Finding {
  return { check: 'token', level: 'ok', message: nameSource(auth) };
}

async function examineExpiry(platform: PlatformSettings, { clock }: Context): Promise<Finding[]> {
  const expiresAt = await readTokenExpiry(platform);
  if (expiresAt === undefined) return [];
  const step = expiryStep(expiresAt, clock.now());
  const found = { check: 'token', message: describeExpiry(expiresAt, clock.now()) } as const;
  if (step === undefined) return [{ ...found, level: 'ok' }];
  return [{ ...found, level: step <= 1 ? 'error' : 'warning', cure: message('cli.token_expiry_cure') }];
}

function nameSource(auth: PlatformSettings['auth']): Message {
  switch (auth.kind) {
    case 'token_file':
      return message('cli.token_of_file', { file: auth.path });
    case 'token_env':
      return message('cli.token_of_variable', { variable: auth.variable });
    case 'jwt':
      return message('cli.token_of_key', { file: auth.privateKeyFile });
  }
}

function warnOfToken(problem: Message): Finding {
  return { check: 'token', level: 'warning', message: problem, cure: message('cli.token_cure') };
}

function explainReach({ details }: PlatformError, { baseUrl }: PlatformSettings): Finding {
  const { kind, logid, message: problem, advice = message('cli.account_try_again') } = details;
  const cure =
    kind === 'auth'
      ? message('cli.account_cure_region', { advice, url: baseUrl })
      : message('cli.account_cure', { advice });
  const facts = logid === undefined ? problem : message('cli.account_logid', { problem, logid });
  const exit = kind === 'auth' ? 'credentials_refused' : 'failed';
  return { check: 'account', level: 'error', message: facts, cure, exit };
}

function describeSkew(skewMs: number | undefined): Finding[] {
  if (skewMs === undefined) return [];
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  if (Math.abs(skewMs) < SKEW_WARNS_MS) {
    return [{ check: 'clock', level: 'ok', message: message('cli.clock_agrees') }];
  }
  const skew = message(skewMs > 0 ? 'cli.clock_ahead' : 'cli.clock_behind', { seconds });
  return [{ check: 'clock', level: 'warning', message: skew, cure: message('cli.clock_cure') }];
}

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

/** Challenges every receiver of the configuration as the platform would, and names the stage that fails. */
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

/**
 * Whether the address of each receiver of notifications can be read and may be used. Nothing is sent, and
 * none is shown.
 */
export function examineWebhooks({ notify }: Settings, { environment }: Context): Promise<readonly Finding[]> {
  const examine = async (settings: Settings['notify'][number]): Promise<Finding> => {
    const { name, format } = settings;
    try {
      await readAddress(settings, environment);
      return { check: 'notify', level: 'ok', message: message('cli.webhook_ok', { name, format }) };
    } catch (error) {
      if (!(error instanceof AddressError)) throw error;
      const cure = message('cli.webhook_cure');
      return {
        check: 'notify',
        level: 'error',
        message: message('cli.webhook_wrong', { name, problem: error.message }),
        cure,
      };
    }
  };
  return Promise.all(notify.map(examine));
}
