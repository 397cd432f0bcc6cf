/**
 * The guided tour: an account made by hand, a dry run, the daemon converging, an edit, drift, and the trail
 * of logids. It runs the real commands as processes of their own and waits for what they do, never for a
 * time.
 */

import type { AccountView, ChildRun, DemoStage } from '../../app/open-demo-stage.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Message, message } from '../../messages/message.ts';
import type { Translate } from '../../messages/say.ts';
import type { ExitName } from '../command-line/exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { measure } from '../views/layout.ts';

const CONFIG = 'callbackd.yaml';
/** The tour gives up after this long for one step; each takes a few seconds at most. */
const STEP_MS_MAX = 20_000;
const LOOK_EVERY_MS = 25;

export interface TourDeps {
  readonly stage: DemoStage;
  readonly clock: Clock;
  readonly terminal: Pick<Terminal, 'print' | 'color' | 'translate'>;
  /** Aborted when the person has seen enough. */
  readonly interrupted: AbortSignal;
}

/** Runs the tour; with `live`, keeps the daemon running afterwards until interrupted. */
export async function runTour(deps: TourDeps, { live }: { readonly live: boolean }): Promise<ExitName> {
  const { stage } = deps;
  await introduce(deps);
  await showDryRun(deps);
  const daemon = await startDaemon(deps);
  try {
    await showEdit(deps);
    await showDrift(deps);
    await showTrail(deps);
    if (live) await handOver(deps);
  } finally {
    daemon.stop();
  }
  const { code } = await daemon.ended;
  tell(deps, message('cli.tour_ended', { code: String(code) }));
  tell(deps, message('cli.tour_next'));
  await stage.close();
  return code === 0 ? 'ok' : 'failed';
}

async function introduce(deps: TourDeps): Promise<void> {
  const { stage, terminal } = deps;
  heading(deps, message('cli.tour_account'));
  tell(deps, message('cli.tour_account_is', { url: stage.url, count: stage.apps().length }));
  heading(deps, message('cli.tour_wanted', { file: CONFIG }));
  const text = writeDemoConfiguration(stage, terminal.translate);
  await stage.write(CONFIG, text);
  terminal.print(indent(text));
}

async function showDryRun(deps: TourDeps): Promise<void> {
  heading(deps, message('cli.tour_plan'));
  tell(deps, message('cli.tour_plan_is'));
  const { stdout, stderr, code } = await deps.stage.start(['plan', '-c', CONFIG, '--quiet']).ended;
  if (code !== 0) throw new Error(`callbackd plan ended with ${code}:\n${stderr}`);
  deps.terminal.print(`${indent(stdout)}\n`);
}

async function startDaemon(deps: TourDeps): Promise<ChildRun> {
  const { stage } = deps;
  heading(deps, message('cli.tour_run'));
  const daemon = stage.start(['run', '-c', CONFIG]);
  tell(deps, message('cli.tour_run_is', { pid: daemon.pid }));
  daemon.onLine((line) => {
    const described = describeLogLine(line);
    if (described !== undefined) deps.terminal.print(`    ${described}\n`);
  });
  await until(deps, daemon, () => {
    const audit = findByName(stage, '审计回调应用');
    const support = findByName(stage, '智能客服回调');
    const isMade = audit?.callbackUrl === stage.receiverUrl('audit') && audit.events.length === 1;
    return isMade && support?.callbackUrl === stage.receiverUrl('support') && support.events.length === 2;
  });
  tell(deps, message('cli.tour_converged'));
  return daemon;
}

async function showEdit(deps: TourDeps): Promise<void> {
  const { stage } = deps;
  heading(deps, message('cli.tour_edit'));
  tell(deps, message('cli.tour_edit_is'));
  const addition = writeDemoAddition(stage);
  deps.terminal.print(`${indent(addition, '    + ')}\n`);
  await stage.write(CONFIG, (await stage.read(CONFIG)) + addition);
  await until(deps, undefined, () => findByName(stage, '告警回调应用')?.events.length === 1);
  tell(deps, message('cli.tour_edit_done'));
}

async function showDrift(deps: TourDeps): Promise<void> {
  const { stage } = deps;
  heading(deps, message('cli.tour_drift'));
  const orders = findByName(stage, '订单回调应用');
  if (orders === undefined) throw new Error('the app of the tour is gone');
  stage.setUrlByHand(orders.id, stage.receiverUrl('somewhere-else'));
  tell(deps, message('cli.tour_drift_is', { id: orders.id }));
  await until(
    deps,
    undefined,
    () => findByName(stage, '订单回调应用')?.callbackUrl === stage.receiverUrl('orders'),
  );
  tell(deps, message('cli.tour_drift_done'));
}

