/** What a plan rests on, asked again in front of each delete. A late create or update heals; a late delete does not. */

import type { StandstillWatch } from '../lib/standstill.ts';
import { type Message, message } from '../messages/message.ts';
import type { Operation } from '../model/calls.ts';
import type { Change } from '../model/plan.ts';

export interface PlanBasis {
  /** Why a write of this change must not leave any more; undefined lets it pass. */
  mayLeave(operation: Operation, change: Change): Promise<Message | undefined>;
  /** Why it last held back a write; undefined while all of them could leave. */
  readonly refused: Message | undefined;
  /** Nothing is decided by it any more. `isDone`: all of the plan was carried out. */
  end(isDone?: boolean): void;
}

interface BasisRequest {
  /** Aborted: a newer configuration is in force. */
  readonly superseded?: AbortSignal;
  readonly mayDelete?: (change: Change) => Promise<Message | undefined>;
}

/** `standstill` was begun when the listing ended; absent where nothing is acted on. */
export function createPlanBasis(
  standstill: StandstillWatch | undefined,
  { superseded, mayDelete }: BasisRequest,
): PlanBasis {
  const findNewer = () => (superseded?.aborted ? message('apply.newer_configuration') : undefined);
  const findStandstill = () => {
    const found = standstill?.find();
    return found === undefined ? undefined : message('apply.stood_still', { stoodMs: found.stoodMs });
  };
  let refused: Message | undefined;
  return {
    get refused() {
      return refused;
    },
    async mayLeave(operation, change) {
      if (operation !== 'delete_app') return undefined;
      refused = findNewer() ?? findStandstill() ?? (await mayDelete?.(change));
      // Once more, because looking at the files may have taken long itself.
      refused ??= findNewer() ?? findStandstill();
      return refused;
    },
    end(isDone = false) {
      if (isDone) standstill?.succeed();
      standstill?.end();
    },
  };
}
