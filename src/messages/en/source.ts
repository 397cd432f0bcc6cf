/** What is wrong with the operator's files, where, and what to do about it. */

import { SOURCE_RELOAD } from './source-reload.ts';

interface File {
  readonly file: string;
}
interface Key {
  readonly key: string;
}
interface Value {
  readonly value: string;
}

interface Wanted {
  readonly wanted: string;
}

interface Count {
  readonly count: number;
}
interface Limit {
  readonly limit: string;
}

interface Pair extends Key {
  readonly other: string;
}

interface Receiver {
  readonly receiver: string;
}

interface Words {
  readonly words: readonly string[];
}

const code = (text: string) => `\`${text}\``;
const list = ({ words }: Words) => words.map(code).join(', ');

const FILES = {
  'source.file_missing': ({ file }: File) => `${file} does not exist`,
  'source.file_missing_hint': 'Check the path, or give one with --config.',
  'source.file_is_folder': ({ file }: File) => `${file} is a folder, not a file`,
  'source.file_not_regular': ({ file }: File) => `${file} is not a regular file`,
  'source.file_too_large': ({
    file,
    bytes,
    limit,
  }: File & { readonly bytes: number; readonly limit: number }) =>
    `${file} has ${bytes} bytes; at most ${limit} are read, of all files together`,
  'source.file_unreadable': ({ file, reason }: File & { readonly reason: string }) =>
    `${file} cannot be read (${reason})`,
  'source.file_unreadable_hint': 'Let the user that runs callbackd read it.',
  'source.file_not_utf8': ({ file }: File) => `${file} is not UTF-8 text`,
  'source.file_not_utf8_hint': 'Save it as UTF-8.',
  'source.file_empty': ({ file }: File) => `${file} is empty`,
  'source.file_empty_hint': 'For an account without apps, write `version: 1` and `apps: {}`.',
  'source.file_no_mapping': ({ file }: File) => `${file} must hold keys with values, as in \`apps: {}\``,
  'source.include_missing': ({ file }: File) => `${file}, which \`include\` names, does not exist`,
  'source.include_empty': ({ pattern }: { readonly pattern: string }) => `${pattern} matches no file`,
  'source.more_problems': ({ count }: Count) => `… and ${count} more problem${count === 1 ? '' : 's'}`,
} as const;

const YAML = {
  /** The parser's own words; its code is for other languages. */
  'source.yaml': ({ text }: { readonly code: string; readonly text: string }) => text,
  'source.yaml_tab_hint': 'Indent with spaces.',
  'source.yaml_documents_hint': 'Keep one document; remove the `---` in between.',
  'source.yaml_tag_hint': 'Write the plain value.',
  'source.nesting': 'the document is nested too deeply',
  'source.depth': ({ levels }: { readonly levels: number }) =>
    `the document is nested deeper than ${levels} levels`,
  'source.tokens': ({ count }: Count) => `the configuration has more than ${count} YAML tokens`,
  'source.marks': ({ count }: Count) => `the configuration has more than ${count} keys and list items`,
  'source.values': ({ count }: Count) => `the document stands for more than ${count} values`,
  'source.alias_dangling': ({ alias }: { readonly alias: string }) =>
    `the alias ${alias} has no anchor before it`,
  'source.alias_circular': ({ alias }: { readonly alias: string }) => `the alias ${alias} contains itself`,
  'source.merge_key': 'merge keys (`<<`) are not supported',
  'source.merge_key_hint':
    'Write the fields out; an alias for a whole value, such as `events: *common`, is fine.',
  'source.key_twice': ({ key }: Key) => `the key ${key} is written twice`,
  'source.key_twice_first': 'first written here',
  'source.key_not_text': ({ key }: Key) => `the key ${key} is not a text`,
  'source.key_not_scalar': 'a key must be a plain text',
} as const;

