/** What the daemon says of itself, in Chinese. */

import type { DAEMON as ENGLISH } from '../en/daemon.ts';
import type { Translation } from '../translation.ts';

export const DAEMON: Partial<Translation<typeof ENGLISH>> = {
  'daemon.configuration_held': ({ reason }) => `新配置待确认（${reason}）`,
  'daemon.configuration_invalid': '配置有误，仍按上一份正确的配置运行',
  'daemon.configuration_invalid_at': ({ file, line, problem }) =>
    `配置有误，仍按上一份正确的配置运行（${file}:${line}：${problem}）`,
  'daemon.base_url_changed': ({ url }) => `coze.base_url 改为 ${url}：重启 callbackd 后生效`,
  'daemon.state_dir_changed': ({ dir }) => `state_dir 改为 ${dir}：重启 callbackd 后生效`,
};
