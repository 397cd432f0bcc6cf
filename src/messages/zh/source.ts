/** What is wrong with the operator's files, in Chinese. */

import type { SOURCE as ENGLISH } from '../en/source.ts';
import type { Translation } from '../translation.ts';

const code = (text: string) => `\`${text}\``;
const list = ({ words }: { readonly words: readonly string[] }) => words.map(code).join('、');

/** By the error code of the YAML parser. Its own words follow, because one code covers several mistakes. */
const YAML_ERRORS: Readonly<Record<string, string>> = {
  ALIAS_PROPS: '别名上不能再加锚点或标签',
  BAD_ALIAS: '别名或锚点的写法有误',
  BAD_COLLECTION_TYPE: '标签与值的类型不符',
  BAD_DIRECTIVE: '指令（`%` 开头的行）有误',
  BAD_DQ_ESCAPE: '双引号中的转义写法无效',
  BAD_INDENT: '缩进有误',
  BAD_PROP_ORDER: '锚点或标签的位置有误',
  BAD_SCALAR_START: '不加引号的值不能以这个字符开头',
  BLOCK_AS_IMPLICIT_KEY: '同一行里不能再嵌套键值',
  BLOCK_IN_FLOW: '花括号或方括号里不能用缩进写法',
  KEY_OVER_1024_CHARS: '键过长',
  MISSING_CHAR: '缺少字符',
  MULTILINE_IMPLICIT_KEY: '键必须写在一行内',
  MULTIPLE_ANCHORS: '一个值只能有一个锚点',
  MULTIPLE_TAGS: '一个值只能有一个标签',
  TAG_RESOLVE_FAILED: '不支持 YAML 标签',
  UNEXPECTED_TOKEN: '此处的内容不符合语法',
};

/** Mistakes that the code alone tells. */
const YAML_PLAIN: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: '不能用制表符缩进',
  MULTIPLE_DOCS: '文件中有多个 YAML 文档',
};

const FILES = {
  'source.file_missing': ({ file }) => `${file} 不存在`,
  'source.file_missing_hint': '请检查路径，或用 --config 指定。',
  'source.file_is_folder': ({ file }) => `${file} 是文件夹，不是文件`,
  'source.file_not_regular': ({ file }) => `${file} 不是普通文件`,
  'source.file_too_large': ({ file, bytes, limit }) =>
    `${file} 有 ${bytes} 字节；所有配置文件合计最多读取 ${limit} 字节`,
  'source.file_unreadable': ({ file, reason }) => `无法读取 ${file}（${reason}）`,
  'source.file_unreadable_hint': '请让运行 callbackd 的用户有权读取它。',
  'source.file_not_utf8': ({ file }) => `${file} 不是 UTF-8 文本`,
  'source.file_not_utf8_hint': '请另存为 UTF-8。',
  'source.file_empty': ({ file }) => `${file} 是空的`,
  'source.file_empty_hint': '账号下没有应用时，请写 `version: 1` 和 `apps: {}`。',
  'source.file_no_mapping': ({ file }) => `${file} 的内容必须是键值对，例如 \`apps: {}\``,
  'source.include_missing': ({ file }) => `\`include\` 指定的 ${file} 不存在`,
  'source.include_empty': ({ pattern }) => `没有文件匹配 ${pattern}`,
  'source.more_problems': ({ count }) => `……另有 ${count} 个问题`,
} satisfies Partial<Translation<typeof ENGLISH>>;

const YAML = {
  'source.yaml': ({ code, text }) => YAML_PLAIN[code] ?? `${YAML_ERRORS[code] ?? 'YAML 语法错误'}（${text}）`,
  'source.yaml_tab_hint': '请用空格缩进。',
  'source.yaml_documents_hint': '只保留一个文档，删除中间的 `---`。',
  'source.yaml_tag_hint': '请直接写值。',
  'source.nesting': '文档嵌套过深',
  'source.depth': ({ levels }) => `文档嵌套超过 ${levels} 层`,
  'source.tokens': ({ count }) => `配置的 YAML 词元超过 ${count} 个`,
  'source.marks': ({ count }) => `配置中的键和列表项超过 ${count} 个`,
  'source.values': ({ count }) => `文档展开后的值超过 ${count} 个`,
  'source.alias_dangling': ({ alias }) => `别名 ${alias} 之前没有对应的锚点`,
  'source.alias_circular': ({ alias }) => `别名 ${alias} 引用了自身`,
  'source.merge_key': '不支持合并键（`<<`）',
  'source.merge_key_hint': '请逐个写出字段；用别名代表整个值是可以的，例如 `events: *common`。',
  'source.key_twice': ({ key }) => `键 ${key} 重复`,
  'source.key_twice_first': '首次出现在这里',
  'source.key_not_text': ({ key }) => `键 ${key} 不是文本`,
  'source.key_not_scalar': '键必须是普通文本',
} satisfies Partial<Translation<typeof ENGLISH>>;

