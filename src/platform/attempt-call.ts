/**
 * One attempt at one call: paced, counted, sent, read, judged and reported. It never repeats anything, and
 * nothing counts as success but 2xx, JSON, code 0 and the expected shape.
 */

import type { Feedback } from '../lib/adaptive-rate.ts';
import type { Clock } from '../lib/clock.ts';
import { type HttpReply, type HttpRequest, type Transport, TransportError } from '../lib/http-transport.ts';
import type { Pacer, Permit } from '../lib/pacer.ts';
import type { Message } from '../messages/message.ts';
import type { CallContext, CallReport, Operation } from '../model/calls.ts';
import { CredentialsError } from '../model/credentials.ts';
import type { Secret } from '../model/secret.ts';
import { classifyFate, classifyReply } from './classify-reply.ts';
import type { FailedAttempt } from './describe-failure.ts';
import { ERROR_CASES, type ErrorCaseName } from './error-catalogue.ts';
import { explainTransport } from './explain-transport.ts';
import type { Parsed } from './parse-wire.ts';
import type { CallBudget, OnCall, TokenProvider, WriteGate } from './ports.ts';
import { parseRetryAfter, type Reading, readReply } from './read-reply.ts';
import type { SecretGate } from './secret-gate.ts';

export interface Call<Result> {
  readonly operation: Operation;
  readonly method: HttpRequest['method'];
  readonly path: string;
  /** With its question mark, encoded; empty for none. */
  readonly query: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
  readonly parse: (data: unknown) => Parsed<Result>;
}

export interface AttemptDeps {
  readonly baseUrl: string;
  readonly tokens: TokenProvider;
  readonly transport: Transport;
  readonly pacer: Pacer;
  readonly budget?: CallBudget;
  /** Each of them can stop a write. Asked in this order, before what the context itself asks. */
  readonly writeGates?: readonly WriteGate[];
  readonly clock: Clock;
  readonly onCall: OnCall;
  readonly userAgent: string;
  readonly gate: SecretGate;
}

export interface AttemptOptions {
  readonly context: CallContext;
  readonly deps: AttemptDeps;
  /** Called when a request is about to be sent; returns its number, from 1. */
  readonly nextAttempt: () => number;
}

/**
 * Far above a page of fifty apps with names and URLs of full length; anything longer is not a reply of this
 * API.
 */
const BODY_BYTES_MAX = 4 * 1024 * 1024;

/** An attempt that failed, on its way to the retry rule of `perform-call.ts`. */
export class AttemptError extends Error {
  override readonly name = 'AttemptError' as const;
  readonly failed: FailedAttempt;
  /** The token that was used, when one was. */
  readonly token: Secret | undefined;

  constructor(failed: FailedAttempt, token?: Secret) {
    super(failed.caseName);
    this.failed = failed;
    this.token = token;
  }
}

/** What is known once an attempt is over. */
type Judgement<Result> =
  | { readonly ok: true; readonly result: Result; readonly reading: Reading }
  | { readonly ok: false; readonly failed: FailedAttempt };

export async function attemptCall<Result>(call: Call<Result>, options: AttemptOptions): Promise<Result> {
  const { context, deps } = options;
  const permit = await acquirePermit(context.signal, deps.pacer);
  let feedback: Feedback = { heard: 'nothing' };
  try {
    const token = await currentToken(deps.tokens);
    deps.gate.know(token.reveal());
    if (deps.budget !== undefined && !(await deps.budget.spend())) {
      throw new AttemptError({ caseName: 'budget_used_up' });
    }
    if (call.method !== 'GET') await passGates(call.operation, context, deps.writeGates ?? []);
    const judgement = await sendAndReport(call, token, options);
    feedback = feedbackOn(judgement);
    if (!judgement.ok) throw new AttemptError(judgement.failed, token);
    return judgement.result;
  } finally {
    permit.release(feedback);
  }
}

async function acquirePermit(signal: AbortSignal, pacer: Pacer): Promise<Permit> {
  try {
    return await pacer.acquire(signal);
  } catch (error) {
    if (signal.aborted) throw new AttemptError({ caseName: 'stopped' });
    throw error;
  }
}

/**
 * Throws when the write must not leave any more. Nothing that takes time may come between this and the
 * sending.
 */
async function passGates(
  operation: Operation,
  context: CallContext,
  writeGates: readonly WriteGate[],
): Promise<void> {
  const write = { operation, context };
  let refused: Message | undefined;
  for (const gate of writeGates) refused ??= await gate.allow(write);
  // Last, because the others may take long, and what the plan rests on must hold at this moment.
  refused ??= await context.mayLeave?.(operation);
  if (refused !== undefined) throw new AttemptError({ caseName: 'overtaken', refused, particulars: refused });
}

