/** The account behind one set of settings: the platform client, split into what may read and what may write. */

import type { AppWriter } from '../apply/ports.ts';
import type { Clock } from '../lib/clock.ts';
import { createHttpClient } from '../lib/http-client.ts';
import type { Message } from '../messages/message.ts';
import type { PlatformSettings } from '../model/settings.ts';
import { createObserver } from '../observe/create-observer.ts';
import { createPlatform, type PacedPlatform } from '../platform/create-platform.ts';
import type { CallBudget, OnCall } from '../platform/ports.ts';
import type { AccountObserver } from '../reconcile/ports.ts';
import { createTokenProvider } from './create-token-provider.ts';

export interface AccountDeps {
  readonly clock: Clock;
  readonly random: () => number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly onCall: OnCall;
  readonly onWarning: (warning: Message) => void;
  readonly budget?: CallBudget;
}

export interface Account {
  readonly observer: AccountObserver;
  readonly writer: AppWriter;
  /** Requests sent so far, retries included. */
  callsSent(): number;
  pacing: PacedPlatform['pacing'];
  close(): void;
}

export function openAccount(settings: PlatformSettings, deps: AccountDeps): Account {
  const { clock, random, version, onCall, budget } = deps;
  const sent = { count: 0 };
  const transport = createHttpClient({ connectionsMax: settings.concurrency });
  const countCall: OnCall = (report, context) => {
    sent.count += 1;
    onCall(report, context);
  };
  const shared = { transport, clock, random, onCall: countCall, userAgent: `callbackd/${version}` };
  const platform = createPlatform({
    ...shared,
    settings,
    tokens: createTokenProvider(settings, { ...deps, ...shared }),
    ...(budget === undefined ? {} : { budget }),
  });
  return {
    observer: createObserver({ lister: platform, clock, concurrency: settings.concurrency }),
    writer: platform,
    callsSent: () => sent.count,
    pacing: () => platform.pacing(),
    close: () => transport.close(),
  };
}
