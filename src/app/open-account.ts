/** Opens what one set of settings describes: the platform account, the receiver check and the token sink. */

import { randomBytes, randomUUID } from 'node:crypto';
import type { AppWriter } from '../apply/ports.ts';
import type { Clock } from '../lib/clock.ts';
import { nodeDisk } from '../lib/disk-node.ts';
import { hostFiles } from '../lib/file-reader.ts';
import { createHttpClient } from '../lib/http-client.ts';
import type { Transport } from '../lib/http-transport.ts';
import { isPublicAddress } from '../lib/public-address.ts';
import type { Message } from '../messages/message.ts';
import type { PlatformSettings, Settings } from '../model/settings.ts';
import { createObserver } from '../observe/create-observer.ts';
import { createPlatform, type PacedPlatform } from '../platform/create-platform.ts';
import {
  createReceiverCheck,
  type ReceiverCheck,
  type ReceiverStage,
} from '../platform/create-receiver-check.ts';
import type { CallBudget, OnCall, TokenProvider, WriteGate } from '../platform/ports.ts';
import { createTokenFile, createTokenFromEnvironment } from '../platform/token-file.ts';
import type { AccountObserver } from '../reconcile/ports.ts';
import { createTokenSink, type FileTokenSink } from '../record/token-sink.ts';
import type { Context } from './context.ts';
import { openNetwork } from './open-network.ts';

export type { ReceiverStage };

export interface AccountDeps {
  readonly onCall: OnCall;
  /** Called with warnings about the token's file. */
  readonly onWarning: (warning: Message) => void;
  readonly budget?: CallBudget;
  /** Tells when the account was listed; the context's where absent. */
  readonly clock?: Clock;
  /** A check for the whole account, such as that its state is still ours. */
  readonly writeGates?: readonly WriteGate[];
}

export interface Account {
  readonly observer: AccountObserver;
  readonly writer: AppWriter;
  /** Requests sent so far, retries included. */
  callsSent(): number;
  pacing: PacedPlatform['pacing'];
  close(): void;
}

export function openAccount(settings: PlatformSettings, context: Context, deps: AccountDeps): Account {
  const { clock, random, gate } = context;
  const sent = { count: 0 };
  const transport = createHttpClient({
    connectionsMax: settings.concurrency,
    ...openNetwork(settings.network, 'coze', context),
  });
  const onCall: OnCall = (report, about) => {
    sent.count += 1;
    deps.onCall(report, about);
  };
  const tokens = createTokenProvider(settings, context, { ...deps, transport, onCall });
  const userAgent = userAgentOf(context);
  const platform = createPlatform({
    ...deps,
    ...{ transport, clock, random, gate, onCall, userAgent, settings, tokens },
  });
  return {
    observer: createObserver({
      lister: platform,
      clock: deps.clock ?? clock,
      concurrency: settings.concurrency,
    }),
    writer: platform,
    callsSent: () => sent.count,
    pacing: () => platform.pacing(),
    close: () => transport.close(),
  };
}

/** The check of receivers as the settings want it: the platform's own challenge, from this host. */
export function openReceivers(settings: Settings, context: Context): ReceiverCheck {
  const { preflightAllowPrivate, receivers } = settings;
  return createReceiverCheck({
    // A connection for each challenge: a kept one would prove nothing about the next.
    transport: createHttpClient({
      connectionsMax: Number.POSITIVE_INFINITY,
      keepAlive: false,
      ...openNetwork(receivers.network, 'reconcile.receivers', context),
      ...(preflightAllowPrivate ? {} : { isAddressAllowed: isPublicAddress }),
    }),
    clock: context.clock,
    newUuid: randomUUID,
    gate: context.gate,
    userAgent: userAgentOf(context),
  });
}

/** The token sink on this machine, where one is configured. */
export function openTokenSink({ tokenSinkDir: dir, stateDir }: Settings): FileTokenSink | undefined {
  return dir === undefined ? undefined : createTokenSink({ disk: nodeDisk, dir, stateDir, randomBytes });
}

export function userAgentOf({ version }: Context): string {
  return `callbackd/${version}`;
}

/** The platform wants a `jti` of at least 32 bytes that it never saw before. */
const JTI_BYTES = 32;

/** The source of the API token that the settings name. */
export function createTokenProvider(
  { auth, baseUrl, timeoutMs }: PlatformSettings,
  context: Context,
  deps: Pick<AccountDeps, 'onCall' | 'onWarning'> & { readonly transport: Transport },
): TokenProvider {
  switch (auth.kind) {
    case 'token_file':
      return createTokenFile({ path: auth.path, files: hostFiles, onWarning: deps.onWarning });
    case 'token_env':
      return createTokenFromEnvironment(auth.variable, context.environment[auth.variable]);
    case 'jwt':
      return createLazily(async () => {
        const { createTokenFromJwt } = await import('../platform/token-jwt.ts');
        const { clock, random, gate } = context;
        const newJti = () => randomBytes(JTI_BYTES).toString('hex');
        const userAgent = userAgentOf(context);
        const settings = { auth, baseUrl, timeoutMs };
        return createTokenFromJwt({
          ...deps,
          ...settings,
          clock,
          random,
          gate,
          userAgent,
          files: hostFiles,
          newJti,
        });
      });
  }
}

/** Loads the provider at its first use, so that nobody pays for the OAuth flow who does not use it. */
function createLazily(load: () => Promise<TokenProvider>): TokenProvider {
  let loading: Promise<TokenProvider> | undefined;
  const provider = () => {
    loading ??= load();
    return loading;
  };
  return {
    current: async () => (await provider()).current(),
    renew: async (refused) => (await provider()).renew(refused),
  };
}
