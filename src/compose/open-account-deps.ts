/** What every account is opened with: the clock, the environment, and who is told of each call. */

import type { Clock } from '../lib/clock.ts';
import type { Settings } from '../model/settings.ts';
import type { Edge } from './edge.ts';
import type { AccountDeps } from './open-account.ts';

export interface Context {
  readonly edge: Edge;
  readonly clock: Clock;
  readonly version: string;
}

export function openAccountDeps({ edge, clock, version }: Context, _settings: Settings): AccountDeps {
  return {
    clock,
    random: Math.random,
    environment: edge.environment,
    version,
    onCall: () => {},
    onWarning: (message) => void edge.stderr.write(`warning: ${message}\n`),
  };
}
