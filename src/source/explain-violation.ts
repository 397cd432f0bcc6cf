/** Turns what the JSON Schema found into diagnostics in the operator's terms. */

import { nearestWord } from '../lib/nearest-word.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { createDiagnostic, type DiagnosticCode, quote } from './diagnostics.ts';
import type { Pointer } from './mark.ts';
import type { YamlFile } from './parse-yaml.ts';
import type { JsonSchema, Violation } from './validate-shape.ts';

interface Explanation {
  readonly code: DiagnosticCode;
  /** What follows the name of the field. */
  readonly message: string;
  readonly hint?: string | undefined;
  /** Where to point, when not at the value itself. */
  readonly at?: { readonly pointer: Pointer; readonly part: 'key' | 'value' };
  /** The message stands by itself: no field name goes before it. */
  readonly isWhole?: boolean;
}

/** Violations that only repeat another one: the branches of `if`, and patterns, which `x-kind` words better. */
const ECHOES: ReadonlySet<string> = new Set(['if', 'propertyNames', 'pattern']);
const SECRET_KEY = /token|secret|password|private_key/i;

/** Whether another violation says the same better. */
export function isEcho({ keyword }: Violation): boolean {
  return ECHOES.has(keyword);
}

/** The diagnostic for a violation that is no echo. A value that may be a secret is never repeated. */
export function explainViolation(violation: Violation, file: YamlFile, root: JsonSchema): Diagnostic {
  const explanation = explain(violation, file, root);
  const { pointer, part } = explanation.at ?? { pointer: violation.pointer, part: 'value' };
  const mark = part === 'key' ? file.locate.key(pointer) : file.locate.value(pointer).mark;
  const name = describePointer(violation.pointer);
  const message =
    explanation.isWhole || name === '' ? explanation.message : `\`${name}\` ${explanation.message}`;
  return createDiagnostic(explanation.code, message, mark, { hint: explanation.hint });
}

/** `apps.orders.events[0]`, as people write it. A key made of digits stays a key. */
function describePointer(pointer: Pointer): string {
  return pointer
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
        message: 'must be 1',
        hint: 'This callbackd reads format 1 alone: write the file in it, or install the version that the file is for.',
      };
    case 'x-kind':
      return explainComplaint(violation);
    case 'minProperties':
    case 'maxProperties':
      return {
        code: 'auth_kind',
        message: 'must hold exactly one of `token_file`, `token_env` and `jwt`',
        at: { pointer, part: 'key' },
      };
    case 'uniqueItems':
      return {
        code: 'value_not_allowed',
        message: 'lists the same value twice',
        at: { pointer: [...pointer, Number(params['i'])], part: 'value' },
      };
    default:
      return { code: 'out_of_range', message: explainBound(violation) };
  }
}

function explainUnknownKey(key: string, pointer: Pointer, schema: JsonSchema, root: JsonSchema): Explanation {
  const known = Object.keys(schema.properties ?? {});
  const place = pointer.length === 0 ? 'at the top level' : `in \`${describePointer(pointer)}\``;
  const at = { pointer: [...pointer, key], part: 'key' } as const;
  if (SECRET_KEY.test(key) && nearestWord(key, known) === undefined) {
    return {
      code: 'token_in_config',
      message: `${quote(key)} is not a key of this file, which never holds secrets`,
      hint: 'Put the token into a file of mode 0600 and name it with `coze.auth.token_file`, or set COZE_API_TOKEN.',
      at,
      isWhole: true,
    };
  }
  const nearest = nearestWord(key, known);
  const home = nearest === undefined ? findHome(key, root) : undefined;
  const belongs = home === undefined ? listKeys(known) : `\`${key}\` belongs in \`${home}\`.`;
  const hint = nearest === undefined ? belongs : `Did you mean \`${nearest}\`?`;
  return { code: 'unknown_key', message: `${quote(key)} is not known ${place}`, hint, at, isWhole: true };
}

function listKeys(known: readonly string[]): string {
  return `Known keys: ${known.map((key) => `\`${key}\``).join(', ')}.`;
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
  const message =
    isIdentity && typeof appType === 'string'
      ? `is a ${appType} app and needs \`${key}\``
      : `needs the key \`${key}\``;
  const whole = pointer.length === 0;
  return {
    code: 'missing_key',
    message: whole ? `the file needs the key \`${key}\`` : message,
    hint: key === 'apps' ? 'Write `apps: {}` for an account without apps.' : undefined,
    at: { pointer, part: 'key' },
    isWhole: whole,
  };
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  object: 'a mapping',
  array: 'a list',
  integer: 'a whole number',
  number: 'a number',
  boolean: '`true` or `false`',
};

function explainType(violation: Violation, file: YamlFile): Explanation {
  const { schema, value, pointer } = violation;
  const wanted = TYPE_NAMES[schema.type ?? ''] ?? 'something else';
  const at = { pointer, part: 'value' } as const;
  if (value === null) return { code: 'missing_value', message: `has no value; it must be ${wanted}`, at };
  const text = file.locate.value(pointer).text;
  if (schema.type === 'string' && text !== undefined && typeof value !== 'object') {
    const isNumber = typeof value === 'number' || typeof value === 'bigint';
    return {
      code: isNumber ? 'unquoted_number' : 'wrong_type',
      message: isNumber ? `is a number; it must be ${wanted}` : `is not ${wanted}`,
      hint: hintQuoting(text, schema),
      at,
    };
  }
  const hint =
    schema.type === 'array' && typeof value === 'string' ? 'Write it as a list: `[…]`.' : undefined;
  return { code: 'wrong_type', message: `must be ${wanted}`, hint, at };
}

function hintQuoting(text: string, schema: JsonSchema): string {
  switch (schema['x-kind']) {
    case 'id':
      return `Quote it, for 19 digits do not survive as a number: "${text}".`;
    case 'duration':
      return `Give it a unit, as in \`${text}s\`.`;
    default:
      return `Quote it: "${text}".`;
  }
}

function explainEnum(value: unknown, allowed: readonly unknown[]): Explanation {
  const words = allowed.map(String);
  const list = words.map((word) => `\`${word}\``).join(', ');
  if (value === null) return { code: 'missing_value', message: `has no value; it must be one of ${list}` };
  const nearest = typeof value === 'string' ? nearestWord(value, words) : undefined;
  return {
    code: 'value_not_allowed',
    message: `must be one of ${list}`,
    hint: nearest === undefined ? undefined : `Did you mean \`${nearest}\`?`,
  };
}

function explainComplaint(violation: Violation): Explanation {
  const { complaint, params, pointer } = violation;
  const key = params['propertyName'];
  const code = complaint?.code ?? 'bad_format';
  const message = complaint?.message ?? 'is not of the wanted form';
  if (typeof key !== 'string') return { code, message, hint: complaint?.hint };
  return {
    code,
    message,
    hint: complaint?.hint,
    at: { pointer: [...pointer, key], part: 'key' },
    isWhole: true,
  };
}

function explainBound(violation: Violation): string {
  const { keyword, params, value } = violation;
  const limit = String(params['limit']);
  switch (keyword) {
    case 'minLength':
      return 'must not be empty';
    case 'maxLength':
      return `has ${Array.from(String(value)).length} characters; at most ${limit} are allowed`;
    case 'maxItems':
      return `lists more than ${limit} items`;
    case 'exclusiveMinimum':
      return `must be more than ${limit}`;
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    default:
      return `violates ${keyword}`;
  }
}
