/** What a plan says: why a change is withheld and how to release it, what a change loses, why a saved plan no longer fits. */

import { formatDuration } from '../format-duration.ts';
import { plural } from '../plural.ts';

interface Id {
  readonly id: string;
}

interface Key {
  readonly key: string;
}

interface Pause {
  readonly by: string | undefined;
  readonly because: string | undefined;
}

interface Orphans {
  readonly orphans: readonly { readonly key: string; readonly id: string }[];
}

const printPause = ({ by, because }: Pause) =>
  `${by === undefined ? '' : ` by ${by}`}${because === undefined ? '' : `: ${because}`}.`;

const printOrphans = ({ orphans }: Orphans) => orphans.map(({ key, id }) => `${key} (${id})`).join(', ');

/** Why a change is withheld, with what was measured. */
const HOLDS = {
  'plan.paused_everything': (pause: Pause) => `Everything is paused${printPause(pause)}`,
  'plan.paused_entry': (pause: Pause) => `This entry is paused${printPause(pause)}`,
  'plan.failed_before': (backoff: {
    readonly failures: number;
    readonly reason: string;
    readonly nextInMs: number;
  }) => {
    const times = backoff.failures === 1 ? 'once' : `${backoff.failures} times in a row`;
    return `It failed ${times}; the next attempt is in ${formatDuration(backoff.nextInMs)}. Reason: ${backoff.reason}`;
  },
  'plan.several_matches': ({ ids }: { readonly ids: readonly string[] }) =>
    `${ids.length} apps look like this entry: ${ids.join(', ')}.`,
  'plan.match_equals': ({ id, adopt }: Id & { readonly adopt: string }) =>
    `${id} already matches this entry, but \`adopt: ${adopt}\` does not allow adopting it.`,
  'plan.match_differs': ({
    id,
    adopt,
    fields,
  }: Id & {
    readonly adopt: string;
    readonly fields: readonly string[];
  }) =>
    `${id} looks like this entry but differs in ${fields.join(', ')}, and \`adopt: ${adopt}\` does not allow adopting it.`,
  'plan.pinned_other_type': 'The pinned app has another type or channel, and a pinned app is never replaced.',
  'plan.pinned_missing': ({ id }: Id) => `The pinned id ${id} is not in the account.`,
  'plan.pinned_elsewhere': ({ id, key }: Id & Key) => `The pinned id ${id} belongs to the entry ${key}.`,
  'plan.type_unknown': ({ id, type }: Id & { readonly type: string }) =>
    `${id} has the unknown type ${type}.`,
  'plan.several_orphans': (orphans: Orphans) =>
    `Several removed entries look like this one: ${printOrphans(orphans)}.`,
  'plan.entry_renamed': (orphans: Orphans) =>
    `${printOrphans(orphans)} was removed, and this entry was added with the same callback_url.`,
  'plan.orphan_renamed': ({ key }: Key) =>
    `This entry was removed, and ${key} was added, which looks the same.`,
  'plan.orphan_protected': 'The entry was removed from the file, but it was protected.',
  'plan.orphan_kept': 'The entry was removed from the file, and `prune: never` keeps its app.',
  'plan.orphan_grace': ({ remainingMs }: { readonly remainingMs: number }) =>
    `The entry was removed from the file. Its app can be deleted in ${formatDuration(remainingMs)}, unless the entry is put back.`,
  'plan.create_settling': ({ remainingMs }: { readonly remainingMs: number }) => {
    const when = remainingMs <= 0 ? 'the settle time' : formatDuration(remainingMs);
    return `The outcome of a create is unknown; a complete listing after ${when} decides.`;
  },
  'plan.created_elsewhere': ({ id, lineage }: Id & { readonly lineage: string }) =>
    `${id} has this name and the mark of another callbackd (lineage ${lineage}...), so no second app is created now.`,
  'plan.match_unproven': ({ id }: Id) =>
    `The outcome of a create is unknown. ${id} appeared afterwards, and nothing proves that the create made it.`,
  'plan.stray_settling': ({ id }: Id) =>
    `${id} was created too late by callbackd and belongs to no entry; it is deleted after the settle time.`,
  'plan.stray_used': ({ id }: Id) =>
    `${id} was created too late by callbackd, and someone gave it a URL or subscriptions.`,
  'plan.strays_in_day': ({ count, limit }: { readonly count: number; readonly limit: number }) =>
    `${count === 1 ? '1 app has' : `${count} apps have`} our mark and no entry, but ${limit === 0 ? 'none' : `only ${limit}`} may be deleted: one for each create with an unknown outcome.`,
  'plan.create_unproven':
    'The outcome of an earlier create is unknown, and no second listing confirms that its app does not exist.',
  'plan.create_without_entry': 'The entry was removed, and the outcome of its create is not known yet.',
  'plan.create_without_entry_ambiguous': ({ ids }: { readonly ids: readonly string[] }) =>
    `The entry was removed, and the result of its unfinished create may be ${ids.join(' or ')}.`,
  'plan.rotation_not_owned': ({ key }: Key) => `${key} has no app yet, so there is no verify_token to rotate`,
  'plan.rotation_unfinished': ({ key }: Key) =>
    `${key} is still being created or replaced; try again when that is done`,
  'plan.rotation_with_overlap': ({ key, id, overlapMs }: Key & Id & { readonly overlapMs: number }) =>
    `${key} gets a new app with a new verify_token, which takes over from ${id}. The old app stays for another ` +
    `${formatDuration(overlapMs)}; in that time each event arrives twice, signed with one token each.`,
  'plan.rotation_with_gap': ({ key, id }: Key & Id) =>
    `${key} is the app of a channel, which takes only one: ${id} is deleted first, and no event arrives until the ` +
    'new app has its URL and its subscriptions.',
  'plan.rotation_pinned': 'The entry pins this app by its id, so no other app can take its place.',
  'plan.overlap_left': (left: {
    readonly old: string;
    readonly id: string;
    readonly by: string;
    readonly remainingMs: number;
  }) =>
    `${left.by} rotated the verify_token: ${left.id} took over, and ${left.old} stays for another ` +
    `${formatDuration(left.remainingMs)}. Until then each event arrives twice.`,
  'plan.loses_events_in_gap':
    'events until the new app is subscribed: a channel takes one app, so the old one goes first',
  'plan.replace_protected':
    'Its type or channel differs, and a protected app is never replaced, even with `replace: allow`.',
  'plan.replace_withheld':
    'Its type or channel differs from the entry. A replacement gets a new id and a new verify_token.',
  'plan.replaced_protected': ({ id, by }: Id & { readonly by: string }) =>
    `${id} was replaced by ${by}, but the entry is protected now.`,
  'plan.duplicate_of': ({
    id,
    ours,
    key,
    seenForMs,
  }: Id & Key & { readonly ours: string; readonly seenForMs: number }) => {
    const since = seenForMs === 0 ? 'first seen now' : `first seen ${formatDuration(seenForMs)} ago`;
    return `${id} is not ours and looks like ${ours}, which ${key} owns (${since}). Both may be receiving events.`;
  },
  'plan.written_recently': ({ fields }: { readonly fields: readonly string[] }) =>
    `The listing does not show our last change of ${fields.join(', ')} yet; listings may lag, so nothing is sent again.`,
  'plan.deleted_recently': ({ id }: Id) =>
    `${id} was deleted a moment ago and is still listed; listings may lag, so nothing is sent again.`,
  'plan.bound_recently': ({ id }: Id) =>
    `${id} is not listed yet; it was added moments ago, and listings can lag.`,
  'plan.missing_at_once': (share: {
    readonly missing: number;
    readonly owned: number;
    readonly limit: number;
  }) =>
    `${share.missing} of ${share.owned} owned apps are missing at once; the limit is a share of ${share.limit} (\`limits.missing_share\`).`,
  'plan.missing_all': ({ missing }: { readonly missing: number }) =>
    `None of the ${missing} owned apps is in this account, so no app is created in it.`,
  'plan.missing_keeps_others': ({ missing, owned }: { readonly missing: number; readonly owned: number }) =>
    `${missing} of ${owned} owned apps are missing, so no app is deleted either.`,
  'plan.missing_but_readable': ({ id }: Id) =>
    `${id} is not listed, but its subscriptions can be read, so it still exists.`,
  'plan.missing_unconfirmed': ({ id }: Id) =>
    `${id} is not listed, but no second listing confirms the first.`,
  'plan.missing_not_probed': ({ id }: Id) =>
    `${id} is not listed; the next round checks whether it still exists.`,
  'plan.listing_hides': ({ id }: Id) =>
    `The listing omits ${id}, which still exists, so no app is deleted on the basis of this listing.`,
  'plan.listings_differ': 'Two consecutive listings differ, so no app is deleted.',
  'plan.listed_once': 'There was only one listing; a delete needs a second one that agrees.',
  'plan.deletes_everything': ({ count }: { readonly count: number }) =>
    `All ${count} owned apps would be deleted.`,
  'plan.deletes_in_round': ({ count, limit }: { readonly count: number; readonly limit: number }) =>
    `${count} deletes in one round; the limit is ${limit} (\`limits.deletes_per_round\`).`,
  'plan.deletes_of_owned': (share: {
    readonly count: number;
    readonly owned: number;
    readonly limit: number;
  }) =>
    `${share.count} deletes of ${share.owned} owned apps; the limit is a share of ${share.limit} (\`limits.deletes_share\`).`,
  'plan.deletes_in_day': (day: {
    readonly count: number;
    readonly recent: number;
    readonly limit: number;
    /** Undefined where the limit is too low for all of them on any day. */
    readonly roomInMs: number | undefined;
  }) => {
    const room = day.roomInMs === undefined ? '' : ` They will fit in ${formatDuration(day.roomInMs)}.`;
    return `${plural(day.count, 'more delete')} after ${day.recent} in the last 24 hours; the limit is ${day.limit} (\`limits.deletes_per_day\`).${room}`;
  },
  'plan.contested_fields': ({ fields }: { readonly fields: readonly string[] }) => fields.join(' '),
  'plan.contested_field': (contest: {
    readonly field: string;
    readonly from: string;
    readonly moves: readonly { readonly to: string; readonly agoMs: number }[];
  }) => {
    const moves = contest.moves.map(({ to, agoMs }) => `to ${to} ${formatDuration(agoMs)} ago`);
    return `${contest.field} was changed back ${moves.length} times from ${contest.from} by someone else: ${moves.join(', ')}.`;
  },
} as const;

