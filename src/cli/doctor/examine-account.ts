/**
 * Access to the account: the token's source, whether it may list, and whether this host's clock agrees with
 * the platform's.
 */

import type { Context } from '../../app/context.ts';
import { probeAccount } from '../../app/probe-account.ts';
import { type Message, message } from '../../messages/message.ts';
import { PlatformError } from '../../model/calls.ts';
import { CredentialsError } from '../../model/credentials.ts';
import type { PlatformSettings, Settings } from '../../model/settings.ts';
import type { Finding } from './finding.ts';

/**
 * A JWT is refused when the clock is off by more than its short life; logs become hard to compare long
 * before.
 */
const SKEW_WARNS_MS = 30_000;

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
    return [describeToken(platform), ...warnings.map(warnOfToken), reach, ...describeSkew(skewMs)];
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    const { explanation: problem, advice: cure } = error;
    return [{ check: 'token', level: 'error', message: problem, cure, exit: 'credentials_refused' }];
  }
}

function describeToken({ auth }: PlatformSettings): Finding {
  return { check: 'token', level: 'ok', message: nameSource(auth) };
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
