/**
 * Turns round reports and the state of the configuration into problems, and passes them to each receiver's
 * sender.
 */

import type { Message } from '../messages/message.ts';
import type { RoundReport } from '../model/round.ts';
import { describeSummary, summariseEntries } from '../model/summary.ts';
import type { Sender } from './create-sender.ts';
import { createProblemTracker } from './problems.ts';

/** Every method returns at once and never throws. */
export interface Notifications {
  observeRound(report: RoundReport): void;
  /** Why the files were rejected; undefined when they are active. */
  observeConfiguration(problem: ConfigurationProblem | undefined): void;
  /** The end of the token, `daysLeft` days away; undefined while it is far. */
  observeToken(ending: { readonly daysLeft: number; readonly message: Message } | undefined): void;
  /** Aborts running deliveries and drops what was not sent. */
  close(): void;
}

interface ConfigurationProblem {
  readonly reason: 'invalid' | 'held';
  readonly message: Message;
  readonly release?: string;
}

export function createNotifications(senders: readonly Sender[]): Notifications {
  const tracker = createProblemTracker();
  let summary: Message | undefined;
  const update = () => {
    const problems = tracker.list();
    for (const sender of senders) sender.update(problems, summary);
  };
  return {
    observeRound(report) {
      tracker.observeRound(report);
      if (report.plan !== undefined) summary = describeSummary(summariseEntries(report));
      for (const sender of senders) sender.addChanges(report.outcomes);
      update();
    },
    observeConfiguration(problem) {
      tracker.observeConfiguration(
        problem && { id: `configuration ${problem.reason}`, kind: 'held', key: null, ...problem },
      );
      update();
    },
    observeToken(ending) {
      tracker.observeToken(
        ending && {
          id: `token ${ending.daysLeft}`,
          kind: 'held',
          key: null,
          reason: 'token_expiring',
          message: ending.message,
        },
      );
      update();
    },
    close() {
      for (const sender of senders) sender.close();
    },
  };
}
