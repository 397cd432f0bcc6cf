/** What `approve` may approve now, and what that will do; or why there is nothing of that name. Pure. */

import { type Message, message } from '../messages/message.ts';
import type { AppId } from '../model/identity.ts';
import type { Plan, Withheld } from '../model/plan.ts';
import { DIGEST_PREFIX } from '../plan/plan-input.ts';
import { subjectOf } from '../plan/proposal.ts';
import { isApprovable, isHeldTogether } from '../plan/reasons.ts';

export type Approval =
  | {
      readonly ok: true;
      /** What the grant names: a full digest, or the key. */
      readonly granted: string;
      /** The apps whose deletion it lets pass, for a day. */
      readonly ids: readonly AppId[];
      readonly message: Message;
    }
  | { readonly ok: false; readonly message: Message };

/** Fewer characters of a digest could mean another plan. */
const DIGEST_PREFIX_MIN = 8;
/** An answer names so many of what it approves. */
const NAMED_MAX = 10;

/** `explainUnknown`: what to say of a subject that is neither held nor a digest. */
export function findApproval(
  plan: Plan | undefined,
  subject: string,
  explainUnknown: () => Message,
): Approval {
  const { withheld = [], held, digest } = plan ?? {};
  const approvable = withheld.filter(({ reason }) => isApprovable(reason));
  if (isPrefix(subject, held?.digest))
    return approve(held?.digest ?? subject, withheld.filter(isHeldTogether));
  if (isPrefix(subject, digest) && approvable.length > 0) return approve(digest ?? subject, approvable);
  const named = approvable.filter((item) => subjectOf(item) === subject);
  if (named.length > 0) return approve(subject, named);
  const standing = withheld.find((item) => subjectOf(item) === subject);
  if (standing !== undefined) {
    return refuse(message('control.not_approvable', { subject, release: standing.release }));
  }
  if (isTooShort(subject, [held?.digest, digest])) {
    return refuse(message('control.short_digest', { subject, least: DIGEST_PREFIX_MIN }));
  }
  if (!/^[0-9a-f]{8,64}$/.test(subject)) return refuse(explainUnknown());
  if (held === undefined) return refuse(message('control.old_digest', { subject }));
  const now = { digest: held.digest.slice(0, DIGEST_PREFIX), count: held.subjects.length };
  return refuse(message('control.other_digest', { subject, ...now }));
}

function isPrefix(subject: string, digest: string | undefined): boolean {
  return subject.length >= DIGEST_PREFIX_MIN && digest?.startsWith(subject) === true;
}

function isTooShort(subject: string, digests: readonly (string | undefined)[]): boolean {
  return (
    subject !== '' && subject.length < DIGEST_PREFIX_MIN && digests.some((one) => one?.startsWith(subject))
  );
}

function refuse(problem: Message): Approval {
  return { ok: false, message: problem };
}

function approve(granted: string, items: readonly Withheld[]): Approval {
  const ids = items.flatMap(({ action, id }) => (action === 'delete' && id !== null ? [id] : []));
  const [first] = items;
  const isOneKind = items.every(({ action }) => action === first?.action);
  const what = {
    action: isOneKind && first !== undefined ? message(`page.action_${first.action}`) : '',
    count: items.length,
    subjects: items.slice(0, NAMED_MAX).map(subjectOf),
    lasts: ids.length > 0,
  };
  return { ok: true, granted, ids, message: message('control.approved_changes', what) };
}
