/** Notifications in Chinese. */

import type { NOTIFY as ENGLISH } from '../en/notify.ts';
import type { Translation } from '../translation.ts';

export const NOTIFY: Translation<typeof ENGLISH> = {
  'notify.summary': ({ summary }) => `当前：${summary}`,
  'notify.title': ({ host, kind, endpoint }) => `callbackd@${host}：${kind}（${endpoint}）`,
  'notify.kind_failing': '出现问题',
  'notify.kind_held': '有变更待确认',
  'notify.kind_recovered': '已恢复正常',
  'notify.kind_applied': '已完成变更',
  'notify.problem': ({ subject, reason, message }) => `- ${subject} ${reason}：${message}`,
  'notify.logid': ({ logid }) => `（logid ${logid}）`,
  'notify.release': ({ release }) => ` — 处理方法：${release}`,
  'notify.more': ({ count }) => `另有 ${count} 项`,
  'notify.standing': ({ count }) => `此前已通知且仍未解决：${count} 项`,
  'notify.over': ({ subject, reason }) => `已解决：${subject} ${reason}`,
  'notify.applied': ({ counts, keys }) => `已执行：${counts.join('，')}（${keys.join('、')}）`,
  'notify.configuration': '配置文件',
  'notify.round': '本轮同步',
  'notify.file_invalid': '内容无效',
  'notify.file_problem': ({ file, line, problem }) => `${file}:${line}：${problem}`,
  'notify.http_status': ({ status }) => `HTTP ${status}`,
  'notify.redirect': ({ status }) => `HTTP ${status}：不跟随重定向`,
  'notify.not_feishu': '响应不是来自飞书',
  'notify.feishu_refused': ({ code, cause }) => `code ${code}：${cause}`,
  'notify.feishu_9499': '机器人不接受该消息格式',
  'notify.feishu_11232': '消息过于频繁',
  'notify.feishu_19001': '机器人不存在，或地址有误',
  'notify.feishu_19021': '签名不匹配，或本机时钟偏差超过一小时',
  'notify.feishu_19022': '本机 IP 不在机器人的白名单中',
  'notify.feishu_19024': '消息缺少机器人要求的关键词',
  'notify.feishu_other': '被拒绝',
  'notify.through_proxy': ({ reason, proxy }) => `${reason}，经由代理 ${proxy}`,
  'notify.tls': ({ reason, receiver }) =>
    `${reason}：证书验证失败；如果由私有 CA 签发，请在 \`notify:\` 中为 ${receiver} 设置 \`ca_file\`，或设置 NODE_EXTRA_CA_CERTS`,
  'notify.unexpected': ({ error }) => `意外错误 ${error}，请报告此问题`,
};
