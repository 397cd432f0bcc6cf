/**
 * A minimal check of an account: whether there is a token, whether it can list apps, whether the clocks
 * agree.
 */

import { createHttpClient } from '../lib/http-client.ts';
import type { Transport } from '../lib/http-transport.ts';
import type { Message } from '../messages/message.ts';
import { PlatformError } from '../model/calls.ts';
import type { AppId } from '../model/identity.ts';
import type { Mark } from '../model/mark.ts';
import { readMark } from '../model/observed.ts';
import type { Settings } from '../model/settings.ts';
import { createPlatform } from '../platform/create-platform.ts';
import { withClosers } from './closers.ts';
import type { Context } from './context.ts';
import { createTokenProvider, userAgentOf } from './open-account.ts';
import { openNetwork } from './open-network.ts';
import { createLogObserver, openEventLog } from './open-records.ts';

export interface ListedPage {
  readonly apps: number;
  readonly hasMore: boolean;
  /** Those under the mark of a callbackd, this one or another. */
  readonly marked: readonly { readonly id: AppId; readonly mark: Mark }[];
}

export interface AccountProbe {
  /** What is suspicious about the token's file. */
  readonly warnings: readonly Message[];
  /** The first page of the listing, or why there is none. */
  readonly listing: ListedPage | PlatformError;
  /** How far this host's clock is ahead of the platform's; undefined when the reply had no date. */
  readonly skewMs: number | undefined;
}

/** Sends one request. Rejects with a CredentialsError when there is no token to send it with. */
export function probeAccount(settings: Settings, context: Context): Promise<AccountProbe> {
  const { platform } = settings;
  const { clock, random, signals, gate } = context;
  return withClosers(async (closers) => {
    const log = await openEventLog(settings, context, { stream: 'stderr', closers });
    const warnings: Message[] = [];
    let skewMs: number | undefined;
    const client = createHttpClient({ connectionsMax: 1, ...openNetwork(platform.network, 'coze', context) });
    closers.add(() => client.close());
    const transport = watchDate(client, (serverNow) => {
      skewMs = clock.now() - serverNow;
    });
    const { onCall = () => {} } = createLogObserver(log);
    const onWarning = (warning: Message) => void warnings.push(warning);
    const tokens = createTokenProvider(platform, context, { transport, onCall, onWarning });
    await tokens.current();
    const userAgent = userAgentOf(context);
    const shared = { transport, clock, random, gate, onCall, userAgent };
    const listing = await createPlatform({ ...shared, settings: platform, tokens })
      .listApps('', { signal: signals.interrupted })
      .then(
        ({ items, hasMore }): ListedPage => ({
          ...{ apps: items.length, hasMore },
          marked: items.map(readMark).flatMap(({ id, mark }) => (mark === undefined ? [] : [{ id, mark }])),
        }),
        (error: unknown) => {
          if (!(error instanceof PlatformError)) throw error;
          return error;
        },
      );
    return { warnings, listing, skewMs };
  });
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
