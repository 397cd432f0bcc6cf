/** The summary of an account in Chinese. */

import type { SUMMARY as ENGLISH } from '../en/summary.ts';
import type { Translation } from '../translation.ts';

export const SUMMARY: Translation<typeof ENGLISH> = {
  'summary.line': ({ parts }) => parts.join(' · '),
  'summary.failing': ({ count }) => `${count} 个失败`,
  'summary.needs_approval': ({ count }) => `${count} 项删除待批准`,
  'summary.needs_decision': ({ count, action }) => `${count} 项${action}待确认`,
  'summary.deletion_scheduled': ({ count }) => `${count} 个待删除`,
  'summary.settling': ({ count }) => `${count} 个确认中`,
  'summary.due': ({ count, changed, action }) => {
    if (changed === 0) return `将${action} ${count} 个`;
    return changed === count
      ? `将${action}并修改 ${count} 个`
      : `将${action} ${count} 个，其中 ${changed} 个会被修改`;
  },
  'summary.paused': ({ count }) => `${count} 个已暂停`,
  'summary.kept': ({ count }) => `${count} 个按设置保留`,
  'summary.in_sync': ({ count }) => `${count} 个已同步`,
  'summary.unmanaged': ({ count }) => `${count} 个未纳管`,
  'summary.nothing_to_do': '无需变更',
  'summary.stopping': '正在停止',
  'summary.stalled': ({ seconds }) => `已有 ${seconds} 秒没有进展`,
  'summary.token_refused': '平台拒绝了令牌',
  'summary.unreachable': ({ count, reason }) => `无法读取账号（连续 ${count} 轮失败：${reason}）`,
  'summary.rounds_failing': ({ count, reason }) => `连续 ${count} 轮失败（${reason}）`,
  'summary.starting': '尚未读取账号',
  'summary.stale': ({ since }) => `自 ${since} 起未再读取账号`,
  'summary.file_changed': '文件已修改，即将执行',
  'summary.paused_all': ({ until }) => (until === undefined ? '已全部暂停' : `已全部暂停，至 ${until}`),
  'summary.no_apps': '尚未配置应用：添加一个条目，或运行 `callbackd import`',
};
