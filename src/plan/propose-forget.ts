/** Decides about the record of an app that neither the file nor the account shows any more. It sends nothing. */

import type { OwnedApp } from '../model/state.ts';
import { judgeAbsence } from './judge-absence.ts';
import type { PlanContext } from './plan-context.ts';
import { type Decision, makeChange } from './proposal.ts';

export function proposeForget(context: PlanContext, orphan: OwnedApp): Decision {
  const change = makeChange(context, {
    ...{ action: 'forget', reason: 'orphan_absent', key: orphan.key, id: orphan.id, owned: orphan },
    steps: [{ do: 'unbind', id: orphan.id }],
  });
  const hold = judgeAbsence(context, orphan, orphan.key);
  return { proposals: [{ change, hold, deletes: 'nothing' }], remember: [] };
}
