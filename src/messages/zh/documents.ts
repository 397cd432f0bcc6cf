/** The words that renderings of plans, histories and entries share, in Chinese. */

import type { DOCUMENTS as ENGLISH } from '../en/documents.ts';
import type { Translation } from '../translation.ts';

export const DOCUMENTS: Translation<typeof ENGLISH> = {
  'document.reason_new_entry': '新条目',
  'document.reason_vanished': '应用已从账号中消失',
  'document.reason_settled_absent': '此前的创建未成功',
  'document.reason_newborn_found': '此前的创建已成功',
  'document.reason_unfinished': '尚未设置完整',
  'document.reason_differs': '有差异',
  'document.reason_identity_changed': '类型或渠道已改变',
  'document.reason_pinned': '按 ID 指定',
  'document.reason_identical': '与条目完全一致',
  'document.reason_by_name': '名称与条目匹配',
  'document.reason_renamed_key': '已改名',
  'document.reason_orphan': '已从文件移除',
  'document.reason_unmanaged': '不在文件中',
  'document.reason_orphan_absent': '文件和账号中都已没有',
  'document.reason_stray': '由 callbackd 过晚创建',
  'document.reason_marked_name': '名称仍带有标记',
  'document.renamed_from': ({ key }) => `由 ${key} 改名`,
  'document.replaced': '已由新应用替换',
  'document.changed_by_file': '文件已修改',
  'document.changed_by_account': '账号有变动',
  'document.changed_by_both': '文件已修改，账号也有变动',
  'document.changed_by_new': '',
  'document.last_applied': ({ value }) => `；上次生效值为 ${value}`,
  'document.no_value': '无',
  'document.empty_list': '空',
  'document.until': ({ instant }) => `至 ${instant}`,
  'document.channel': ({ id }) => `渠道 ${id}`,
  'document.receiver_fails': ({ stage, problem, follows }) =>
    `接收端未通过 challenge 校验（${stage}）：${problem}；${follows}`,
  'document.change_stops': '不会设置该回调地址',
  'document.url_likely_refused': '平台很可能拒绝该回调地址',
  'document.verdict_held': ({ action, title, explanation }) => `${action}被拦下：${title}。${explanation}`,
  'document.verdict_change': ({ action }) => `下一轮将${action}`,
  'document.verdict_not_read': '未读取账号，因此没有结论',
  'document.verdict_unknown': '既不在文件中，也未纳管',
  'document.verdict_nothing': '无需处理',
  'document.verdict_in_sync': '已同步：账号与文件一致',
};
