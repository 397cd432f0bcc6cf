/** Assumptions of a drill and broken promises, in Chinese. */

import type { REHEARSAL as ENGLISH } from '../en/rehearsal.ts';
import type { Translation } from '../translation.ts';

const deletes = ({ request, id }: { readonly request: number; readonly id: string }) =>
  `请求 ${request} 删除了 ${id}`;

const REQUESTS = {
  'rehearsal.account_of_pins': ({ pins }) => `账号中有 \`id:\` 指定的 ${pins} 个应用`,
  'rehearsal.without_state': '守护进程启动时没有状态；匹配的应用按 `reconcile.adopt` 接管',
  'rehearsal.receivers_answer': ({ receivers }) =>
    `${receivers} 个接收端都通过 challenge 校验；不会实际请求它们（\`callbackd doctor\` 会）`,
  'rehearsal.token_from_file': '令牌来自文件，而不是通过 JWT 换取',
  'rehearsal.budget_not_enforced': '只统计调用限额，不强制执行',
  'rehearsal.pause_lifted': '忽略 `reconcile.paused`',
  'rehearsal.schedule_replaced': ({ cron, by }) => `同步计划 "${cron}" 按 "${by}" 模拟`,
  'rehearsal.shortened': ({ field, from, to }) => `\`${field}\` 由 ${from} 缩短为 ${to}`,
  'rehearsal.created_again': ({ request, identity, earlier, problem }) =>
    `请求 ${request} 在请求 ${earlier} 之后再次创建 "${identity}"：${problem}`,
  'rehearsal.first_under_way': '第一个请求仍在进行',
  'rehearsal.too_few_listings_since_end': ({ listings }) => `它结束后只有 ${listings} 次完整列表`,
  'rehearsal.too_few_listings_since_settle': ({ listings }) => `确认时间结束后只有 ${listings} 次完整列表`,
  'rehearsal.listing_showed_app': ({ id }) => `列表中已有它创建的应用 ${id}`,
  'rehearsal.duplicate': ({ request, made, of, identity }) =>
    `请求 ${request} 创建了 ${made}，与 ${of} 重复（"${identity}"）`,
  'rehearsal.delete_not_owned': (given) => `${deletes(given)}，而它未纳管`,
  'rehearsal.delete_wanted': (given) => `${deletes(given)}，而其条目在文件中`,
  'rehearsal.delete_never_listed': (given) => `${deletes(given)}，而其条目从未出现在文件中`,
  'rehearsal.delete_in_grace': (given) =>
    `${deletes(given)}，此时条目移除才 ${given.passedMs} 毫秒；宽限期为 ${given.graceMs} 毫秒`,
  'rehearsal.delete_outside_round': (given) => `${deletes(given)}，而当时没有进行同步`,
  'rehearsal.delete_without_listings': (given) => `${deletes(given)}，而该轮没有两次完整列表`,
  'rehearsal.delete_listings_disagree': (given) => `${deletes(given)}，而两次列表不一致`,
  'rehearsal.delete_not_on_listing': (given) => `${deletes(given)}，而它不在列表中`,
  'rehearsal.deletes_per_round': (given) =>
    `${deletes(given)}：一轮中删除 ${given.deletes} 个，上限为 ${given.limit}`,
  'rehearsal.deletes_per_day': (given) =>
    `${deletes(given)}：一天中删除 ${given.deletes} 个，上限为 ${given.limit}`,
  'rehearsal.delete_file_broken': (given) => `${deletes(given)}，而配置文件无效（${given.condition}）`,
  'rehearsal.delete_file_refused': (given) => `${deletes(given)}，而守护进程自己并未接受该配置文件`,
  'rehearsal.delete_after_standstill': (given) =>
    `${deletes(given)}，而所依据的列表早于一次 ${given.stoodMs} 毫秒的停顿`,
  'rehearsal.delete_protected': (given) => `${deletes(given)}，而它受保护`,
} satisfies Partial<Translation<typeof ENGLISH>>;

