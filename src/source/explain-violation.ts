/** Turns what the JSON Schema found into diagnostics in the operator's terms. */

import { nearestWord } from '../lib/nearest-word.ts';
import { type Message, mapTexts, message } from '../messages/message.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { createDiagnostic, type DiagnosticCode, quote, withoutKeys } from './diagnostics.ts';
import type { Pointer } from './mark.ts';
import type { YamlFile } from './parse-yaml.ts';
import type { JsonSchema, Violation } from './validate-shape.ts';

interface Explanation {
  readonly code: DiagnosticCode;
  /** What follows the name of the field. */
  readonly message: Message;
  readonly hint?: Message | undefined;
  /** Where to point, when not at the value itself. */
  readonly at?: { readonly pointer: Pointer; readonly part: 'key' | 'value' };
  /** The message stands by itself: no field name goes before it. */
  readonly isWhole?: boolean;
}

/**
 * Violations that only repeat another one: the branches of `if`, and patterns, which `x-kind` words better.
 */
const ECHOES: ReadonlySet<string> = new Set(['if', 'propertyNames', 'pattern']);
const SECRET_KEY = /token|secret|password|private_key/i;

/** Whether another violation says the same better. */
export function isEcho({ keyword }: Violation): boolean {
  return ECHOES.has(keyword);
}

/**
 * The diagnostic for a violation that is not a consequence of another. A value that may be a secret is never
 * repeated.
 */
export function explainViolation(violation: Violation, file: YamlFile, root: JsonSchema): Diagnostic {
  const explanation = isPrivate(violation.pointer)
    ? withoutQuotes(explain(violation, file, root), violation)
    : explain(violation, file, root);
  const { pointer, part } = explanation.at ?? { pointer: violation.pointer, part: 'value' };
  const mark = part === 'key' ? file.locate.key(pointer) : file.locate.value(pointer).mark;
  const field = describePointer(violation.pointer);
  const problem =
    explanation.isWhole || field === ''
      ? explanation.message
      : message('source.field', { field, complaint: explanation.message });
  return createDiagnostic(explanation.code, problem, mark, { hint: explanation.hint });
}

/** Below `auth`, `notify` and what is called a token, anything can be a secret by mistake. */
function isPrivate(pointer: Pointer): boolean {
  return pointer.some((step) => /^auth$|^notify$|token/i.test(String(step)));
}

/** What the operator wrote there is taken out of the message and the hint, but for names of receivers. */
function withoutQuotes(explanation: Explanation, { value, pointer, params }: Violation): Explanation {
  if (pointer.at(-1) === 'name') return explanation;
  const written = [value, params['additionalProperty'], params['propertyName']].filter(
    (one) => typeof one === 'string' || typeof one === 'number' || typeof one === 'bigint',
  );
  const clean = (text: string) =>
    written
      .map(String)
      .reduce((cleaned, one) => (one === '' ? cleaned : cleaned.replaceAll(one, '***')), text);
  const { hint } = explanation;
  return {
    ...explanation,
    message: mapTexts(explanation.message, clean),
    ...(hint === undefined ? {} : { hint: mapTexts(hint, clean) }),
  };
}

/** `apps.orders.events[0]`, as people write it. A key made of digits stays a key. */
function describePointer(pointer: Pointer): string {
  return pointer
    .map((step) => withoutKeys(String(step)))
    .map((step, index) =>
      /^\d+$/.test(String(step)) && pointer[index - 1] !== 'apps' ? `[${step}]` : `.${step}`,
    )
    .join('')
    .replace(/^\./, '');
}

function explain(violation: Violation, file: YamlFile, root: JsonSchema): Explanation {
  const { keyword, params, pointer, schema } = violation;
  switch (keyword) {
    case 'additionalProperties':
      return explainUnknownKey(String(params['additionalProperty']), pointer, schema, root);
    case 'required':
      return explainMissingKey(String(params['missingProperty']), violation);
    case 'type':
      return explainType(violation, file);
    case 'enum':
      return explainEnum(violation.value, schema.enum ?? []);
    case 'const':
      return {
        code: 'value_not_allowed',
        message: message('source.must_be_1'),
        hint: message('source.must_be_1_hint'),
      };
    case 'x-kind':
      return explainComplaint(violation);
    case 'minProperties':
    case 'not':
      return {
        code: 'auth_kind',
        message: message('source.auth_kind'),
        at: { pointer, part: 'key' },
      };
    case 'uniqueItems':
      return {
        code: 'value_not_allowed',
        message: message('source.same_value_twice'),
        at: { pointer: [...pointer, Number(params['i'])], part: 'value' },
      };
    default:
      return { code: 'out_of_range', message: explainBound(violation) };
  }
}

