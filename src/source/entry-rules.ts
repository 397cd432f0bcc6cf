/**
 * What must hold across entries, and between fields of one entry. Each rule is silent about what the schema
 * has already refused.
 */

import { nearestWord } from '../lib/nearest-word.ts';
import { message } from '../messages/message.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { parseMarkedName } from '../model/mark.ts';
import { type Entry, markOfField, markOfKey, textOf, textsOf } from './build-desired.ts';
import { isLoopback, parseUrl } from './check-value.ts';
import { createDiagnostic, quote } from './diagnostics.ts';
import { type EntryRule, TEXT_RULES } from './text-rules.ts';

/**
 * Event types of the vendor's pages (July and September 2025). The platform's list can grow, so others only
 * warn.
 */
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
  refuseMarkedName,
  refuseConnectorOfNormal,
  refusePlainHttp,
  ...TEXT_RULES,
  refuseVariables,
  warnOfUnknownEvents,
  warnOfRepeatedEvents,
];

export function checkEntries(entries: readonly Entry[]): readonly Diagnostic[] {
  return ENTRY_RULES.flatMap((rule) => rule(entries));
}

function refuseKeyInTwoFiles(entries: readonly Entry[]): readonly Diagnostic[] {
  return findRepeats(entries, (entry) => entry.key).map(([first, again]) =>
    createDiagnostic(
      'duplicate_entry',
      message('source.entry_twice', { key: quote(again.key) }),
      markOfKey(again),
      {
        related: {
          message: message('source.entry_also_in', { file: first.file.path }),
          mark: markOfKey(first),
        },
      },
    ),
  );
}

/**
 * Two entries for one app would undo each other's changes. Entries that are all pinned by id are told apart
 * by it, so that an account that already holds two apps of one name can be written down.
 */
