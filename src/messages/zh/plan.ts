/** Holds of a plan with what was measured, and what a change loses, in Chinese. */

import type { PLAN as ENGLISH } from '../en/plan.ts';
import { formatDurationInChinese as duration } from '../format-duration.ts';
import type { Translation } from '../translation.ts';

interface Pause {
  readonly by: string | undefined;
  readonly because: string | undefined;
}

const printPause = ({ by, because }: Pause) =>
  `${by === undefined ? '' : `，操作者 ${by}`}${because === undefined ? '' : `，原因：${because}`}。`;

const printOrphans = (orphans: readonly { readonly key: string; readonly id: string }[]) =>
  orphans.map(({ key, id }) => `${key}（${id}）`).join('、');

const HOLDS = {
  'plan.paused_everything': (pause) => `已全部暂停${printPause(pause)}`,
  'plan.paused_entry': (pause) => `该条目已暂停${printPause(pause)}`,
  'plan.failed_before': ({ failures, reason, nextInMs }) =>
    `${failures === 1 ? '上次失败' : `已连续失败 ${failures} 次`}，将在 ${duration(nextInMs)}后重试。原因：${reason}`,
  'plan.several_matches': ({ ids }) => `有 ${ids.length} 个应用与该条目相似：${ids.join('、')}。`,
  'plan.match_equals': ({ id, adopt }) => `${id} 与该条目一致，但 \`adopt: ${adopt}\` 不允许接管。`,
  'plan.match_differs': ({ id, adopt, fields }) =>
    `${id} 与该条目相似，但 ${fields.join('、')} 不同，\`adopt: ${adopt}\` 不允许接管。`,
  'plan.pinned_other_type': '指定的应用类型或渠道不同，而指定的应用不会被替换。',
  'plan.pinned_missing': ({ id }) => `账号中没有指定的 ID ${id}。`,
  'plan.pinned_elsewhere': ({ id, key }) => `指定的 ID ${id} 属于条目 ${key}。`,
  'plan.type_unknown': ({ id, type }) => `${id} 的类型 ${type} 未知。`,
  'plan.several_orphans': ({ orphans }) => `有多个已移除的条目与该条目相似：${printOrphans(orphans)}。`,
  'plan.entry_renamed': ({ orphans }) =>
    `${printOrphans(orphans)} 已移除，而该条目以相同的 callback_url 新增。`,
  'plan.orphan_renamed': ({ key }) => `该条目已移除，而新增的 ${key} 与它相似。`,
  'plan.orphan_protected': '条目已从文件移除，但它曾受保护。',
  'plan.orphan_kept': '条目已从文件移除，`prune: never` 保留其应用。',
  'plan.orphan_grace': ({ remainingMs }) =>
    `条目已从文件移除。除非放回条目，否则其应用将在 ${duration(remainingMs)}后可被删除。`,
  'plan.create_settling': ({ remainingMs }) =>
    `一次创建的结果未知；${remainingMs <= 0 ? '确认时间' : ` ${duration(remainingMs)}`}过后以完整列表为准。`,
  'plan.created_elsewhere': ({ id, lineage }) =>
    `${id} 与之同名，且带有另一个 callbackd 的标记（lineage ${lineage}...），因此暂不创建第二个应用。`,
  'plan.match_unproven': ({ id }) => `一次创建的结果未知。${id} 随后出现，但无法证明它由该次创建产生。`,
  'plan.stray_settling': ({ id }) => `${id} 由 callbackd 过晚创建，不属于任何条目；确认时间过后删除。`,
  'plan.stray_used': ({ id }) => `${id} 由 callbackd 过晚创建，但已有人为它设置了回调地址或订阅事件。`,
  'plan.strays_in_day': ({ count, limit }) =>
    `${count} 个应用带有我们的标记但没有条目，而最多只能删除 ${limit} 个：每个结果未知的创建对应一个。`,
  'plan.create_unproven': '此前一次创建的结果未知，且没有第二次列表能证明应用不存在。',
  'plan.create_without_entry': '条目已移除，其创建结果尚不明确。',
  'plan.create_without_entry_ambiguous': ({ ids }) =>
    `条目已移除，其未完成的创建结果可能是 ${ids.join(' 或 ')}。`,
  'plan.rotation_not_owned': ({ key }) => `${key} 还没有应用，因此没有可轮换的 verify_token`,
  'plan.rotation_unfinished': ({ key }) => `${key} 仍在创建或替换中，请待其完成后再试`,
  'plan.rotation_with_overlap': ({ key, id, overlapMs }) =>
    `${key} 将获得一个带新 verify_token 的新应用，接替 ${id}。旧应用再保留 ${duration(overlapMs)}；` +
    '在此期间每个事件会收到两次，分别用新旧两个 token 签名。',
  'plan.rotation_with_gap': ({ key, id }) =>
    `${key} 是渠道应用，而一个渠道只能有一个应用：先删除 ${id}，在新应用设好地址和订阅之前收不到任何事件。`,
  'plan.rotation_pinned': '条目用 id 指定了这个应用，其他应用无法取代它。',
  'plan.overlap_left': ({ old, id, by, remainingMs }) =>
    `${by} 轮换了 verify_token：${id} 已接替，${old} 再保留 ${duration(remainingMs)}。在此之前每个事件会收到两次。`,
  'plan.loses_events_in_gap': '新应用完成订阅之前的事件：一个渠道只能有一个应用，因此先删除旧应用',
  'plan.replace_protected': '类型或渠道不同，而受保护的应用不会被替换，即使设置了 `replace: allow`。',
  'plan.replace_withheld': '类型或渠道与条目不同。替换后 ID 和 verify_token 都会改变。',
  'plan.replaced_protected': ({ id, by }) => `${id} 已由 ${by} 替换，但条目现在受保护。`,
  'plan.written_recently': ({ fields }) =>
    `列表尚未显示我们刚才对 ${fields.join('、')} 的修改；列表可能有延迟，因此不重复发送。`,
  'plan.deleted_recently': ({ id }) => `${id} 刚刚删除，但仍在列表中；列表可能有延迟，因此不重复发送。`,
  'plan.bound_recently': ({ id }) => `列表中尚无 ${id}；它刚刚加入，列表可能有延迟。`,
  'plan.missing_at_once': ({ missing, owned, limit }) =>
    `${owned} 个已纳管应用中有 ${missing} 个同时消失；上限比例为 ${limit}（\`limits.missing_share\`）。`,
  'plan.missing_all': ({ missing }) => `${missing} 个已纳管应用都不在该账号中，因此不会在其中创建应用。`,
  'plan.missing_keeps_others': ({ missing, owned }) =>
    `${owned} 个已纳管应用中有 ${missing} 个消失，因此也不删除其他应用。`,
  'plan.missing_but_readable': ({ id }) => `列表中没有 ${id}，但能读取其订阅事件，因此它仍然存在。`,
  'plan.missing_unconfirmed': ({ id }) => `列表中没有 ${id}，但没有第二次列表能证实。`,
  'plan.missing_not_probed': ({ id }) => `列表中没有 ${id}；下一轮会检查它是否仍然存在。`,
  'plan.listing_hides': ({ id }) => `列表漏掉了仍然存在的 ${id}，因此不依据该列表删除任何应用。`,
  'plan.listings_differ': '连续两次列表不同，因此不删除任何应用。',
  'plan.listed_once': '只读取了一次列表；删除需要第二次结果相同的列表。',
  'plan.deletes_everything': ({ count }) => `将删除全部 ${count} 个已纳管应用。`,
  'plan.deletes_in_round': ({ count, limit }) =>
    `本轮将删除 ${count} 个应用；上限为 ${limit}（\`limits.deletes_per_round\`）。`,
  'plan.deletes_of_owned': ({ count, owned, limit }) =>
    `将删除 ${owned} 个已纳管应用中的 ${count} 个；上限比例为 ${limit}（\`limits.deletes_share\`）。`,
  'plan.deletes_in_day': ({ count, recent, limit, roomInMs }) =>
    `最近 24 小时已删除 ${recent} 个，还要删除 ${count} 个；上限为 ${limit}（\`limits.deletes_per_day\`）。` +
    `${roomInMs === undefined ? '' : `${duration(roomInMs)}后可以继续。`}`,
  'plan.duplicate_of': ({ id, ours, key, seenForMs }) =>
    `${id} 未纳管，与条目 ${key} 绑定的 ${ours} 相似（${seenForMs === 0 ? '本轮首次发现' : `${duration(seenForMs)}前首次发现`}）。` +
    '两者可能都在接收事件。',
  'plan.contested_fields': ({ fields }) => fields.join(' '),
  'plan.contested_field': ({ field, from, moves }) =>
    `${field} 的 ${from} 被他人改回 ${moves.length} 次：` +
    `${moves.map(({ to, agoMs }) => `${duration(agoMs)}前改为 ${to}`).join('，')}。`,
} satisfies Partial<Translation<typeof ENGLISH>>;

