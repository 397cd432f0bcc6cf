/**
 * The guided tour: an account made by hand, a dry run, the daemon converging, an edit, drift, and the trail of logids.
 * It runs the real commands as processes of their own and waits for what they do, never for a time.
 */

import type { AccountView, ChildRun, DemoStage } from '../../app/open-demo-stage.ts';
import type { Clock } from '../../lib/clock.ts';
import type { ExitName } from '../command-line/exit-codes.ts';
import { writeDemoAddition, writeDemoConfiguration } from './demo-configuration.ts';

const CONFIG = 'callbackd.yaml';
/** The tour gives up after this long for one step; each takes a few seconds at most. */
const STEP_MS_MAX = 20_000;
const LOOK_EVERY_MS = 25;

export interface TourDeps {
  readonly stage: DemoStage;
  readonly clock: Clock;
  readonly print: (text: string) => void;
  readonly color: boolean;
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
  say(deps, `The daemon got SIGTERM, finished what it was doing, and ended with exit code ${code}.`);
  say(deps, 'Next: README.md, "Five minutes", and `npx callbackd demo --live` to play with this account.');
  await stage.close();
  return code === 0 ? 'ok' : 'failed';
}

async function introduce(deps: TourDeps): Promise<void> {
  const { stage, print } = deps;
  heading(deps, 'An account that people filled by hand');
  say(
    deps,
    `No network, no account: an emulated platform answers on ${stage.url}. It holds ${stage.apps().length} callback apps, ` +
      'more than one page of its listing. Two of ours are as they should be, one points to an old URL, the rest is not ours.',
  );
  heading(deps, `What we want, in ${CONFIG}`);
  const text = writeDemoConfiguration(stage);
  await stage.write(CONFIG, text);
  print(indent(text));
}

async function showDryRun(deps: TourDeps): Promise<void> {
  heading(deps, 'The dry run: callbackd plan');
  say(
    deps,
    'It lists the whole account and says what it would do, and why. It cannot write: it has no such client.',
  );
  const { stdout, stderr, code } = await deps.stage.start(['plan', '-c', CONFIG, '--quiet']).ended;
  if (code !== 0) throw new Error(`callbackd plan ended with ${code}:\n${stderr}`);
  deps.print(`${indent(stdout)}\n`);
}

async function startDaemon(deps: TourDeps): Promise<ChildRun> {
  const { stage } = deps;
  heading(deps, 'The daemon: callbackd run');
  const daemon = stage.start(['run', '-c', CONFIG]);
  say(
    deps,
    `It runs as a process of its own (pid ${daemon.pid}). Each line below is one answer of the platform, with the logid ` +
      'that the vendor asks for when something is wrong. A new app takes three calls: create, set the URL, subscribe.',
  );
  daemon.onLine((line) => {
    const described = describeLogLine(line);
    if (described !== undefined) deps.print(`    ${described}\n`);
  });
  await until(deps, daemon, () => {
    const audit = findByName(stage, '审计回调应用');
    const support = findByName(stage, '智能客服回调');
    const isMade = audit?.callbackUrl === stage.receiverUrl('audit') && audit.events.length === 1;
    return isMade && support?.callbackUrl === stage.receiverUrl('support') && support.events.length === 2;
  });
  say(
    deps,
    'Converged: the account is as the file says. The apps that the file does not name were not touched.',
  );
  return daemon;
}

async function showEdit(deps: TourDeps): Promise<void> {
  const { stage } = deps;
  heading(deps, 'You edit the file');
  say(deps, 'We add one entry and save. Nobody restarts anything:');
  const addition = writeDemoAddition(stage);
  deps.print(`${indent(addition, '    + ')}\n`);
  await stage.write(CONFIG, (await stage.read(CONFIG)) + addition);
  await until(deps, undefined, () => findByName(stage, '告警回调应用')?.events.length === 1);
  say(deps, 'The daemon saw it and made the app.');
}

async function showDrift(deps: TourDeps): Promise<void> {
  const { stage } = deps;
  heading(deps, 'Somebody changes an app in the console');
  const orders = findByName(stage, '订单回调应用');
  if (orders === undefined) throw new Error('the app of the tour is gone');
  stage.setUrlByHand(orders.id, stage.receiverUrl('somewhere-else'));
  say(
    deps,
    `App ${orders.id} now calls .../somewhere-else. At its next round the daemon will see the drift:`,
  );
  await until(
    deps,
    undefined,
    () => findByName(stage, '订单回调应用')?.callbackUrl === stage.receiverUrl('orders'),
  );
  say(deps, 'Healed.');
}

async function showTrail(deps: TourDeps): Promise<void> {
  const { stage } = deps;
  heading(deps, 'Who did what, down to the logid');
  say(deps, 'Every change has its line in state/history.ndjson, with each request made for it:');
  const isHealing = (line: string) => line.includes('"orders"') && line.includes('update_app');
  const readTrail = async () =>
    (await stage.read('state/history.ndjson')).split('\n').filter(isHealing).at(-1);
  for (let line = await readTrail(); ; line = await readTrail()) {
    if (line === undefined) {
      await deps.clock.sleep(LOOK_EVERY_MS, deps.interrupted);
      continue;
    }
    deps.print(`${indent(line)}\n`);
    return;
  }
}

async function handOver(deps: TourDeps): Promise<void> {
  const { stage, interrupted } = deps;
  heading(deps, 'Your turn');
  say(
    deps,
    `The daemon goes on. Edit ${stage.folder}/${CONFIG} and watch; ${stage.url}/_sandbox/apps shows the account. Ctrl-C ends it.`,
  );
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

function heading({ print, color }: TourDeps, text: string): void {
  print(color ? `\n\u001b[1m${text}\u001b[22m\n\n` : `\n${text}\n${'-'.repeat(text.length)}\n\n`);
}

function say({ print }: TourDeps, text: string): void {
  const words = text.split(' ');
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
