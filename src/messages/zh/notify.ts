/** Notifications in Chinese. */

import type { NOTIFY as ENGLISH } from '../en/notify.ts';
import type { Translation } from '../translation.ts';

export const NOTIFY: Partial<Translation<typeof ENGLISH>> = {
  'notify.kind_failing': '有操作失败',
  'notify.kind_held': '需要人工决定',
  'notify.kind_recovered': '已恢复正常',
  'notify.kind_applied': '已完成变更',
  'notify.release': ({ release }) => ` — 放行命令: ${release}`,
  'notify.more': ({ count }) => `另有 ${count} 项`,
  'notify.standing': ({ count }) => `此前已通知且仍未解决：${count} 项`,
  'notify.over': ({ subject, reason }) => `已解决: ${subject} ${reason}`,
  'notify.applied': ({ counts, keys }) => `已执行: ${counts.join(', ')} (${keys.join(', ')})`,
  'notify.configuration': '配置文件',
  'notify.file_problem': ({ file, line, problem }) => `${file}:${line}：${problem}`,
  'notify.round': '本轮同步',
};