const RELEASES = {
  'plan.release_duplicate': ({ id, key }) =>
    `运行 \`callbackd delete ${id}\`、在条目 ${key} 中用 \`id: "${id}"\` 接管它，或用 \`accept_duplicates: ["${id}"]\` 保留它`,
  'plan.release_pause_all': '删除 `reconcile.paused`',
  'plan.release_pause': ({ key }) => `删除条目 ${key} 中的 \`paused:\``,
  'plan.release_pin': ({ key }) => `更正或删除条目 ${key} 中的 \`id:\``,
  'plan.release_protect': ({ key }) => `在条目 ${key} 中设置 \`protect: false\``,
  'plan.release_orphans': ({ key }) => `在条目 ${key} 中用 \`was:\` 指明是哪一个`,
  'plan.release_rename': ({ was, key, approve }) =>
    `在条目 ${key} 中加上 \`was: ${was}\`；若两者无关，运行 \`callbackd approve ${approve}\``,
  'plan.release_create_without_entry': ({ key }) => `把条目 ${key} 连同 \`id:\` 放回文件，或删除多余的应用`,
  'plan.loses_token': ({ id }) => `${id} 的 verify_token，无法恢复`,
  'plan.loses_vanished_token': ({ id }) => `${id} 的 verify_token，应用已不存在；新应用的 verify_token 不同`,
  'plan.loses_subscriptions': '其订阅事件',
  'plan.loses_events': ({ events }) => `其订阅事件：${events.join('、')}`,
  'plan.loses_deliveries': ({ url }) => `推送到 ${url} 的事件`,
  'plan.loses_binding': ({ id }) => `与 ${id} 的绑定；该应用原样留在账号中`,
  'plan.saved_for_endpoint': ({ saved, now }) => `计划是为 ${saved} 生成的，而当前配置使用 ${now}。`,
  'plan.saved_for_state': '计划是用另一个状态目录生成的，其中记录的已纳管应用可能不同。',
  'plan.saved_too_long_ago': '计划已过期，请重新生成。',
  'plan.saved_entry_edited': '保存计划之后，条目被修改过。',
  'plan.saved_account_changed': '保存计划之后，账号发生了变化。',
  'plan.saved_withheld': ({ reason, message }) => `现已暂缓（${reason}）：${message}`,
  'plan.saved_not_needed': '不再需要：账号已与文件一致，或条目已移除。',
} satisfies Partial<Translation<typeof ENGLISH>>;

export const PLAN: Translation<typeof ENGLISH> = { ...HOLDS, ...RELEASES };