const FIELDS = {
  'source.field': ({ field, complaint }) => `${code(field)} ${complaint}`,
  'source.must_be_1': '必须是 1',
  'source.must_be_1_hint': '本版本的 callbackd 只支持格式 1：请按该格式编写，或安装与文件对应的版本。',
  'source.auth_kind': '必须且只能包含 `token_file`、`token_env`、`jwt` 之一',
  'source.same_value_twice': '中有重复的值',
  'source.needs_key': ({ key }) => `缺少 ${code(key)}`,
  'source.app_needs_key': ({ type, key }) => `是 ${type} 应用，缺少 ${code(key)}`,
  'source.no_value': ({ wanted }) => `没有值；必须是${wanted}`,
  'source.no_value_of': (allowed) => `没有值；只能是 ${list(allowed)} 之一`,
  'source.must_be_one_of': (allowed) => `只能是 ${list(allowed)} 之一`,
  'source.is_number': ({ wanted }) => `是数字；必须是${wanted}`,
  'source.is_not': ({ wanted }) => `不是${wanted}`,
  'source.must_be': ({ wanted }) => `必须是${wanted}`,
  'source.type_string': '文本',
  'source.type_object': '键值对',
  'source.type_array': '列表',
  'source.type_integer': '整数',
  'source.type_number': '数字',
  'source.type_boolean': ' `true` 或 `false`',
  'source.type_other': '其他类型',
  'source.empty': '不能为空',
  'source.too_long': ({ length, limit }) => `有 ${length} 个字符，最多 ${limit} 个`,
  'source.too_many_items': ({ limit }) => `超过 ${limit} 项`,
  'source.more_than': ({ limit }) => `必须大于 ${limit}`,
  'source.at_least': ({ limit }) => `不能小于 ${limit}`,
  'source.at_most': ({ limit }) => `不能大于 ${limit}`,
  'source.violates': ({ keyword }) => `不符合 ${keyword}`,
  'source.wrong_form': '格式不正确',
  'source.not_timezone': ({ value }) => `的值 ${value} 不是 IANA 时区`,
  'source.not_listen': ({ value }) => `的值 ${value} 不是带端口的地址`,
  'source.nul': '含有 NUL 字符',
  'source.not_pattern': ({ value }) => `的值 ${value} 用了 \`*\` 和 \`?\` 以外的通配写法`,
  'source.not_variable': '不是环境变量名',
  'source.not_receiver': ({ value }) => `的值 ${value} 不能用作通知接收方的名称`,
  'source.not_id': ({ value }) => `的值 ${value} 不是 id`,
  'source.not_event': ({ value }) => `的值 ${value} 不是事件类型`,
  'source.not_key': ({ value }) => `${value} 不能用作 key`,
  'source.not_duration': ({ value }) => `的值 ${value} 不是时长`,
  'source.duration_range': ({ value, min, max }) => `是 ${value}，必须在 ${min} 到 ${max} 之间`,
  'source.holds': ({ character }) => `含有 ${character}`,
  'source.because_of': ({ complaint, character }) => `${complaint}：其中含有 ${character}`,
  'source.white_space': '含有空白字符',
  'source.not_url': ({ value }) => `的值 ${value} 不是 http(s) URL`,
  'source.url_credentials': '含有用户名或密码',
  'source.url_fragment': '含有片段（`#…`），它不会被发送',
  'source.not_origin': ({ value }) => `的值 ${value} 只能包含协议和主机`,
  'source.not_proxy': '不是代理地址（例如 `http://proxy.example.com:3128`）或 `off`',
  'source.not_host': ({ value }) => `的值 ${value} 不是主机名`,
  'source.not_expiry': ({ value }) => `的值 ${value} 既不是日期，也不是 \`30d\` 这样的时长`,
  'source.not_cron': ({ value }) => `的值 ${value} 不是 cron 表达式`,
  'source.cron_fields': ({ value, count }) =>
    `的值 ${value} 有 ${count} 个字段；cron 表达式应有 5 个，或在最前面加上秒共 6 个`,
  'source.not_instant': ({ value }) => `的值 ${value} 不是日期，也不是带时区的日期时间`,
} satisfies Partial<Translation<typeof ENGLISH>>;

