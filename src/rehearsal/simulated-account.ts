/** The production API client and observer over the simulated network. */

import type { AppWriter } from '../apply/ports.ts';
import type { Clock } from '../lib/clock.ts';
import type { Transport } from '../lib/http-transport.ts';
import { say } from '../messages/say.ts';
import type { PlatformSettings } from '../model/settings.ts';
import { createObserver } from '../observe/create-observer.ts';
import { createPlatform } from '../platform/create-platform.ts';
import { createSecretGate } from '../platform/secret-gate.ts';
import { createTokenFile } from '../platform/token-file.ts';
import type { AccountObserver } from '../reconcile/ports.ts';
import type { Mutations } from './mutations.ts';
import type { Operator } from './operator.ts';
import type { ProcessInstance } from './process-instance.ts';
import type { Rng } from './random.ts';
import { TOKEN_PATH } from './write-configuration.ts';

/** What every process needs, whether it may write or not. */
export interface AccountDeps {
  readonly instance: ProcessInstance;
  /** What is decided by time is decided by this one; that of the instance where absent. */
  readonly clock?: Clock;
  readonly transport: Transport;
  readonly operator: Operator;
  readonly rng: Rng;
  readonly mutations: Mutations;
  /** Writes one line of the log. */
  readonly log: (line: string) => void;
}

interface SimulatedAccount {
  readonly observer: AccountObserver;
  readonly writer: AppWriter;
  callsSent(): number;
}

export function openAccount(settings: PlatformSettings, deps: AccountDeps): SimulatedAccount {
  const { instance, mutations, rng, operator, log } = deps;
  const { clock = instance.clock } = deps;
  let callsSent = 0;
  const platform = createPlatform({
    settings,
    tokens: createTokenFile({
      path: TOKEN_PATH,
      files: operator.files,
      onWarning: (warning) => log(say(warning)),
    }),
    transport: mutations.transport?.(deps.transport) ?? deps.transport,
    clock,
    random: () => rng.next(),
    onCall: (report) => {
      callsSent += 1;
      log(JSON.stringify(report));
    },
    userAgent: 'callbackd/0.0.0',
    gate: createSecretGate(),
  });
  const lister = mutations.lister?.(platform) ?? platform;
  const observer = createObserver({ lister, clock, concurrency: settings.concurrency });
  return {
    observer: mutations.observer?.(observer) ?? observer,
    writer: mutations.writer?.(platform) ?? platform,
    callsSent: () => callsSent,
  };
}
