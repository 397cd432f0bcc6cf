/** The recorded state, its lock and the token sink, in Chinese. */

import type { STATE as ENGLISH } from '../en/state.ts';
import type { Translation } from '../translation.ts';

const START_AFRESH =
  '要重新开始，请将目录中的 state.* 文件全部移走：与条目一致的应用会再次被接管；其余应用请先运行 `callbackd import`。';

export const STATE: Translation<typeof ENGLISH> = {
  'state.locked': ({ pid, host }) => `状态目录被 ${host} 上的进程 ${pid} 占用`,
  'state.locked_with_advice': ({ problem, advice }) => `${problem}；${advice}`,
  'state.locked_by_itself': '即本进程自己',
  'state.lock_lost': '它刚刚已释放，请重试',
  'state.remove_lock': ({ file }) => `如果该进程已不存在，请删除 ${file}`,
  'state.copied': ({ file }) =>
    `本目录是那台机器上正在使用的状态目录的副本，而两个 callbackd 不能共用一份状态：请为本机另设空的 \`state_dir\`；如果那台机器上已永久停用 callbackd，请删除 ${file}`,
  'state.refused_file': ({ file, problem }) => `${file} ${problem}`,
  'state.refused': ({ problem, advice }) => `${problem}。${advice}`,
  'state.companions_missing': '缺失，但其他状态文件存在',
  'state.missing': '缺失',
  'state.foreign': ({ theirs, ours }) => `属于 ${theirs}，而当前配置使用 ${ours}`,
  'state.other_lineage': '属于另一个 state.json（lineage 不同）',
  'state.gap_before': ({ from, end }) => `从序号 ${from} 开始，而此前的状态止于 ${end}`,
  'state.gap_inside': ({ from, end }) => `从序号 ${end} 跳到了以 ${from} 开始的记录`,
  'state.empty': '为空',
  'state.not_json': '不是完整的 JSON',
  'state.no_version': '没有 format_version',
  'state.wrong_checksum': '与校验和不符',
  'state.unreadable_version': ({ version }) => `格式为 ${version}，本版本无法读取`,
  'state.damaged_first_line': '首行已损坏',
  'state.damaged_line': ({ line }) => `第 ${line} 行已损坏，但其后的记录完好`,
  'state.newer': ({ version, known }) => `格式为 ${version}，而本版本最高支持格式 ${known}`,
  'state.restore_backup': ({ backup, file }) =>
    `上一份快照完好，可用 \`cp -p ${backup} ${file}\` 恢复。不会丢失内容：日志中有此后的全部记录。`,
  'state.restore': `请从备份恢复。${START_AFRESH}`,
  'state.own_directory': '请为每个平台地址使用单独的 state_dir，或改回 coze.base_url。两个账号不能共用状态。',
  'state.newer_advice': '请使用写入它的 callbackd 版本或更高版本；不支持降级。',
  'state.token_next_lost': ({ key }) => `token_sink 目录中已没有 ${key} 的下一个 verify_token`,
  'state.token_refused': ({ key }) => `${key} 的 verify_token 为空或已被打码，因此未投递`,
};
