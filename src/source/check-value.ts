/**
 * Checks of single texts by the `x-kind` of the schema, for what no pattern can express. Whether a host or a
 * file exists is not asked.
 */

import { parseDuration } from '../lib/duration.ts';
import { type Message, message } from '../messages/message.ts';
import { type DiagnosticCode, quote } from './diagnostics.ts';
import { findForbiddenInUrl, findForeign, findUnseen, nameCharacter } from './strange-characters.ts';

/** What is wrong with a text, in words that follow the name of its field. */
export interface Complaint {
  readonly code: DiagnosticCode;
  readonly message: Message;
  readonly hint?: Message;
}

/** The parts of a field's schema that bear on its value. */
export interface ValueSchema {
  readonly 'x-kind'?: string;
  readonly 'x-range'?: readonly [string, string];
  readonly pattern?: string;
}

/** Whether the text is a cron expression; a parameter because the parser is a library. */
export type CronCheck = (expression: string) => boolean;

export function checkValue(text: string, schema: ValueSchema, isCron: CronCheck): Complaint | undefined {
  switch (schema['x-kind']) {
    case 'duration':
      return checkDuration(text, schema['x-range']);
    case 'origin':
      return checkOrigin(text);
    case 'url':
      return checkUrl(text);
    case 'proxy':
      return checkProxy(text);
    case 'cron':
      return checkCron(text, isCron);
    case 'timezone':
      return isTimezone(text)
        ? undefined
        : bad(message('source.not_timezone', { value: quote(text) }), example('Asia/Shanghai'));
    case 'instant':
      return checkInstant(text);
    case 'expiry':
      return parseInstant(text) === undefined && !parseDuration(text)
        ? bad(message('source.not_expiry', { value: quote(text) }), example('2026-12-01'))
        : undefined;
    case 'listen':
      return parseListen(text) === undefined
        ? bad(message('source.not_listen', { value: quote(text) }), message('source.example_listen'))
        : undefined;
    case 'path':
      return text.includes('\0') ? bad(message('source.nul')) : undefined;
    case 'pattern':
      return text.includes('**') || /[[\]{}]/.test(text)
        ? bad(message('source.not_pattern', { value: quote(text) }), example('apps.d/*.yaml'))
        : undefined;
    case 'variable':
      return matches(text, schema)
        ? undefined
        : bad(message('source.not_variable'), example('COZE_API_TOKEN'));
    case 'receiver':
      return matches(text, schema)
        ? undefined
        : bad(message('source.not_receiver', { value: quote(text) }), message('source.example_receiver'));
    case 'host':
      return matches(text, schema)
        ? undefined
        : bad(message('source.not_host', { value: quote(text) }), example('callbackd.example.com'));
    case 'id':
      return matches(text, schema)
        ? undefined
        : bad(
            nameForeign(message('source.not_id', { value: quote(text) }), text),
            message('source.quote_digits'),
          );
    case 'event':
      return matches(text, schema)
        ? undefined
        : bad(
            nameForeign(message('source.not_event', { value: quote(text) }), text),
            example('bot.published'),
          );
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

/**
 * Milliseconds since the epoch of `2026-12-01` (midnight UTC) or of a date and time with a zone; undefined
 * for others.
 */
export function parseInstant(text: string): number | undefined {
  const isInstant = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d:\d\d))?$/.test(
    text,
  );
  const at = Date.parse(text.replace(' ', 'T'));
  return isInstant && !Number.isNaN(at) ? at : undefined;
}

/** Loopback as the URL parser writes it. A name below `localhost` may resolve to anything. */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

function checkDuration(text: string, range: readonly [string, string] | undefined): Complaint | undefined {
  const ms = parseDuration(text);
  if (ms === undefined) {
    return bad(message('source.not_duration', { value: quote(text) }), message('source.write_duration'));
  }
  if (range === undefined) return undefined;
  const [min, max] = range;
  const isWithin = ms >= (parseDuration(min) ?? 0) && ms <= (parseDuration(max) ?? 0);
  return isWithin
    ? undefined
    : { code: 'out_of_range', message: message('source.duration_range', { value: text, min, max }) };
}

function refuseCharacter(character: string): Complaint {
  if (/[ \t\r\n]/.test(character)) return bad(message('source.white_space'));
  return bad(
    message('source.holds', { character: nameCharacter(character) }),
    message('source.remove_or_encode'),
  );
}

/** Undefined for what is no absolute URL. */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function checkUrl(text: string): Complaint | undefined {
  const forbidden = findForbiddenInUrl(text);
  if (forbidden !== undefined) return refuseCharacter(forbidden);
  if (text.includes('${')) return undefined;
  const url = parseUrl(text);
  if (url === undefined || !/^https?:$/.test(url.protocol) || !/^https?:\/\/[^/]/i.test(text)) {
    return bad(
      message('source.not_url', { value: quote(text) }),
      example('https://hooks.example.com/coze/orders'),
    );
  }
  if (url.username !== '' || url.password !== '') {
    return {
      code: 'token_in_config',
      message: message('source.url_credentials'),
      hint: message('source.take_out'),
    };
  }
  if (url.hash !== '') return bad(message('source.url_fragment'), message('source.remove'));
  return undefined;
}

function checkOrigin(text: string): Complaint | undefined {
  const complaint = checkUrl(text);
  if (complaint !== undefined || text.includes('${')) return complaint;
  const url = new URL(text);
  return url.pathname === '/' && url.search === ''
    ? undefined
    : bad(
        message('source.not_origin', { value: quote(text) }),
        message('source.write', { value: quote(url.origin) }),
      );
}

function checkProxy(text: string): Complaint | undefined {
  if (text === 'off' || text.includes('${')) return undefined;
  const url = /^https?:\/\/[^/]/i.test(text) ? parseUrl(text) : undefined;
  const isOrigin = url?.pathname === '/' && url.search === '' && url.hash === '';
  // The text is not quoted: it may hold a password.
  return isOrigin ? undefined : bad(message('source.not_proxy'));
}

function checkCron(text: string, isCron: CronCheck): Complaint | undefined {
  const fields = text.trim().split(/\s+/).length;
  if (fields === 5 || fields === 6) {
    return isCron(text)
      ? undefined
      : bad(message('source.not_cron', { value: quote(text) }), example('*/10 * * * *'));
  }
  return bad(message('source.cron_fields', { value: quote(text), count: fields }), example('*/10 * * * *'));
}

function checkInstant(text: string): Complaint | undefined {
  return parseInstant(text) === undefined
    ? bad(message('source.not_instant', { value: quote(text) }), example('2026-12-01T00:00:00Z'))
    : undefined;
}

/** The complaint with the first character that only looks as if it belonged there. */
function nameForeign(complaint: Message, text: string): Message {
  const foreign = findForeign(text) ?? findUnseen(text);
  if (foreign === undefined) return complaint;
  return message('source.because_of', { complaint, character: nameCharacter(foreign) });
}

function badKey(text: string): Complaint {
  return {
    code: 'bad_key',
    message: message('source.not_key', { value: quote(text) }),
    hint: message('source.key_letters'),
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

function bad(problem: Message, hint?: Message): Complaint {
  return { code: 'bad_format', message: problem, ...(hint === undefined ? {} : { hint }) };
}

function example(text: string): Message {
  return message('source.example', { example: text });
}