/** Sentences that begin with the name of a field. */
const FIELDS = {
  'source.field': ({ field, complaint }: { readonly field: string; readonly complaint: string }) =>
    `${code(field)} ${complaint}`,
  'source.must_be_1': 'must be 1',
  'source.must_be_1_hint':
    'This callbackd reads format 1 alone: write the file in it, or install the version that the file is for.',
  'source.auth_kind': 'must hold exactly one of `token_file`, `token_env` and `jwt`',
  'source.same_value_twice': 'lists the same value twice',
  'source.needs_key': ({ key }: Key) => `needs the key ${code(key)}`,
  'source.app_needs_key': ({ type, key }: Key & { readonly type: string }) =>
    `is a ${type} app and needs ${code(key)}`,
  'source.no_value': ({ wanted }: Wanted) => `has no value; it must be ${wanted}`,
  'source.no_value_of': (allowed: Words) => `has no value; it must be one of ${list(allowed)}`,
  'source.must_be_one_of': (allowed: Words) => `must be one of ${list(allowed)}`,
  'source.is_number': ({ wanted }: Wanted) => `is a number; it must be ${wanted}`,
  'source.is_not': ({ wanted }: Wanted) => `is not ${wanted}`,
  'source.must_be': ({ wanted }: Wanted) => `must be ${wanted}`,
  'source.type_string': 'a text',
  'source.type_object': 'a mapping',
  'source.type_array': 'a list',
  'source.type_integer': 'a whole number',
  'source.type_number': 'a number',
  'source.type_boolean': '`true` or `false`',
  'source.type_other': 'something else',
  'source.empty': 'must not be empty',
  'source.too_long': ({ length, limit }: Limit & { readonly length: number }) =>
    `has ${length} characters; at most ${limit} are allowed`,
  'source.too_many_items': ({ limit }: Limit) => `lists more than ${limit} items`,
  'source.more_than': ({ limit }: Limit) => `must be more than ${limit}`,
  'source.at_least': ({ limit }: Limit) => `must be at least ${limit}`,
  'source.at_most': ({ limit }: Limit) => `must be at most ${limit}`,
  'source.violates': ({ keyword }: { readonly keyword: string }) => `violates ${keyword}`,
  'source.wrong_form': 'is not of the wanted form',
  'source.not_timezone': ({ value }: Value) => `${value} is not an IANA time zone`,
  'source.not_listen': ({ value }: Value) => `${value} is not an address with a port`,
  'source.nul': 'holds a NUL character',
  'source.not_pattern': ({ value }: Value) => `${value} uses more than \`*\` and \`?\``,
  'source.not_variable': 'is not the name of an environment variable',
  'source.not_receiver': ({ value }: Value) => `${value} cannot be the name of a receiver`,
  'source.not_id': ({ value }: Value) => `${value} is not an id`,
  'source.not_event': ({ value }: Value) => `${value} is not an event type`,
  'source.not_key': ({ value }: Value) => `${value} cannot be a key`,
  'source.not_duration': ({ value }: Value) => `${value} is not a duration`,
  'source.duration_range': ({ value, min, max }: Value & { readonly min: string; readonly max: string }) =>
    `is ${value}; it must lie between ${min} and ${max}`,
  'source.holds': ({ character }: { readonly character: string }) => `holds ${character}`,
  'source.because_of': ({
    complaint,
    character,
  }: {
    readonly complaint: string;
    readonly character: string;
  }) => `${complaint}: it holds ${character}`,
  'source.white_space': 'holds white space',
  'source.not_url': ({ value }: Value) => `${value} is not an http(s) URL`,
  'source.url_credentials': 'holds a user name or a password',
  'source.url_fragment': 'holds a fragment (`#…`), which is never sent',
  'source.not_origin': ({ value }: Value) => `${value} is more than scheme and host`,
  'source.not_proxy': 'is not the URL of a proxy, as in `http://proxy.example.com:3128`, or `off`',
  'source.not_host': ({ value }: Value) => `${value} is not a host name`,
  'source.not_expiry': ({ value }: Value) => `${value} is neither a date nor a duration such as \`30d\``,
  'source.not_cron': ({ value }: Value) => `${value} is not a cron expression`,
  'source.cron_fields': ({ value, count }: Value & { readonly count: number }) =>
    `${value} has ${count} field${count === 1 ? '' : 's'}; a cron expression has 5, or 6 with seconds first`,
  'source.not_instant': ({ value }: Value) => `${value} is not a date or a date and time with a zone`,
} as const;

