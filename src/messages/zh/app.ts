/** Failures to put a program together, in Chinese. */

import type { APP as ENGLISH } from '../en/app.ts';
import type { Translation } from '../translation.ts';

export const APP: Translation<typeof ENGLISH> = {
  'app.bug': 'callbackd 遇到了缺陷。这不是您的操作造成的，已记录的内容完好。',
  'app.bug_advice': '请按 CONTRIBUTING.md 的说明报告，并附上以下内容：',
  'app.state_locked_advice': '停止该进程，或通过它的控制 socket 操作',
  'app.control_socket_advice': '将 `control.socket` 改为其他路径，或设为 `off`',
  'app.cannot_listen': ({ address, port, code }) => `无法监听 ${address}:${port}（${code}）`,
  'app.status_listen_advice': '将 `status.listen` 改为其他地址，或设为 `off`',
  'app.cannot_record_advice': '无法写入记录时，callbackd 不会修改账号',
  'app.no_configuration': ({ name, systemWide }) => `找不到配置文件：./${name} 和 ${systemWide} 都不存在`,
  'app.no_configuration_advice':
    '用 --config PATH 或环境变量 CALLBACKD_CONFIG 指定；全部字段见 config.example.yaml',
  'app.no_state': ({ dir }) => `${dir} 中没有任何状态记录`,
  'app.no_state_advice':
    '请在守护进程所在主机上执行，或读取它的状态：--state-from http://HOST:9643（也可以是保存了其应答的文件）',
  'app.state_from_no_url': ({ source }) => `${source} 不是有效的地址`,
  'app.state_from_credentials': ({ source }) => `--state-from 的地址不能带用户名或密码：请写成 ${source}`,
  'app.state_from_silent': ({ source, reason }) => `${source} 的状态服务没有应答（${reason}）`,
  'app.state_from_silent_advice':
    '守护进程的 `status.listen` 须是本机能访问的地址；127.0.0.1 只有守护进程所在主机才能访问',
  'app.state_from_off': ({ source }) => `${source} 不提供状态记录`,
  'app.state_from_off_advice': '该守护进程设置了 `status.state: off`，或者版本较旧',
  'app.state_from_refused': ({ source, status, said }) => `${source} 返回 ${status}：${said}`,
  'app.state_from_no_state': ({ source, what }) => `${source} 的内容不是守护进程的状态记录：${what}`,
  'app.state_from_no_state_advice':
    '请填写状态服务的地址，或用 curl http://HOST:9643/api/v1/state 保存下来的文件',
  'app.state_from_foreign': ({ source, theirs, ours }) =>
    `${source} 的状态记录属于 ${theirs}，而配置指向 ${ours}`,
  'app.file_exists': ({ file }) => `${file} 已存在`,
  'app.file_exists_advice': '原文件未改动；请换一个文件名',
  'app.port_in_use': ({ port }) => `端口 ${port} 已被占用`,
  'app.port_in_use_advice': '用 --port 换一个端口，0 表示任选空闲端口',
  'app.control_off': '控制 socket 已关闭（`control.socket: off`）',
  'app.control_off_advice': '将它设为一个路径，然后重启守护进程',
  'app.daemon_silent': ({ socket }) => `${socket}：守护进程未在限定时间内应答`,
  'app.daemon_silent_advice': '查看守护进程日志，例如 `journalctl -u callbackd`',
  'app.address_in_file': ({ file }) => `文件 ${file} `,
  'app.address_in_variable': ({ variable }) => `环境变量 ${variable} `,
  'app.address_in_settings': '地址',
  'app.address_no_url': ({ source }) => `${source}不含有效的地址`,
  'app.address_not_https': ({ source }) => `${source}中的地址不是以 https:// 开头`,
  'app.address_unreadable': ({ source, reason }) => `无法读取${source}（${reason}）`,
  'app.address_empty': ({ source }) => `${source}为空或未设置`,
  'app.variable_not_set': ({ variable }) => `环境变量 ${variable} 未设置`,
};