/** How to release a change, where the reason alone does not say it. */
const RELEASES = {
  'plan.release_pause_all': 'remove `reconcile.paused`',
  'plan.release_pause': ({ key }: Key) => `remove \`paused:\` from the entry ${key}`,
  'plan.release_duplicate': ({ id, key }: Id & Key) =>
    `run \`callbackd delete ${id}\`, take it over with \`id: "${id}"\` in the entry ${key}, or accept it with \`accept_duplicates: ["${id}"]\` there`,
  'plan.release_pin': ({ key }: Key) => `correct or remove \`id:\` in the entry ${key}`,
  'plan.release_protect': ({ key }: Key) => `set \`protect: false\` in the entry ${key}`,
  'plan.release_orphans': ({ key }: Key) => `name the right one with \`was:\` in the entry ${key}`,
  'plan.release_rename': ({ was, key, approve }: Key & { readonly was: string; readonly approve: string }) =>
    `add \`was: ${was}\` to the entry ${key}, or run \`callbackd approve ${approve}\` if the two are unrelated`,
  'plan.release_create_without_entry': ({ key }: Key) =>
    `put the entry ${key} back with \`id:\`, or delete the surplus apps`,
} as const;

/** What a change destroys permanently; continues a sentence after "loses". */
const LOSSES = {
  'plan.loses_token': ({ id }: Id) => `the verify_token of ${id}, which cannot be restored`,
  'plan.loses_vanished_token': ({ id }: Id) =>
    `the verify_token of ${id}, which is gone; the new app gets another`,
  'plan.loses_subscriptions': 'its subscriptions',
  'plan.loses_events': ({ events }: { readonly events: readonly string[] }) =>
    `its subscriptions: ${events.join(', ')}`,
  'plan.loses_deliveries': ({ url }: { readonly url: string }) => `deliveries to ${url}`,
  'plan.loses_binding': ({ id }: Id) => `the link to ${id}, which stays in the account unchanged`,
} as const;

/** Why a saved plan, or a change of it, cannot be applied any more. */
const SAVED_PLANS = {
  'plan.saved_for_endpoint': ({ saved, now }: { readonly saved: string; readonly now: string }) =>
    `The plan was made for ${saved}, but this configuration uses ${now}.`,
  'plan.saved_for_state':
    'The plan was made with another state directory, which may record other owned apps.',
  'plan.saved_too_long_ago': 'The plan has expired; create a new one.',
  'plan.saved_entry_edited': 'The entry was edited after the plan was saved.',
  'plan.saved_account_changed': 'The account changed after the plan was saved.',
  'plan.saved_withheld': ({ reason, message }: { readonly reason: string; readonly message: string }) =>
    `It is now held (${reason}): ${message}`,
  'plan.saved_not_needed':
    'It is no longer needed: the account already matches the file, or the entry was removed.',
} as const;

export const PLAN = { ...HOLDS, ...RELEASES, ...LOSSES, ...SAVED_PLANS } as const;