const HINTS = {
  'source.example': ({ example }) => `例如 ${code(example)}。`,
  'source.example_listen': '例如 `127.0.0.1:9643`、`[::1]:9643` 或 `off`。',
  'source.example_receiver': '例如 `ops` 或 `on-call-2`。',
  'source.did_you_mean': ({ word }) => `您是否想写 ${code(word)}？`,
  'source.known_keys': (known) => `可用的键：${list(known)}。`,
  'source.belongs_in': ({ key, home }) => `${code(key)} 应写在 ${code(home)} 下。`,
  'source.quote_it': ({ text }) => `请加引号："${text}"。`,
  'source.quote_id': ({ text }) => `请加引号，19 位数字按数值读取会丢失精度："${text}"。`,
  'source.quote_digits': '请把数字写在引号里，例如 "7512345678901234567"。',
  'source.give_unit': ({ text }) => `请加上单位，例如 ${code(`${text}s`)}。`,
  'source.write_duration': '请写数字加单位：`300ms`、`15s`、`10m`、`6h`、`7d`。',
  'source.write_list': '请写成列表：`[…]`。',
  'source.write_apps': '账号下没有应用时，请写 `apps: {}`。',
  'source.write': ({ value }) => `请写 ${value}。`,
  'source.key_letters': '只能用字母、数字、`.`、`_` 和 `-`，以字母或数字开头，最多 63 个字符。',
  'source.remove_or_encode': '请删除，或写成百分号编码。',
  'source.remove_unless': '若非有意使用，请删除。',
  'source.take_out': '请从 URL 中去掉它们。',
  'source.remove': '请删除。',
} satisfies Partial<Translation<typeof ENGLISH>>;

const KEYS = {
  'source.file_needs_key': ({ key }) => `文件缺少 ${code(key)}`,
  'source.unknown_key_top': ({ key }) => `顶层没有 ${key} 这个键`,
  'source.unknown_key_in': ({ key, place }) => `${code(place)} 中没有 ${key} 这个键`,
  'source.secret_key': ({ key }) => `没有 ${key} 这个键，配置文件不存放密钥`,
  'source.secret_key_hint':
    '请把 token 放进权限为 0600 的文件，用 `coze.auth.token_file` 指定；或设置 COZE_API_TOKEN。',
} satisfies Partial<Translation<typeof ENGLISH>>;

const ENTRIES = {
  'source.entry_twice': ({ key }) => `条目 ${key} 同时出现在两个文件中`,
  'source.entry_also_in': ({ file }) => `另一处在 ${file}`,
  'source.same_app': ({ key, other, type, field, value }) =>
    `${key} 和 ${other} 指向同一个 ${type} 应用：${code(field)} 都是 ${value}`,
  'source.same_app_hint': '请删除其中一个；如果账号下确实有两个，请用 `id:` 分别指定。',
  'source.other_one': '另一个在这里',
  'source.same_pin': ({ key, other }) => `${key} 和 ${other} 指定了同一个 id`,
  'source.other_pin': '另一处指定',
  'source.same_was': ({ key, other, was }) => `${key} 和 ${other} 的旧 key 都是 ${was}`,
  'source.was_itself': ({ key }) => `${key} 把自己写成了旧 key`,
  'source.was_present': ({ key, was }) => `${key} 的旧 key ${was} 仍是一个条目`,
  'source.was_present_hint': '删除旧条目之后，改名的条目才能沿用原来的应用。',
  'source.the_entry': '该条目',
  'source.marked_name': ({ key }) => `${key} 的名称末尾与创建未完成的标记相同`,
  'source.marked_name_hint': '换一个名称，末尾不要是 `-cb` 加 12 位十六进制数字。',
  'source.normal_connector': ({ key }) => `${key} 是 normal 应用，不能有 \`connector_id\``,
  'source.normal_connector_hint': '请删除它，或写 `app_type: connector`。',
  'source.plain_http': ({ key }) => `${key} 的回调地址是明文 http`,
  'source.plain_http_hint': '请改用 https；或同时写上 `allow_http: true`，事件将以明文传输。',
  'source.not_expanded': ({ field }) => `${code(field)} 不支持 \`\${…}\` 变量`,
  'source.not_expanded_hint': '请直接写值；只有路径和凭据支持变量。',
  'source.name_space': ({ key, character }) => `${key} 的 \`name\` 以 ${character} 开头或结尾`,
  'source.name_unseen': ({ key, character }) => `${key} 的 \`name\` 含有不可见字符 ${character}`,
  'source.names_alike': ({ key, other, difference }) => `${key} 与 ${other} 的名称${difference}`,
  'source.names_alike_hint': '请改用容易区分的名称。',
  'source.differ_composed': ({ character }) => `仅 ${character} 的组合方式不同（Unicode NFC 与 NFD）`,
  'source.differ_case': '仅大小写不同',
  'source.differ_spaces': '仅空格和大小写不同',
  'source.differ_character': ({ character }) => `仅 ${character} 不同`,
  'source.host_foreign': ({ key, character, host }) =>
    `${key} 的 \`callback_url\` 的主机名含有 ${character}，实际主机是 ${host}`,
  'source.host_dot': ({ key }) => `${key} 的 \`callback_url\` 的主机名以点（U+002E）结尾`,
  'source.url_sign': ({ key, character }) => `${key} 的 \`callback_url\` 含有 ${character}`,
  'source.event_unknown': ({ event }) => `本版本不认识订阅事件 ${event}`,
  'source.event_unknown_hint': '它会原样提交给平台。',
  'source.event_twice': ({ event }) => `订阅事件 ${event} 重复`,
  'source.event_first': '首次出现在这里',
} satisfies Partial<Translation<typeof ENGLISH>>;