function refuseSameIdentity(entries: readonly Entry[]): readonly Diagnostic[] {
  return findRepeats(entries, identityOf).flatMap(([first, again]) => {
    if (textOf(first, 'id') !== undefined && textOf(again, 'id') !== undefined) return [];
    const field = textOf(again, 'app_type') === 'connector' ? 'connector_id' : 'name';
    const problem = message('source.same_app', {
      key: quote(again.key),
      other: quote(first.key),
      type: textOf(again, 'app_type') ?? '',
      field,
      value: quote(textOf(again, field) ?? ''),
    });
    return createDiagnostic('duplicate_identity', problem, markOfField(again, field), {
      hint: message('source.same_app_hint'),
      related: { message: message('source.other_one'), mark: markOfField(first, field) },
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
      message('source.same_pin', { key: quote(again.key), other: quote(first.key) }),
      markOfField(again, 'id'),
      { related: { message: message('source.other_pin'), mark: markOfField(first, 'id') } },
    ),
  );
}

function refuseSameFormerKey(entries: readonly Entry[]): readonly Diagnostic[] {
  return findRepeats(entries, (entry) => textOf(entry, 'was')).map(([first, again]) =>
    createDiagnostic(
      'duplicate_was',
      message('source.same_was', {
        key: quote(again.key),
        other: quote(first.key),
        was: quote(textOf(again, 'was') ?? ''),
      }),
      markOfField(again, 'was'),
      { related: { message: message('source.other_one'), mark: markOfField(first, 'was') } },
    ),
  );
}

function refusePresentFormerKey(entries: readonly Entry[]): readonly Diagnostic[] {
  const renamed = entries.filter((entry) => textOf(entry, 'was') !== undefined);
  const byKey = new Map(renamed.length === 0 ? [] : entries.map((entry) => [entry.key, entry]));
  return renamed.flatMap((entry) => {
    const present = byKey.get(textOf(entry, 'was') ?? '');
    if (present === undefined) return [];
    const key = quote(entry.key);
    const problem =
      present === entry
        ? message('source.was_itself', { key })
        : message('source.was_present', { key, was: quote(present.key) });
    return createDiagnostic('was_present', problem, markOfField(entry, 'was'), {
      hint: message('source.was_present_hint'),
      related: { message: message('source.the_entry'), mark: markOfKey(present) },
    });
  });
}

function refuseMarkedName(entries: readonly Entry[]): readonly Diagnostic[] {
  return entries.flatMap((entry) => {
    const name = textOf(entry, 'name');
    if (name === undefined || parseMarkedName(name) === undefined) return [];
    const problem = message('source.marked_name', { key: quote(entry.key) });
    return createDiagnostic('marked_name', problem, markOfField(entry, 'name'), {
      hint: message('source.marked_name_hint'),
    });
  });
}

function refuseConnectorOfNormal(entries: readonly Entry[]): readonly Diagnostic[] {
  return entries.flatMap((entry) => {
    if (textOf(entry, 'app_type') !== 'normal' || entry.fields['connector_id'] === undefined) return [];
    const mark = entry.file.locate.key(['apps', entry.key, 'connector_id']);
    const problem = message('source.normal_connector', { key: quote(entry.key) });
    return createDiagnostic('field_not_for_type', problem, mark, {
      hint: message('source.normal_connector_hint'),
    });
  });
}

function refusePlainHttp(entries: readonly Entry[]): readonly Diagnostic[] {
  return entries.flatMap((entry) => {
    const text = textOf(entry, 'callback_url');
    // Parsing every URL once more would be a tenth of reading a large file.
    if (text === undefined || text.startsWith('https://')) return [];
    const url = parseUrl(text);
    if (
      url === undefined ||
      url.protocol !== 'http:' ||
      isLoopback(url.hostname) ||
      entry.fields['allow_http'] === true
    )
      return [];
    const problem = message('source.plain_http', { key: quote(entry.key) });
    return createDiagnostic('http_not_allowed', problem, markOfField(entry, 'callback_url'), {
      hint: message('source.plain_http_hint'),
    });
  });
}

function refuseVariables(entries: readonly Entry[]): readonly Diagnostic[] {
  return entries.flatMap((entry) =>
    UNEXPANDED_FIELDS.flatMap((field) => {
      if (!/\$\{\w+\}/.test(textOf(entry, field) ?? '')) return [];
      const problem = message('source.not_expanded', { field });
      return createDiagnostic('variable_not_expanded', problem, markOfField(entry, field), {
        hint: message('source.not_expanded_hint'),
      });
    }),
  );
}

function warnOfUnknownEvents(entries: readonly Entry[]): readonly Diagnostic[] {
  return entries.flatMap((entry) =>
    textsOf(entry, 'events').flatMap(({ text, index }) => {
      if (KNOWN_EVENTS.includes(text) || !/^[a-z0-9_.]+$/.test(text)) return [];
      const nearest = nearestWord(text, KNOWN_EVENTS);
      return createDiagnostic(
        'unknown_event',
        message('source.event_unknown', { event: quote(text) }),
        markOfField(entry, 'events', index),
        {
          severity: 'warning',
          hint:
            nearest === undefined
              ? message('source.event_unknown_hint')
              : message('source.did_you_mean', { word: nearest }),
        },
      );
    }),
  );
}

function warnOfRepeatedEvents(entries: readonly Entry[]): readonly Diagnostic[] {
  return entries.flatMap((entry) => {
    const firsts = new Map<string, number>();
    return textsOf(entry, 'events').flatMap(({ text, index }) => {
      const first = firsts.get(text);
      if (first === undefined) {
        firsts.set(text, index);
        return [];
      }
      const mark = markOfField(entry, 'events', index);
      return createDiagnostic('repeated_event', message('source.event_twice', { event: quote(text) }), mark, {
        severity: 'warning',
        related: { message: message('source.event_first'), mark: markOfField(entry, 'events', first) },
      });
    });
  });
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
