/**
 * The sandbox's own JSON API under `/_sandbox/`, with which a person or another process changes the account,
 * faults, switches and receivers. It shows no verify_token and no API token.
 */

import type { TokenGrant } from './access.ts';
import { type ConsoleApp, UnknownAppError } from './console-edits.ts';
import { parseRateLimit } from './limit-rate.ts';
import { parseFaultScript } from './parse-fault-script.ts';
import type { SandboxRequest } from './protocol.ts';
import type { EventToPublish } from './publish-event.ts';
import { parseBehaviour, type Receivers } from './receivers.ts';
import type { Sandbox } from './sandbox.ts';
import { parseSwitches } from './switches.ts';

interface ControlReply {
  readonly status: number;
  readonly body: string;
}

export type ControlApi = (request: Pick<SandboxRequest, 'method' | 'path' | 'body'>) => Promise<ControlReply>;

interface AppEdit {
  readonly account?: string;
  readonly name?: string;
  /** `null` clears it. */
  readonly callbackUrl?: string | null;
  readonly subscribe?: readonly string[];
  readonly unsubscribe?: readonly string[];
}

type JsonObject = Readonly<Record<string, unknown>>;
type Handler = (body: never, name: string) => unknown;

/** The path prefix of the control API. */
export const CONTROL_PREFIX = '/_sandbox/';

export function createControlApi(sandbox: Sandbox, receivers: Receivers): ControlApi {
  const handlers = listHandlers(sandbox, receivers);
  return async ({ method, path, body }) => {
    const [resource = '', name = ''] = path.slice(CONTROL_PREFIX.length).split('/');
    const handler = handlers[`${method} ${resource}${name === '' ? '' : '/:name'}`];
    if (handler === undefined)
      return reply(404, { error: 'no such endpoint', endpoints: Object.keys(handlers) });
    try {
      const result = await handler(JSON.parse(body === '' ? '{}' : body) as never, decodeURIComponent(name));
      return reply(200, result ?? {});
    } catch (error) {
      if (error instanceof UnknownAppError) return reply(404, { error: error.message });
      return reply(400, { error: error instanceof Error ? error.message : String(error) });
    }
  };
}

function listHandlers(sandbox: Sandbox, receivers: Receivers): Readonly<Record<string, Handler | undefined>> {
  return {
    'GET apps': () => sandbox.apps(),
    'POST apps': ({ account, ...app }: ConsoleApp & { readonly account?: string }) => ({
      id: sandbox.console(account).create(app),
    }),
    'PATCH apps/:name': (edit: AppEdit, id) => editApp(sandbox, id, edit),
    'DELETE apps/:name': ({ account }: { readonly account?: string }, id) =>
      sandbox.console(account).remove(id),
    'GET faults': () => sandbox.faults.report(),
    'POST faults': (script: JsonObject) => {
      const { rules, random } = parseFaultScript(script);
      sandbox.faults.add(...rules);
      if (random !== undefined) sandbox.faults.setRandom(random);
    },
    'DELETE faults': () => sandbox.faults.clear(),
    'GET counters': () => ({ total: sandbox.records.total, byOperation: sandbox.records.counts() }),
    'GET requests': () => sandbox.records.list(),
    'DELETE requests': () => sandbox.records.clear(),
    'GET logids': () => sandbox.records.list().map((record) => record.logid),
    'GET switches': () => sandbox.switches,
    'PATCH switches': (switches: JsonObject) => sandbox.configure(parseSwitches(switches)),
    'PUT rate_limit': (limit: JsonObject) => sandbox.limitRate(parseRateLimit(limit)),
    'DELETE rate_limit': () => sandbox.limitRate(undefined),
    'POST tokens': (grant: TokenGrant) => sandbox.access.grant(grant),
    'DELETE tokens': ({ token }: { readonly token: string }) => sandbox.access.revoke(token),
    'POST events': (event: EventToPublish) => sandbox.publish(event),
    'GET receivers': () => receivers.report(),
    'PUT receivers/:name': (behaviour: JsonObject, name) => receivers.behave(name, parseBehaviour(behaviour)),
  };
}

function editApp(sandbox: Sandbox, id: string, edit: AppEdit): void {
  const edits = sandbox.console(edit.account);
  if (edit.name !== undefined) edits.rename(id, edit.name);
  if (edit.callbackUrl !== undefined) edits.setUrl(id, edit.callbackUrl ?? undefined);
  if (edit.subscribe !== undefined) edits.subscribe(id, edit.subscribe);
  if (edit.unsubscribe !== undefined) edits.unsubscribe(id, edit.unsubscribe);
}

function reply(status: number, value: unknown): ControlReply {
  return { status, body: `${JSON.stringify(value)}\n` };
}