const SETTINGS = {
  'source.base_url_variable': '`coze.base_url` 不支持变量',
  'source.base_url_variable_hint': '请直接写 URL，或设置 COZE_API_BASE。',
  'source.base_url_http': '基础地址是明文 http，token 将以明文传输',
  'source.base_url_http_hint': '请改用 https，或在 `coze:` 下写 `allow_http: true`。',
  'source.expiry_after': '`expires` 写成时长时从 `token_file` 的写入时间算起，而这里没有配置该文件',
  'source.expiry_after_hint': '请写令牌的到期日期。',
  'source.auth_overridden': ({ variable }) => `已设置 ${variable}，它会覆盖 \`coze.auth\``,
  'source.auth_overridden_hint': ({ variable }) => `如需使用文件中的认证方式，请取消设置 ${variable}。`,
  'source.debounce_order': ({ quiet, max }) => `\`max_wait\`（${max}）比 \`quiet\`（${quiet}）短`,
  'source.token_as_path': '这里像是 token；该字段应填存放 token 的文件路径',
  'source.token_as_variable': '这里像是 token；该字段应填存放 token 的环境变量名',
  'source.token_as_path_hint': 'token 已写入文件，请立即吊销。',
  'source.variable_unset': ({ variable }) => `变量 ${variable} 未设置`,
  'source.variable_unset_hint': ({ variable }) => `请设置 ${variable}，或直接写值。`,
  'source.variable_form': '`$` 和 `{` 之后必须是变量名和 `}`',
  'source.variable_form_hint': '不支持默认值，也不支持其他展开写法。',
} satisfies Partial<Translation<typeof ENGLISH>>;

const RECEIVERS = {
  'source.receiver_url': ({ receiver }) => `通知接收方 ${receiver} 必须且只能有一个 URL`,
  'source.receiver_url_hint': '请在 `url_file`、`url_env`、`url` 中选一个。',
  'source.receiver_url_written': ({ receiver }) =>
    `通知接收方 ${receiver} 的 URL 直接写在了文件中，而它是机密`,
  'source.receiver_url_written_hint': '请改用 `url_file` 或 `url_env`，或用变量代替其中的机密部分。',
  'source.receiver_secrets': ({ receiver }) => `通知接收方 ${receiver} 有两个密钥`,
  'source.receiver_secrets_hint': '请只保留一个。',
  'source.receiver_secret_format': ({ field, receiver, format }) =>
    `${code(field)} 只用于飞书消息签名，而 ${receiver} 的格式是 ${format}`,
  'source.receiver_twice': ({ receiver }) => `有两个通知接收方都叫 ${receiver}`,
  'source.receiver_first': '第一个在这里',
} satisfies Partial<Translation<typeof ENGLISH>>;

const RELOADS = {
  'source.file_gone': ({ file }) => `${file} 及其条目已不存在，而 \`delete_grace\` 太短，无法等待其恢复`,
  'source.entries_gone': ({ lost, total }) => `${total} 个条目中有 ${lost} 个一次性消失`,
  'source.cut_short': ({ file, reason }) => `${file} 似乎不完整：${reason}`,
  'source.cut_in_line': '末行没有写完',
  'source.cut_in_entry': ({ key }) => `在条目 ${key} 中途结束`,
  'source.cut_settings': '末尾的设置不见了',
  'source.cut_in_grace': '只剩原文件的前一部分，而 delete_grace 太短，等不到其余部分',
  'source.cut_after': ({ key }) => `条目 ${key} 有改动，且其后的条目都不见了`,
} satisfies Partial<Translation<typeof ENGLISH>>;

export const SOURCE: Translation<typeof ENGLISH> = {
  ...FILES,
  ...YAML,
  ...FIELDS,
  ...HINTS,
  ...KEYS,
  ...ENTRIES,
  ...SETTINGS,
  ...RECEIVERS,
  ...RELOADS,
};
