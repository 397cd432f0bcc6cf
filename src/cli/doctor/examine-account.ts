/** The way to the account: the token's source, whether it may list, and whether this host's clock agrees with the platform's. */

import type { Context } from '../../app/context.ts';
import { probeAccount } from '../../app/probe-account.ts';
import type { Message } from '../../messages/message.ts';
import { say } from '../../messages/say.ts';
import { PlatformError } from '../../model/calls.ts';
import { CredentialsError } from '../../model/credentials.ts';
import type { PlatformSettings, Settings } from '../../model/settings.ts';
import type { Finding } from './finding.ts';

/** A JWT is refused when the clock is off by more than its short life; logs become hard to compare long before. */
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
            message: `${platform.baseUrl} lists ${listing.apps}${listing.hasMore ? ' and more' : ''} apps`,
          };
    return [describeToken(platform), ...warnings.map(warnOfToken), reach, ...describeSkew(skewMs)];
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    const { message } = error;
    const cure = say(error.advice);
    return [{ check: 'token', level: 'error', message, cure, exit: 'credentials_refused' }];
  }
}

function describeToken({ auth }: PlatformSettings): Finding {
  const sources = {
    token_file: () => (auth.kind === 'token_file' ? `from the file ${auth.path}` : ''),
    token_env: () => (auth.kind === 'token_env' ? `from $${auth.variable}` : ''),
    jwt: () => (auth.kind === 'jwt' ? `by OAuth with the key ${auth.privateKeyFile}` : ''),
  };
  return { check: 'token', level: 'ok', message: `there is one, ${sources[auth.kind]()}` };
}

function warnOfToken(warning: Message): Finding {
  return {
    check: 'token',
    level: 'warning',
    message: say(warning),
    cure: 'give the file to the service user with mode 0600',
  };
}

function explainReach({ details }: PlatformError, { baseUrl }: PlatformSettings): Finding {
  const { kind, logid } = details;
  const message = say(details.message);
  const advice = details.advice === undefined ? undefined : say(details.advice);
  const region =
    kind === 'auth' ? ` a token of one region is refused by the other: ${baseUrl} has to be its own;` : '';
  const cure = `${advice ?? 'try again; `callbackd plan` shows each call'};${region} see docs/authentication.md`;
  const facts = logid === undefined ? message : `${message} (logid ${logid})`;
  const exit = kind === 'auth' ? 'credentials_refused' : 'failed';
  return { check: 'account', level: 'error', message: facts, cure, exit };
}

function describeSkew(skewMs: number | undefined): Finding[] {
  if (skewMs === undefined) return [];
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const side = skewMs > 0 ? 'ahead of' : 'behind';
  if (Math.abs(skewMs) < SKEW_WARNS_MS) {
    return [{ check: 'clock', level: 'ok', message: 'agrees with the platform' }];
  }
  const cure = 'set it by NTP: `timedatectl set-ntp true`';
  return [{ check: 'clock', level: 'warning', message: `${seconds} s ${side} the platform's`, cure }];
}