const HINTS = {
  'source.example': ({ example }: { readonly example: string }) => `As in ${code(example)}.`,
  'source.example_listen': 'As in `127.0.0.1:9643`, `[::1]:9643`, or `off`.',
  'source.example_receiver': 'As in `ops` or `on-call-2`.',
  'source.did_you_mean': ({ word }: { readonly word: string }) => `Did you mean ${code(word)}?`,
  'source.known_keys': (known: Words) => `Known keys: ${list(known)}.`,
  'source.belongs_in': ({ key, home }: Key & { readonly home: string }) =>
    `${code(key)} belongs in ${code(home)}.`,
  'source.quote_it': ({ text }: { readonly text: string }) => `Quote it: "${text}".`,
  'source.quote_id': ({ text }: { readonly text: string }) =>
    `Quote it, for 19 digits do not survive as a number: "${text}".`,
  'source.quote_digits': 'Write its digits in quotes, as in "7512345678901234567".',
  'source.give_unit': ({ text }: { readonly text: string }) => `Give it a unit, as in ${code(`${text}s`)}.`,
  'source.write_duration': 'Write a number and a unit: `300ms`, `15s`, `10m`, `6h`, `7d`.',
  'source.write_list': 'Write it as a list: `[…]`.',
  'source.write_apps': 'Write `apps: {}` for an account without apps.',
  'source.write': ({ value }: Value) => `Write ${value}.`,
  'source.key_letters':
    'Letters, digits, `.`, `_` and `-`, beginning with a letter or a digit, at most 63 characters.',
  'source.remove_or_encode': 'Remove it, or percent-encode it.',
  'source.remove_unless': 'Remove it, unless it is meant.',
  'source.take_out': 'Take them out of the URL.',
  'source.remove': 'Remove it.',
} as const;

const KEYS = {
  'source.file_needs_key': ({ key }: Key) => `the file needs the key ${code(key)}`,
  'source.unknown_key_top': ({ key }: Key) => `${key} is not known at the top level`,
  'source.unknown_key_in': ({ key, place }: Key & { readonly place: string }) =>
    `${key} is not known in ${code(place)}`,
  'source.secret_key': ({ key }: Key) => `${key} is not a key of this file, which never holds secrets`,
  'source.secret_key_hint':
    'Put the token into a file of mode 0600 and name it with `coze.auth.token_file`, or set COZE_API_TOKEN.',
} as const;

const ENTRIES = {
  'source.entry_twice': ({ key }: Key) => `the entry ${key} is in two files`,
  'source.entry_also_in': ({ file }: File) => `also in ${file}`,
  'source.same_app': (
    given: Pair & { readonly type: string; readonly field: string; readonly value: string },
  ) =>
    `${given.key} and ${given.other} are both the ${given.type} app with ${code(given.field)} ${given.value}`,
  'source.same_app_hint': 'Remove one, or pin both with `id:` when the account really holds two.',
  'source.other_one': 'the other one',
  'source.same_pin': ({ key, other }: Pair) => `${key} and ${other} are pinned to the same id`,
  'source.other_pin': 'the other pin',
  'source.same_was': ({ key, other, was }: Pair & { readonly was: string }) =>
    `${key} and ${other} both were ${was}`,
  'source.was_itself': ({ key }: Key) => `${key} names itself as its former key`,
  'source.was_present': ({ key, was }: Key & { readonly was: string }) =>
    `${was}, the former key of ${key}, is still an entry`,
  'source.was_present_hint': 'A renamed key keeps its app only when the old key is gone.',
  'source.the_entry': 'the entry',
  'source.marked_name': ({ key }: Key) => `the name of ${key} ends like the mark of an unfinished create`,
  'source.marked_name_hint': 'Choose a name that does not end with `-cb` and 12 hex digits.',
  'source.normal_connector': ({ key }: Key) => `${key} is a normal app and cannot have a \`connector_id\``,
  'source.normal_connector_hint': 'Remove it, or write `app_type: connector`.',
  'source.plain_http': ({ key }: Key) => `the \`callback_url\` of ${key} is plain http`,
  'source.plain_http_hint':
    'Use https, or write `allow_http: true` beside it: events then cross the network in clear.',
  'source.not_expanded': ({ field }: { readonly field: string }) =>
    `\`\${…}\` is not expanded in ${code(field)}`,
  'source.not_expanded_hint': 'Write the value itself; only paths and credentials take variables.',
  'source.name_space': (given: Key & { readonly character: string }) =>
    `the \`name\` of ${given.key} begins or ends with ${given.character}`,
  'source.name_unseen': (given: Key & { readonly character: string }) =>
    `the \`name\` of ${given.key} holds ${given.character}, which nobody sees`,
  'source.names_alike': (given: Pair & { readonly difference: string }) =>
    `the names of ${given.key} and ${given.other} differ ${given.difference}`,
  'source.names_alike_hint': 'Give them names that people can tell apart.',
  'source.differ_composed': ({ character }: { readonly character: string }) =>
    `only in how ${character} is composed (Unicode NFC and NFD)`,
  'source.differ_case': 'only in case',
  'source.differ_spaces': 'only in spaces and case',
  'source.differ_character': ({ character }: { readonly character: string }) => `only by ${character}`,
  'source.host_foreign': (given: Key & { readonly character: string; readonly host: string }) =>
    `the host of the \`callback_url\` of ${given.key} holds ${given.character}: it is ${given.host}`,
  'source.host_dot': ({ key }: Key) => `the host of the \`callback_url\` of ${key} ends with a dot (U+002E)`,
  'source.url_sign': (given: Key & { readonly character: string }) =>
    `the \`callback_url\` of ${given.key} holds ${given.character}`,
  'source.event_unknown': ({ event }: { readonly event: string }) =>
    `the event type ${event} is not known to this version`,
  'source.event_unknown_hint': 'It is passed on as it is.',
  'source.event_twice': ({ event }: { readonly event: string }) => `the event type ${event} is listed twice`,
  'source.event_first': 'first listed here',
} as const;

