/** Help for each command, in Chinese; en/help.ts says how the ids follow from the commands. */

import type { HELP as ENGLISH } from '../en/help.ts';
import type { Translation } from '../translation.ts';

const PROGRAM = {
  'help.program.about': 'callbackd 让扣子（Coze）账号中的回调应用与 YAML 文件保持一致。',
  'help.program.usage': '用法：callbackd <command> [options]',
  'help.program.help': '显示帮助',
  'help.program.version': '显示版本',
  'help.program.first_demo': '无需账号，先看演示',
  'help.program.first_init': '编写第一份 callbackd.yaml',
  'help.program.first_plan': '查看将有哪些变更',
  'help.title.arguments': '参数：',
  'help.title.commands': '命令：',
  'help.title.examples': '示例：',
  'help.title.first_steps': '入门：',
  'help.title.options': '选项：',
  'help.title.usage': '用法',
  'help.option.help': '显示本帮助',
  'help.option.config':
    'YAML 文件（默认：$CALLBACKD_CONFIG，其次 ./callbackd.yaml，再次 /etc/callbackd/callbackd.yaml）',
  'help.option.base_url': '平台地址，覆盖 `coze.base_url`',
  'help.option.state_dir': '状态目录，覆盖 `state_dir`',
  'help.option.yes': '不询问确认',
  'help.option.log_level': '最低日志级别',
  'help.option.quiet': '只记录警告和错误',
  'help.option.no_color': '不使用颜色（也可设置环境变量 NO_COLOR）',
  'help.option.lang': '输出语言（默认：LC_ALL、LC_MESSAGES 或 LANG 以 zh 开头时为中文，否则为英文）',
  'help.option.output': '输出格式',
  'help.option.full': '不缩短较长的计划',
  'help.option.control_socket': '守护进程的控制 socket，覆盖 `control.socket`',
  'help.option.offline': '不访问平台和接收端',
} satisfies Partial<Translation<typeof ENGLISH>>;

const CHANGING = {
  'help.init.summary': '创建第一份配置',
  'help.init.description':
    '询问平台、令牌和状态目录，然后写入一份有效的 YAML 文件，并附上供编辑器使用的 schema。没有终端时使用选项和默认值。' +
    '从不覆盖已有文件，也从不把令牌写进 YAML：令牌来自权限为 0600 的文件或环境变量。',
  'help.init.option.config': '要写入的文件',
  'help.init.option.base_url': '平台：https://api.coze.cn 或 https://api.coze.com',
  'help.init.option.token_file': '存放 API 令牌的文件',
  'help.init.option.token_stdin': '从标准输入读取令牌，保存到 --token-file',
  'help.init.option.state_dir': '状态目录',
  'help.init.option.import': '同时写入账号中现有的应用',
  'help.init.example.1': '交互式',
  'help.init.example.2': '不再询问这几项',
  'help.init.example.3': '使用密码管理器中的令牌',
  'help.run.summary': '运行守护进程，让账号持续与文件一致',
  'help.run.description':
    '在启动时、按计划、文件变更时以及收到 SIGHUP 时同步，直到收到 SIGTERM 或 SIGINT。文件无效时沿用上一份有效配置。日志输出到 stdout。',
  'help.run.example.1': '在前台运行',
  'help.plan.summary': '查看将有哪些变更，不做任何改动',
  'help.plan.description':
    '读取账号并显示计划。它只读、不加锁、不留下任何文件，可与守护进程同时运行。除非 `preflight` 为 off，否则会对新回调地址的接收端发起 challenge。',
  'help.plan.option.out': '保存计划，之后用 `callbackd apply FILE` 执行',
  'help.plan.option.allow_deletes': '不计删除上限（受保护的应用仍受保护）',
  'help.plan.option.detailed_exitcode': '有待执行的变更时退出码为 2',
  'help.plan.option.state_from':
    '使用某个守护进程的状态记录：它的状态服务地址，或保存了 /api/v1/state 应答的文件',
  'help.plan.option.require_state': '没有状态记录时报错，不生成计划',
  'help.plan.example.1': '显示计划',
  'help.plan.example.2': '用于合并请求的评论',
  'help.plan.example.3': '保存，之后原样执行',
  'help.plan.example.4': '用于流水线：状态取自守护进程，账号现查',
  'help.apply.summary': '计划、确认并执行，或执行已保存的计划',
  'help.apply.description':
    '显示计划，确认后执行。创建请求的响应丢失时，先查明应用是否已存在，再决定是否重试。已保存的计划逐项核对：不再适用的变更会被拒绝并列出。',
  'help.apply.argument.planfile': '用 `plan --out` 保存的计划',
  'help.apply.option.allow_deletes': '本次不计删除上限（受保护的应用仍受保护）',
  'help.apply.option.approve': '放行该摘要下或该条目中暂缓的变更',
  'help.apply.example.1': '计划、确认、执行',
  'help.apply.example.2': '同上，但不询问确认',
  'help.apply.example.3': '执行已保存的计划',
  'help.delete.summary': '删除一个没有条目绑定的应用',
  'help.delete.description':
    '显示将失去的内容，确认后删除应用，同样受删除上限约束。已绑定条目的应用会被拒绝。守护进程运行时，由它在下一轮删除。',
  'help.delete.argument.id': '应用 ID',
  'help.delete.option.allow_deletes': '本次不计删除上限',
  'help.delete.example.1': '删除重复的应用',
  'help.validate.summary': '只检查文件，不使用网络和状态',
  'help.validate.description': '一次列出所有问题及其文件、行和列。',
  'help.validate.example.1': '检查文件',
  'help.validate.example.2': '在合并请求中标注',
} satisfies Partial<Translation<typeof ENGLISH>>;

