/** `init`, `import`, `sandbox`, `demo` and `rehearse` in Chinese. */

import type { CLI_START as ENGLISH } from '../en/cli-start.ts';
import type { Translation } from '../translation.ts';

const usualCalls = (given: { readonly perRound: number; readonly perDay: number; readonly period: string }) =>
  `没有变更时每轮调用 ${given.perRound} 次；每 ${given.period} 一轮，每天约 ${given.perDay} 次`;

const INIT = {
  'cli.init_exists_advice': '未写入任何内容；用 --config 另选文件，或查看现有文件的效果：callbackd plan',
  'cli.init_needs_token_file': '--token-stdin 需要 --token-file 指定令牌的保存位置',
  'cli.init_no_token': '--token-stdin：标准输入中没有令牌',
  'cli.init_nothing': '未写入任何内容。',
  'cli.ask_platform': ({ cn, com }) => `平台：1 为 ${cn}，2 为 ${com}，或输入其他地址 [1]：`,
  'cli.ask_url_again': '这不是像 https://api.coze.cn 这样的地址，请重新输入。',
  'cli.ask_token_file': ({ proposed }) =>
    `API 令牌所在文件；输入 "env" 则使用 $COZE_API_TOKEN [${proposed}]：`,
  'cli.ask_token': ({ file }) => `粘贴令牌，将以 0600 权限保存到 ${file}（不回显）；直接回车则跳过：`,
  'cli.ask_state_dir': ({ service, proposed }) => `状态目录（作为服务运行时用 ${service}）[${proposed}]：`,
  'cli.ask_import': '是否写入账号中现有的应用？',
  'cli.ask_yes': ({ question }) => `${question} [Y/n]：`,
  'cli.init_key': 'key：任取，但不可重复',
  'cli.init_every_field': '全部字段见 `callbackd schema`；在支持上一行的编辑器中，悬停即可查看说明。',
  'cli.init_wrote': ({ file, count, others }) =>
    `已写入 ${file}，共 ${count} 个应用${others.length === 0 ? '' : `；同目录下还有 ${others.join('、')}`}。`,
  'cli.init_next': '接下来：',
  'cli.init_paste': '粘贴 API 令牌，按 Ctrl-D 结束',
  'cli.init_where_unset': '如尚未设置',
  'cli.init_next_doctor': '检查令牌、接收端和本机环境',
  'cli.init_next_plan': '查看将有哪些变更，不做任何改动',
  'cli.init_next_apply': '执行一次变更',
  'cli.init_next_run': '让账号持续与配置文件一致',
} satisfies Partial<Translation<typeof ENGLISH>>;

const IMPORT = {
  'cli.import_progress': ({ done, total, seconds }) =>
    `正在读取订阅事件：${done} / ${total} 个应用，约剩 ${seconds} 秒`,
  'cli.import_comments': ({ count }) => `有 ${count} 个应用仅以注释列出，见输出末尾。`,
  'cli.import_adopted': ({ adopted, all, dir }) => `已接管 ${adopted} / ${all} 个应用，记录在 ${dir}。`,
  'cli.import_no_match': ({ pattern }) => `没有应用匹配 --select ${pattern}`,
  'cli.import_pattern': '模式须匹配完整的 key、名称、ID 或渠道 ID；* 匹配任意文本，? 匹配一个字符',
  'cli.import_invalid': 'YAML 无效',
  'cli.import_head': ({ endpoint }) =>
    `${endpoint} 的回调应用，由 \`callbackd import\` 生成。对本文件运行 plan，结果没有变更。`,
  'cli.import_fields': '未写出的字段不受管理。应用的 verify_token 从不显示。',
  'cli.import_channel': ({ name }) => `渠道 ${name}`,
  'cli.import_pinned': '另有应用的类型、名称或渠道与之相同',
  'cli.import_pinned_space': '名称以空白字符开头或结尾',
  'cli.import_no_url': '未设置',
  'cli.import_left_alone': ({ because }) => `未写入：${because}`,
  'cli.import_left_over': '以下应用未写入；只要 `reconcile.prune` 不是 `all`，就不会改动它们：',
  'cli.import_marked': '名称带有未完成创建的标记',
  'cli.import_no_name': '没有名称',
  'cli.import_no_connector': '没有 connector_id',
  'cli.import_unknown_type': ({ type }) => `本版本不支持类型 ${type}`,
  'cli.sandbox_answers': ({ url }) => `模拟平台正在监听 ${url}（仅限本机）。请在另一个终端中尝试：`,
  'cli.sandbox_receivers': ({ url }) => `能通过 challenge 校验的接收端：${url}`,
  'cli.sandbox_stop': '按 Ctrl-C 停止。',
} satisfies Partial<Translation<typeof ENGLISH>>;

