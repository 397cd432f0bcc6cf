/** What must hold across entries, and between fields of one entry. Each rule is silent about what the schema has already refused. */

import { nearestWord } from '../lib/nearest-word.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { isLoopback } from './check-value.ts';
import type { App } from './config-types.ts';
import { createDiagnostic, quote } from './diagnostics.ts';
import { type Entry, markOfField, markOfKey, textOf, textsOf } from './read-entries.ts';

type EntryRule = (entries: readonly Entry[]) => readonly Diagnostic[];

/** Event types of the vendor's pages (July and September 2025). The platform's list can grow, so others only warn. */
const KNOWN_EVENTS: readonly string[] = [
  'bot.published',
  'bot.deleted',
  'bot.unpublished',
  'benefit.usage',
  'benefit.plugin.scale.requested',
  'benefit.plugin.scale.expired',
];
const UNEXPANDED_FIELDS = ['name', 'callback_url', 'connector_id', 'id', 'was'] as const;

const ENTRY_RULES: readonly EntryRule[] = [
  refuseKeyInTwoFiles,
  refuseSameIdentity,
  refuseSamePin,
  refuseSameFormerKey,
  refusePresentFormerKey,
  refuseConnectorOfNormal,
  refusePlainHttp,
  refuseVariables,
  warnOfUnknownEvents,
  warnOfRepeatedEvents,
];

export function checkEntries(entries: readonly Entry[]): readonly Diagnostic[] {
  return ENTRY_RULES.flatMap((rule) => rule(entries));
}

function refuseKeyInTwoFiles(entries: readonly Entry[]): readonly Diagnostic[] {
  return findRepeats(entries, (entry) => entry.key).map(([first, again]) =>
    createDiagnostic('duplicate_entry', `the entry ${quote(again.key)} is in two files`, markOfKey(again), {
      related: { message: `also in ${first.file.path}`, mark: markOfKey(first) },
    }),
  );
}

/**
 * Two entries for one app would fight each other. Entries that are all pinned by id are told apart by it, so that an
 * account that already holds two apps of one name can be written down.
 */
function refuseSameIdentity(entries: readonly Entry[]): readonly Diagnostic[] {
  return findRepeats(entries, identityOf).flatMap(([first, again]) => {
    if (textOf(first, 'id') !== undefined && textOf(again, 'id') !== undefined) return [];
    const field = textOf(again, 'app_type') === 'connector' ? 'connector_id' : 'name';
    const value = quote(textOf(again, field) ?? '');
    const message = `${quote(again.key)} and ${quote(first.key)} are both the ${textOf(again, 'app_type')} app with \`${field}\` ${value}`;
    return createDiagnostic('duplicate_identity', message, markOfField(again, field), {
      hint: 'Remove one, or pin both with `id:` when the account really holds two.',
      related: { message: 'the other one', mark: markOfField(first, field) },
    });
  });
}

function identityOf(entry: Entry): string | undefined {
  const appType = textOf(entry, 'app_type');
  if (appType !== 'normal' && appType !== 'connector') return undefined;
  const identity = textOf(entry, appType === 'normal' ? 'name' : 'connector_id');
  return identity === undefined ? undefined : `${appType} ${identity}`;
}

function refuseSamePin(entries: readonly Entry[]): readonly Diagnostic[] {
  return findRepeats(entries, (entry) => textOf(entry, 'id')).map(([first, again]) =>
    createDiagnostic(
      'duplicate_pin',
      `${quote(again.key)} and ${quote(first.key)} are pinned to the same id`,
      markOfField(again, 'id'),
      { related: { message: 'the other pin', mark: markOfField(first, 'id') } },
    ),
  );
}

function refuseSameFormerKey(entries: readonly Entry[]): readonly Diagnostic[] {
  return findRepeats(entries, (entry) => textOf(entry, 'was')).map(([first, again]) =>
    createDiagnostic(
      'duplicate_was',
      `${quote(again.key)} and ${quote(first.key)} both were ${quote(textOf(again, 'was') ?? '')}`,
      markOfField(again, 'was'),
      { related: { message: 'the other one', mark: markOfField(first, 'was') } },
    ),
  );
}

