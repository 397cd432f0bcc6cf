/**
 * The text of each hold reason, and whether an approval lifts it. docs/plan.md lists the
 * same.
 */

import { type Message, message } from '../messages/message.ts';
import {
  ATTENTION_REASONS,
  type AttentionReason,
  STANDING_REASONS,
  type WithheldReason,
} from '../model/plan.ts';

/** Whether `approve KEY` or `approve DIGEST` releases it. No approval releases a standing reason. */
const APPROVABLE: Readonly<Record<AttentionReason, boolean>> = {
  deletes_per_round: true,
  deletes_share: true,
  deletes_per_day: true,
  delete_everything: true,
  ambiguous: false,
  unowned_match: true,
  possible_rename: true,
  contested: true,
  replace_not_allowed: true,
  suspicious_absence: true,
  listing_disagrees: false,
  duplicate: false,
  pin_not_found: false,
  pin_taken: false,
  unknown_app_type: false,
  another_writer: true,
  name_taken: true,
  stray_in_use: false,
  strays_per_day: true,
};

/** Held because of how many there are together: one approval, by digest, is for all of them. */
const HELD_TOGETHER: ReadonlySet<WithheldReason> = new Set([
  'deletes_per_round',
  'deletes_share',
  'deletes_per_day',
  'delete_everything',
  'suspicious_absence',
]);

export function isHeldTogether({ reason }: { readonly reason: WithheldReason }): boolean {
  return HELD_TOGETHER.has(reason);
}

/** All reasons: first the standing ones, then those that need a decision. */
export const REASON_ORDER: readonly WithheldReason[] = [...STANDING_REASONS, ...ATTENTION_REASONS];

/** Whether somebody must decide, unlike an intended hold or one that ends automatically. */
export function needsDecision(reason: WithheldReason): reason is AttentionReason {
  return Object.hasOwn(APPROVABLE, reason);
}

export function isApprovable(reason: WithheldReason): boolean {
  return needsDecision(reason) && APPROVABLE[reason];
}

/** A few words. */
export function titleOf(reason: WithheldReason): Message {
  return message(`plan.${reason}_title`);
}

/** What it means, in one or two sentences. */
export function explanationOf(reason: WithheldReason): Message {
  return message(`plan.${reason}_explanation`);
}

/**
 * How to release it. `key` is the id for an unmanaged app, `digest` what is enough of the plan's to approve
 * it.
 */
export function releaseOf(
  reason: WithheldReason,
  subject: { readonly key: string; readonly digest: string },
): Message {
  return message(`plan.${reason}_release`, subject);
}
