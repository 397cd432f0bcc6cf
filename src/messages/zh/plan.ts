/** The reasons for holding a change, and how to release it, in Chinese. */

import type { PLAN_REASONS } from '../en/plan-reasons.ts';
import type { Translation } from '../translation.ts';

export const PLAN: Partial<Translation<typeof PLAN_REASONS>> = {
  'plan.protected_title': '受保护',
  'plan.paused_title': '已暂停',
  'plan.paused_all_title': '已全部暂停',
  'plan.prune_never_title': '不清理',
  'plan.delete_grace_title': '宽限期内，之后删除',
  'plan.settling_title': '等待确认',
  'plan.backoff_title': '失败后退避',
  'plan.deletes_per_round_title': '单轮删除过多',
  'plan.deletes_share_title': '删除比例过大',
  'plan.deletes_per_day_title': '单日删除过多',
  'plan.delete_everything_title': '将删除全部应用',
  'plan.ambiguous_title': '匹配到多个应用',
  'plan.unowned_match_title': '匹配到不归我们管理的应用',
  'plan.possible_rename_title': '疑似改名',
  'plan.contested_title': '有人反复改动',
  'plan.replace_not_allowed_title': '不允许替换',
  'plan.suspicious_absence_title': '消失的应用过多',
  'plan.listing_disagrees_title': '列表前后不一致',
  'plan.duplicate_title': '重复的应用',
  'plan.pin_not_found_title': '指定的应用不存在',
  'plan.pin_taken_title': '指定的应用属于另一条目',
  'plan.unknown_app_type_title': '未知的应用类型',
  'plan.another_writer_title': '另一个 callbackd 正在创建',
  'plan.name_taken_title': '名称已被占用',
  'plan.stray_in_use_title': '游离应用正在使用',
  'plan.strays_per_day_title': '游离应用过多',
  'plan.protected_release': ({ key }) =>
    `把条目 ${key} 连同 \`protect: false\` 放回文件并应用，然后再删除条目`,
  'plan.paused_release': ({ key }) =>
    `运行 \`callbackd resume ${key}\`，或删除条目中的 \`paused:\`（看暂停是由哪一边设置的）`,
  'plan.paused_all_release': '运行 `callbackd resume`，或删除 `reconcile.paused`（看暂停是由哪一边设置的）',
  'plan.prune_never_release': ({ key }) => `把条目 ${key} 放回文件，或设置 \`prune: owned\``,
  'plan.delete_grace_release': ({ key }) => `等待；若要保留应用，请把条目 ${key} 放回文件`,
  'plan.settling_release': '等待；过了确认时间，下一轮会作出判断',
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
    `运行 \`callbackd approve ${key}\`、修改条目、把该字段加入 \`ignore:\`，或让另一方停手`,
  'plan.replace_not_allowed_release': ({ key }) =>
    `在条目 ${key} 中设置 \`replace: allow\`，或运行 \`callbackd approve ${key}\``,
  'plan.suspicious_absence_release': ({ digest }) =>
    `检查令牌和 base URL；若应用确实已不存在，运行 \`callbackd approve ${digest}\``,
  'plan.listing_disagrees_release': '等待下一轮；若仍如此，请看 `callbackd doctor`',
  'plan.duplicate_release': ({ key }) =>
    `运行 \`callbackd delete ID\` 删除它，在条目 ${key} 中用 \`id:\` 接管它，或将其加入该条目的 \`accept_duplicates:\``,
  'plan.pin_not_found_release': ({ key }) => `更正或删除条目 ${key} 中的 \`id:\``,
  'plan.pin_taken_release': ({ key }) => `更正条目 ${key} 中的 \`id:\`，或删除另一条目`,
  'plan.unknown_app_type_release': ({ key }) => `取消指定或更正条目 ${key}，或安装认识该类型的版本`,
  'plan.another_writer_release': ({ key }) =>
    `停止另一个 callbackd；若仍要创建，运行 \`callbackd approve ${key}\``,
  'plan.name_taken_release': ({ key }) =>
    `修改条目 ${key} 的 \`name:\`，或腾出该名称后运行 \`callbackd approve ${key}\``,
  'plan.stray_in_use_release': ({ key }) =>
    `在条目中用 \`id: "${key}"\` 接管它，或运行 \`callbackd delete ${key}\``,
  'plan.strays_per_day_release': ({ key }) =>
    `运行 \`callbackd approve ${key}\` 删除它，或在条目中用 \`id:\` 接管它`,
};
