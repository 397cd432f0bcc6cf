/**
 * The live line of a long apply, rewritten in place; failures stay above it. Where nobody watches a terminal
 * it writes nothing but sentences.
 */

import type { Clock } from '../../lib/clock.ts';
import { printable } from '../../lib/printable.ts';
import { formatDuration } from '../../messages/format-duration.ts';
import type { Translate } from '../../messages/say.ts';
import type { Outcome } from '../../model/round.ts';
import type { Terminal } from '../terminal.ts';
import { REWIND } from '../views/layout.ts';

export interface ApplyProgress {
  /** Shows one more change as ended. */
  add(outcome: Outcome): void;
  /** A sentence that stays, above the line. */
  say(text: string): void;
  /** Takes the line away. */
  end(): void;
}

const BAR_CELLS = 24;

/** A forecast from less is a guess. */
const FORECAST_AFTER = { changes: 10, seconds: 5 };

/** How long the rest takes at the rate so far; nothing while that rate says little. */
function describeRest(
  left: number,
  { done, seconds }: { readonly done: number; readonly seconds: number },
  translate: Translate,
): string[] {
  const isKnown = done >= FORECAST_AFTER.changes && seconds >= FORECAST_AFTER.seconds;
  return isKnown && left > 0
    ? [translate('cli.about_left', { left: formatDuration(Math.ceil((left / done) * seconds) * 1000) })]
    : [];
}

export function createApplyProgress(
  total: number,
  { note, isLive, translate }: Pick<Terminal, 'note' | 'isLive' | 'translate'>,
  clock: Clock,
): ApplyProgress {
  const startedAt = clock.now();
  const counts = { applied: 0, failed: 0, skipped: 0 };
  const show = (last: string) => {
    const done = counts.applied + counts.failed;
    const seconds = Math.max(0.001, (clock.now() - startedAt) / 1000);
    const filled = total === 0 ? BAR_CELLS : Math.min(BAR_CELLS, Math.floor((done / total) * BAR_CELLS));
    const parts = [
      `[${'#'.repeat(filled)}${'-'.repeat(BAR_CELLS - filled)}] ${done}/${total}`,
      `${(done / seconds).toFixed(1)}/s`,
      ...describeRest(total - done - counts.skipped, { done, seconds }, translate),
      ...(counts.failed === 0 ? [] : [translate('cli.count_failed', { count: counts.failed })]),
      ...(last === '' ? [] : [last]),
    ];
    note(`${REWIND}${parts.join('  ')}`);
  };
  if (isLive && total > 0) show('');
  return {
    add({ change, result, failure }) {
      counts[result] += 1;
      if (!isLive || result === 'skipped') return;
      const who = printable(change.key ?? change.id ?? '').slice(0, 30);
      if (failure !== undefined) {
        const failed = translate('cli.failed_to', { action: translate(`page.action_${change.action}`) });
        note(`${REWIND}${failed} ${who}: ${printable(translate(failure.message))}\n`);
      }
      show(`${translate(`page.action_${change.action}`)} ${who}`);
    },
    say(text) {
      note(isLive ? `${REWIND}${text}\n` : `${text}\n`);
    },
    end() {
      if (isLive && total > 0) note(REWIND);
    },
  };
}
