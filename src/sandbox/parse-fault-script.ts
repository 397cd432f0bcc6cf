/**
 * Checks a fault script that came as JSON, so that a misspelt field does not match nothing, or everything,
 * unnoticed.
 */

import {
  ECHO_FORMS,
  type Fault,
  type FaultKind,
  type FaultMatch,
  type FaultRule,
  type RandomFaults,
} from './faults.ts';

export interface ParsedFaultScript {
  readonly rules: readonly FaultRule[];
  readonly random: RandomFaults | undefined;
}

type FieldKind =
  | 'count'
  | 'share'
  | 'text'
  | 'moment'
  | 'headers'
  | 'echo'
  | 'operations'
  | 'match'
  | 'fault'
  | 'faults';
type Fields = Readonly<Record<string, FieldKind>>;

/** Fields of each fault beside `kind`. */
const FAULT_FIELDS: Readonly<Record<FaultKind, Fields>> = {
  delay: { ms: 'count', when: 'moment' },
  drop_before: {},
  drop_after: {},
  reset: { when: 'moment' },
  hang: { when: 'moment' },
  truncate: { bytes: 'count' },
  fail: {
    ...{ status: 'count', code: 'count', msg: 'text', when: 'moment', headers: 'headers' },
    echo: 'echo',
  },
  html: { status: 'count', when: 'moment', echo: 'echo' },
  oversize: { bytes: 'count' },
  duplicate_delivery: {},
  mask_tokens: {},
  repeat_token: {},
  empty_token: {},
  repeat_item: {},
  skip_item: {},
  hide_items: { count: 'count' },
  early_end: {},
};
export const FAULT_KINDS = Object.keys(FAULT_FIELDS) as readonly FaultKind[];

/** Required fields. */
const REQUIRED: Readonly<Partial<Record<FaultKind, string>>> = {
  delay: 'ms',
  oversize: 'bytes',
  hide_items: 'count',
};
const MATCH_FIELDS: Fields = {
  operation: 'operations',
  appName: 'text',
  appId: 'text',
  nth: 'count',
  every: 'count',
};
const RULE_FIELDS: Fields = { match: 'match', do: 'fault', times: 'count' };
const RANDOM_FIELDS: Fields = { share: 'share', faults: 'faults', operations: 'operations' };
const OPERATIONS = [
  'list_apps',
  'create_app',
  'update_app',
  'delete_app',
  'list_events',
  'subscribe_events',
  'unsubscribe_events',
  'exchange_token',
];

/** The rules and random faults of `{rules: [...], random: {...}}`, each part optional. */
export function parseFaultScript(script: Readonly<Record<string, unknown>>): ParsedFaultScript {
  const { rules = [], random, ...others } = script;
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) throw new RangeError(`a fault script has no ${unknown}`);
  if (!Array.isArray(rules)) throw new RangeError('rules is a list');
  return {
    rules: rules.map(parseRule),
    random: random === undefined ? undefined : parseRandom(random),
  };
}

function parseRule(value: unknown): FaultRule {
  const rule = checkFields('a rule', value, RULE_FIELDS);
  if (rule['do'] === undefined) throw new RangeError('a rule needs do');
  return { match: {}, ...rule } as unknown as FaultRule;
}

function parseRandom(value: unknown): RandomFaults {
  const random = checkFields('random', value, RANDOM_FIELDS);
  if (random['share'] === undefined || random['faults'] === undefined) {
    throw new RangeError('random needs share and faults');
  }
  return random as unknown as RandomFaults;
}

function parseFault(value: unknown): Fault {
  const kind = (value as { readonly kind?: unknown } | null)?.kind;
  if (typeof kind !== 'string' || !Object.hasOwn(FAULT_FIELDS, kind)) {
    throw new RangeError(`there is no fault ${JSON.stringify(kind)}`);
  }
  const { kind: _, ...fields } = value as Record<string, unknown>;
  checkFields(`fault ${kind}`, fields, FAULT_FIELDS[kind as FaultKind]);
  const needed = REQUIRED[kind as FaultKind];
  if (needed !== undefined && fields[needed] === undefined)
    throw new RangeError(`fault ${kind} needs ${needed}`);
  return value as Fault;
}

function parseMatch(value: unknown): FaultMatch {
  return checkFields('match', value, MATCH_FIELDS) as FaultMatch;
}

function checkFields(what: string, value: unknown, fields: Fields): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new RangeError(`${what} is an object`);
  for (const [name, field] of Object.entries(value)) {
    const kind = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (kind === undefined) throw new RangeError(`${what} has no ${name}`);
    if (!isOfKind(kind, field)) throw new RangeError(`${what}: ${name} cannot be ${JSON.stringify(field)}`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function isOfKind(kind: FieldKind, value: unknown): boolean {
  switch (kind) {
    case 'count':
      return Number.isInteger(value) && (value as number) >= 0;
    case 'share':
      return typeof value === 'number' && value >= 0 && value <= 1;
    case 'text':
      return typeof value === 'string';
    case 'moment':
      return value === 'before' || value === 'after';
    case 'echo':
      return (ECHO_FORMS as readonly unknown[]).includes(value);
    case 'headers':
      return (
        typeof value === 'object' &&
        value !== null &&
        Object.values(value).every((v) => typeof v === 'string')
      );
    case 'operations':
      return [value].flat().every((operation) => OPERATIONS.includes(operation as string));
    case 'match':
      return parseMatch(value) !== undefined;
    case 'fault':
      return parseFault(value) !== undefined;
    case 'faults':
      return Array.isArray(value) && value.length > 0 && value.map(parseFault).length > 0;
  }
}
