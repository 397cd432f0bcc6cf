import { describe, expect, it } from 'vitest';
import { collectLog, findStrayFields } from '../../test/builders/log-lines.ts';
import type { DaemonEvent } from '../daemon/daemon-event.ts';
import type { RoundReport } from '../model/round.ts';
import { logDaemonEvent } from './log-daemon-event.ts';

const REPORT: RoundReport = {
  round: 4,
  triggers: ['schedule', 'file'],
  startedAt: 1_000,
  endedAt: 3_500,
  result: 'converged',
  outcomes: [],
  calls: 2,
};
const error = new Error('no');
const ABOUT = { version: '1.2.3' };

/** One sample of each event; a new member of the union does not compile without one. */
const SAMPLES: { readonly [Type in DaemonEvent['type']]: Extract<DaemonEvent, { readonly type: Type }> } = {
  daemon_started: { type: 'daemon_started', configuration: 'last_good', apps: 3, schedule: '* * * * *' },
  daemon_stopping: { type: 'daemon_stopping', roundRunning: true },
  daemon_stopped: { type: 'daemon_stopped', how: 'finished' },
  configuration_reloaded: { type: 'configuration_reloaded', digest: 'd', apps: 3, settings: ['policy'] },
  configuration_unchanged: { type: 'configuration_unchanged' },
  configuration_refused: {
    type: 'configuration_refused',
    diagnostics: [
      {
        code: 'unknown_key',
        severity: 'error',
        message: 'unknown key',
        hint: 'did you mean `name`?',
        position: { file: 'callbackd.yaml', line: 3, column: 5 },
        length: 4,
      },
    ],
  },
  configuration_held: { type: 'configuration_held', reason: 'most entries are gone', digest: 'd' },
  configuration_not_kept: { type: 'configuration_not_kept', error },
  configuration_needs_restart: { type: 'configuration_needs_restart', settings: ['stateDir'] },
  watch_failed: { type: 'watch_failed', error, againInMs: 5_000 },
  round_started: { type: 'round_started', round: 4, triggers: ['start'] },
  round_ended: { type: 'round_ended', report: REPORT, nextAt: 600_000 },
  round_threw: { type: 'round_threw', round: 4, error },
  round_stuck: { type: 'round_stuck', round: 4, silentMs: 90_000 },
  round_abandoned: { type: 'round_abandoned', round: 4 },
  clock_jumped: { type: 'clock_jumped', byMs: -3_600_000 },
  loop_failed: { type: 'loop_failed', error },
  control_used: { type: 'control_used', command: 'approve', by: 'uid 1000', subject: 'orders' },
};

describe('an event of the daemon', () => {
  it.each(Object.values(SAMPLES))('$type becomes one line of the catalogue', (event) => {
    const { log, take } = collectLog();
    logDaemonEvent(log, event, ABOUT);
    const lines = take();
    expect(lines).toHaveLength(1);
    expect(lines.flatMap(findStrayFields)).toEqual([]);
  });

  it.each([SAMPLES.round_ended, SAMPLES.round_threw, SAMPLES.round_abandoned])(
    '$type is the last to carry the number of the round that round_started began',
    (last) => {
      const { log, take } = collectLog();
      const tell = (event: DaemonEvent) => logDaemonEvent(log, event, ABOUT);
      for (const event of [SAMPLES.configuration_unchanged, SAMPLES.round_started, SAMPLES.loop_failed])
        tell(event);
      tell(last);
      tell(SAMPLES.loop_failed);
      expect(take().map((line) => line['round'])).toEqual([undefined, 4, 4, 4, undefined]);
    },
  );

  it('that ended in the middle of a round is a warning', () => {
    const { log, take } = collectLog();
    logDaemonEvent(log, { type: 'daemon_stopped', how: 'timed_out' }, ABOUT);
    expect(take()).toMatchObject([{ level: 'warn', how: 'timed_out' }]);
  });

  it('tells every problem of a refused configuration with its place', () => {
    const { log, take } = collectLog();
    logDaemonEvent(log, SAMPLES.configuration_refused, ABOUT);
    expect(take()).toMatchObject([
      {
        level: 'error',
        problems: [
          {
            code: 'unknown_key',
            severity: 'error',
            message: 'unknown key',
            hint: 'did you mean `name`?',
            file: 'callbackd.yaml',
            line: 3,
            column: 5,
          },
        ],
      },
    ]);
  });
});
