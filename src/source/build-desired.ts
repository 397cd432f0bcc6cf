/** Makes the desired state of entries that are valid, also with each other. */

import { sha256 } from '../lib/sha256.ts';
import type { DesiredApp, DesiredState } from '../model/desired.ts';
import { type AppKey, asAppId, asAppKey, asConnectorId, compareText } from '../model/identity.ts';
import { parseUrl } from './check-value.ts';
import { APP_DEFAULTS, type App } from './config-types.ts';
import type { Mark } from './mark.ts';
import type { YamlFile } from './parse-yaml.ts';
import { resolvePause } from './resolve-settings.ts';

/** Every entry must be valid by itself and together with the others. */
export function buildDesired(entries: readonly Entry[]): DesiredState {
  const apps = new Map<AppKey, DesiredApp>();
  for (const entry of entries.toSorted((left, right) => compareText(left.key, right.key))) {
    apps.set(asAppKey(entry.key), buildApp(entry));
  }
  return { apps, digest: digestApps(apps) };
}

function buildApp(entry: Entry): DesiredApp {
  const app = entry.fields as unknown as App;
  return {
    key: asAppKey(entry.key),
    appType: app.app_type,
    ...(app.name !== undefined && { name: app.name }),
    ...(app.connector_id !== undefined && { connectorId: asConnectorId(app.connector_id) }),
    ...(app.callback_url !== undefined && { callbackUrl: spellUrl(app.callback_url) }),
    ...(app.events !== undefined && { events: [...new Set(app.events)].sort(compareText) }),
    protect: app.protect ?? APP_DEFAULTS.protect,
    replace: app.replace ?? APP_DEFAULTS.replace,
    ...(app.was !== undefined && { was: asAppKey(app.was) }),
    ...(app.id !== undefined && { id: asAppId(app.id) }),
    ignore: [...(app.ignore ?? APP_DEFAULTS.ignore)].sort(compareText),
    ...((app.accept_duplicates ?? []).length > 0 && {
      acceptDuplicates: app.accept_duplicates?.map(asAppId).sort(compareText) ?? [],
    }),
    ...(app.paused !== undefined && { paused: resolvePause(app.paused) }),
    position: markOfKey(entry).position,
  };
}

/** As it is already written by what most people write; parsing each of 10,000 would be a tenth of reading them. */
const USUAL_URL = /^https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]*[a-z][a-z0-9-]*)+(?:\/[\w-]+(?:\.[\w-]+)*)+\/?$/;

/** The URL as the standard writes it: what was checked is what is sent. */
function spellUrl(text: string): string {
  return USUAL_URL.test(text) ? text : (parseUrl(text)?.href ?? text);
}

/** Covers every field of every entry except where it stands, so that moving entries about changes nothing. */
function digestApps(apps: ReadonlyMap<AppKey, DesiredApp>): string {
  return sha256(printApps(apps.values()));
}

function* printApps(apps: Iterable<DesiredApp>): Iterable<string> {
  for (const { position: _, ...content } of apps) yield `${JSON.stringify(content)}\n`;
}

export interface Entry {
  readonly key: string;
  readonly file: YamlFile;
  /** Fields as they were written, each checked for its type where it is read. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * The entries of all files, whether valid or not, so that the rules across entries tell every problem at
 * once.
 */
export function readEntries(files: readonly YamlFile[]): readonly Entry[] {
  return files.flatMap((file) => {
    const apps = isMapping(file.value) ? file.value['apps'] : undefined;
    if (!isMapping(apps)) return [];
    return Object.entries(apps).map(([key, fields]) => ({
      key,
      file,
      fields: isMapping(fields) ? fields : {},
    }));
  });
}

/** The field, when it is a text. */
export function textOf(entry: Entry, field: keyof App): string | undefined {
  const value = entry.fields[field];
  return typeof value === 'string' ? value : undefined;
}

/** The field, when it is a list; items that are no texts are left out, with their places. */
export function textsOf(
  entry: Entry,
  field: keyof App,
): readonly { readonly text: string; readonly index: number }[] {
  const value = entry.fields[field];
  if (!Array.isArray(value)) return [];
  return value.flatMap((text: unknown, index) => (typeof text === 'string' ? [{ text, index }] : []));
}

/** Where the key of the entry stands. */
export function markOfKey(entry: Entry): Mark {
  return entry.file.locate.key(['apps', entry.key]);
}

/** Where the value of a field, or of an item in it, stands. */
export function markOfField(entry: Entry, field: keyof App, index?: number): Mark {
  const pointer = ['apps', entry.key, field, ...(index === undefined ? [] : [index])];
  return entry.file.locate.value(pointer).mark;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
