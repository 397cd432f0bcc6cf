// Takes docs/images/terminal-*.svg from real runs: each command runs in a terminal against a sandbox, and what the terminal then
// shows is drawn. `--check` writes nothing and fails when an image no longer shows what the program prints; ids, logids and
// times, which differ from run to run, are not compared.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import xterm from '@xterm/headless';

const root = path.resolve(import.meta.dirname, '..');
const images = path.join(root, 'docs', 'images');
const COLUMNS = 126;
const CELL = { width: 8.4, height: 19 };
const PALETTE = ['#6e7681', '#ff7b72', '#7ee787', '#e3b341', '#79c0ff', '#d2a8ff', '#76e3ea', '#e6edf3'];
const VOLATILE = [
  /\d{19,}/g,
  /\d{4}-\d\d-\d\dT[\d:.]+Z/g,
  /\b[0-9a-f]{12}\b/g,
  /\b[0-9A-F]{20,}\b/g,
  /127\.0\.0\.1:\d+/g,
  /\s+/g,
];

const FILE = `version: 1
state_dir: state
control: {socket: callbackd.sock}
reconcile: {settle: 1s}
apps:
  orders:
    app_type: normal
    name: 订单回调应用
    callback_url: SANDBOX/_receivers/orders
    events: [bot.published, bot.deleted]
  support:
    app_type: normal
    name: 智能客服回调
    callback_url: SANDBOX/_receivers/support
    events: [bot.published]
  alerts:
    app_type: normal
    name: 告警回调应用
    callback_url: SANDBOX/_receivers/alerts
    events: [bot.published]
`;

/** What is drawn, in this order, and what happens before to the file. */
const SCENES = [
  { name: 'plan', command: 'callbackd plan -q', file: (text) => text },
  { name: 'apply', command: 'callbackd apply -q --yes --approve support', file: (text) => text },
  {
    name: 'invalid',
    command: 'callbackd validate',
    file: (text) => text.replace('    events: [bot.published]\n', '    event: [bot.published]\n'),
  },
  {
    name: 'withheld',
    command: 'callbackd plan -q',
    file: (text) => text.replace(/^apps:[\s\S]*/m, 'apps: {}\n'),
  },
];

const folder = mkdtempSync(path.join(os.tmpdir(), 'callbackd-screenshots-'));
const sandbox = spawn(process.execPath, [
  path.join(root, 'dist/main.js'),
  'sandbox',
  '--fleet',
  'demo',
  '--port',
  '0',
]);
try {
  await takeAll();
} finally {
  sandbox.kill();
  rmSync(folder, { recursive: true, force: true });
}

async function takeAll() {
  symlinkSync(path.join(root, 'dist/main.js'), path.join(folder, 'callbackd'));
  mkdirSync(images, { recursive: true });
  let said = '';
  const start = AbortSignal.timeout(60_000);
  while (!/listens on (\S+)/.test(said)) said += (await once(sandbox.stdout, 'data', { signal: start }))[0];
  const address = /listens on (\S+)/.exec(said)[1];
  const text = FILE.replaceAll('SANDBOX', address);
  for (const { name, command, file } of SCENES) {
    writeFileSync(path.join(folder, 'callbackd.yaml'), file(text));
    const screen = await readScreen(command, run(command, address));
    const svg = draw(screen).replaceAll(address, 'http://127.0.0.1:9650');
    const target = path.join(images, `terminal-${name}.svg`);
    if (!process.argv.includes('--check')) writeFileSync(target, svg);
    else if (words(readFileSync(target, 'utf8')) !== words(svg)) {
      console.error(`${target} is not what callbackd prints: run npm run screenshots`);
      process.exitCode = 1;
    }
  }
}

/** In a terminal of its own, made by script(1). */
function run(command, address) {
  const { stdout } = spawnSync('script', ['-qec', `stty cols ${COLUMNS} rows 60; ${command}`, '/dev/null'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    env: {
      PATH: `${folder}:${process.env.PATH}`,
      HOME: folder,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      COZE_API_BASE: address,
      COZE_API_TOKEN: 'pat_sandbox',
    },
  });
  return stdout;
}

/** The cells that the terminal shows in the end, as rows of runs of one style. */
async function readScreen(command, output) {
  const terminal = new xterm.Terminal({ cols: COLUMNS, rows: 60, allowProposedApi: true });
  await new Promise((resolve) => terminal.write(`\u001b[32m$\u001b[0m ${command}\r\n${output}`, resolve));
  const rows = [];
  for (let y = 0; y < terminal.buffer.active.length; y += 1)
    rows.push(readRow(terminal.buffer.active.getLine(y)));
  while (rows.at(-1)?.length === 0) rows.pop();
  return rows;
}

function readRow(line) {
  const runs = [];
  for (let x = 0; x < COLUMNS; x += 1) {
    const cell = line.getCell(x);
    const width = cell.getWidth();
    if (width === 0) continue;
    const style = JSON.stringify([
      cell.isFgDefault() ? 7 : cell.getFgColor() % 8,
      cell.isBold() > 0,
      cell.isDim() > 0,
      width,
    ]);
    const chars = cell.getChars() || ' ';
    const last = runs.at(-1);
    // A wide character stands at the start of its own cells, whatever font draws it.
    if (last?.style === style && width === 1) last.text += chars;
    else runs.push({ x, style, text: chars });
  }
  return runs.filter(({ text }) => text.trim() !== '');
}

function draw(rows) {
  const width = Math.ceil(COLUMNS * CELL.width + 32);
  const height = rows.length * CELL.height + 32;
  const texts = rows.flatMap((runs, row) =>
    runs.map(({ x, style, text }) => {
      const [color, bold, dim] = JSON.parse(style);
      const look = `${bold ? ' font-weight="bold"' : ''}${dim ? ' opacity="0.65"' : ''}`;
      return `<text x="${(16 + x * CELL.width).toFixed(1)}" y="${30 + row * CELL.height}" fill="${PALETTE[color]}"${look}>${escapeXml(text.trimEnd())}</text>`;
    }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace" font-size="14">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${texts.join('\n')}
</svg>
`;
}

function escapeXml(text) {
  // Plain spaces at the start of a text, and several in a row, would not be drawn.
  return text
    .replaceAll(' ', '\u00a0')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** What an image says, without where it stands and without what differs from run to run. */
function words(svg) {
  const said = [...svg.matchAll(/<text [^>]*>([^<]*)</g)].map(([, text]) => text).join(' ');
  return VOLATILE.reduce((text, pattern) => text.replaceAll(pattern, ' '), said);
}