async function currentToken(tokens: TokenProvider): Promise<Secret> {
  try {
    return await tokens.current();
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    const { explanation, advice } = error;
    const failed = { particulars: explanation, advice, cause: error };
    throw new AttemptError({ caseName: 'credentials_unusable', ...failed });
  }
}

async function sendAndReport<Result>(
  call: Call<Result>,
  token: Secret,
  { context, deps, nextAttempt }: AttemptOptions,
): Promise<Judgement<Result>> {
  const attempt = nextAttempt();
  const at = deps.clock.now();
  const startedAt = deps.clock.monotonic();
  const judgement = await send(call, token, { context, deps });
  const known = judgement.ok ? judgement.reading : judgement.failed;
  const { code, msg } = 'code' in known ? known : {};
  const report: CallReport = {
    operation: call.operation,
    method: call.method,
    path: call.path,
    ...(known.status === undefined ? {} : { status: known.status }),
    ...(code === undefined ? {} : { code }),
    ...(msg === undefined ? {} : { msg }),
    ...(known.logid === undefined ? {} : { logid: known.logid }),
    at,
    durationMs: deps.clock.monotonic() - startedAt,
    attempt,
    ...(judgement.ok ? {} : { failure: failureKind(call.operation, judgement.failed.caseName) }),
  };
  deps.onCall(report, context);
  context.report?.(report);
  return judgement;
}

function failureKind(operation: Operation, caseName: ErrorCaseName) {
  const { kind, mayBeProcessed } = ERROR_CASES[caseName];
  return operation === 'create_app' && mayBeProcessed ? 'unknown_outcome' : kind;
}

async function send<Result>(
  call: Call<Result>,
  token: Secret,
  { context, deps }: Pick<AttemptOptions, 'context' | 'deps'>,
): Promise<Judgement<Result>> {
  const request = buildRequest(call, token, deps);
  try {
    // On stop, a read is aborted; a write in flight is awaited, because half a write is worse than a late
    // stop.
    const reply = await deps.transport.send(request, call.method === 'GET' ? context.signal : undefined);
    return judgeReply(call, reply, { gate: deps.gate, now: deps.clock.now() });
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    const { status } = error;
    const caseName = classifyFate(error);
    const failed = {
      caseName,
      particulars: explainTransport(error, deps.gate),
      cause: error,
      ...(status === undefined ? {} : { status }),
    };
    return { ok: false, failed };
  }
}

function buildRequest(
  call: Call<unknown>,
  token: Secret,
  { baseUrl, userAgent }: Pick<AttemptDeps, 'baseUrl' | 'userAgent'>,
): HttpRequest {
  const headers = {
    accept: 'application/json',
    authorization: `Bearer ${token.reveal()}`,
    'user-agent': userAgent,
    ...(call.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
  };
  return {
    method: call.method,
    url: `${baseUrl}${call.path}${call.query}`,
    headers,
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    timeoutMs: call.timeoutMs,
    bodyBytesMax: BODY_BYTES_MAX,
  };
}

function judgeReply<Result>(
  call: Call<Result>,
  reply: HttpReply,
  { gate, now }: { readonly gate: SecretGate; readonly now: number },
): Judgement<Result> {
  const reading = readReply(reply, gate);
  const caseName = classifyReply(call.operation, reading);
  const retryAfterMs = parseRetryAfter(reply.headers, now);
  const { status, logid } = reading;
  const known = {
    status,
    ...(logid === undefined ? {} : { logid }),
    ...(reading.readable ? { code: reading.code, msg: reading.msg } : { particulars: reading.problem }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
  if (caseName !== undefined) return { ok: false, failed: { caseName, ...known } };
  const parsed = call.parse(reading.readable ? reading.data : undefined);
  if (parsed.ok) return { ok: true, result: parsed.value, reading };
  return { ok: false, failed: { caseName: 'unexpected_shape', ...known, particulars: parsed.problem } };
}

/** The pacing learns only from replies of the platform, not from the network. */
function feedbackOn(judgement: Judgement<unknown>): Feedback {
  if (judgement.ok) return { heard: 'accepted' };
  const { caseName, status, retryAfterMs } = judgement.failed;
  if (ERROR_CASES[caseName].slowDown) {
    return { heard: 'slow_down', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  return { heard: status === undefined || status >= 500 ? 'nothing' : 'accepted' };
}
