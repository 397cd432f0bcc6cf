/**
 * The control socket's protocol: HTTP with JSON bodies, so that curl can speak it. Requests go in as values; the
 * commands of `DaemonControl` come of them. Whoever may open the socket may command; there is no other check.
 */

import type { CallAnswer, IncomingCall } from '../lib/http-server.ts';
import type { ControlResult, DaemonControl } from './daemon-control.ts';
import { refuse, respondJson } from './respond.ts';

/** A key, a digest, a name or a reason is never longer. */
const TEXT_CHARS_MAX = 500;

interface CommandBody {
  readonly by: string;
  readonly subject?: string;
  readonly key?: string;
  readonly because?: string;
  /** Milliseconds since the epoch. */
  readonly until?: number;
  readonly wait?: boolean;
}

type Command = (control: DaemonControl, body: CommandBody) => Promise<ControlResult>;

const COMMANDS: Readonly<Record<string, Command>> = {
  '/v1/reconcile': (control, { by, wait }) => control.reconcile(by, { wait: wait ?? true }),
  '/v1/approve': async (control, { subject, by }) =>
    subject === undefined ? missing('subject') : control.approve(subject, by),
  '/v1/pause': (control, { by, ...request }) => control.pause(request, by),
  '/v1/resume': (control, { key, by }) => control.resume(key, by),
};

export function createControlHandler(control: DaemonControl): (call: IncomingCall) => Promise<CallAnswer> {
  return async ({ method, path, body }) => {
    if (path === '/v1/status') {
      return method === 'GET' ? respondJson(200, control.status()) : refuse(405, 'status takes GET');
    }
    const command = Object.hasOwn(COMMANDS, path) ? COMMANDS[path] : undefined;
    if (command === undefined) return refuse(404, `there is no ${path}`);
    if (method !== 'POST') return refuse(405, `${path} takes POST`);
    const parsed = parseBody(body);
    if (typeof parsed === 'string') return refuse(400, parsed);
    const result = await command(control, parsed);
    return respondJson(result.ok ? 200 : 409, result);
  };
}

function missing(field: string): ControlResult {
  return { ok: false, message: `the field "${field}" is missing` };
}

/** The body's known fields, or a sentence on what is wrong with it. */
function parseBody(text: string): CommandBody | string {
  let value: unknown;
  try {
    value = JSON.parse(text === '' ? '{}' : text);
  } catch (error) {
    return `the body is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'the body is not a JSON object';
  const fields = new Map<string, unknown>(Object.entries(value));
  const body: { -readonly [Field in keyof CommandBody]: CommandBody[Field] } = { by: 'somebody' };
  for (const name of ['by', 'subject', 'key', 'because'] as const) {
    const field = fields.get(name);
    fields.delete(name);
    if (field === undefined) continue;
    if (typeof field !== 'string' || field === '' || field.length > TEXT_CHARS_MAX) {
      return `the field "${name}" is not a text of 1 to ${TEXT_CHARS_MAX} characters`;
    }
    body[name] = field;
  }
  const until = fields.get('until');
  fields.delete('until');
  if (until !== undefined) {
    const at = typeof until === 'string' ? Date.parse(until) : Number.NaN;
    if (Number.isNaN(at)) return 'the field "until" is not an ISO 8601 instant';
    body.until = at;
  }
  const wait = fields.get('wait');
  fields.delete('wait');
  if (wait !== undefined) {
    if (typeof wait !== 'boolean') return 'the field "wait" is not a boolean';
    body.wait = wait;
  }
  const [unknown] = fields.keys();
  return unknown === undefined ? body : `there is no field "${unknown}"`;
}
