/**
 * The protocol of the control socket: HTTP with JSON bodies, so that curl can speak it. Whoever may open the
 * socket may send every command; there is no other check.
 */

import type { CallAnswer, IncomingCall } from '../lib/http-server.ts';
import { type Message, message } from '../messages/message.ts';
import { say } from '../messages/say.ts';
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
      return method === 'GET'
        ? respondJson(200, control.status())
        : refuse(405, message('control.status_takes_get'));
    }
    const command = Object.hasOwn(COMMANDS, path) ? COMMANDS[path] : undefined;
    if (command === undefined) return refuse(404, message('control.no_path', { path }));
    if (method !== 'POST') return refuse(405, message('control.takes_post', { path }));
    const parsed = parseBody(body);
    if (!parsed.ok) return refuse(400, parsed.problem);
    const result = await command(control, parsed.body);
    return respondJson(result.ok ? 200 : 409, { ...result, message: say(result.message) });
  };
}

function missing(field: string): ControlResult {
  return { ok: false, message: message('control.missing_field', { field }) };
}

type ParsedBody =
  | { readonly ok: true; readonly body: CommandBody }
  | { readonly ok: false; readonly problem: Message };

const invalid = (problem: Message): ParsedBody => ({ ok: false, problem });

function parseBody(text: string): ParsedBody {
  let value: unknown;
  try {
    value = JSON.parse(text === '' ? '{}' : text);
  } catch (error) {
    return invalid(
      message('control.not_json', { error: error instanceof Error ? error.message : String(error) }),
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return invalid(message('control.not_object'));
  const fields = new Map<string, unknown>(Object.entries(value));
  const body: { -readonly [Field in keyof CommandBody]: CommandBody[Field] } = { by: 'somebody' };
  for (const name of ['by', 'subject', 'key', 'because'] as const) {
    const field = fields.get(name);
    fields.delete(name);
    if (field === undefined) continue;
    if (typeof field !== 'string' || field === '' || field.length > TEXT_CHARS_MAX) {
      return invalid(message('control.not_text', { field: name, max: TEXT_CHARS_MAX }));
    }
    body[name] = field;
  }
  const until = fields.get('until');
  fields.delete('until');
  if (until !== undefined) {
    const at = typeof until === 'string' ? Date.parse(until) : Number.NaN;
    if (Number.isNaN(at)) return invalid(message('control.not_instant', { field: 'until' }));
    body.until = at;
  }
  const wait = fields.get('wait');
  fields.delete('wait');
  if (wait !== undefined) {
    if (typeof wait !== 'boolean') return invalid(message('control.not_boolean', { field: 'wait' }));
    body.wait = wait;
  }
  const [unknown] = fields.keys();
  return unknown === undefined
    ? { ok: true, body }
    : invalid(message('control.unknown_field', { field: unknown }));
}
