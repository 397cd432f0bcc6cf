/** A session for a command that writes where it may, and otherwise asks the daemon that holds the state. */

import { asAppFailure } from '../../app/failure.ts';
import { type ApplySession, openApplySession } from '../../app/open-apply-session.ts';
import { openPlanSession, type PlanSession } from '../../app/open-plan-session.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { CommandContext, Invocation } from './command-spec.ts';
import { readCommonFlags } from './options.ts';

/** The lock where it is free; where a daemon holds it, a look. Throws every other AppFailure. */
export async function openSession(
  configuration: Configuration,
  invocation: Invocation,
  context: CommandContext,
): Promise<ApplySession | PlanSession> {
  try {
    return await openApplySession(configuration, context, readCommonFlags(invocation));
  } catch (error) {
    if (asAppFailure(error)?.kind !== 'locked') throw error;
    return openPlanSession(configuration, context);
  }
}
