/** Why a change is held, and how to unblock it, in Chinese. */

import type { PLAN_REASONS as ENGLISH } from '../en/plan-reasons.ts';
import type { Translation } from '../translation.ts';

const TITLES = {
  'plan.protected_title': '受保护',
  'plan.paused_title': '已暂停',
  'plan.paused_all_title': '已全部暂停',
  'plan.prune_never_title': '已关闭自动删除',
  'plan.delete_grace_title': '待删除',
  'plan.overlap_title': '新旧应用并存',
  'plan.settling_title': '等待列表确认',
  'plan.backoff_title': '连续失败，暂缓重试',
  'plan.deletes_per_round_title': '单轮删除过多',
  'plan.deletes_share_title': '删除比例过大',
  'plan.deletes_per_day_title': '单日删除过多',
  'plan.delete_everything_title': '将删除全部应用',
  'plan.ambiguous_title': '匹配到多个应用',
  'plan.unowned_match_title': '账号中已有相似的未纳管应用',
  'plan.possible_rename_title': '疑似改名',
  'plan.contested_title': '被他人反复改回',
  'plan.replace_not_allowed_title': '不允许替换',
  'plan.suspicious_absence_title': '消失的应用过多',
  'plan.listing_disagrees_title': '列表前后不一致',
  'plan.duplicate_title': '重复的应用',
  'plan.another_writer_title': '另一个 callbackd 正在创建',
  'plan.name_taken_title': '名称已被占用',
  'plan.stray_in_use_title': '遗留应用正在使用',
  'plan.strays_per_day_title': '遗留应用过多',
  'plan.pin_not_found_title': '指定的应用不存在',
  'plan.pin_taken_title': '指定的应用属于另一条目',
  'plan.unknown_app_type_title': '未知的应用类型',
} satisfies Partial<Translation<typeof ENGLISH>>;

const EXPLANATIONS = {
  'plan.protected_explanation': '条目受保护，或最近一次读取时受保护。其应用不会被删除或替换。',
  'plan.paused_explanation': '该条目已被暂停，到期或手动恢复后继续。',
  'plan.paused_all_explanation': '整个账号已被暂停，到期或手动恢复后继续。',
  'plan.prune_never_explanation': '条目已从文件移除，`prune: never` 保留其应用。',
  'plan.delete_grace_explanation': '条目已从文件移除，宽限期结束后删除其应用。',
  'plan.overlap_explanation': '有人轮换了 verify_token。并存期结束前旧应用保留，每个事件会收到两次。',
  'plan.settling_explanation': '应用刚刚创建或变更（也可能尚未成功）。列表可能有延迟，因此先等待。',
  'plan.backoff_explanation': '上次尝试失败。重试间隔逐次延长，最长 1 小时。',
  'plan.deletes_per_round_explanation': '本轮要删除的应用超过 `limits.deletes_per_round`，因此一个也不删。',
  'plan.deletes_share_explanation':
    '要删除的应用占已纳管应用的比例超过 `limits.deletes_share`，因此一个也不删。',
  'plan.deletes_per_day_explanation':
    '加上最近 24 小时的删除，将超过 `limits.deletes_per_day`，因此一个也不删。',
  'plan.delete_everything_explanation': '将删除所有已纳管应用。即使未超过上限，也必须放行。',
  'plan.ambiguous_explanation': '有多个应用与条目匹配，无法确定是哪一个。',
  'plan.unowned_match_explanation': '账号中已有相似的应用。未经确认，既不接管也不重复创建。',
  'plan.possible_rename_explanation':
    '移除了一个条目，又新增了一个接收端相同的条目。先删后建会丢失 verify_token。',
  'plan.contested_explanation': '有人反复把字段改回去，callbackd 已停止修改。',
  'plan.replace_not_allowed_explanation': '应用的类型和渠道无法修改，只能用新应用替换。',
  'plan.suspicious_absence_explanation':
    '同时消失的已纳管应用过多，更可能是账号或令牌有误，而不是被删除。如果全部消失，也不会创建新应用。',
  'plan.listing_disagrees_explanation': '两次读取的列表互相矛盾，因此不把缺少的应用视为已删除。',
  'plan.duplicate_explanation':
    '有一个未纳管应用，其类型和名称（或渠道）与已绑定其他应用的条目相同。不会改动它。',
  'plan.another_writer_explanation': '有一个同名应用带有另一个 callbackd 的标记，它似乎正在创建该应用。',
  'plan.name_taken_explanation': '平台拒绝了新应用的名称，可能是因为另一个应用已使用该名称。',
  'plan.stray_in_use_explanation':
    'callbackd 创建该应用过晚，没有绑定条目；此后有人为它设置了回调地址或订阅事件。',
  'plan.strays_per_day_explanation': '带有本 callbackd 标记却没有条目的应用，多于结果未知的创建。',
  'plan.pin_not_found_explanation': '条目指定的 ID 不在账号中。',
  'plan.pin_taken_explanation': '条目指定的 ID 已被另一条目绑定或指定。',
  'plan.unknown_app_type_explanation': '本版本不认识该应用的类型，不会改动这类应用。',
} satisfies Partial<Translation<typeof ENGLISH>>;