const TOUR = {
  'cli.tour_account': '一个手工创建过应用的账号',
  'cli.tour_account_is': ({ url, count }) =>
    `无需网络和账号：模拟平台正在监听 ${url}。其中有 ${count} 个回调应用，列表不止一页。` +
    '要纳管的应用中，两个配置正确，一个的回调地址已过时；其余不在管理范围内。',
  'cli.tour_wanted': ({ file }) => `期望状态，写在 ${file}`,
  'cli.tour_file_schedule': '演示时每两秒一轮；平时用十分钟',
  'cli.tour_file_adopt': '名称匹配时，接管手工创建的应用',
  'cli.tour_file_orders': '已存在且正确：原样接管',
  'cli.tour_file_support': '已存在，但回调地址过时，且缺少一个订阅事件',
  'cli.tour_file_partner': '渠道应用',
  'cli.tour_file_audit': '尚不存在',
  'cli.tour_plan': '试运行：callbackd plan',
  'cli.tour_plan_is': '列出整个账号，说明将做什么以及原因。只读，无法修改账号。',
  'cli.tour_run': '守护进程：callbackd run',
  'cli.tour_run_is': ({ pid }) =>
    `它作为独立进程运行（pid ${pid}）。下面每行是平台的一个响应，附有联系官方支持所需的 logid。` +
    '新建一个应用需要三次调用：创建、设置回调地址、订阅事件。',
  'cli.tour_converged': '完成：账号与配置文件一致。文件中没有的应用未被改动。',
  'cli.tour_edit': '修改配置文件',
  'cli.tour_edit_is': '添加一个条目并保存，无需重启：',
  'cli.tour_edit_done': '守护进程发现了改动，并创建了应用。',
  'cli.tour_drift': '有人在控制台中修改了应用',
  'cli.tour_drift_is': ({ id }) => `应用 ${id} 的回调地址被改为 .../somewhere-else。守护进程将在下一轮发现：`,
  'cli.tour_drift_done': '守护进程已恢复回调地址。',
  'cli.tour_trail': '谁做了什么，精确到 logid',
  'cli.tour_trail_is': '每项变更在 state/history.ndjson 中占一行，含为它发出的每个请求：',
  'cli.tour_turn': '轮到您了',
  'cli.tour_turn_is': ({ file, url }) =>
    `守护进程仍在运行。修改 ${file} 看看效果；账号内容见 ${url}。按 Ctrl-C 结束。`,
  'cli.tour_ended': ({ code }) => `守护进程收到 SIGTERM，完成手头工作后以退出码 ${code} 结束。`,
  'cli.tour_next': '下一步：阅读 README.zh-CN.md；运行 `npx callbackd demo --live` 亲自试用。',
} satisfies Partial<Translation<typeof ENGLISH>>;

const REHEARSE = {
  'cli.drill_one_run': '--seed 只重放一次，不能与 --runs 同时使用',
  'cli.drill_begins': ({ count }) => `正在演练 ${count} 个条目，不使用网络。`,
  'cli.pitfall_calls': (calls) => `${usualCalls(calls)}。`,
  'cli.pitfall_over_budget': ({ budget, ...calls }) =>
    `${usualCalls(calls)}，超过 \`call_budget.per_day\`（${budget}）。请降低同步频率或提高限额。`,
  'cli.pitfall_within_budget': ({ budget, ...calls }) =>
    `${usualCalls(calls)}；\`call_budget.per_day\` 允许 ${budget} 次。`,
  'cli.pitfall_never_deleted': '不会删除任何应用：`prune: never`。',
  'cli.pitfall_everything': '禁止全部删除的规则',
  'cli.pitfall_no_delete': ({ which }) => `每次删除都需要放行，原因是 ${which}。`,
  'cli.pitfall_deletes': ({ most, owned, which }) =>
    `一次从 ${owned} 个条目中移除超过 ${most} 个时需要放行，原因是 ${which}。`,
  'cli.pitfall_renames': ({ keys, more }) =>
    `同时修改 key 和名称时，${keys.join('、')}${more > 0 ? ` 等 ${keys.length + more} 个条目` : ''}` +
    ' 不会被识别为改名，因为 `callback_url` 与其他条目相同：应用将被删除并重新创建。请在改名后的条目中加上 `was:`。',
} satisfies Partial<Translation<typeof ENGLISH>>;

export const CLI_START: Translation<typeof ENGLISH> = { ...INIT, ...IMPORT, ...TOUR, ...REHEARSE };
