/** Failures to put a program together, in Chinese. */

import type { APP as ENGLISH } from '../en/app.ts';
import type { Translation } from '../translation.ts';

export const APP: Translation<typeof ENGLISH> = {
  'app.state_locked_advice': '停止该进程，或通过它的控制 socket 操作',
  'app.control_socket_advice': '将 `control.socket` 改为其他路径，或设为 `off`',
  'app.cannot_listen': ({ address, port, code }) => `无法监听 ${address}:${port}（${code}）`,
  'app.status_listen_advice': '将 `status.listen` 改为其他地址，或设为 `off`',
  'app.cannot_record_advice': '无法写入记录时，callbackd 不会修改账号',
  'app.no_configuration': ({ name, systemWide }) => `找不到配置文件：./${name} 和 ${systemWide} 都不存在`,
  'app.no_configuration_advice':
    '用 --config PATH 或环境变量 CALLBACKD_CONFIG 指定；全部字段见 config.example.yaml',
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
