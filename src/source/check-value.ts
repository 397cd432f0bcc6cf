/** Checks of single texts by the `x-kind` of the schema, for what no pattern can express. Whether a host or a file exists is not asked. */

import { parseDuration } from '../lib/duration.ts';
import { type DiagnosticCode, quote } from './diagnostics.ts';

/** What is wrong with a text, in words that follow the name of its field. */
export interface Complaint {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint?: string;
}

/** The parts of a field's schema that bear on its value. */
export interface ValueSchema {
  readonly 'x-kind'?: string;
  readonly 'x-range'?: readonly [string, string];
  readonly pattern?: string;
}

/** Whether the text is a cron expression; a parameter because the parser is a library. */
export type CronCheck = (expression: string) => boolean;

const DIGITS = 'Write its digits in quotes, as in "7512345678901234567".';

export function checkValue(text: string, schema: ValueSchema, isCron: CronCheck): Complaint | undefined {
  switch (schema['x-kind']) {
    case 'duration':
      return checkDuration(text, schema['x-range']);
    case 'origin':
      return checkOrigin(text);
    case 'url':
      return checkUrl(text);
    case 'cron':
      return checkCron(text, isCron);
    case 'timezone':
      return isTimezone(text)
        ? undefined
        : bad(`${quote(text)} is not an IANA time zone`, 'As in `Asia/Shanghai`.');
    case 'instant':
      return checkInstant(text);
    case 'listen':
      return parseListen(text) === undefined
        ? bad(
            `${quote(text)} is not an address with a port`,
            'As in `127.0.0.1:9643`, `[::1]:9643`, or `off`.',
          )
        : undefined;
    case 'path':
      return text.includes('\0') ? bad('holds a NUL character') : undefined;
    case 'pattern':
      return text.includes('**') || /[[\]{}]/.test(text)
        ? bad(`${quote(text)} uses more than \`*\` and \`?\``, 'As in `apps.d/*.yaml`.')
        : undefined;
    case 'variable':
      return matches(text, schema)
        ? undefined
        : bad('is not the name of an environment variable', 'As in `COZE_API_TOKEN`.');
    case 'receiver':
      return matches(text, schema)
        ? undefined
        : bad(`${quote(text)} cannot be the name of a receiver`, 'As in `ops` or `on-call-2`.');
    case 'id':
      return matches(text, schema) ? undefined : bad(`${quote(text)} is not an id`, DIGITS);
    case 'event':
      return matches(text, schema)
        ? undefined
        : bad(`${quote(text)} is not an event type`, 'As in `bot.published`.');
    case 'key':
      return matches(text, schema) ? undefined : badKey(text);
    default:
      return undefined;
  }
}

/** Host and port, `off`, or undefined when the text is neither. */
export function parseListen(
  text: string,
): { readonly host: string; readonly port: number } | 'off' | undefined {
  if (text === 'off') return 'off';
  const [, bracketed, plain, digits] =
    /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host === undefined || port > 65_535 ? undefined : { host, port };
}

/** Milliseconds since the epoch of `2026-12-01` (midnight UTC) or of a date and time with a zone; undefined for others. */
export function parseInstant(text: string): number | undefined {
  const isInstant = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d:\d\d))?$/.test(
    text,
  );
  const at = Date.parse(text.replace(' ', 'T'));
  return isInstant && !Number.isNaN(at) ? at : undefined;
}

/** Loopback as the URL parser writes it. */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|(?:.+\.)localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

function checkDuration(text: string, range: readonly [string, string] | undefined): Complaint | undefined {
  const ms = parseDuration(text);
  if (ms === undefined) {
    return bad(
      `${quote(text)} is not a duration`,
      'Write a number and a unit: `300ms`, `15s`, `10m`, `6h`, `7d`.',
    );
  }
  if (range === undefined) return undefined;
  const [min, max] = range;
  const isWithin = ms >= (parseDuration(min) ?? 0) && ms <= (parseDuration(max) ?? 0);
  return isWithin
    ? undefined
    : { code: 'out_of_range', message: `is ${text}; it must lie between ${min} and ${max}` };
}

function checkUrl(text: string): Complaint | undefined {
  if (/[\s\p{Cc}]/u.test(text)) return bad('holds white space');
  if (text.includes('${')) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || !/^https?:\/\/[^/]/i.test(text)) {
    return bad(`${quote(text)} is not an http(s) URL`, 'As in `https://hooks.example.com/coze/orders`.');
  }
  if (url.username !== '' || url.password !== '') {
    return {
      code: 'token_in_config',
      message: 'holds a user name or a password',
      hint: 'Take them out of the URL.',
    };
  }
  if (url.hash !== '') return bad('holds a fragment (`#…`), which is never sent', 'Remove it.');
  return undefined;
}

function checkOrigin(text: string): Complaint | undefined {
  const complaint = checkUrl(text);
  if (complaint !== undefined || text.includes('${')) return complaint;
  const url = new URL(text);
  return url.pathname === '/' && url.search === ''
    ? undefined
    : bad(`${quote(text)} is more than scheme and host`, `Write ${quote(url.origin)}.`);
}

function checkCron(text: string, isCron: CronCheck): Complaint | undefined {
  const fields = text.trim().split(/\s+/).length;
  if (fields === 5 || fields === 6) {
    return isCron(text) ? undefined : bad(`${quote(text)} is not a cron expression`, 'As in `*/10 * * * *`.');
  }
  return bad(
    `${quote(text)} has ${fields} field${fields === 1 ? '' : 's'}; a cron expression has 5, or 6 with seconds first`,
    'As in `*/10 * * * *`.',
  );
}

function checkInstant(text: string): Complaint | undefined {
  return parseInstant(text) === undefined
    ? bad(`${quote(text)} is not a date or a date and time with a zone`, 'As in `2026-12-01T00:00:00Z`.')
    : undefined;
}

function badKey(text: string): Complaint {
  return {
    code: 'bad_key',
    message: `${quote(text)} cannot be a key`,
    hint: 'Letters, digits, `.`, `_` and `-`, beginning with a letter or a digit, at most 63 characters.',
  };
}

function isTimezone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function matches(text: string, schema: ValueSchema): boolean {
  return schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(text);
}

function bad(message: string, hint?: string): Complaint {
  return { code: 'bad_format', message, ...(hint === undefined ? {} : { hint }) };
}