const LOOKING = {
  'help.status.summary': '查看守护进程的状态，或最近记录的状态',
  'help.status.description':
    '询问运行中的守护进程。如未运行，则显示状态目录中的记录：已纳管应用、结果未知的创建、暂停。有变更待确认时退出码为 4，同步失败时为 1。',
  'help.status.option.control_socket': '守护进程的控制 socket，覆盖 `control.socket`',
  'help.status.option.check': '只检查守护进程是否正常：正常退出码为 0，否则为 1',
  'help.status.example.1': '一屏查看状态',
  'help.status.example.2':
    '输出 JSON，见 `callbackd schema status`；没有守护进程时为最近记录的状态，见 `callbackd schema recorded-status`',
  'help.history.summary': '查看历史变更，由新到旧，含每个请求',
  'help.history.description':
    '读取状态目录中的历史：每项成功或失败的变更，以及每个请求的状态码、code 和 logid。',
  'help.history.option.app': '只看该条目的变更',
  'help.history.option.limit': '显示的变更数',
  'help.history.example.1': '某个应用的变更',
  'help.history.example.2': '最近一千项变更，供脚本使用',
  'help.why.summary': '解释一个条目：文件、记录、账号、决定、历史',
  'help.why.description':
    '显示条目在文件中的位置、上次生效值、账号中的现状、由哪条规则决定，以及最近的变更。读取账号一次，无需守护进程。',
  'help.why.argument.key': '条目的 key',
  'help.why.option.offline': '不读取账号',
  'help.why.example.1': '一个条目的全部信息',
  'help.doctor.summary': '全面检查，并说明如何修复',
  'help.doctor.description':
    '检查配置、令牌及其权限、时钟、每个接收端（发起 challenge）、状态目录、磁盘、锁、Node 和 systemd 单元。只读。退出码反映最严重的问题。',
  'help.doctor.option.control_socket': '守护进程的控制 socket，覆盖 `control.socket`',
  'help.doctor.example.1': '全面检查，不逐条记录调用日志',
  'help.doctor.example.2': '只检查本机',
  'help.bundle.summary': '打包诊断信息，密钥全部打码',
  'help.bundle.description':
    '将版本、配置、状态、历史末尾、`doctor` 的结果、守护进程状态、systemd 单元及其日志打包为一个权限为 0600 的 .tar.gz。' +
    '令牌、密钥、webhook 地址和地址中的查询参数均打码。写入前会再次搜索本机的密钥，若发现则不写入。' +
    '归档中的 `manifest.json` 列出每个文件的 SHA-256 和打码处数。',
  'help.bundle.option.control_socket': '守护进程的控制 socket，覆盖 `control.socket`',
  'help.bundle.option.output_file': '要写入的文件；从不覆盖已有文件',
  'help.bundle.option.plan': '同时读取整个账号并附上计划',
  'help.bundle.example.1': '在当前目录生成以当前时间命名的归档',
  'help.bundle.example.2': '附上计划，使用指定文件名',
  'help.import.summary': '将账号中的应用输出为 YAML',
  'help.import.description':
    '读取整个账号并输出一份配置，对它运行 plan 没有变更。key 取自名称，含订阅事件，无法表达的内容写成注释，不含密钥。' +
    '只从 --config 指定的文件读取设置，因此输出可以重定向到 callbackd.yaml。',
  'help.import.option.config': '含 state_dir 等设置的 YAML 文件；默认不读取',
  'help.import.option.adopt': '同时接管这些应用，即写入状态',
  'help.import.option.select':
    '只含 key、名称、ID 或渠道 ID 匹配的应用，模式以逗号分隔，例如 "订单*,7512345678901234567"',
  'help.import.example.1': '从现有应用开始',
  'help.import.example.2': '同上，并接管它们',
  'help.import.example.3': '只取其中一部分',
} satisfies Partial<Translation<typeof ENGLISH>>;

