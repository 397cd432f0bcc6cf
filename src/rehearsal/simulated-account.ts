/** The account as one simulated process reaches it: the real client and the real observer over the simulated wire. */

import type { AppWriter } from '../apply/ports.ts';
import type { PlatformSettings } from '../model/settings.ts';
import { createObserver } from '../observe/create-observer.ts';
import { createPlatform } from '../platform/create-platform.ts';
import { createTokenFile } from '../platform/token-file.ts';
import type { AccountObserver } from '../reconcile/ports.ts';
import type { AccountDeps } from './process-deps.ts';
import { TOKEN_PATH } from './write-configuration.ts';

export interface SimulatedAccount {
  readonly observer: AccountObserver;
  readonly writer: AppWriter;
  callsSent(): number;
}

export function openAccount(settings: PlatformSettings, deps: AccountDeps): SimulatedAccount {
  const { life, sabotage, chance, operator, log } = deps;
  let callsSent = 0;
  const platform = createPlatform({
    settings,
    tokens: createTokenFile({ path: TOKEN_PATH, files: operator.files, onWarning: log }),
    transport: sabotage.transport?.(deps.transport) ?? deps.transport,
    clock: life.clock,
    random: () => chance.next(),
    onCall: (report) => {
      callsSent += 1;
      log(JSON.stringify(report));
    },
    userAgent: 'callbackd/0.0.0',
  });
  const lister = sabotage.lister?.(platform) ?? platform;
  const observer = createObserver({ lister, clock: life.clock, concurrency: settings.concurrency });
  return {
    observer: sabotage.observer?.(observer) ?? observer,
    writer: sabotage.writer?.(platform) ?? platform,
    callsSent: () => callsSent,
  };
}
