/** Applying a plan, in Chinese. */

import type { APPLY as ENGLISH } from '../en/apply.ts';
import { formatDuration } from '../format-duration.ts';
import type { Translation } from '../translation.ts';

export const APPLY: Translation<typeof ENGLISH> = {
  'apply.stopped_before_create': ({ why }) => `尚未创建应用即停止：${why}`,
  'apply.stopped_before_binding': ({ why }) => `尚未写入记录即停止：${why}`,
  'apply.stopped_before_delivery': ({ why }) => `尚未投递 verify_token 即停止：${why}`,
  'apply.stopped_before_receiver': ({ why }) => `尚未检查接收端即停止：${why}`,
  'apply.stopped_before_update': ({ why }) => `尚未更新字段即停止：${why}`,
  'apply.stopped_before_subscriptions': ({ why }) => `尚未更新订阅事件即停止：${why}`,
  'apply.stopped_before_delete': ({ why }) => `尚未删除应用即停止：${why}`,
  'apply.told_to_stop': '本轮同步被要求停止',
  'apply.newer_configuration': '收到了更新的配置',
  'apply.deadline_passed': '本轮同步超时',
  'apply.files_invalid': '配置文件已无法使用，因此不删除任何应用：请修复文件或把它放回原处',
  'apply.files_held': '配置改动过大，等待批准，因此不删除任何应用',
  'apply.files_policy': '配置中的规则已改动，重新生成计划',
  'apply.files_name_it': ({ who }) => `配置已改动，可能仍需要 ${who}，重新生成计划`,
  'apply.stood_still': ({ stoodMs }) =>
    `自列出应用以来，本进程停顿了 ${formatDuration(stoodMs)}，重新生成计划`,
  'apply.state_not_written': ({ why }) => `状态无法写入：${why}`,
  'apply.token_not_delivered': ({ why }) => `verify_token 无法投递：${why}`,
  'apply.name_not_set': ({ why }) => `名称中仍带有标记（${why}），下一轮会改正。`,
  'apply.name_taken': ({ name, id }) =>
    `平台拒绝将新应用 ${id} 命名为 ${JSON.stringify(name)}，该名称可能已被占用。`,
  'apply.token_sink_missing': 'verify_token 未投递：没有配置 token_sink',
  'apply.token_left_behind': ({ key, why }) => `${key} 的 verify_token 仍留在 token_sink 目录中：${why}`,
  'apply.receiver_failed': ({ url, stage, why }) => `接收端 ${url} 未通过预检（${stage}）：${why}`,
};
