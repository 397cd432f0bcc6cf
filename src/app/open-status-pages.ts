/** The pages of the status server: the events they receive and the state they keep. */

import type { AccountView } from '../daemon/account-view.ts';
import { createApiPages } from '../daemon/api-pages.ts';
import { listApps } from '../daemon/app-rows.ts';
import { createAppTracker } from '../daemon/app-tracker.ts';
import type { DaemonSnapshot } from '../daemon/daemon-parts.ts';
import { createRecentRounds } from '../daemon/recent-rounds.ts';
import type { StatusPage } from '../daemon/status-handler.ts';
import { type Assets, createStatusPages } from '../daemon/status-page/status-pages.ts';
import { readPackageFile } from '../lib/package-file.ts';
import { sha256 } from '../lib/sha256.ts';
import type { Settings } from '../model/settings.ts';
import type { State } from '../model/state.ts';
import type { Tone } from '../model/summary.ts';
import { encodeRecordedState } from '../record/recorded-state.ts';
import type { Context } from './context.ts';
import type { Observer } from './observers.ts';
import { listHistory } from './read-recorded.ts';

export interface DaemonPages {
  readonly observer: Observer;
  /** By path. */
  serve(snapshot: () => DaemonSnapshot): Promise<Readonly<Record<string, StatusPage>>>;
}

export interface PagesSources {
  readonly settings: Settings;
  /** The text of a file as it was last loaded: pages read no file of the configuration. */
  readonly sourceOf: (file: string) => string | undefined;
  readonly state: () => State;
  /** Resolves when every change told so far is in the history. */
  readonly settled: () => Promise<void>;
  readonly view: AccountView;
}

/** As far back as the last changes of the apps are looked up when the daemon starts. */
const RECALLED_MAX = 5_000;

export function openStatusPages(
  { settings, sourceOf, state, settled, view }: PagesSources,
  context: Context,
): DaemonPages {
  const { clock } = context;
  const [tracker, recent] = [createAppTracker(), createRecentRounds()];
  let told = 0;
  let snapshot: (() => DaemonSnapshot) | undefined;
  return {
    observer: {
      onCall: (report) => recent.observeCall(report),
      onOutcome(outcome) {
        told += 1;
        tracker.observeOutcome(outcome);
      },
      onEvent(event) {
        if (!('report' in event)) return;
        recent.observeRound(event.report);
        // So that "since" counts from the round, whether or not somebody looks.
        if (snapshot === undefined) return;
        const { desired } = snapshot().configuration;
        tracker.track(listApps({ desired, state: state(), view }, clock.now()), clock.now());
      },
    },
    async serve(daemonSnapshot) {
      snapshot = daemonSnapshot;
      tracker.restore(await listHistory(settings.stateDir, { limit: RECALLED_MAX }));
      const sources = {
        snapshot: daemonSnapshot,
        state,
        account: () => view.snapshot,
        recorded: settings.showsState ? () => encodeRecordedState(state(), clock.now()) : undefined,
        async history(options: Parameters<typeof listHistory>[1]) {
          await settled();
          return listHistory(settings.stateDir, options);
        },
      };
      const pages = createStatusPages({
        ...sources,
        view,
        tracker,
        recent,
        sourceOf,
        assets: loadAssets(),
        outcomesTold: () => told,
      });
      return { ...createApiPages(sources), ...pages };
    },
  };
}

/** The colour of the icon and the sign on it: the check mark, and with it green, means that all is well. */
const ICONS: Readonly<Record<Tone, readonly [fill: string, sign: string]>> = {
  ok: ['#1f6f5c', 'M9 16.5l4.8 4.8L23 11.5'],
  warn: ['#9a6700', 'M16 8v9.5M16 23v.2'],
  bad: ['#b3261e', 'M10.5 10.5l11 11M21.5 10.5l-11 11'],
  busy: ['#2b5fa8', 'M16 8.5V16l5 3'],
  calm: ['#5f6672', 'M12.5 10.5v11M19.5 10.5v11'],
};

function paintIcon(svg: string, tone: Tone): string {
  const [fill, sign] = ICONS[tone];
  return svg.replace(ICONS.ok[0], fill).replace(ICONS.ok[1], sign);
}

function mapTones<Value>(make: (tone: Tone) => Value): Readonly<Record<Tone, Value>> {
  const entries = (Object.keys(ICONS) as Tone[]).map((tone) => [tone, make(tone)] as const);
  return Object.fromEntries(entries) as Record<Tone, Value>;
}

/** The files of web/ as the build left them. */
function loadAssets(): Assets {
  const load = (file: string, type: string) => {
    const text = readPackageFile(`dist/web/${file}`);
    const name = `/assets/${sha256(text).slice(0, 12)}/${file}`;
    return { name, type: `${type}; charset=utf-8`, text };
  };
  const script = load('page.js', 'text/javascript');
  const style = load('page.css', 'text/css');
  const icon = load('icon.svg', 'image/svg+xml');
  const icons = mapTones((tone) => ({
    ...icon,
    name: icon.name.replace('icon.svg', `icon-${tone}.svg`),
    text: paintIcon(icon.text, tone),
  }));
  const files = [script, style, ...Object.values(icons)];
  const texts = Object.fromEntries(files.map(({ name, ...file }) => [name, file]));
  return { script: script.name, style: style.name, icons: mapTones((tone) => icons[tone].name), texts };
}
