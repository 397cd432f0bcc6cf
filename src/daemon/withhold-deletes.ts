/** Turns a configuration into one under which nothing is deleted: no orphan, no unmanaged app, no half of a replace. */

import type { Configuration } from './ports.ts';

/** For a configuration that is not what the operator's files say now: it may heal, but not take away. */
export function withholdDeletes(configuration: Configuration): Configuration {
  const { settings } = configuration;
  const { policy } = settings;
  return {
    ...configuration,
    settings: {
      ...settings,
      policy: { ...policy, prune: 'never', limits: { ...policy.limits, deletesPerRound: 0 } },
    },
  };
}