const MARKS = {
  'rehearsal.created_beside_other': ({ request, name, id }) =>
    `请求 ${request} 创建“${name}”，而另一个 callbackd 正以此名称创建 ${id}`,
  'rehearsal.foreign_touched': ({ request, id }) =>
    `请求 ${request} 写入 ${id}，而它带有另一个 callbackd 的标记`,
  'rehearsal.stray_adopted': ({ id, key }) => `${key} 接管了 ${id}，而它出自一个早已放弃的创建请求`,
  'rehearsal.stray_left': ({ id, request }) =>
    `应用 ${id}（请求 ${request}）由 callbackd 创建，不属于任何条目，却一直留存`,
  'rehearsal.written_again': ({ request, method, path, earlier }) =>
    `请求 ${request} 在确认时间内重复了请求 ${earlier} 的写入（${method} ${path}）`,
} satisfies Partial<Translation<typeof ENGLISH>>;

const STATE = {
  'rehearsal.serial_ahead': ({ serial, changes }) => `状态的序号为 ${serial}，但只有 ${changes} 项变更`,
  'rehearsal.changes_lost': ({ changes, first }) => `丢失了 ${changes} 项已确认的变更，第一项为 ${first}`,
  'rehearsal.state_differs': ({ serial }) => `序号 ${serial} 的状态与提交的内容不同`,
  'rehearsal.app_lost': ({ id, identity, request }) =>
    `应用 ${id}（"${identity}"，请求 ${request}）既未纳管，也不是未决创建的结果`,
  'rehearsal.no_last_good': '守护进程无法用上一份有效配置启动',
  'rehearsal.file_holds_secret': ({ path }) => `${path} 含有密钥`,
  'rehearsal.log_holds_secret': ({ line }) => `日志含有密钥：${line}`,
  'rehearsal.reader_writes': ({ request, method, path }) => `只读命令的请求 ${request} 为 ${method} ${path}`,
  'rehearsal.plan_failed': ({ error }) => `与守护进程同时运行的 plan 失败：${error}`,
  'rehearsal.plan_wrote': ({ what }) => `plan 写入了：${what}`,
  'rehearsal.plans_differ': '同样的事实得出了两个不同的计划',
  'rehearsal.two_holders': '两个进程同时持有状态',
  'rehearsal.second_daemon_failed': ({ error }) => `第二个守护进程失败：${error}`,
  'rehearsal.skipped': ({ key, because }) => `已跳过 ${key}：${because}`,
  'rehearsal.late_write': ({ request, method, path }) =>
    `全部同步之后，请求 ${request} 仍在写入（${method} ${path}）`,
  'rehearsal.standstill': '守护进程在等待永远不会发生的事',
  'rehearsal.nothing_planned': '没有任何一轮生成计划',
  'rehearsal.never_quiet': '每轮仍有变更要做',
  'rehearsal.unfinished': ({ problems }) => problems.join('；'),
  'rehearsal.still_held': ({ subject, reason, why }) => `${subject} 暂缓（${reason}）：${why}`,
  'rehearsal.own_app_held': ({ held, ids }) => `${held}；${ids.join(' ')} 是我们自己的应用`,
  'rehearsal.still_owned': ({ key, id }) => `${key}（${id}）已从文件移除，却仍在纳管`,
  'rehearsal.still_to_delete': ({ key, id }) => `${key} 仍需删除 ${id}`,
  'rehearsal.create_open': ({ key }) => `${key} 的创建结果仍未知`,
  'rehearsal.token_missing': ({ key, id }) => `token_sink 中没有 ${key}（${id}）的 verify_token`,
  'rehearsal.token_left': ({ key }) => `token_sink 中仍有 ${key} 的 verify_token`,
  'rehearsal.no_app': ({ key }) => `${key} 没有应用`,
  'rehearsal.field_differs': ({ key, id, field, is, wanted }) =>
    `${key}（${id}）：${field} 为 ${is}，应为 ${wanted}`,
} satisfies Partial<Translation<typeof ENGLISH>>;

export const REHEARSAL: Translation<typeof ENGLISH> = { ...REQUESTS, ...MARKS, ...STATE };
