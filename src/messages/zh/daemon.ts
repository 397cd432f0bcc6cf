/** The daemon in Chinese. */

import type { DAEMON as ENGLISH } from '../en/daemon.ts';
import type { Translation } from '../translation.ts';

export const DAEMON: Translation<typeof ENGLISH> = {
  'daemon.healthy': '主循环运行正常',
  'daemon.stalled': ({ seconds }) => `已有 ${seconds} 秒没有进展`,
  'daemon.ready': ({ summary }) => `已完整读取账号；当前：${summary}`,
  'daemon.first_round_running': '首轮同步仍在进行',
  'daemon.not_listed': ({ reason }) => `无法读取账号：${reason}`,
  'daemon.file_detached': ({ file }) =>
    `${file} 在宿主机上已被替换，但单文件挂载看不到新内容：请改为挂载其所在目录`,
  'daemon.next_round': ({ time }) => `下一轮 ${time}`,
  'daemon.round_running': ({ round }) => `第 ${round} 轮进行中`,
  'daemon.configuration_held': ({ reason }) => `新配置待确认（${reason}）`,
  'daemon.configuration_invalid': '配置无效，沿用上一份有效配置',
  'daemon.configuration_invalid_at': ({ file, line, problem }) =>
    `配置无效，沿用上一份有效配置（${file}:${line}: ${problem}）`,
  'daemon.round_ended_as': ({ result }) => `本轮结果为 ${result}`,
  'daemon.round_threw': ({ error }) => `意外错误：${error}`,
  'daemon.round_threw_no_error': '没有说明的意外错误',
  'daemon.round_hung': '本轮同步卡住，已放弃',
  'daemon.base_url_changed': ({ url }) => `coze.base_url 已改为 ${url}：重启 callbackd 后生效`,
  'daemon.state_dir_changed': ({ dir }) => `state_dir 已改为 ${dir}：重启 callbackd 后生效`,
  'control.round_follows': '即将开始一轮同步',
  'control.stopped': '本轮同步开始前 callbackd 已停止',
  'control.round_ended': ({ round, result }) => `第 ${round} 轮结束：${result}`,
  'control.configuration_accepted': '待确认的配置现已生效',
  'control.approved': ({ subject }) => `${subject} 已放行一轮，立即开始`,
  'control.approved_changes': ({ action, count, subjects, lasts }) => {
    const what = action === '' ? `${count} 项变更` : `${count} 项${action}`;
    const more = count > subjects.length ? '等' : '';
    const until = lasts ? '，未完成的部分 24 小时内有效' : '';
    return `已批准 ${what}（${subjects.join('、')}${more}）${until}；立即开始一轮同步`;
  },
  'control.not_held': ({ key }) => `${key} 没有待确认的变更，无需批准；请查看 \`callbackd why ${key}\``,
  'control.not_approvable': ({ subject, release }) => `${subject} 不能通过批准放行；请改为：${release}`,
  'control.old_digest': ({ subject }) =>
    `${subject} 已不再待批准，目前也没有其他被上限拦下的变更；请查看 \`callbackd status\``,
  'control.short_digest': ({ subject, least }) => `${subject} 作为摘要太短：请至少给出前 ${least} 个字符`,
  'control.other_digest': ({ subject, digest, count }) =>
    `${subject} 不是当前待批准的内容；当前为 ${digest}（${count} 项变更）：请先查看 \`callbackd status\``,
  'control.unknown_key': ({ key, near }) =>
    `没有 key 为 ${JSON.stringify(key)} 的条目${near === undefined ? '' : `；是否为 ${near}？`}`,
  'control.nothing_paused': '目前没有全部暂停；`callbackd status` 列出所有暂停',
  'control.not_paused': ({ key }) => `${key} 没有暂停`,
  'control.paused_all_in_file': '该暂停写在文件中：删除 `reconcile.paused`',
  'control.paused_in_file': ({ key }) => `该暂停写在文件中：删除条目 ${key} 的 \`paused:\``,
  'control.not_duration': ({ field }) => `${JSON.stringify(field)} 须为时长，例如 "10m"`,
  'control.pause_in_past': '暂停的结束时间已过',
  'control.paused': ({ key }) => `${key} 已暂停`,
  'control.all_paused': '已全部暂停',
  'control.resumed': ({ key }) => `${key} 已恢复`,
  'control.all_resumed': '已全部恢复',
  'control.status_takes_get': 'status 须使用 GET',
  'control.takes_post': ({ path }) => `${path} 须使用 POST`,
  'control.no_path': ({ path }) => `未知路径 ${path}`,
  'control.missing_field': ({ field }) => `缺少字段 "${field}"`,
  'control.not_json': ({ error }) => `请求体不是 JSON：${error}`,
  'control.not_object': '请求体不是 JSON 对象',
  'control.not_text': ({ field, max }) => `字段 "${field}" 不是 1 到 ${max} 个字符的字符串`,
  'control.not_instant': ({ field }) => `字段 "${field}" 不是 ISO 8601 时间`,
  'control.not_boolean': ({ field }) => `字段 "${field}" 不是布尔值`,
  'control.unknown_field': ({ field }) => `未知字段 "${field}"`,
  'control.answered': ({ status }) => `守护进程返回 ${status}`,
  'control.nobody_listens': ({ socket }) =>
    `${socket} 上没有 callbackd 守护进程：请确认它正在运行，且 \`control.socket\` 一致`,
  'control.not_a_directory': ({ socket }) =>
    `${socket} 处不可能有 socket，因为路径中有一段是文件：请检查 \`control.socket\``,
  'control.daemon_gone': ({ socket }) => `创建 ${socket} 的守护进程已退出：请重新启动 callbackd`,
  'control.daemon_ended': ({ socket }) => `${socket} 的守护进程在应答前退出：请查看其日志`,
  'control.not_permitted': ({ socket }) => `您无权打开 ${socket}：请使用 sudo，或加入其属组`,
  'control.not_ours': ({ socket }) =>
    `${socket} 不属于本版本的 callbackd 守护进程：请用 \`ss -lxp\` 查看由谁占用`,
  'server.no_metrics': '没有可用的指标',
  'server.no_state': '此处不提供状态记录（`status.state: off`）',
  'server.foreign_host': '本服务不为该主机名提供内容',
  'server.read_only': '本服务只读',
  'server.foreign_page': '本服务不应答来自其他站点的请求',
  'server.limit': ({ max }) => `limit 须为 1 到 ${max} 的整数`,
  'server.no_plan': ({ reason }) => `还没有计划：${reason}`,
  'server.name_an_entry': '请指定条目：/api/v1/why?app=KEY',
  'server.unknown_entry': ({ key }) => `配置文件、状态和历史中都没有条目 ${JSON.stringify(key)}`,
};