async function showTrail(deps: TourDeps): Promise<void> {
  const { stage } = deps;
  heading(deps, message('cli.tour_trail'));
  tell(deps, message('cli.tour_trail_is'));
  const isHealing = (line: string) => line.includes('"orders"') && line.includes('update_app');
  const readTrail = async () =>
    (await stage.read('state/history.ndjson')).split('\n').filter(isHealing).at(-1);
  for (let line = await readTrail(); ; line = await readTrail()) {
    if (line === undefined) {
      await deps.clock.sleep(LOOK_EVERY_MS, deps.interrupted);
      continue;
    }
    deps.terminal.print(`${indent(line)}\n`);
    return;
  }
}

async function handOver(deps: TourDeps): Promise<void> {
  const { stage, interrupted } = deps;
  heading(deps, message('cli.tour_turn'));
  const places = { file: `${stage.folder}/${CONFIG}`, url: `${stage.url}/_sandbox/apps` };
  tell(deps, message('cli.tour_turn_is', places));
  if (interrupted.aborted) return;
  await new Promise<void>((resolve) =>
    interrupted.addEventListener('abort', () => resolve(), { once: true }),
  );
}

function findByName(stage: DemoStage, name: string): AccountView | undefined {
  return stage.apps().find((app) => app.name === name);
}

/** Waits for a state of the account; fails when the daemon ends first or the step takes far too long. */
async function until(deps: TourDeps, daemon: ChildRun | undefined, isSo: () => boolean): Promise<void> {
  const ended = { with: undefined as string | undefined };
  void daemon?.ended.then(({ code, stdout, stderr }) => {
    ended.with = `the daemon ended with ${code}:\n${stdout}${stderr}`;
  });
  const giveUpAt = deps.clock.monotonic() + STEP_MS_MAX;
  while (!isSo()) {
    if (ended.with !== undefined) throw new Error(ended.with);
    if (deps.clock.monotonic() > giveUpAt) throw new Error('the daemon did not do what the tour waited for');
    await deps.clock.sleep(LOOK_EVERY_MS, deps.interrupted);
  }
}

function heading({ terminal }: TourDeps, title: Message): void {
  const { print, color, translate } = terminal;
  const text = translate(title);
  print(color ? `\n\u001b[1m${text}\u001b[22m\n\n` : `\n${text}\n${'-'.repeat(measure(text))}\n\n`);
}

/** A paragraph of at most 100 columns. */
function tell({ terminal }: TourDeps, paragraph: Message): void {
  const { print, translate } = terminal;
  const words = translate(paragraph).split(' ');
  let line = ' ';
  for (const word of words) {
    if (line.length + word.length > 98) {
      print(`${line}\n`);
      line = ' ';
    }
    line += ` ${word}`;
  }
  print(`${line}\n\n`);
}

function indent(text: string, prefix = '    '): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `${prefix}${line}\n`)
    .join('');
}

interface LogLine {
  readonly msg?: unknown;
  readonly method?: unknown;
  readonly path?: unknown;
  readonly status?: unknown;
  readonly code?: unknown;
  readonly logid?: unknown;
}

/** Undefined for lines that are not about an answer of the platform. */
function describeLogLine(text: string): string | undefined {
  const line = parse(text);
  if (line?.msg !== 'coze api call') return undefined;
  const request = `${String(line.method).padEnd(6)} ${line.path}`;
  return `${request.padEnd(46)} HTTP ${line.status}, code ${line.code}, logid ${line.logid}`;
}

function parse(text: string): LogLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

interface DemoAddresses {
  receiverUrl(name: string): string;
}

/** What the file holds at first. */
function writeDemoConfiguration({ receiverUrl }: DemoAddresses, translate: Translate): string {
  return `version: 1
reconcile:
  schedule: "*/2 * * * * *"   # ${translate('cli.tour_file_schedule')}
  adopt: by_name              # ${translate('cli.tour_file_adopt')}
apps:
  orders:                     # ${translate('cli.tour_file_orders')}
    app_type: normal
    name: 订单回调应用
    callback_url: ${receiverUrl('orders')}
    events: [bot.published, bot.deleted]
  support:                    # ${translate('cli.tour_file_support')}
    app_type: normal
    name: 智能客服回调
    callback_url: ${receiverUrl('support')}
    events: [bot.published, bot.unpublished]
  partner:                    # ${translate('cli.tour_file_partner')}
    app_type: connector
    connector_id: "1056899000"
    callback_url: ${receiverUrl('partner')}
    events: [bot.published]
  audit:                      # ${translate('cli.tour_file_audit')}
    app_type: normal
    name: 审计回调应用
    callback_url: ${receiverUrl('audit')}
    events: [bot.deleted]
`;
}

/** What is added to the file while the daemon runs. */
function writeDemoAddition({ receiverUrl }: DemoAddresses): string {
  return `  alerts:
    app_type: normal
    name: 告警回调应用
    callback_url: ${receiverUrl('alerts')}
    events: [bot.unpublished]
`;
}