const RELEASES = {
  'plan.protected_release': ({ key }) =>
    `把条目 ${key} 连同 \`protect: false\` 放回文件并执行，然后再移除条目`,
  'plan.paused_release': ({ key }) =>
    `运行 \`callbackd resume ${key}\`，或删除条目中的 \`paused:\`，取决于暂停是在哪里设置的`,
  'plan.paused_all_release': '运行 `callbackd resume`，或删除 `reconcile.paused`，取决于暂停是在哪里设置的',
  'plan.prune_never_release': ({ key }) => `把条目 ${key} 放回文件，或设置 \`prune: owned\``,
  'plan.delete_grace_release': ({ key }) => `等待；若要保留应用，请把条目 ${key} 放回文件`,
  'plan.overlap_release': () => '等待；并存期结束后的一轮会删除旧应用',
  'plan.settling_release': '等待；确认时间过后，下一轮会作出判断',
  'plan.backoff_release': ({ key }) => `等待、修改条目 ${key}，或运行 \`callbackd apply\``,
  'plan.deletes_per_round_release': ({ digest }) =>
    `运行 \`callbackd approve ${digest}\`，或运行 \`callbackd apply --allow-deletes\``,
  'plan.deletes_share_release': ({ digest }) =>
    `运行 \`callbackd approve ${digest}\`，或运行 \`callbackd apply --allow-deletes\``,
  'plan.deletes_per_day_release': ({ digest }) =>
    `等待、运行 \`callbackd approve ${digest}\`，或运行 \`callbackd apply --allow-deletes\``,
  'plan.delete_everything_release': ({ digest }) =>
    `运行 \`callbackd approve ${digest}\`，或运行 \`callbackd apply --allow-deletes\``,
  'plan.ambiguous_release': ({ key }) => `在条目 ${key} 中用 \`id:\` 指定其中一个，或删除多余的应用`,
  'plan.unowned_match_release': ({ key }) =>
    `运行 \`callbackd approve ${key}\` 接管它、用 \`id:\` 指定它，或设置 \`adopt: by_name\``,
  'plan.possible_rename_release': ({ key }) =>
    `在新条目中加上 \`was: OLD\`；若两者无关，运行 \`callbackd approve ${key}\``,
  'plan.contested_release': ({ key }) =>
    `运行 \`callbackd approve ${key}\`、修改条目、把该字段加入 \`ignore:\`，或让对方停止修改`,
  'plan.replace_not_allowed_release': ({ key }) =>
    `在条目 ${key} 中设置 \`replace: allow\`，或运行 \`callbackd approve ${key}\``,
  'plan.suspicious_absence_release': ({ digest }) =>
    `检查令牌和平台地址；若应用确实已不存在，运行 \`callbackd approve ${digest}\``,
  'plan.listing_disagrees_release': '等待下一轮；若仍如此，运行 `callbackd doctor`',
  'plan.duplicate_release': ({ key }) =>
    `运行 \`callbackd delete ID\`、在条目 ${key} 中用 \`id:\` 接管它，或加入其中的 \`accept_duplicates:\``,
  'plan.another_writer_release': ({ key }) =>
    `停止另一个 callbackd，或运行 \`callbackd approve ${key}\` 照常创建`,
  'plan.name_taken_release': ({ key }) =>
    `修改条目 ${key} 中的 \`name:\`，或腾出该名称后运行 \`callbackd approve ${key}\``,
  'plan.stray_in_use_release': ({ key }) =>
    `在条目中用 \`id: "${key}"\` 接管它，或运行 \`callbackd delete ${key}\``,
  'plan.strays_per_day_release': ({ key }) =>
    `运行 \`callbackd approve ${key}\` 删除它，或在条目中用 \`id:\` 接管它`,
  'plan.pin_not_found_release': ({ key }) => `更正或删除条目 ${key} 中的 \`id:\``,
  'plan.pin_taken_release': ({ key }) => `更正条目 ${key} 中的 \`id:\`，或删除另一条目`,
  'plan.unknown_app_type_release': ({ key }) => `取消指定或更正条目 ${key}，或安装支持该类型的版本`,
} satisfies Partial<Translation<typeof ENGLISH>>;

export const PLAN_REASONS: Translation<typeof ENGLISH> = { ...TITLES, ...EXPLANATIONS, ...RELEASES };
