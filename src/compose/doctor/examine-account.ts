/** The way to the account: the token's source, whether it may list, and whether this host's clock agrees with the platform's. */

import type { Finding } from '../../cli/doctor/finding.ts';
import type { Transport } from '../../lib/http-transport.ts';
import { createNodeHttpTransport } from '../../lib/node-http-transport.ts';
import { PlatformError } from '../../model/calls.ts';
import { CredentialsError } from '../../model/credentials.ts';
import type { PlatformSettings, Settings } from '../../model/settings.ts';
import { createPlatform } from '../../platform/create-platform.ts';
import { logCall } from '../../record/log-call.ts';
import type { Context } from '../context.ts';
import { createTokenProvider } from '../create-token-provider.ts';
import { openEventLog } from '../open-records.ts';

/** A JWT is refused when the clock is off by more than its short life; logs become hard to compare long before. */
const SKEW_WARNS_MS = 30_000;

export async function examineAccount(settings: Settings, context: Context): Promise<readonly Finding[]> {
  const { platform } = settings;
  const { edge, clock, version } = context;
  const log = openEventLog(settings, context, edge.stderr);
  const warnings: string[] = [];
  const skew: { ms?: number } = {};
  const inner = createNodeHttpTransport({ connectionsMax: 1 });
  const transport = watchDate(inner, (serverNow) => {
    skew.ms = clock.now() - serverNow;
  });
  const shared = {
    ...{ transport, clock, random: Math.random, userAgent: `callbackd/${version}` },
    onCall: (report: Parameters<typeof logCall>[1], about: Parameters<typeof logCall>[2]) =>
      logCall(log, report, about),
  };
  const tokens = createTokenProvider(platform, {
    ...shared,
    environment: edge.environment,
    onWarning: (message) => warnings.push(message),
  });
  try {
    await tokens.current();
    const client = createPlatform({ ...shared, settings: platform, tokens });
    const reach = await client.listApps('', { signal: edge.signals.interrupted }).then(
      ({ items, hasMore }): Finding => ({
        check: 'account',
        level: 'ok',
        message: `${platform.baseUrl} lists ${items.length}${hasMore ? ' and more' : ''} apps`,
      }),
      (error: unknown) => explainReach(error, platform),
    );
    return [describeToken(platform), ...warnings.map(warnOfToken), reach, ...describeSkew(skew.ms)];
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    const { message, advice } = error;
    return [{ check: 'token', level: 'error', message, cure: advice, exit: 'credentials_refused' }];
  } finally {
    inner.close();
    await log.flush();
  }
}

function watchDate(inner: Transport, tell: (serverNow: number) => void): Transport {
  return {
    async send(request, signal) {
      const reply = await inner.send(request, signal);
      const serverNow = Date.parse(reply.headers['date'] ?? '');
      if (!Number.isNaN(serverNow)) tell(serverNow);
      return reply;
    },
  };
}

function describeToken({ auth }: PlatformSettings): Finding {
  const sources = {
    token_file: () => (auth.kind === 'token_file' ? `from the file ${auth.path}` : ''),
    token_env: () => (auth.kind === 'token_env' ? `from $${auth.variable}` : ''),
    jwt: () => (auth.kind === 'jwt' ? `by OAuth with the key ${auth.privateKeyFile}` : ''),
  };
  return { check: 'token', level: 'ok', message: `there is one, ${sources[auth.kind]()}` };
}

function warnOfToken(message: string): Finding {
  return {
    check: 'token',
    level: 'warning',
    message,
    cure: 'give the file to the service user with mode 0600',
  };
}

function explainReach(error: unknown, { baseUrl }: PlatformSettings): Finding {
  if (!(error instanceof PlatformError)) throw error;
  const { kind, message, advice, logid } = error.details;
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