function refusePresentFormerKey(entries: readonly Entry[]): readonly Diagnostic[] {
  const renamed = entries.filter((entry) => textOf(entry, 'was') !== undefined);
  const byKey = new Map(renamed.length === 0 ? [] : entries.map((entry) => [entry.key, entry]));
  return renamed.flatMap((entry) => {
    const present = byKey.get(textOf(entry, 'was') ?? '');
    if (present === undefined) return [];
    const message =
      present === entry
        ? `${quote(entry.key)} names itself as its former key`
        : `${quote(present.key)}, the former key of ${quote(entry.key)}, is still an entry`;
    return createDiagnostic('was_present', message, markOfField(entry, 'was'), {
      hint: 'A renamed key keeps its app only when the old key is gone.',
      related: { message: 'the entry', mark: markOfKey(present) },
    });
  });
}

function refuseConnectorOfNormal(entries: readonly Entry[]): readonly Diagnostic[] {
  return entries.flatMap((entry) => {
    if (textOf(entry, 'app_type') !== 'normal' || entry.fields['connector_id'] === undefined) return [];
    const mark = entry.file.locate.key(['apps', entry.key, 'connector_id']);
    const message = `${quote(entry.key)} is a normal app and cannot have a \`connector_id\``;
    return createDiagnostic('field_not_for_type', message, mark, {
      hint: 'Remove it, or write `app_type: connector`.',
    });
  });
}

function refusePlainHttp(entries: readonly Entry[]): readonly Diagnostic[] {
  return entries.flatMap((entry) => {
    const text = textOf(entry, 'callback_url');
    // Parsing every URL once more would be a tenth of reading a large file.
    if (text === undefined || text.startsWith('https://') || !URL.canParse(text)) return [];
    const url = new URL(text);
    if (url.protocol !== 'http:' || isLoopback(url.hostname) || entry.fields['allow_http'] === true)
      return [];
    const message = `the \`callback_url\` of ${quote(entry.key)} is plain http`;
    return createDiagnostic('http_not_allowed', message, markOfField(entry, 'callback_url'), {
      hint: 'Use https, or write `allow_http: true` beside it: events then cross the network in clear.',
    });
  });
}

function refuseVariables(entries: readonly Entry[]): readonly Diagnostic[] {
  return entries.flatMap((entry) =>
    UNEXPANDED_FIELDS.flatMap((field) => {
      if (!/\$\{\w+\}/.test(textOf(entry, field) ?? '')) return [];
      const message = `\`\${…}\` is not expanded in \`${field}\``;
      return createDiagnostic('variable_not_expanded', message, markOfField(entry, field), {
        hint: 'Write the value itself; only paths and credentials take variables.',
      });
    }),
  );
}

function warnOfUnknownEvents(entries: readonly Entry[]): readonly Diagnostic[] {
  return eachEvent(entries, (entry, text, index) => {
    if (KNOWN_EVENTS.includes(text) || !/^[a-z0-9_.]+$/.test(text)) return undefined;
    const nearest = nearestWord(text, KNOWN_EVENTS);
    return createDiagnostic(
      'unknown_event',
      `the event type ${quote(text)} is not known to this version`,
      markOfField(entry, 'events', index),
      {
        severity: 'warning',
        hint: nearest === undefined ? 'It is passed on as it is.' : `Did you mean \`${nearest}\`?`,
      },
    );
  });
}

function warnOfRepeatedEvents(entries: readonly Entry[]): readonly Diagnostic[] {
  return eachEvent(entries, (entry, text, index) => {
    const first = textsOf(entry, 'events').find((item) => item.text === text)?.index ?? index;
    if (first === index) return undefined;
    const mark = markOfField(entry, 'events', index);
    return createDiagnostic('repeated_event', `the event type ${quote(text)} is listed twice`, mark, {
      severity: 'warning',
      related: { message: 'first listed here', mark: markOfField(entry, 'events', first) },
    });
  });
}

function eachEvent(
  entries: readonly Entry[],
  check: (entry: Entry, text: string, index: number) => Diagnostic | undefined,
): readonly Diagnostic[] {
  const field: keyof App = 'events';
  return entries.flatMap((entry) =>
    textsOf(entry, field).flatMap(({ text, index }) => check(entry, text, index) ?? []),
  );
}

/** Each entry whose value an earlier entry has too, with that earlier one. */
function findRepeats(
  entries: readonly Entry[],
  readValue: (entry: Entry) => string | undefined,
): readonly (readonly [first: Entry, again: Entry])[] {
  const seen = new Map<string, Entry>();
  return entries.flatMap((entry) => {
    const value = readValue(entry);
    if (value === undefined) return [];
    const first = seen.get(value);
    if (first !== undefined) return [[first, entry] as const];
    seen.set(value, entry);
    return [];
  });
}
