/**
 * The recorded state of a daemon elsewhere: from its status server, or from a file that holds its answer. For a plan
 * on a machine that has no state. The daemon does nothing for it but answer.
 */

import { createHttpClient } from '../lib/http-client.ts';
import { type HttpReply, TransportError } from '../lib/http-transport.ts';
import { readPackageFile } from '../lib/package-file.ts';
import { printable } from '../lib/printable.ts';
import { type Message, message } from '../messages/message.ts';
import type { Settings } from '../model/settings.ts';
import type { MutableState } from '../model/state.ts';
import { decodeRecordedState } from '../record/recorded-state.ts';
import type { Context } from './context.ts';
import { AppFailure } from './failure.ts';
import { userAgentOf } from './open-account.ts';
import { readTextFile } from './operator-files.ts';

const ROUTE = '/api/v1/state';
const TIMEOUT_MS = 30_000;
/** Ten thousand apps need about 10 MB. */
const BYTES_MAX = 64 * 1024 * 1024;
/** As much of an answer as is shown where it is not understood. */
const SHOWN_MAX = 200;

/** `source`: `http://HOST:PORT`, or a file. */
export async function readStateFrom(
  source: string,
  { platform }: Settings,
  context: Context,
): Promise<MutableState> {
  const isRemote = /^https?:\/\//i.test(source);
  const text = isRemote ? await fetchState(source, context) : await readTextFile(source, context);
  const state = decodeRecordedState(await checkDocument(text, source));
  if (state.endpoint === platform.baseUrl) return state;
  const params = { source, theirs: printable(state.endpoint), ours: platform.baseUrl };
  throw failure(message('app.state_from_foreign', params));
}

async function fetchState(source: string, context: Context): Promise<string> {
  if (!URL.canParse(source)) throw failure(message('app.state_from_no_url', { source }));
  const { origin, username } = new URL(source);
  // A password in a command line is seen by everybody on the host.
  if (username !== '') throw failure(message('app.state_from_credentials', { source: origin }));
  const client = createHttpClient({ connectionsMax: 1, keepAlive: false });
  try {
    const headers = { accept: 'application/json', 'user-agent': userAgentOf(context) };
    const request = { method: 'GET' as const, url: origin + ROUTE, headers };
    const limits = { timeoutMs: TIMEOUT_MS, bodyBytesMax: BYTES_MAX };
    return readAnswer(await client.send({ ...request, ...limits }, context.signals.interrupted), origin);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    const problem = message('app.state_from_silent', { source: origin, reason: error.reason });
    throw failure(problem, message('app.state_from_silent_advice'));
  } finally {
    client.close();
  }
}

function readAnswer({ status, body }: HttpReply, source: string): string {
  const text = Buffer.from(body).toString('utf8');
  if (status === 200) return text;
  if (status === 404)
    throw failure(message('app.state_from_off', { source }), message('app.state_from_off_advice'));
  const said = printable(text.trim().slice(0, SHOWN_MAX));
  throw failure(message('app.state_from_refused', { source, status, said }));
}

type Document = Parameters<typeof decodeRecordedState>[0];

async function checkDocument(text: string, source: string): Promise<Document> {
  // Loaded here, so that only those pay for it who plan without a state of their own.
  const { Ajv } = await import('ajv');
  const check = new Ajv({ allowUnionTypes: true }).compile(
    JSON.parse(readPackageFile('schema/recorded-state.schema.json')),
  );
  const value = parseJson(text);
  if (check(value)) return value as Document;
  const [problem] = check.errors ?? [];
  const what = value === undefined ? 'no JSON' : `${problem?.instancePath || '/'} ${problem?.message}`;
  const params = { source, what: printable(what) };
  throw failure(message('app.state_from_no_state', params), message('app.state_from_no_state_advice'));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failure(problem: Message, advice?: Message): AppFailure {
  return new AppFailure('failed', problem, advice === undefined ? [] : [advice]);
}