const DAEMON = {
  'help.rotate.summary': '更换已泄露的 verify_token',
  'help.rotate.description':
    '为条目创建一个新应用，以它自己的 verify_token 接替旧应用：在 token_sink 目录中先是 KEY.next，随后成为 KEY，' +
    '旧的成为 KEY.previous。并存期结束后删除旧应用。中途崩溃后每一步都能继续。有守护进程运行时由它执行。`protect` 不会阻止轮换。',
  'help.rotate.argument.key': '条目的 key',
  'help.rotate.option.overlap': '旧应用保留多久；在此期间每个事件会收到两次',
  'help.rotate.example.1': '更换 verify_token，新旧两个在十分钟内都有效',
  'help.rotate.example.2': '保留一小时，且不询问',
  'help.approve.summary': '放行守护进程暂缓、等待确认的变更',
  'help.approve.description':
    '按摘要或条目放行暂缓的变更，或放行待确认的新配置。计划中会写明该用哪个参数。删除的放行在 24 小时内有效，直到全部删完；其他变更只在一轮内有效。参数与任何暂缓的变更都对不上时会被拒绝。受保护和已暂停的条目保持不变。',
  'help.approve.argument.digest_or_key': '暂缓变更的摘要（前 8 个字符即可）或条目的 key',
  'help.approve.example.1': '放行该摘要下暂缓的变更',
  'help.approve.example.2': '放行一个条目暂缓的变更',
  'help.pause.summary': '在守护进程中暂停一个条目或全部',
  'help.pause.description':
    '不带 key 则全部暂停。暂停持续到 `resume` 或指定的时间。守护进程继续读取账号和生成计划；计划中会显示哪些变更被暂缓、由谁暂停以及原因。',
  'help.pause.argument.key': '条目的 key；默认全部暂停',
  'help.pause.option.for': '时长，例如 90m 或 2h',
  'help.pause.option.until': '结束时间，例如 2026-12-01T08:00:00Z',
  'help.pause.option.because': '原因，供同事查看',
  'help.pause.example.1': '暂停一个应用',
  'help.pause.example.2': '暂停整个账号，直到 `callbackd resume`',
  'help.resume.summary': '解除暂停',
  'help.resume.description': '解除用 `pause` 设置的暂停。要解除文件中的暂停，请删除其中的 `paused:`。',
  'help.resume.argument.key': '条目的 key；默认解除全部暂停',
  'help.resume.example.1': '恢复一个应用',
  'help.reconcile.summary': '让守护进程立即读取文件并同步一轮',
  'help.reconcile.description':
    '立即开始一轮同步，而不等到下一个计划时间。加上 --wait 时，退出码反映该轮的结果。',
  'help.reconcile.option.wait': '等待该轮结束',
  'help.reconcile.example.1': '同步一轮并等待结果',
  'help.rehearse.summary': '用模拟故障检验您的配置文件',
  'help.rehearse.description':
    '在模拟平台上用您的文件运行守护进程，并注入故障：响应丢失、错误、崩溃、磁盘写满、文件修改、控制台中的其他操作者。' +
    '每次运行都必须遵守所有承诺，并在故障结束后恢复同步。时间是虚拟的，不使用网络，不写入任何内容。' +
    '违反承诺时退出码为 1，可用种子重放。',
  'help.rehearse.option.runs': '运行次数（默认：25 秒内能完成的次数）',
  'help.rehearse.option.seed': '逐行显示一次运行，失败时自动精简；0 为没有故障的运行',
  'help.rehearse.option.account': '账号的初始内容：`callbackd import` 输出的 YAML（默认：空）',
  'help.rehearse.example.1': '约 25 秒的演练',
  'help.rehearse.example.2': '时间更长，用于流水线',
  'help.rehearse.example.3': '从 `callbackd import > account.yaml` 的结果开始',
  'help.rehearse.example.4': '查看第 17 次运行的过程',
  'help.sandbox.summary': '在本机运行模拟平台',
  'help.sandbox.description':
    '启动回调应用 API 的模拟器，以及能通过 challenge 校验的接收端。无需账号和网络，运行到您中断为止。',
  'help.sandbox.option.port': '端口；0 表示任选空闲端口',
  'help.sandbox.option.fleet': '账号中原有的应用',
  'help.sandbox.example.1': '含少量应用的账号',
  'help.demo.summary': '在模拟平台上的导览，无需账号',
  'help.demo.description': '演示试运行、守护进程执行文件、修改文件，以及纠正配置漂移。',
  'help.demo.option.live': '演示后保持运行，供您继续体验',
  'help.demo.example.1': '演示后保持运行',
  'help.schema.summary': '输出 JSON Schema',
  'help.schema.description': '输出配置（供编辑器使用）或某种输出格式的 JSON Schema。',
  'help.schema.argument.name': '要输出的 schema（默认：config）',
  'help.schema.example.1': '保存下来供编辑器使用',
  'help.completion.summary': '输出 shell 补全脚本',
  'help.completion.description': '输出的脚本可补全命令、选项、选项值和配置中的 key。',
  'help.completion.argument.shell': 'shell 名称',
  'help.completion.option.keys': '改为输出配置中的 key（供脚本使用）',
  'help.completion.example.1': '在当前 shell 中启用补全；zsh 用法相同',
  'help.completion.example.2': '在 fish 中启用',
} satisfies Partial<Translation<typeof ENGLISH>>;

export const HELP: Translation<typeof ENGLISH> = { ...PROGRAM, ...CHANGING, ...LOOKING, ...DAEMON };