function explainUnknownKey(key: string, pointer: Pointer, schema: JsonSchema, root: JsonSchema): Explanation {
  const known = Object.keys(schema.properties ?? {});
  const at = { pointer: [...pointer, key], part: 'key' } as const;
  if (SECRET_KEY.test(key) && nearestWord(key, known) === undefined) {
    return {
      code: 'token_in_config',
      message: message('source.secret_key', { key: quote(key) }),
      hint: message('source.secret_key_hint'),
      at,
      isWhole: true,
    };
  }
  const problem =
    pointer.length === 0
      ? message('source.unknown_key_top', { key: quote(key) })
      : message('source.unknown_key_in', { key: quote(key), place: describePointer(pointer) });
  return { code: 'unknown_key', message: problem, hint: hintKey(key, known, root), at, isWhole: true };
}

function hintKey(key: string, known: readonly string[], root: JsonSchema): Message {
  const nearest = nearestWord(key, known);
  if (nearest !== undefined) return message('source.did_you_mean', { word: nearest });
  const home = findHome(key, root);
  return home === undefined
    ? message('source.known_keys', { words: known })
    : message('source.belongs_in', { key, home });
}

/** The mapping in which `key` is known, such as `reconcile.limits`; undefined when there is none. */
function findHome(key: string, schema: JsonSchema, path: Pointer = []): string | undefined {
  if (path.length > 0 && Object.hasOwn(schema.properties ?? {}, key)) return describePointer(path);
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    const home = findHome(key, part, [...path, name]);
    if (home !== undefined) return home;
  }
  const entry = path.length === 0 ? schema.definitions?.['app'] : undefined;
  return entry === undefined ? undefined : findHome(key, entry, ['apps', 'KEY']);
}

function explainMissingKey(key: string, violation: Violation): Explanation {
  const { pointer, value } = violation;
  const appType =
    typeof value === 'object' && value !== null && 'app_type' in value ? value.app_type : undefined;
  const isIdentity = key === 'name' || key === 'connector_id';
  const problem =
    isIdentity && typeof appType === 'string'
      ? message('source.app_needs_key', { type: appType, key })
      : message('source.needs_key', { key });
  const whole = pointer.length === 0;
  return {
    code: 'missing_key',
    message: whole ? message('source.file_needs_key', { key }) : problem,
    hint: key === 'apps' ? message('source.write_apps') : undefined,
    at: { pointer, part: 'key' },
    isWhole: whole,
  };
}

const TYPES = ['string', 'object', 'array', 'integer', 'number', 'boolean'] as const;

function nameType({ type }: JsonSchema): Message {
  return message(`source.type_${TYPES.find((known) => known === type) ?? 'other'}`);
}

function explainType(violation: Violation, file: YamlFile): Explanation {
  const { schema, value, pointer } = violation;
  const wanted = nameType(schema);
  const at = { pointer, part: 'value' } as const;
  if (value === null) return { code: 'missing_value', message: message('source.no_value', { wanted }), at };
  const text = file.locate.value(pointer).text;
  if (schema.type === 'string' && text !== undefined && typeof value !== 'object') {
    const isNumber = typeof value === 'number' || typeof value === 'bigint';
    return {
      code: isNumber ? 'unquoted_number' : 'wrong_type',
      message: message(isNumber ? 'source.is_number' : 'source.is_not', { wanted }),
      hint: hintQuoting(text, schema),
      at,
    };
  }
  const hint =
    schema.type === 'array' && typeof value === 'string' ? message('source.write_list') : undefined;
  return { code: 'wrong_type', message: message('source.must_be', { wanted }), hint, at };
}

function hintQuoting(written: string, schema: JsonSchema): Message {
  const text = withoutKeys(written);
  switch (schema['x-kind']) {
    case 'id':
      return message('source.quote_id', { text });
    case 'duration':
      return message('source.give_unit', { text });
    default:
      return message('source.quote_it', { text });
  }
}

function explainEnum(value: unknown, allowed: readonly unknown[]): Explanation {
  const words = allowed.map(String);
  if (value === null) return { code: 'missing_value', message: message('source.no_value_of', { words }) };
  const nearest = typeof value === 'string' ? nearestWord(value, words) : undefined;
  return {
    code: 'value_not_allowed',
    message: message('source.must_be_one_of', { words }),
    hint: nearest === undefined ? undefined : message('source.did_you_mean', { word: nearest }),
  };
}

function explainComplaint(violation: Violation): Explanation {
  const { complaint, params, pointer } = violation;
  const key = params['propertyName'];
  const code = complaint?.code ?? 'bad_format';
  const problem = complaint?.message ?? message('source.wrong_form');
  if (typeof key !== 'string') return { code, message: problem, hint: complaint?.hint };
  return {
    code,
    message: problem,
    hint: complaint?.hint,
    at: { pointer: [...pointer, key], part: 'key' },
    isWhole: true,
  };
}

function explainBound(violation: Violation): Message {
  const { keyword, params, value } = violation;
  const limit = String(params['limit']);
  switch (keyword) {
    case 'minLength':
      return message('source.empty');
    case 'maxLength':
      return message('source.too_long', { length: Array.from(String(value)).length, limit });
    case 'maxItems':
      return message('source.too_many_items', { limit });
    case 'exclusiveMinimum':
      return message('source.more_than', { limit });
    case 'minimum':
      return message('source.at_least', { limit });
    case 'maximum':
      return message('source.at_most', { limit });
    default:
      return message('source.violates', { keyword });
  }
}