const SETTINGS = {
  'source.base_url_variable': 'variables are not expanded in `coze.base_url`',
  'source.base_url_variable_hint': 'Write the URL, or set COZE_API_BASE.',
  'source.base_url_http': 'the base URL is plain http: the token would cross the network in clear',
  'source.base_url_http_hint': 'Use https, or write `allow_http: true` under `coze:`.',
  'source.expiry_after':
    '`expires` as a duration counts from when `token_file` was written, and there is none',
  'source.expiry_after_hint': 'Write the date on which the token ends.',
  'source.auth_overridden': ({ variable }: { readonly variable: string }) =>
    `${variable} is set and overrides \`coze.auth\``,
  'source.auth_overridden_hint': ({ variable }: { readonly variable: string }) =>
    `Unset ${variable} to use what the file names.`,
  'source.debounce_order': ({ quiet, max }: { readonly quiet: string; readonly max: string }) =>
    `\`max_wait\` (${max}) is shorter than \`quiet\` (${quiet})`,
  'source.token_as_path': 'this looks like a token; the field takes the path of a file that holds it',
  'source.token_as_variable': 'this looks like a token; the field takes the name of a variable that holds it',
  'source.token_as_path_hint': 'Revoke the token, it has been written down.',
  'source.variable_unset': ({ variable }: { readonly variable: string }) =>
    `the variable ${variable} is not set`,
  'source.variable_unset_hint': ({ variable }: { readonly variable: string }) =>
    `Set ${variable}, or write the value itself.`,
  'source.variable_form': 'a dollar and `{` must be followed by the name of a variable and `}`',
  'source.variable_form_hint': 'No default and no other expansion is supported.',
} as const;

const RECEIVERS = {
  'source.receiver_url': ({ receiver }: Receiver) => `the receiver ${receiver} needs exactly one URL`,
  'source.receiver_url_hint': 'Give one of `url_file`, `url_env` and `url`.',
  'source.receiver_url_written': ({ receiver }: Receiver) =>
    `the URL of the receiver ${receiver} is written down here, and it is a secret`,
  'source.receiver_url_written_hint': 'Use `url_file` or `url_env`, or a variable for its secret part.',
  'source.receiver_secrets': ({ receiver }: Receiver) => `the receiver ${receiver} has two secrets`,
  'source.receiver_secrets_hint': 'Give one of them.',
  'source.receiver_secret_format': (given: Receiver & { readonly field: string; readonly format: string }) =>
    `${code(given.field)} signs messages to Feishu, and the format of ${given.receiver} is ${given.format}`,
  'source.receiver_twice': ({ receiver }: Receiver) => `two receivers are named ${receiver}`,
  'source.receiver_first': 'the first',
} as const;

export const SOURCE = {
  ...FILES,
  ...YAML,
  ...FIELDS,
  ...HINTS,
  ...KEYS,
  ...ENTRIES,
  ...SETTINGS,
  ...RECEIVERS,
  ...SOURCE_RELOAD,
} as const;
